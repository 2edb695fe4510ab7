"""What each rail reaches and carries."""

from __future__ import annotations

import pytest

from chalicelib.domain.destination import PayoutMethod, is_direct_entry_text
from chalicelib.domain.rails import Rail, why_not, why_not_description, why_not_reference

NPP, DE = Rail.NPP, Rail.DIRECT_ENTRY


def test_npp_reaches_both_and_direct_entry_bank_accounts_only():
    reached = {
        (rail, method) for rail in Rail for method in PayoutMethod if not why_not(rail, method)
    }
    assert reached == {
        (NPP, PayoutMethod.PAY_ID),
        (NPP, PayoutMethod.BANK_ACCOUNT),
        (DE, PayoutMethod.BANK_ACCOUNT),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rail", "text", "carried"),
    [
        (NPP, "", True), (NPP, "x" * 280, True), (NPP, "x" * 281, False),
        (NPP, "Zoë's invoice №7 🙂", True), (NPP, "a\nb", False), (NPP, "a\x00", False),
        (NPP, "\ud800", False), (NPP, "a\u2028b", False),
        (DE, "", True), (DE, "x" * 18, True), (DE, "x" * 19, False), (DE, "Zoë", False),
        (DE, "a\tb", False), (DE, "a|b", False), (DE, "a\x7f", False),
    ],
)  # fmt: skip
def test_a_description_arrives_whole_or_is_refused(rail, text, carried):
    assert (why_not_description(rail, text) is None) is carried


@pytest.mark.parametrize(
    ("rail", "text", "carried"),
    [
        (NPP, "", True), (NPP, "x" * 35, True), (NPP, "x" * 36, False), (NPP, "a\r", False),
        (DE, "", True), (DE, "x", False),
    ],
)  # fmt: skip
def test_a_reference_arrives_whole_or_is_refused(rail, text, carried):
    assert (why_not_reference(rail, text) is None) is carried


def test_direct_entry_carries_the_letters_that_the_provider_lists():
    carried = {chr(code) for code in range(256) if is_direct_entry_text(chr(code))}
    letters = "abcdefghijklmnopqrstuvwxyz"
    listed = set(letters + letters.upper() + "0123456789 .(+$*)^[];-/,%_?:#@'=&!")
    assert carried == listed

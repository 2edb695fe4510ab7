"""The same key is the same thing for ever, and another thing has another name."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.identifiers import derived_id, fingerprint
from chalicelib.domain.references import parse_reference
from tests.domain.making import ID, begun

keys = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


def test_a_key_makes_the_name_that_it_has_always_made():
    # Written down, for a payout that was asked for years ago must be found by the same key.
    assert derived_id("payout", "0123456789abcdef") == "ba0b7633-46cc-882f-bd2f-ff1fea11bd29"
    assert derived_id("credit", "0123456789abcdef") == "cc6d664e-a092-8c95-8b92-24d969f791ec"


@given(keys)
def test_a_name_is_a_uuid_of_version_8(key):
    name = derived_id("payout", key)
    assert str(UUID(name)) == name
    assert UUID(name).version == 8
    assert len(name) == 36


@given(keys, keys, st.sampled_from(["payout", "credit"]), st.sampled_from(["payout", "credit"]))
def test_names_are_the_same_only_for_the_same_key_of_the_same_kind(one, other, kind, another):
    same = (kind, one) == (another, other)
    assert (derived_id(kind, one) == derived_id(another, other)) is same


def test_kind_and_key_cannot_be_shifted_into_each_other():
    assert derived_id("pay", "outkey") != derived_id("payout", "key")


@given(st.dictionaries(keys, st.integers() | keys | st.none(), max_size=4))
def test_a_fingerprint_does_not_depend_on_the_order_of_names(told):
    turned = dict(reversed(told.items()))
    assert fingerprint(told) == fingerprint(turned)
    assert fingerprint({**told, "more": 1}) != fingerprint(told)


@pytest.mark.parametrize(
    "other", [[1, "2"], ["1", 2], [12], ["1", "2", ""], [["1", "2"]], {"1": "2"}]
)
def test_a_fingerprint_tells_shapes_and_kinds_apart(other):
    assert fingerprint(["1", "2"]) != fingerprint(other)


def test_our_references_are_known_again_and_others_are_not():
    assert parse_reference(begun().unique_reference) == (ID, 1)
    assert parse_reference(f"{ID}-99999") == (ID, 99_999)
    for other in (
        "", "-", ID, f"{ID}-", f"{ID}-0", f"{ID}-01", f"{ID}-100000", f"{ID}-1 ", f"{ID}--1",
        f"{ID}-\u0661", f"{ID}-\u00b2", f"x{ID}-1", f"{ID[1:]}-1", f"{ID}-1e1", "no-reference-1",
    ):  # fmt: skip
        assert parse_reference(other) is None, other

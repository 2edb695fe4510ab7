"""The same payment twice: what counts as the same, for how long, and what came of the first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.assessment import Assessment
from chalicelib.domain.events import Cancelled
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Status
from chalicelib.domain.twins import Twin, is_repeat, still_counts, twin_key
from tests.domain.making import NOW, WAYS, begun, event, hear_all, in_status

TWIN = Twin("key", "payout-1", NOW)


def test_payee_amount_and_reference_make_the_same_payment():
    same = twin_key("customer-1", Money(100), "INV 17")
    assert same == twin_key("customer-1", Money(100), "  inv   17 ")
    others = {
        twin_key("customer-2", Money(100), "INV 17"),
        twin_key("customer-1", Money(101), "INV 17"),
        twin_key("customer-1", Money(100), "INV 18"),
        twin_key("customer-1", Money(100), ""),
    }
    assert len(others | {same}) == 5


@pytest.mark.parametrize(
    ("later", "days", "repeats"),
    [
        (timedelta(0), 7, True),
        (timedelta(days=7), 7, True),
        (timedelta(days=7, microseconds=1), 7, False),
        (timedelta(days=7, microseconds=1), 8, True),
        (timedelta(hours=24), 1, True),
        (timedelta(seconds=-5), 7, True),
        (timedelta(0), 0, False),
        (timedelta(seconds=-5), 0, False),
    ],
)
def test_it_is_a_repeat_within_so_many_days(later, days, repeats):
    assert is_repeat(TWIN, NOW + later, days) is repeats


def test_without_another_one_nothing_is_repeated():
    assert not is_repeat(None, NOW, 90)


@pytest.mark.parametrize("status", list(WAYS))
def test_what_gave_its_money_back_makes_no_duplicate_and_all_else_does(status):
    back = {Status.FAILED, Status.DECLINED, Status.CANCELLED, Status.REJECTED, Status.RETURNED}
    assert still_counts(in_status(status)) is (status not in back)


def test_one_that_nobody_can_read_any_more_counts():
    assert still_counts(None)


@pytest.mark.parametrize(
    ("why", "counts"),
    [(("duplicate",), True), (("amount", "duplicate"), True), (("amount",), False)],
)
def test_a_duplicate_that_was_cancelled_still_stands_for_the_one_before_it(why, counts):
    kept = Assessment(1, needs=1, why=why)
    cancelled = hear_all(begun(assessment=kept), [event(Cancelled)])
    assert still_counts(cancelled) is counts

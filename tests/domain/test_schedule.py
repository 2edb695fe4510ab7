"""A schedule's life: one payout for each occurrence, and what makes it wait, rest or end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.destination import PayoutMethod
from chalicelib.domain.errors import Conflict
from chalicelib.domain.money import Money
from chalicelib.domain.order import Order
from chalicelib.domain.recurrence import Weekly
from chalicelib.domain.schedule import (
    CANCELLED,
    ERASED,
    OVER,
    OWN,
    Result,
    Schedule,
    State,
    advanced,
    cancelled,
    forgotten,
    is_missed,
    may_wait,
    paused,
    put_off,
    remembers,
    resumed,
)
from chalicelib.domain.timetable import Timetable
from tests.domain.test_recurrence import CALENDAR
from tests.domain.test_timetable import NOW

TIMES = Timetable(Weekly((0,)), date(2026, 3, 9), count=3)
FIRST, SECOND, THIRD = TIMES.coming(1, 3, CALENDAR)
ORDER = Order("customer-1", Money(10_000), PayoutMethod.PAY_ID, reference="Salary")
HERE = Schedule("schedule-1", ORDER, TIMES, FIRST, FIRST.at, NOW, "olive", NOW, "olive")
LATER = FIRST.at + timedelta(minutes=1)
WHO: dict[str, Any] = {"by": "anna", "reason": "asked for", "at": LATER}


def test_it_is_due_from_its_moment_on_and_only_while_it_is_active():
    assert not HERE.is_due(FIRST.at - timedelta(seconds=1))
    assert HERE.is_due(FIRST.at)
    assert not paused(HERE, **WHO).is_due(LATER)


def test_each_occurrence_has_a_payout_of_its_own_for_ever():
    ids = [HERE.transaction_id(number) for number in range(1, 100)]
    assert len(set(ids)) == 99
    assert ids[0] == HERE.transaction_id(1) == HERE.waking(Result.MADE, LATER).transaction_id
    assert HERE.transaction_id(1) != replace(HERE, schedule_id="other").transaction_id(1)


def test_a_tried_again_occurrence_has_the_payout_that_it_had():
    again = put_off(HERE, LATER)
    assert again.waking(Result.MADE, LATER).transaction_id == HERE.transaction_id(1)


def test_its_own_payouts_are_those_before_the_next():
    third = replace(HERE, next=THIRD)
    assert third.own == {HERE.transaction_id(1), HERE.transaction_id(2)}
    assert HERE.own == frozenset()
    many = replace(HERE, next=replace(FIRST, number=1000))
    assert len(many.own) == OWN


def test_it_goes_on_with_the_next_and_is_over_after_the_last():
    second = advanced(HERE, (), CALENDAR, at=LATER)
    assert (second.next, second.wakes_at, second.version) == (SECOND, SECOND.at, 2)
    assert second.state is State.ACTIVE
    last = advanced(replace(HERE, next=THIRD), (), CALENDAR, at=LATER)
    assert (last.state, last.why, last.next) == (State.ENDED, OVER, THIRD)


@pytest.mark.parametrize(
    "code",
    [
        "insufficient_funds", "customer_stopped", "customer_day_limit", "operator_day_limit",
        "business_day_limit", "cooling_off", "first_payment_limit", "risk_blocked",
        "above_provider_limit", ERASED,
    ],
)  # fmt: skip
def test_a_refusal_that_may_pass_lets_the_next_one_be_tried(code):
    after = advanced(HERE, (code,), CALENDAR, at=LATER)
    assert (after.state, after.next) == (State.ACTIVE, SECOND)


@pytest.mark.parametrize("code", ["unknown_destination", "above_limit", "nobody_knows"])
def test_any_other_refusal_makes_it_wait_for_a_person(code):
    after = advanced(HERE, ("insufficient_funds", code), CALENDAR, at=LATER)
    assert (after.state, after.why, after.next) == (State.NEEDS_PERSON, code, SECOND)
    assert not after.is_due(SECOND.at)


def test_without_its_balance_it_is_tried_again_within_its_day():
    assert may_wait(HERE, ("insufficient_funds",), LATER)
    assert not may_wait(HERE, ("insufficient_funds", "cooling_off"), LATER)
    assert not may_wait(HERE, (), LATER)
    late = FIRST.at + timedelta(hours=14, minutes=1)  # 23:01 in Sydney
    assert not may_wait(HERE, ("insufficient_funds",), late)
    again = put_off(HERE, LATER)
    assert (again.wakes_at, again.next, again.version) == (LATER + timedelta(hours=1), FIRST, 2)


def test_it_is_missed_once_its_business_days_of_grace_are_over():
    tuesday = FIRST.at + timedelta(days=1, hours=14)
    assert not is_missed(HERE, tuesday, 1, CALENDAR)
    assert is_missed(HERE, tuesday + timedelta(hours=1), 1, CALENDAR)
    assert is_missed(HERE, FIRST.at + timedelta(days=1), 0, CALENDAR)
    friday = replace(HERE, next=replace(FIRST, pays_on=date(2026, 3, 13)))
    assert not is_missed(friday, FIRST.at + timedelta(days=7), 1, CALENDAR)
    assert is_missed(friday, FIRST.at + timedelta(days=8), 1, CALENDAR)


def test_it_rests_and_goes_on_with_what_is_ahead():
    resting = paused(HERE, **WHO)
    assert (resting.state, resting.reason, resting.changed_by) == (
        State.PAUSED, "asked for", "anna",
    )  # fmt: skip
    assert paused(resting, **WHO) is resting
    again = resumed(resting, CALENDAR, **WHO)
    assert (again.state, again.next, again.wakes_at) == (State.ACTIVE, SECOND, SECOND.at)
    assert resumed(again, CALENDAR, **WHO) is again
    waiting = advanced(HERE, ("above_limit",), CALENDAR, at=LATER)
    assert resumed(waiting, CALENDAR, **WHO).why == ""
    with pytest.raises(Conflict):
        resumed(resting, CALENDAR, by="anna", reason="late", at=THIRD.at)


def test_what_has_ended_stays_so():
    gone = cancelled(HERE, **WHO)
    assert (gone.state, gone.why) == (State.ENDED, CANCELLED)
    assert cancelled(gone, **WHO) is gone
    over = advanced(replace(HERE, next=THIRD), (), CALENDAR, at=LATER)
    for change in (paused, cancelled):
        with pytest.raises(Conflict):
            change(over, **WHO)
    for ended in (gone, over):
        with pytest.raises(Conflict):
            resumed(ended, CALENDAR, **WHO)


def test_of_a_forgotten_customer_nothing_that_was_written_stays():
    erased = forgotten(paused(HERE, **WHO), at=LATER)
    assert (erased.state, erased.why) == (State.ENDED, ERASED)
    assert (erased.order.reference, erased.order.description, erased.reason) == ("", "", "")
    assert not remembers(erased)
    assert forgotten(erased, at=LATER) is erased
    assert remembers(cancelled(HERE, **WHO))


def test_it_prints_no_text_of_anybodys():
    assert "Salary" not in repr(HERE)
    assert "asked for" not in repr(paused(HERE, **WHO))

"""What fits, who waits, who may be tried again, and what was last seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.events import Delayed, Escalated, Hindrance, NeverSent, OutOfFunds, Started
from chalicelib.domain.liquidity import (
    FRESH,
    LONGEST_TURN,
    FloatRules,
    Outlook,
    may_try,
    waits_for_funds,
)
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.money import Money
from chalicelib.domain.patience import Patience
from chalicelib.domain.payout import Status
from tests.domain.making import NOW, begun, event, hear_all, in_status
from tests.domain.test_patience import CALENDAR

RULES = FloatRules(reserve=Money(1_000), warning=Money(5_000), fee=Money(15))
SECOND = timedelta(seconds=1)


def waiting(refusals=1):
    payout = begun()
    for attempt in range(1, refusals + 1):
        payout = hear_all(payout, [event(Started), event(OutOfFunds, attempt=attempt)])
    return payout


@pytest.mark.parametrize(("available", "fits"), [(11_015, True), (11_014, False), (0, False)])
def test_a_payout_fits_if_amount_and_fee_leave_the_reserve(available, fits):
    assert RULES.fits(Money(available), Money(10_000)) is fits


@pytest.mark.parametrize(("available", "low"), [(4_999, True), (5_000, False), (-1, True)])
def test_little_is_less_than_the_warning_says(available, low):
    assert RULES.is_low(Money(available)) is low
    assert not FloatRules().is_low(Money(0))


def test_only_what_is_queued_for_funds_waits_for_them():
    assert waits_for_funds(waiting())
    assert not waits_for_funds(begun())
    assert not waits_for_funds(advance(in_status(Status.SENDING), event(NeverSent)).after)
    assert not waits_for_funds(advance(waiting(), event(Started)).after)
    contradicted = advance(waiting(), event(Escalated, why=CONTRADICTION)).after
    assert not waits_for_funds(contradicted)
    assert Patience().due(contradicted, CALENDAR) is None


def test_who_waits_is_looked_after_in_the_order_of_creation():
    assert Patience().due(waiting(3), CALENDAR) == NOW


def test_what_was_never_refused_may_be_tried_at_once():
    delayed = advance(begun(), event(Delayed, reason=Hindrance.FUNDS)).after
    assert may_try(delayed, NOW)


@pytest.mark.parametrize(
    ("refusals", "seconds"), [(1, 30), (2, 60), (3, 120), (5, 480), (6, 600), (500, 600)]
)
def test_what_was_refused_waits_longer_each_time_but_never_for_long(refusals, seconds):
    payout = replace(waiting(), attempt=refusals + 1)
    when = payout.updated_at + timedelta(seconds=seconds)
    assert may_try(payout, when)
    assert not may_try(payout, when - timedelta(microseconds=1))


def test_an_outlook_is_old_after_ten_minutes():
    assert Outlook().is_old(NOW)
    seen = Outlook().saw(Money(7), NOW)
    assert (seen.available, seen.seen_at) == (Money(7), NOW)
    assert not seen.is_old(NOW + FRESH - SECOND)
    assert seen.is_old(NOW + FRESH)
    assert timedelta(minutes=10) == FRESH


def test_it_is_said_at_most_every_ten_minutes_that_there_is_little():
    assert Outlook().warns(NOW)
    warned = Outlook(warned_at=NOW)
    assert not warned.warns(NOW + FRESH - SECOND)
    assert warned.warns(NOW + FRESH)


def test_a_turn_ends_by_itself_and_a_clock_far_ahead_holds_nobody_up():
    assert not Outlook().is_taken(NOW)
    assert Outlook(turn_until=NOW + SECOND).is_taken(NOW)
    assert not Outlook(turn_until=NOW).is_taken(NOW)
    assert Outlook(turn_until=NOW + LONGEST_TURN).is_taken(NOW)
    assert not Outlook(turn_until=NOW + LONGEST_TURN + SECOND).is_taken(NOW)

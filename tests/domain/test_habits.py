"""What is usual for a customer, in whole numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from statistics import fmean, pvariance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.advance import advance, begin
from chalicelib.domain.events import Accepted, Confirmed, Returned, Started, WindowClosed
from chalicelib.domain.habits import (
    Habits,
    after,
    hour_of,
    moments,
    over,
    within,
)
from chalicelib.domain.money import Money
from chalicelib.domain.rails import Rail
from tests.domain.making import begun, event, intent

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def of(*amounts, at=AT):
    habits = Habits()
    for cents in amounts:
        habits = after(habits, Money(cents), at)
    return habits


def asked(*hours_before):
    habits = Habits()
    for hours in sorted(hours_before, reverse=True):
        habits = after(habits, Money(100), AT - timedelta(hours=hours))
    return habits


def test_a_payout_adds_itself_its_cents_and_their_square():
    habits = of(300, 400)
    assert (habits.count, habits.cents, habits.squares) == (2, 700, 250_000)
    assert habits.hours == {"2026030201": 2}
    assert habits.first_at == AT


def test_when_the_first_one_was_asked_for_and_where_payments_arrived_stay_as_they_are():
    before = Habits(proven=frozenset({"destination-1"}), first_at=AT - timedelta(days=9))
    later = after(before, Money(1), AT)
    assert (later.proven, later.first_at) == (before.proven, before.first_at)


@given(st.lists(st.integers(1, 10**14), min_size=1, max_size=30))
def test_mean_and_variance_are_exact(amounts):
    number, whole, spread = moments(of(*amounts))
    assert Fraction(whole, number) == Fraction(sum(amounts), len(amounts))
    assert Fraction(spread, number**2) == pvariance([Fraction(cents) for cents in amounts])


def test_moments_are_those_of_statistics():
    number, whole, spread = moments(of(100, 200, 400))
    assert whole / number == pytest.approx(fmean([100, 200, 400]))
    assert spread / number**2 == pytest.approx(pvariance([100, 200, 400]))


def test_of_nothing_there_is_no_spread():
    assert moments(Habits()) == (0, 0, 0)
    assert moments(of(500, 500, 500)).spread == 0


@pytest.mark.parametrize(
    ("hours", "counted"),
    [
        ([0, 0], 2),
        ([1], 1),
        ([1, 1, 1], 2),  # half of that hour is over: one and a half, rounded up
        ([2], 0),
        ([], 0),
    ],
)
def test_within_an_hour_counts_this_hour_and_what_is_left_of_the_one_before(hours, counted):
    assert within(asked(*hours), AT, 1) == counted


def test_on_the_hour_all_of_the_hour_before_counts_and_a_second_before_the_next_hardly_any():
    habits = Habits(hours={"2026030200": 7, "2026030201": 1})
    assert within(habits, AT.replace(minute=0), 1) == 8
    assert within(habits, AT.replace(minute=59, second=59), 1) == 2


def test_within_a_day_counts_24_hours():
    assert within(asked(0, 1, 23, 24, 25, 30), AT, 24) == 4


def test_what_seems_to_be_of_later_on_counts():
    assert within(Habits(hours={"2026030203": 1}), AT, 1) == 1


@given(
    st.lists(st.integers(0, 60 * 60 * 30), max_size=40), st.sampled_from([1, 24]),
)  # fmt: skip
def test_at_least_those_of_the_last_hours_are_counted_where_they_came_evenly(seconds, hours):
    habits = Habits()
    for ago in sorted(seconds, reverse=True):
        habits = after(habits, Money(1), AT - timedelta(seconds=ago))
    counted = within(habits, AT, hours)
    surely = sum(ago <= hours * 3600 - 1800 for ago in seconds)
    perhaps = sum(ago <= hours * 3600 + 1800 for ago in seconds)
    assert surely <= counted <= perhaps


def test_hours_that_no_rule_looks_at_are_forgotten():
    habits = asked(24, 3)
    assert over(habits, AT) == ()
    later = AT + timedelta(hours=1)
    assert over(habits, later) == (hour_of(AT - timedelta(hours=24)),)
    assert sorted(after(habits, Money(1), later).hours) == [
        hour_of(AT - timedelta(hours=3)), hour_of(later),
    ]  # fmt: skip


@given(st.lists(st.integers(0, 100), max_size=60))
def test_no_more_hours_are_kept_than_rules_look_at(steps):
    habits, at = Habits(), AT
    for hours in steps:
        at += timedelta(hours=hours)
        habits = after(habits, Money(1), at)
    assert len(habits.hours) <= 25
    assert habits.count == len(steps)


def test_an_hour_is_named_in_utc():
    assert hour_of(AT) == "2026030201"
    assert hour_of(AT.astimezone(timezone(timedelta(hours=11)))) == "2026030201"


def test_a_payment_has_arrived_with_the_step_that_completes_it_and_no_other():
    accepted = advance(advance(begun(), event(Started)).after, event(Accepted))
    completed = advance(accepted.after, event(Confirmed))
    assert completed.arrives
    assert not accepted.arrives
    assert not begin(intent(), by="olive").arrives
    assert not advance(completed.after, event(Returned)).arrives


def test_a_direct_credit_has_arrived_once_its_window_is_closed():
    payout = begun(Rail.DIRECT_ENTRY)
    steps = []
    for kind in (Started, Accepted, Confirmed, WindowClosed):
        step = advance(payout, event(kind))
        steps.append(step.arrives)
        payout = step.after
    assert steps == [False, False, False, True]

"""What the account will hold in the coming days: sums that err on the side of a warning."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.forecast import (
    Expected,
    Shortage,
    Sum,
    expected_by_day,
    forecast,
    shortage,
)
from chalicelib.domain.liquidity import FloatRules
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.settlement import Settlement, Stage
from tests.domain.making import NOW

TODAY = date(2026, 3, 2)
NOBODY = Sum()
RULES = FloatRules(reserve=Money(1_000), warning=Money(5_000), fee=Money(15))


def day(ahead):
    return TODAY + timedelta(days=ahead)


def settlement(ahead=0, cents=10_000, **changed):
    made = Settlement("s", day(ahead), Money(cents), "ref", NOW, "ada")
    return replace(made, **changed)


def coming(available=10_000, *, expected=(), queued=NOBODY, rules=RULES):
    return forecast(
        None if available is None else Money(available), (TODAY, day(6)),
        expected=[Expected(day(ahead), Sum(Money(cents), 1)) for ahead, cents in expected],
        scheduled={TODAY: queued}, rules=rules,
    )  # fmt: skip


def warned(available, days, waiting=False):
    known = None if available is None else Money(available)
    return shortage(days, available=known, waiting=waiting, rules=RULES)


def test_what_is_expected_is_summed_up_by_date():
    told = expected_by_day(
        [settlement(3), settlement(1, 500), settlement(3, 250), settlement(-2, 7)]
    )
    assert told == (
        Expected(day(-2), Sum(Money(7), 1)),
        Expected(day(1), Sum(Money(500), 1)),
        Expected(day(3), Sum(Money(10_250), 2)),
    )


def test_only_what_has_not_come_yet_is_expected():
    assert expected_by_day([settlement(received=Money(4_000))])[0].sum.amount == Money(6_000)
    assert expected_by_day([settlement(received=Money(10_000))]) == ()
    assert expected_by_day([settlement(received=Money(11_000))]) == ()
    for stage in set(Stage) - {Stage.EXPECTED}:
        assert expected_by_day([settlement(stage=stage)]) == ()


def test_a_forecast_is_of_seven_days_and_each_begins_where_the_one_before_ended():
    days = coming(expected=[(1, 2_000), (3, 300), (9, 5), (-1, 7)], queued=Sum(Money(4_000), 2))
    assert [each.on for each in days] == [day(ahead) for ahead in range(7)]
    left = 10_000 - 4_000 - 30
    assert [each.available.cents for each in days] == [
        left, left + 2_000, left + 2_000, *[left + 2_300] * 4,
    ]  # fmt: skip
    assert (days[0].scheduled, days[0].fees) == (Sum(Money(4_000), 2), Money(30))
    assert (days[1].expected, days[1].scheduled, days[1].fees) == (Money(2_000), Sum(), ZERO)


def test_the_lowest_of_a_day_is_before_its_money_has_come():
    (today, *_) = coming(expected=[(0, 8_000)], queued=Sum(Money(9_500), 1))
    assert (today.lowest, today.available) == (Money(485), Money(8_485))


def test_without_a_beginning_there_is_no_projection_but_all_the_rest():
    days = coming(None, expected=[(1, 2_000)], queued=Sum(Money(4_000), 2))
    assert [(each.lowest, each.available) for each in days] == [(None, None)] * 7
    assert (days[1].expected, days[0].scheduled.amount) == (Money(2_000), Money(4_000))


def test_enough_for_all_days_is_nothing_to_warn_of():
    assert warned(10_000, coming()) is None
    assert warned(5_000, coming(5_000)) is None
    assert warned(None, coming(None)) is None


@pytest.mark.parametrize(
    ("available", "queued", "code", "left"),
    [
        (999, 0, "below_reserve", 999),
        (1_000, 0, "funds_low", 1_000),
        (10_000, 9_000, "below_reserve", 985),
        (10_000, 8_985, "funds_low", 1_000),
        (10_000, 20_000, "below_reserve", -10_015),
    ],
)
def test_a_warning_says_when_and_how_much_is_left(available, queued, code, left):
    days = coming(available, queued=Sum(Money(queued), 1 if queued else 0))
    assert warned(available, days) == Shortage(code, TODAY, Money(left))


def test_what_comes_tomorrow_does_not_help_today_and_a_later_day_is_named():
    later = {day(2): Sum(Money(9_500), 1)}
    days = forecast(
        Money(10_000), (TODAY, day(6)), expected=[Expected(day(2), Sum(Money(9_000), 1))],
        scheduled=later, rules=RULES,
    )  # fmt: skip
    assert warned(10_000, days) == Shortage("below_reserve", day(2), Money(485))


def test_the_reserve_is_warned_of_before_what_is_merely_little():
    days = forecast(
        Money(4_000), (TODAY, day(6)), expected=[], scheduled={day(4): Sum(Money(3_500), 1)},
        rules=RULES,
    )  # fmt: skip
    assert warned(4_000, days) == Shortage("below_reserve", day(4), Money(485))


def test_where_nobody_knows_what_there_is_those_who_wait_are_warning_enough():
    told = warned(None, coming(None), waiting=True)
    assert told == Shortage("waiting_for_funds", TODAY, None)

"""Calendar rules: each date by its number, whatever became of the dates before it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.calendar import Calendar
from chalicelib.domain.recurrence import (
    LAST,
    MOST_BUSINESS_DAYS,
    MOST_MONTHS,
    MOST_WEEKDAYS,
    MOST_WEEKS,
    NAMES,
    RULES,
    Daily,
    MonthlyOnBusinessDay,
    MonthlyOnDay,
    MonthlyOnWeekday,
    Once,
    Weekly,
)

# New Year, Australia Day, Good Friday, Easter Monday, Christmas, Boxing Day in lieu.
HOLIDAYS = {
    date(2026, 1, 1), date(2026, 1, 26), date(2026, 4, 3), date(2026, 4, 6), date(2026, 12, 25),
    date(2026, 12, 28),
}  # fmt: skip
CALENDAR = Calendar(HOLIDAYS.__contains__)
MONDAY = date(2026, 3, 2)
WEEKDAY = st.integers(0, 6)
MONTHS = st.integers(1, MOST_MONTHS)
RECURRING = st.one_of(
    st.just(Daily()),
    st.builds(
        Weekly,
        st.sets(WEEKDAY, min_size=1).map(sorted).map(tuple),
        st.integers(1, MOST_WEEKS),
    ),
    st.builds(MonthlyOnDay, st.integers(1, 31), MONTHS),
    st.builds(
        MonthlyOnWeekday, st.sampled_from([LAST, *range(1, MOST_WEEKDAYS + 1)]), WEEKDAY, MONTHS
    ),
    st.builds(
        MonthlyOnBusinessDay, st.sampled_from([LAST, *range(1, MOST_BUSINESS_DAYS + 1)]), MONTHS
    ),
)
STARTS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


def dates(rule, start, many=5):
    return [rule.on(number, start, CALENDAR) for number in range(1, many + 1)]


def days(*each):
    return [date.fromisoformat(day) for day in each]


def test_once_is_on_its_start():
    assert Once().on(1, MONDAY, CALENDAR) == MONDAY


def test_daily_is_every_date_over_the_end_of_a_year():
    assert dates(Daily(), date(2026, 12, 30), 4) == days(
        "2026-12-30", "2026-12-31", "2027-01-01", "2027-01-02"
    )


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        (Weekly((0,)), "2026-03-02", ["2026-03-02", "2026-03-09", "2026-03-16"]),
        (Weekly((0, 3)), "2026-03-03", ["2026-03-05", "2026-03-09", "2026-03-12"]),
        # The fortnight begins with the first date, not with the start that lies before it.
        (Weekly((0,), 2), "2026-03-04", ["2026-03-09", "2026-03-23", "2026-04-06"]),
        (Weekly((0, 4), 2), "2026-03-04", ["2026-03-06", "2026-03-16", "2026-03-20"]),
        (Weekly((3,), 2), "2026-12-24", ["2026-12-24", "2027-01-07", "2027-01-21"]),
    ],
)
def test_weekdays_of_every_so_many_weeks(rule, start, expected):
    assert dates(rule, date.fromisoformat(start), 3) == days(*expected)


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        (MonthlyOnDay(31), "2026-01-31", ["2026-01-31", "2026-02-28", "2026-03-31"]),
        (MonthlyOnDay(31), "2028-02-01", ["2028-02-29", "2028-03-31", "2028-04-30"]),
        (MonthlyOnDay(15), "2026-03-16", ["2026-04-15", "2026-05-15", "2026-06-15"]),
        (MonthlyOnDay(1, 3), "2026-11-02", ["2026-12-01", "2027-03-01", "2027-06-01"]),
        (MonthlyOnWeekday(2, 1), "2026-03-01", ["2026-03-10", "2026-04-14", "2026-05-12"]),
        (MonthlyOnWeekday(1, 0), "2026-06-01", ["2026-06-01", "2026-07-06", "2026-08-03"]),
        (MonthlyOnWeekday(LAST, 4), "2026-03-28", ["2026-04-24", "2026-05-29", "2026-06-26"]),
        (MonthlyOnBusinessDay(1), "2026-01-01", ["2026-01-02", "2026-02-02", "2026-03-02"]),
        (MonthlyOnBusinessDay(3), "2026-04-01", ["2026-04-07", "2026-05-05", "2026-06-03"]),
        (MonthlyOnBusinessDay(LAST), "2026-05-30", ["2026-06-30", "2026-07-31", "2026-08-31"]),
    ],
)  # fmt: skip
def test_months(rule, start, expected):
    assert dates(rule, date.fromisoformat(start), 3) == days(*expected)


@given(RECURRING, STARTS, st.integers(1, 60))
def test_dates_never_repeat_never_go_back_and_none_lies_before_the_start(rule, start, number):
    here = rule.on(number, start, CALENDAR)
    assert start <= here < rule.on(number + 1, start, CALENDAR)


@given(RECURRING, STARTS)
def test_the_first_date_is_the_first_that_the_rule_has(rule, start):
    """Begun a day later, a rule that has not occurred yet begins on the same date."""
    first = rule.on(1, start, CALENDAR)
    if first > start:
        assert rule.on(1, start + timedelta(days=1), CALENDAR) == first


@given(RECURRING, STARTS, st.integers(2, 40))
def test_a_rule_does_not_drift(rule, start, number):
    """Begun on its own second date, it has the dates from there on, each by one number less."""
    second = rule.on(2, start, CALENDAR)
    assert rule.on(number, start, CALENDAR) == rule.on(number - 1, second, CALENDAR) or (
        # In a week with several dates the weeks that count are told from the first date's.
        isinstance(rule, Weekly) and len(rule.weekdays) > 1
    )


def test_every_rule_has_one_name():
    assert {RULES[name] for name in NAMES.values()} == set(RULES.values())
    assert len(NAMES) == len(RULES)

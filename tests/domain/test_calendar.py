"""Sydney's days, and the days on which banks settle."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.calendar import Calendar, days, start_of, sydney_date

SYDNEY = ZoneInfo("Australia/Sydney")
# Good Friday and Easter Monday, Anzac Day (a Saturday in 2026), Christmas and Boxing Day.
HOLIDAYS = {
    date(2026, 4, 3),
    date(2026, 4, 6),
    date(2026, 4, 25),
    date(2026, 12, 25),
    date(2026, 12, 26),
}
CALENDAR = Calendar(HOLIDAYS.__contains__)


def sydney(year, month, day, hour=12, minute=0, **more):
    return datetime(year, month, day, hour, minute, tzinfo=SYDNEY, **more).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 1, 1, 12, 59, 59, tzinfo=UTC), date(2026, 1, 1)),  # summer: UTC+11
        (datetime(2026, 1, 1, 13, 0, tzinfo=UTC), date(2026, 1, 2)),
        (datetime(2026, 7, 1, 13, 59, 59, tzinfo=UTC), date(2026, 7, 1)),  # winter: UTC+10
        (datetime(2026, 7, 1, 14, 0, tzinfo=UTC), date(2026, 7, 2)),
    ],
)
def test_a_date_is_sydneys_in_summer_and_in_winter(moment, day):
    assert sydney_date(moment) == day


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 4, 4), 24),
        (date(2026, 4, 5), 25),  # clocks go back
        (date(2026, 10, 4), 23),  # clocks go forward
        (date(2026, 10, 5), 24),
    ],
)
def test_a_day_is_as_long_as_sydneys_clocks_make_it(day, hours):
    length = start_of(day + timedelta(days=1)) - start_of(day)
    assert length == timedelta(hours=hours)
    assert start_of(day).tzinfo is UTC


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_a_day_begins_with_its_own_date_and_after_the_one_before(day):
    assert sydney_date(start_of(day)) == day
    assert sydney_date(start_of(day) - timedelta(microseconds=1)) == day - timedelta(days=1)


def test_days_are_both_ends_and_all_between():
    assert days(date(2026, 2, 27), date(2026, 3, 1)) == [
        date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1),
    ]  # fmt: skip
    assert days(date(2026, 3, 1), date(2026, 3, 1)) == [date(2026, 3, 1)]
    assert days(date(2026, 3, 2), date(2026, 3, 1)) == []


@pytest.mark.parametrize(
    ("day", "settles"),
    [
        (date(2026, 4, 2), True),
        (date(2026, 4, 3), False),
        (date(2026, 4, 4), False),
        (date(2026, 4, 5), False),
        (date(2026, 4, 6), False),
        (date(2026, 4, 7), True),
    ],
)
def test_banks_settle_on_weekdays_that_are_no_holidays(day, settles):
    assert CALENDAR.is_business_day(day) is settles


@pytest.mark.parametrize(
    ("sent_at", "last"),
    [
        (sydney(2026, 3, 2), date(2026, 3, 9)),  # Monday to Monday
        (sydney(2026, 3, 2, 19, 54), date(2026, 3, 9)),
        (sydney(2026, 3, 2, 20, 0), date(2026, 3, 10)),  # too late for today's batches
        (sydney(2026, 3, 6, 20, 0), date(2026, 3, 16)),  # Friday evening leaves on Monday
        (sydney(2026, 3, 7), date(2026, 3, 16)),  # so does Saturday
        (sydney(2026, 3, 8, 23, 59), date(2026, 3, 16)),  # and Sunday
        (sydney(2026, 4, 1), date(2026, 4, 10)),  # over Easter: 2, 7, 8, 9, 10 April
        (sydney(2026, 4, 3), date(2026, 4, 14)),  # Good Friday leaves on Tuesday
        (sydney(2026, 4, 24), date(2026, 5, 1)),  # a holiday on a Saturday counts once
        (sydney(2026, 12, 24, 21, 0), date(2027, 1, 4)),  # leaves on the 28th
        (sydney(2026, 10, 2), date(2026, 10, 9)),  # over the change to summer time
    ],
)
def test_a_window_counts_business_days_from_the_day_that_it_leaves_on(sent_at, last):
    assert CALENDAR.last_day_of_window(sent_at, 5) == last
    assert CALENDAR.window_closes(sent_at, 5) == start_of(last + timedelta(days=1))


@pytest.mark.parametrize(
    ("sent_at", "day"),
    [
        (sydney(2026, 3, 2, 0, 0), date(2026, 3, 2)),
        (sydney(2026, 3, 2, 19, 54, second=59), date(2026, 3, 2)),
        # A request takes its time, and clocks differ: it may arrive after the hour.
        (sydney(2026, 3, 2, 19, 55), date(2026, 3, 3)),
        (sydney(2026, 3, 2, 23, 58), date(2026, 3, 3)),
        (sydney(2026, 3, 6, 19, 55), date(2026, 3, 9)),  # a Friday
        (sydney(2026, 3, 8, 23, 58), date(2026, 3, 9)),  # a Sunday, a moment before Monday
        (sydney(2026, 4, 2, 19, 54), date(2026, 4, 2)),  # the Thursday before Easter
        (sydney(2026, 4, 2, 19, 55), date(2026, 4, 7)),
        # By Sydney's clocks in both seasons: the same hour is an hour apart.
        (datetime(2026, 1, 14, 8, 54, tzinfo=UTC), date(2026, 1, 14)),
        (datetime(2026, 1, 14, 9, 0, tzinfo=UTC), date(2026, 1, 15)),
        (datetime(2026, 7, 14, 9, 54, tzinfo=UTC), date(2026, 7, 14)),
        (datetime(2026, 7, 14, 10, 0, tzinfo=UTC), date(2026, 7, 15)),
        # The hour that there is twice, on a Sunday in April, and the one that there is not.
        (sydney(2026, 4, 5, 2, 30), date(2026, 4, 7)),
        (sydney(2026, 4, 5, 2, 30, fold=1), date(2026, 4, 7)),
        (sydney(2026, 10, 4, 2, 30), date(2026, 10, 5)),
    ],
)
def test_a_direct_credit_leaves_on_a_business_day_before_eight_in_the_evening(sent_at, day):
    assert CALENDAR.leaves_on(sent_at) == day


def test_payees_usually_have_it_on_the_business_day_after_it_left():
    assert CALENDAR.expected_by(sydney(2026, 3, 2)) == date(2026, 3, 3)
    assert CALENDAR.expected_by(sydney(2026, 3, 5, 20)) == date(2026, 3, 9)
    assert CALENDAR.expected_by(sydney(2026, 4, 2)) == date(2026, 4, 7)


@pytest.mark.parametrize(
    ("sent_at", "closes"),
    [
        # Sent in summer time, closed in winter time, and the other way round.
        (sydney(2026, 4, 1), datetime(2026, 4, 10, 14, 0, tzinfo=UTC)),
        (sydney(2026, 9, 29), datetime(2026, 10, 6, 13, 0, tzinfo=UTC)),
        (sydney(2026, 9, 25), datetime(2026, 10, 2, 14, 0, tzinfo=UTC)),
    ],
)
def test_a_window_that_spans_a_change_of_the_clocks_closes_at_midnight_in_sydney(sent_at, closes):
    assert CALENDAR.window_closes(sent_at, 5) == closes
    assert closes.astimezone(SYDNEY).time().isoformat() == "00:00:00"


@given(st.datetimes(datetime(2024, 1, 1), datetime(2040, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001 (hypothesis adds the zone)
       st.timedeltas(timedelta(0), timedelta(days=40)), st.integers(1, 30))  # fmt: skip
def test_who_is_sent_later_leaves_no_earlier_and_closes_no_earlier(sent_at, more, count):
    later = sent_at + more
    assert CALENDAR.leaves_on(sent_at) <= CALENDAR.leaves_on(later)
    assert CALENDAR.expected_by(sent_at) <= CALENDAR.expected_by(later)
    assert CALENDAR.window_closes(sent_at, count) <= CALENDAR.window_closes(later, count)
    assert CALENDAR.leaves_on(sent_at) < CALENDAR.expected_by(sent_at)
    assert CALENDAR.expected_by(sent_at) <= CALENDAR.last_day_of_window(sent_at, count)


def test_a_window_closes_when_sydneys_day_is_over_by_its_own_clock():
    winter = CALENDAR.window_closes(sydney(2026, 7, 1), 5)
    summer = CALENDAR.window_closes(sydney(2026, 1, 14), 5)
    assert (winter.hour, summer.hour) == (14, 13)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001 (hypothesis adds the zone)
       st.integers(1, 20))  # fmt: skip
def test_a_window_always_holds_as_many_business_days_as_promised(sent_at, count):
    leaves = CALENDAR.leaves_on(sent_at)
    last = CALENDAR.last_day_of_window(sent_at, count)
    assert CALENDAR.is_business_day(leaves)
    assert CALENDAR.is_business_day(last)
    assert leaves >= sydney_date(sent_at)
    between = days(leaves + timedelta(days=1), last)
    assert sum(map(CALENDAR.is_business_day, between)) == count
    assert CALENDAR.window_closes(sent_at, count) > sent_at

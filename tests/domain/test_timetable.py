"""When something is paid: business days, bounds, wall clocks, and what is refused at once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.domain.calendar import SYDNEY, moment_of, sydney_date
from chalicelib.domain.rails import Rail
from chalicelib.domain.recurrence import Daily, MonthlyOnDay, Once, Weekly
from chalicelib.domain.timetable import (
    Adjustment,
    Timetable,
    adjusted,
    faults_of,
    usual_adjustment,
)
from tests.domain.test_recurrence import CALENDAR, MONDAY, RECURRING, STARTS, days

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)  # a Monday, noon in Sydney
MONTHLY = Timetable(MonthlyOnDay(31), date(2026, 1, 31))


def codes(timetable, rail=None, now=NOW):
    return [(each.pointer, each.code) for each in faults_of(timetable, rail, now, CALENDAR)]


@pytest.mark.parametrize(
    ("adjustment", "expected"),
    [
        (Adjustment.NONE, "2026-05-31"),
        (Adjustment.FOLLOWING, "2026-06-01"),
        (Adjustment.PRECEDING, "2026-05-29"),
        (Adjustment.MODIFIED_FOLLOWING, "2026-05-29"),
    ],
)
def test_a_sunday_at_the_end_of_a_month_is_adjusted(adjustment, expected):
    sunday = date(2026, 5, 31)
    assert adjusted(sunday, adjustment, CALENDAR) == date.fromisoformat(expected)


def test_easter_is_left_in_either_direction_and_a_business_day_stays():
    good_friday = date(2026, 4, 3)
    assert adjusted(good_friday, Adjustment.FOLLOWING, CALENDAR) == date(2026, 4, 7)
    assert adjusted(good_friday, Adjustment.MODIFIED_FOLLOWING, CALENDAR) == date(2026, 4, 7)
    assert adjusted(good_friday, Adjustment.PRECEDING, CALENDAR) == date(2026, 4, 2)
    for adjustment in Adjustment:
        assert adjusted(MONDAY, adjustment, CALENDAR) == MONDAY


def test_what_is_moved_for_a_day_off_moves_no_other():
    times = Timetable(MonthlyOnDay(31), date(2026, 1, 31))  # a Saturday
    coming = times.coming(1, 5, CALENDAR)
    assert [each.on for each in coming] == days(
        "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"
    )
    assert [each.pays_on for each in coming] == days(
        "2026-02-02", "2026-03-02", "2026-03-31", "2026-04-30", "2026-06-01"
    )


def test_christmas_and_the_new_year_are_paid_after_them():
    weekly = Timetable(Weekly((4,)), date(2026, 12, 25))
    assert [each.pays_on for each in weekly.coming(1, 2, CALENDAR)] == days(
        "2026-12-29", "2027-01-01"
    )


def test_the_time_is_sydneys_wall_clock_in_summer_and_winter():
    weekly = Timetable(Weekly((0,)), date(2026, 3, 30))
    before, after = weekly.coming(1, 3, CALENDAR)[0], weekly.coming(1, 3, CALENDAR)[2]
    assert before.at == datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert after.at == datetime(2026, 4, 12, 23, tzinfo=UTC)


def test_an_hour_that_a_date_has_twice_or_not_at_all_is_one_moment_of_that_date():
    twice, never = date(2026, 4, 5), date(2026, 10, 4)
    assert moment_of(twice, time(2, 30)) == datetime(2026, 4, 4, 15, 30, tzinfo=UTC)
    assert moment_of(never, time(2, 30)) == datetime(2026, 10, 3, 16, 30, tzinfo=UTC)
    assert sydney_date(moment_of(never, time(2, 30))) == never
    assert moment_of(twice, time(9)) == datetime(2026, 4, 4, 23, tzinfo=UTC)
    assert moment_of(never, time(9)) == datetime(2026, 10, 3, 22, tzinfo=UTC)
    daily = Timetable(Daily(), twice - timedelta(days=1), Adjustment.NONE, time(2, 30))
    moments = [each.at for each in daily.coming(1, 3, CALENDAR)]
    assert moments == sorted(set(moments))


@given(RECURRING, STARTS, st.integers(1, 40), st.sampled_from(Adjustment), st.times())
def test_an_occurrence_follows_from_its_number_alone_and_moments_never_go_back(
    rule, start, number, adjustment, at
):
    times = Timetable(rule, start, adjustment, at.replace(microsecond=0, fold=0, tzinfo=None))
    coming = times.coming(number, 2, CALENDAR)
    assume(len(coming) == 2)  # the calendar of all schedules ends with the century
    here, later = coming
    assert here == times.occurrence(number, CALENDAR)
    assert here.on < later.on
    assert here.pays_on <= later.pays_on
    assert here.at <= later.at
    assert sydney_date(here.at) == here.pays_on
    assert CALENDAR.is_business_day(here.pays_on) or adjustment is Adjustment.NONE


def test_it_ends_after_a_date_a_number_or_once():
    until = Timetable(Weekly((0,)), MONDAY, until=date(2026, 3, 16))
    assert len(until.coming(1, 9, CALENDAR)) == 3
    assert len(Timetable(Weekly((0,)), MONDAY, count=2).coming(1, 9, CALENDAR)) == 2
    both = Timetable(Weekly((0,)), MONDAY, until=date(2026, 3, 9), count=5)
    assert len(both.coming(1, 9, CALENDAR)) == 2
    assert len(Timetable(Once(), MONDAY).coming(1, 9, CALENDAR)) == 1
    last = Timetable(Daily(), date(2099, 12, 30), Adjustment.NONE)
    assert len(last.coming(1, 9, CALENDAR)) == 2


def test_what_is_ahead_is_the_first_that_has_not_come():
    weekly = Timetable(Weekly((0,)), MONDAY, count=3)
    assert weekly.ahead(1, NOW, CALENDAR) == weekly.occurrence(2, CALENDAR)
    assert weekly.ahead(3, NOW, CALENDAR) == weekly.occurrence(3, CALENDAR)
    (second,) = weekly.coming(2, 1, CALENDAR)
    assert weekly.ahead(1, second.at, CALENDAR) == weekly.occurrence(3, CALENDAR)
    assert weekly.ahead(1, NOW + timedelta(days=90), CALENDAR) is None


def test_a_timetable_that_is_right_has_no_faults():
    assert codes(Timetable(Weekly((0,)), date(2026, 3, 9))) == []
    assert codes(Timetable(Daily(), date(2026, 3, 3), Adjustment.NONE)) == []
    assert codes(Timetable(Weekly((0,)), date(2026, 3, 9)), Rail.DIRECT_ENTRY) == []


@pytest.mark.parametrize(
    ("timetable", "rail", "expected"),
    [
        (
            Timetable(Once(), date(2026, 3, 9), until=date(2026, 3, 8)), None,
            [("/until", "end_before_start")],
        ),
        (
            Timetable(Weekly((0,)), date(2026, 3, 10), until=date(2026, 3, 15)), None,
            [("/start", "never_occurs")],
        ),
        (Timetable(Once(), date(2026, 3, 1), Adjustment.PRECEDING), None,
         [("/start", "already_past")]),
        (Timetable(Once(), MONDAY), None, [("/start", "already_past")]),
        (Timetable(Once(), MONDAY, at=time(12)), None, [("/start", "already_past")]),
        (Timetable(Once(), MONDAY, at=time(12, 1)), None, []),
        (Timetable(Daily(), date(2026, 3, 9)), None, [("/adjustment", "dates_would_collide")]),
        (
            Timetable(Once(), date(2026, 3, 7), Adjustment.NONE), Rail.DIRECT_ENTRY,
            [("/adjustment", "rail_needs_business_days")],
        ),
        (
            Timetable(Once(), date(2026, 3, 9), at=time(20)), Rail.DIRECT_ENTRY,
            [("/time", "after_cut_off")],
        ),
        (
            Timetable(Daily(), date(2026, 3, 1), until=date(2026, 2, 1)), Rail.DIRECT_ENTRY,
            [("/until", "end_before_start"), ("/adjustment", "dates_would_collide")],
        ),
    ],
)  # fmt: skip
def test_what_could_never_be_paid_is_refused_with_all_that_is_wrong(timetable, rail, expected):
    assert codes(timetable, rail) == expected


def test_the_usual_adjustment_pays_no_two_dates_on_one_day():
    assert usual_adjustment(Daily()) is Adjustment.NONE
    assert usual_adjustment(Weekly((0,))) is Adjustment.FOLLOWING


def test_all_that_was_asked_for_is_told():
    whole = Timetable(
        Weekly((0,)), MONDAY, Adjustment.NONE, time(10), until=date(2026, 9, 1), count=4
    )
    for other in (
        Timetable(Weekly((1,)), MONDAY, Adjustment.NONE, time(10), date(2026, 9, 1), 4),
        Timetable(Weekly((0,)), date(2026, 3, 3), Adjustment.NONE, time(10), date(2026, 9, 1), 4),
        Timetable(Weekly((0,)), MONDAY, Adjustment.PRECEDING, time(10), date(2026, 9, 1), 4),
        Timetable(Weekly((0,)), MONDAY, Adjustment.NONE, time(11), date(2026, 9, 1), 4),
        Timetable(Weekly((0,)), MONDAY, Adjustment.NONE, time(10), date(2026, 9, 2), 4),
        Timetable(Weekly((0,)), MONDAY, Adjustment.NONE, time(10), date(2026, 9, 1), 5),
    ):
        assert len(set(whole.told) ^ set(other.told)) == 2
    assert moment_of(MONDAY, time(9)).astimezone(SYDNEY).hour == 9

"""The agenda: each date of Sydney's once, the oldest first, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.agenda import Agenda
from chalicelib.domain.calendar import SYDNEY

D = date(2026, 7, 3)
DAY = timedelta(days=1)


def at(day, hour, minute=0):
    """A moment of Sydney's wall clock."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SYDNEY).astimezone(UTC)


def test_the_first_night_ever_is_that_of_yesterday_and_waits_for_its_hour():
    assert Agenda().due(at(D, 2, 59), hour=3) == []
    assert Agenda().due(at(D, 3), hour=3) == [D - DAY]
    assert Agenda().due(at(D, 23, 59), hour=3) == [D - DAY]


@pytest.mark.parametrize("hour", [0, 3, 23])
def test_a_day_is_due_from_the_hour_on_after_it_is_over(hour):
    agenda = Agenda(through=D - DAY)
    assert agenda.due(at(D, 23, 59), hour=hour) == []
    if hour:
        assert agenda.due(at(D + DAY, hour - 1, 59), hour=hour) == []
    assert agenda.due(at(D + DAY, hour), hour=hour) == [D]


def test_missed_days_are_due_one_after_the_other_the_oldest_first():
    agenda, now, done = Agenda(through=D), at(D + 5 * DAY, 4), []
    for _ in range(4):
        (day,) = agenda.due(now, hour=3)
        done.append(day)
        agenda = agenda.done(day)
    assert done == [D + ahead * DAY for ahead in range(1, 5)]
    assert agenda.due(now, hour=3) == []
    assert agenda.through == D + 4 * DAY


def test_what_was_asked_for_is_due_at_once_and_after_what_is_missing():
    agenda = Agenda(through=D).asked(D - DAY).asked(D - 9 * DAY).asked(D - DAY)
    assert agenda.due(at(D + DAY, 0), hour=3) == [D - 9 * DAY, D - DAY]
    assert agenda.due(at(D + 2 * DAY, 3), hour=3) == [D + DAY, D - 9 * DAY, D - DAY]
    assert agenda.asked(D + DAY).due(at(D + 2 * DAY, 3), hour=3) == [D + DAY, D - 9 * DAY, D - DAY]
    assert agenda.done(D - DAY).again == {D - 9 * DAY}
    assert agenda.done(D - DAY).through == D


def test_the_first_night_ever_is_due_until_it_is_done_once_it_has_begun():
    begun = Agenda().begun(D)
    assert begun.due(at(D + 5 * DAY, 4), hour=3) == [D]
    assert begun.done(D).due(at(D + 5 * DAY, 4), hour=3) == [D + DAY]
    assert begun.begun(D + DAY) == begun
    assert Agenda().asked(D).begun(D) == Agenda().asked(D)


def test_what_was_asked_for_before_the_first_night_ever_is_not_its_beginning():
    agenda = Agenda().asked(D - 40 * DAY)
    assert agenda.due(at(D, 2), hour=3) == [D - 40 * DAY]
    agenda = agenda.done(D - 40 * DAY)
    assert agenda == Agenda()
    assert agenda.done(D).through == D


def test_a_night_that_was_run_ahead_of_its_turn_leaves_those_before_it_due():
    agenda = Agenda(through=D).done(D + 3 * DAY)
    assert agenda.through == D
    assert Agenda(through=D).done(D).through == D


@pytest.mark.parametrize("hour", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("change", [date(2026, 10, 4), date(2027, 4, 4)])
def test_each_date_is_done_once_where_a_day_has_23_or_25_hours(change, hour):
    """In October the hour from two on is not there, in April it is there twice."""
    agenda, done = Agenda(through=change - 3 * DAY), []
    now = at(change - DAY, 0)
    while now < at(change + 3 * DAY, 0):
        for day in agenda.due(now, hour=hour):
            done.append((day, now.astimezone(SYDNEY)))
            agenda = agenda.done(day)
        now += timedelta(minutes=5)
    assert [day for day, _ in done] == [change + ahead * DAY for ahead in range(-2, 2)]
    for day, local in done:
        assert local.date() == day + DAY
        # An hour that is not there is over once the next one begins.
        there = 3 if (hour, local.date()) == (2, date(2026, 10, 4)) else hour
        assert (local.hour, local.minute) == (there, 0)

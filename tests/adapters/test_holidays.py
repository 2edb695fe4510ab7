"""The days on which RITS does not settle."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from chalicelib.adapters.holidays import _holidays, rits_holiday
from chalicelib.domain.calendar import SYDNEY, Calendar
from chalicelib.domain.calendar import days as days_of
from chalicelib.domain.patience import Patience

# What RITS keeps, weekdays only, worked out by hand from the rules and the tables of Easter.
CLOSED = {
    2024: ["01-01", "01-26", "03-29", "04-01", "04-25", "06-10", "12-25", "12-26"],
    2025: ["01-01", "01-27", "04-18", "04-21", "04-25", "06-09", "12-25", "12-26"],
    2026: ["01-01", "01-26", "04-03", "04-06", "04-27", "06-08", "12-25", "12-28"],
    2027: ["01-01", "01-26", "03-26", "03-29", "04-26", "06-14", "12-27", "12-28"],
    2028: ["01-03", "01-26", "04-14", "04-17", "04-25", "06-12", "12-25", "12-26"],
    2029: ["01-01", "01-26", "03-30", "04-02", "04-25", "06-11", "12-25", "12-26"],
    2030: ["01-01", "01-28", "04-19", "04-22", "04-25", "06-10", "12-25", "12-26"],
    2031: ["01-01", "01-27", "04-11", "04-14", "04-25", "06-09", "12-25", "12-26"],
    2032: ["01-01", "01-26", "03-26", "03-29", "06-14", "12-27", "12-28"],
}


def easter(year: int) -> date:
    """Easter Sunday, by the rule of the Gregorian calendar (Butcher's)."""
    century, of_it = divmod(year, 100)
    leap, rest = divmod(century, 4)
    golden = year % 19
    epact = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * rest + 2 * (of_it // 4) - epact - of_it % 4) % 7
    shift = (golden + 11 * epact + 22 * week) // 451
    month, day = divmod(epact + week - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def first_from(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def on_or_after(day: date, *taken: date) -> date:
    """The day, or the first weekday after it that is not taken, where it is at a weekend."""
    if day.weekday() < 5:
        return day
    day = first_from(day, 0)
    while day in taken:
        day += timedelta(days=1)
    return day


def by_the_rules(year: int) -> set[date]:
    """The weekdays on which RITS is closed, from its own list, with no help of a library.

    Anzac Day has a substitute in New South Wales in 2026 and 2027 alone, by proclamation.
    """
    sunday = easter(year)
    christmas, boxing = date(year, 12, 25), date(year, 12, 26)
    # Of the two the one that is a weekday keeps its day, and the other goes after it.
    second = on_or_after(boxing, on_or_after(christmas) if christmas.weekday() == 5 else boxing)
    first = on_or_after(christmas, second)
    anzac = date(year, 4, 25)
    return {
        on_or_after(date(year, 1, 1)), on_or_after(date(year, 1, 26)),
        sunday - timedelta(days=2), sunday + timedelta(days=1),
        on_or_after(anzac) if year in {2026, 2027} else anzac,
        first_from(date(year, 6, 8), 0),  # the second Monday of June
        first, second,
    }  # fmt: skip


def closed_weekdays(year: int) -> list[date]:
    days = days_of(date(year, 1, 1), date(year, 12, 31))
    return [day for day in days if day.weekday() < 5 and rits_holiday(day)]


@pytest.mark.parametrize("year", range(2023, 2041))
def test_the_days_are_those_of_the_list_of_rits_and_no_others(year):
    by_hand = sorted(day for day in by_the_rules(year) if day.weekday() < 5)
    assert closed_weekdays(year) == by_hand


@pytest.mark.parametrize("year", CLOSED)
def test_the_weekdays_of_a_year_without_settlement(year):
    assert [f"{day:%m-%d}" for day in closed_weekdays(year)] == CLOSED[year]


@pytest.mark.parametrize("year", range(2024, 2041))
def test_labour_day_the_bank_holiday_and_easter_tuesday_are_business_days(year):
    calendar = Calendar(rits_holiday)
    labour, bank = first_from(date(year, 10, 1), 0), first_from(date(year, 8, 1), 0)
    tuesday = easter(year) + timedelta(days=2)
    assert all(map(calendar.is_business_day, (labour, bank)))
    assert calendar.is_business_day(tuesday) is (tuesday != date(year, 4, 25))


def test_an_anzac_day_at_easter_costs_no_further_day():
    """In 2038 it is Easter Sunday itself: the Monday after is closed as Easter Monday, once."""
    assert easter(2038) == date(2038, 4, 25)
    calendar = Calendar(rits_holiday)
    assert calendar.after(date(2038, 4, 22), 1) == date(2038, 4, 27)
    assert calendar.after(date(2011, 4, 21), 1) == date(2011, 4, 26)  # Easter Monday was the 25th


@pytest.mark.parametrize(
    ("day", "following"),
    [
        (date(2026, 4, 24), date(2026, 4, 28)),  # a Saturday; the Monday after is doubtful: closed
        (date(2027, 4, 23), date(2027, 4, 27)),  # a Sunday; so it is
        (date(2032, 4, 23), date(2032, 4, 26)),  # a Sunday without a substitute
        (date(2027, 12, 24), date(2027, 12, 29)),  # Christmas at a weekend
        (date(2022, 12, 23), date(2022, 12, 28)),  # a Sunday: the Tuesday stands in for it
        (date(2021, 12, 31), date(2022, 1, 4)),
        (date(2028, 12, 31), date(2029, 1, 2)),
    ],
)
def test_substitute_days_are_kept(day, following):
    assert Calendar(rits_holiday).after(day, 1) == following


def test_a_day_of_mourning_and_the_bank_holiday_of_one_state_are_business_days():
    assert not rits_holiday(date(2022, 9, 22))
    assert not rits_holiday(date(2026, 8, 3))


def test_the_monarchs_birthday_was_the_queens():
    assert rits_holiday(date(2021, 6, 14))


def test_a_window_over_easter_is_as_long_as_banks_need():
    assert Calendar(rits_holiday).after(date(2026, 4, 2), 5) == date(2026, 4, 13)


def at_nine_in_the_evening(day: date) -> datetime:
    return datetime.combine(day, time(21), SYDNEY).astimezone(UTC)


@pytest.mark.parametrize("count", [1, 2, 5, 10, 30])
def test_no_window_outlasts_what_a_person_is_spared(count):
    """Else one would be told of payouts whose window is still open, over Christmas or Easter."""
    calendar, patience = Calendar(rits_holiday), Patience(window_days=count)
    spared = timedelta(days=2 * patience.window_days + 7)
    for day in days_of(date(2024, 1, 1), date(2040, 12, 31)):
        sent_at = at_nine_in_the_evening(day)
        assert calendar.window_closes(sent_at, count) <= sent_at + spared


def test_a_year_costs_the_dear_library_once():
    assert rits_holiday(date(2031, 1, 1))
    before = _holidays.cache_info().misses
    for day in days_of(date(2031, 1, 1), date(2031, 12, 31)):
        rits_holiday(day)
    assert _holidays.cache_info().misses == before

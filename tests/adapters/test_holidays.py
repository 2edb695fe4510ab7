"""The days on which RITS does not settle."""

from datetime import date

import pytest

from chalicelib.adapters.holidays import rits_holiday
from chalicelib.domain.calendar import Calendar

CLOSED = {
    2024: ["01-01", "01-26", "03-29", "04-01", "04-25", "06-10", "12-25", "12-26"],
    2025: ["01-01", "01-27", "04-18", "04-21", "04-25", "06-09", "12-25", "12-26"],
    2026: ["01-01", "01-26", "04-03", "04-06", "04-27", "06-08", "12-25", "12-28"],
    2027: ["01-01", "01-26", "03-26", "03-29", "04-26", "06-14", "12-27", "12-28"],
}


@pytest.mark.parametrize("year", CLOSED)
def test_the_weekdays_of_a_year_without_settlement(year):
    days = [date.fromordinal(n) for n in range(date(year, 1, 1).toordinal(),
                                               date(year + 1, 1, 1).toordinal())]  # fmt: skip
    closed = [f"{day:%m-%d}" for day in days if day.weekday() < 5 and rits_holiday(day)]
    assert closed == CLOSED[year]


@pytest.mark.parametrize(
    "day",
    [date(2024, 10, 7), date(2025, 10, 6), date(2026, 10, 5), date(2027, 10, 4)],
)
def test_labour_day_is_a_business_day(day):
    assert Calendar(rits_holiday).is_business_day(day)


def test_a_day_of_mourning_and_the_bank_holiday_of_one_state_are_business_days():
    assert not rits_holiday(date(2022, 9, 22))
    assert not rits_holiday(date(2026, 8, 3))


def test_the_monarchs_birthday_was_the_queens():
    assert rits_holiday(date(2021, 6, 14))


def test_a_window_over_easter_is_as_long_as_banks_need():
    assert Calendar(rits_holiday).after(date(2026, 4, 2), 5) == date(2026, 4, 13)

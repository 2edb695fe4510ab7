"""The simulator's calendar and forms, by dates that were looked up rather than computed."""

from datetime import UTC, date, datetime

import pytest

from local.monoova import dates

SUMMER = datetime(2026, 1, 13, 3, 21, 50, 553_000, tzinfo=UTC)
WINTER = datetime(2026, 7, 13, 3, 21, 50, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "number", "expected"),
    [
        (date(2026, 11, 20), 3, date(2026, 11, 25)),
        (date(2026, 4, 2), 1, date(2026, 4, 7)),
        (date(2026, 10, 2), 1, date(2026, 10, 5)),
        (date(2026, 12, 24), 1, date(2026, 12, 29)),
        (date(2025, 4, 24), 1, date(2025, 4, 28)),
        (date(2026, 6, 5), 1, date(2026, 6, 9)),
        (date(2026, 1, 23), 1, date(2026, 1, 27)),
    ],
)
def test_business_days_leave_out_weekends_and_the_days_on_which_nothing_settles(
    day: date, number: int, expected: date
):
    assert dates.business_day_after(day, number) == expected


def test_every_form_is_sydney_s_time_without_an_offset():
    assert dates.seconds_form(SUMMER) == "2026-01-13T14:21:50"
    assert dates.millis_form(SUMMER) == "2026-01-13T14:21:50.553"
    assert dates.hundredths_form(SUMMER) == "2026-01-13T14:21:50.55"
    assert dates.midnight_form(SUMMER) == "2026-01-13T00:00:00"
    assert dates.day_first_form(SUMMER) == "13/01/2026 02:21:50 PM"
    assert dates.month_first_form(SUMMER) == "1/13/2026 2:21:50 PM"
    assert dates.seconds_form(WINTER) == "2026-07-13T13:21:50"


def test_a_day_begins_when_it_does_in_sydney():
    assert dates.start_of(date(2026, 1, 13)) == datetime(2026, 1, 12, 13, tzinfo=UTC)
    assert dates.start_of(date(2026, 7, 13)) == datetime(2026, 7, 12, 14, tzinfo=UTC)

"""The provider's dates, in all their forms."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.monoova import dates
from chalicelib.domain.calendar import SYDNEY

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def utc(year, month, day, hour=0, minute=0, second=0, micros=0):
    return datetime(year, month, day, hour, minute, second, micros, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2019-07-22T00:00:00", utc(2019, 7, 21, 14)),
        ("2019-07-22T00:00:00.00", utc(2019, 7, 21, 14)),
        ("2020-01-13T14:21:50.553", utc(2020, 1, 13, 3, 21, 50, 553000)),
        ("2020-01-13 14:21:50", utc(2020, 1, 13, 3, 21, 50)),
        ("2020-01-13", utc(2020, 1, 12, 13)),
        ("2020-01-13T14:21:50Z", utc(2020, 1, 13, 14, 21, 50)),
        ("2020-01-13T14:21:50+10:00", utc(2020, 1, 13, 4, 21, 50)),
        (" 2020-01-13 ", utc(2020, 1, 12, 13)),
        ("07/22/2019 00:00:00", utc(2019, 7, 21, 14)),
        ("22/07/2019 00:00:00", utc(2019, 7, 21, 14)),
        ("22-07-2019", utc(2019, 7, 21, 14)),
        ("20/10/2020 12:00:01 AM", utc(2020, 10, 19, 13, 0, 1)),
        ("20/10/2020 12:00:01 pm", utc(2020, 10, 20, 1, 0, 1)),
        ("20/10/2020 1:05 p.m.", utc(2020, 10, 20, 2, 5)),
        ("2020/10/20 12:00:01", utc(2020, 10, 20, 1, 0, 1)),
        ("2020-10-20 12:00:01 AM", utc(2020, 10, 19, 13, 0, 1)),
        ("2020/1/3", utc(2020, 1, 2, 13)),
        ("2023-11-08T12:25:27.1234567", utc(2023, 11, 8, 1, 25, 27, 123456)),
    ],
)
def test_every_form_that_was_seen_is_sydneys_time(text, moment):
    assert dates.moment(text) == moment


def test_which_of_two_is_the_day_is_said_by_whoever_asks():
    assert dates.moment("02/03/2026", day_first=True) == utc(2026, 3, 1, 13)
    assert dates.moment("02/03/2026", day_first=False) == utc(2026, 2, 2, 13)


@pytest.mark.parametrize("day_first", [True, False])
def test_a_day_that_can_only_be_one_is_that_one(day_first):
    assert dates.moment("10/31/2020", day_first=day_first) == utc(2020, 10, 30, 13)
    assert dates.moment("31/10/2020", day_first=day_first) == utc(2020, 10, 30, 13)


@pytest.mark.parametrize(
    "text",
    ["", "soon", None, 20200113, [], "0001-01-01T00:00:00", "9999-12-31T23:59:59", "31/31/2020",
     "29/02/2021", "20/10/2020 13:00:00 PM", "20/10/2020 0:00:00 AM", "20/10/2020 25:00:00",
     "2020-13-01", "2020/13/01", "2020/01/32", "2020/01/03 13:00 PM", "x" * 100,
     "\u0662\u0660/10/2020"],
)  # fmt: skip
def test_what_is_no_date_is_none(text):
    assert dates.moment(text) is None


@given(st.text(max_size=60) | st.from_regex(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}( \d+:\d+)?"))
def test_no_text_raises(text):
    for day_first in (True, False):
        moment = dates.moment(text, day_first=day_first)
        assert moment is None or moment.tzinfo is UTC


@given(st.datetimes(datetime(2001, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001 (local)
def test_the_form_of_received_payments_is_read_back_to_the_second(local):
    written = local.strftime("%d/%m/%Y %I:%M:%S %p")
    expected = local.replace(microsecond=0, fold=0, tzinfo=SYDNEY).astimezone(UTC)
    assert dates.moment(written, day_first=True) == expected


class TestHeard:
    def test_a_moment_of_its_own_is_when_it_happened(self):
        assert dates.heard("2026-03-02T11:59:30", AT) == AT - timedelta(seconds=30)

    @pytest.mark.parametrize("text", ["2026-03-02T00:00:00", "2026-03-02", None, "soon"])
    def test_a_mere_date_tells_less_than_our_own_clock(self, text):
        assert dates.heard(text, AT) == AT

    def test_nothing_that_is_heard_lies_ahead(self):
        assert dates.heard("2026-03-02T12:00:01", AT) == AT
        assert dates.received("2026-12-02T12:00:01", AT, day_first=True) == AT

    @pytest.mark.parametrize(
        ("at", "meant"),
        [(utc(2027, 4, 3, 15, 31), 15), (utc(2027, 4, 3, 16, 31), 16), (utc(2027, 4, 4), 16)],
        ids=["before the clocks go back", "after it", "the day after"],
    )
    def test_in_the_hour_that_is_there_twice_it_is_the_one_that_is_nearer(self, at, meant):
        for told in ("2027-04-04T02:30:00", "04/04/2027 02:30:00 AM"):
            assert dates.heard(told, at) == utc(2027, 4, 3, meant, 30)
            assert dates.received(told, at, day_first=True) == utc(2027, 4, 3, meant, 30)

    def test_a_clock_that_is_a_little_ahead_does_not_make_it_an_hour_earlier(self):
        at = utc(2027, 4, 3, 16, 29, 59)
        assert dates.heard("2027-04-04T02:30:00", at) == at

    def test_what_says_its_offset_is_there_once(self):
        assert dates.heard("2027-04-04T02:30:00+11:00", utc(2027, 4, 4)) == utc(2027, 4, 3, 15, 30)

    @given(
        st.datetimes(datetime(2027, 4, 3, 12), datetime(2027, 4, 3, 20)),  # noqa: DTZ001 (UTC's)
        st.timedeltas(timedelta(), timedelta(minutes=29)),
    )
    def test_what_is_heard_within_half_an_hour_is_read_back_to_the_microsecond(
        self, happened, after
    ):
        moment = happened.replace(fold=0, tzinfo=UTC)
        local = moment.astimezone(SYDNEY).replace(tzinfo=None).isoformat()
        assert dates.received(local, moment + after, day_first=False) == moment

    def test_money_is_received_on_its_day(self):
        assert dates.received("01/03/2026 12:00:00 AM", AT, day_first=True) == utc(2026, 2, 28, 13)
        assert dates.received("rubbish", AT, day_first=True) == AT

"""What one approver may agree to within 24 hours, wherever they begin."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.approver_day import ApproverDay
from chalicelib.domain.money import Money

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MOST = Money(10_000)


def test_an_approver_may_agree_up_to_the_limit_and_not_a_cent_more():
    day = ApproverDay("anna").more(Money(9_999), NOON, MOST)
    assert day is not None
    assert day.more(Money(2), NOON, MOST) is None
    full = day.more(Money(1), NOON, MOST)
    assert full is not None
    assert full.agreed(NOON) == MOST
    assert full.more(Money(1), NOON, MOST) is None
    assert full.version == 2


@pytest.mark.parametrize(("hours", "minutes", "counted"), [
    (23, 59, True), (24, 0, True), (24, 59, True), (25, 0, False),
])  # fmt: skip
def test_an_hour_that_is_partly_within_the_last_24_counts_whole(hours, minutes, counted):
    day = ApproverDay("anna").more(MOST, NOON, MOST)
    assert day is not None
    later = NOON + timedelta(hours=hours, minutes=minutes)
    assert (day.more(Money(1), later, MOST) is None) is counted
    assert day.agreed(later) == (MOST if counted else Money(0))


def test_hours_that_are_over_are_forgotten_and_those_to_come_are_not():
    day = ApproverDay("anna", 3, {"2026030100": 5, "2026030215": 7})
    after = day.more(Money(1), NOON, MOST)
    assert after == ApproverDay("anna", 4, {"2026030215": 7, "2026030212": 1})


def test_the_hour_is_that_of_utc_whatever_zone_the_moment_is_told_in():
    sydney = NOON.astimezone(tz=datetime.fromisoformat("2026-03-02T23:00:00+11:00").tzinfo)
    assert ApproverDay("anna").more(MOST, sydney, MOST) == ApproverDay(
        "anna", 1, {"2026030212": 10_000}
    )


@given(st.lists(st.tuples(st.integers(1, 4_000), st.integers(0, 10_000)), max_size=40))
def test_within_no_24_hours_is_more_agreed_to_than_the_limit(asked):
    """Amounts at minutes, in order: no window of 24 hours holds more than the limit."""
    day = ApproverDay("anna")
    taken: list[tuple[datetime, int]] = []
    for cents, minute in sorted(asked, key=lambda each: each[1]):
        at = NOON + timedelta(minutes=minute)
        after = day.more(Money(cents), at, MOST)
        if after is not None:
            day, taken = after, [*taken, (at, cents)]
    for end, _ in taken:
        within = [cents for at, cents in taken if end - timedelta(hours=24) <= at <= end]
        assert sum(within) <= MOST.cents

"""A bucket of tokens as one number: never more than the burst at once, nor than the rate."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import rate
from chalicelib.domain.policy import FREE, RateRules
from chalicelib.domain.refusals import TooFast

AT = datetime(2026, 7, 3, 1, 2, 3, 456_789, tzinfo=UTC)
EXACT = datetime(2026, 7, 3, 1, 2, 3, tzinfo=UTC)
RULES = RateRules(per_minute=60, burst=3)
rules = st.builds(RateRules, per_minute=st.integers(1, 70_000), burst=st.integers(1, 50))
# Milliseconds between one request and the next: often none.
pauses = st.lists(st.one_of(st.just(0), st.integers(0, 200), st.integers(0, 90_000)), max_size=120)


class Bucket:
    """A bucket as its owner keeps it."""

    def __init__(self, those: RateRules) -> None:
        self.rules = those
        self.time = 0
        self.taken: list[int] = []

    def ask(self, at: datetime) -> int:
        """Milliseconds to wait; a token is taken where there is nothing to wait for."""
        token = rate.token("ada", at, self.rules, self.time)
        if not rate.wait(token):
            self.time = rate.after(token)
            self.taken.append(token.now)
        return rate.wait(token)


def later(milliseconds: int) -> datetime:
    return EXACT + timedelta(milliseconds=milliseconds)


def test_a_token_is_in_whole_milliseconds_and_no_rate_is_rounded_up():
    token = rate.token("ada", AT, RateRules(per_minute=7, burst=3), 12)
    assert token == rate.Token("ada", 1_783_040_523_456, 8_572, 25_716, 12)
    assert rate.token("ada", AT, RateRules(70_000, 1), 0).interval == 1


def test_a_bucket_that_was_never_used_is_full():
    token = rate.token("ada", EXACT, RULES, 0)
    assert rate.wait(token) == 0
    assert rate.after(token) == token.now + 1_000
    assert rate.left(token) == (2, 1)


def test_a_burst_may_go_at_once_and_then_one_for_each_interval():
    bucket = Bucket(RULES)
    assert [bucket.ask(EXACT) for _ in range(4)] == [0, 0, 0, 1_000]
    assert bucket.ask(later(999)) == 1
    assert bucket.ask(later(1_000)) == 0
    assert bucket.ask(later(1_000)) == 1_000


def test_waiting_as_long_as_it_says_is_long_enough_and_not_a_millisecond_too_long():
    bucket = Bucket(RateRules(7, 2))
    assert [bucket.ask(EXACT), bucket.ask(later(10))] == [0, 0]
    waits = bucket.ask(later(20))
    assert waits == 8_552
    assert bucket.ask(later(20 + waits - 1)) == 1
    assert bucket.ask(later(20 + waits)) == 0


def test_what_is_left_counts_down_to_none_and_comes_back():
    told = []
    seen = 0
    for _ in range(4):
        token = rate.token("ada", EXACT, RULES, seen)
        told.append(rate.left(token))
        seen = seen if rate.wait(token) else rate.after(token)
    assert told == [(2, 1), (1, 2), (0, 3), (0, 3)]
    assert rate.left(rate.token("ada", later(2_500), RULES, seen)) == (1, 2)
    assert rate.left(rate.token("ada", later(60_000), RULES, seen)) == (2, 1)


def test_a_quota_names_the_rules_as_well():
    assert rate.quota(rate.token("ada", EXACT, RateRules(600, 300), 0)) == rate.Quota(
        300, 30, 299, 1
    )
    assert rate.quota(rate.token("ada", EXACT, FREE.rates, 0)).limit == 10**6


def test_too_fast_is_told_with_all_that_helps_and_nobodys_name():
    token = rate.token("ada", EXACT, RateRules(7, 1), 0)
    rate.check(token)
    again = rate.token("ada", later(1), RateRules(7, 1), rate.after(token))
    with pytest.raises(TooFast) as caught:
        rate.check(again)
    told = caught.value
    assert (told.wait_ms, told.retry_after) == (8_571, 9)
    assert (told.limit, told.window, told.reset) == (1, 9, 9)
    assert "ada" not in str(told)


def test_a_clock_that_is_behind_waits_and_gets_nothing_for_free():
    bucket = Bucket(RULES)
    assert [bucket.ask(EXACT) for _ in range(3)] == [0, 0, 0]
    assert bucket.ask(later(-500)) == 1_500
    assert bucket.ask(later(-60_000)) == 61_000
    assert rate.left(rate.token("ada", later(-500), RULES, bucket.time)) == (0, 4)


def test_a_time_that_only_other_rules_explain_holds_nobody_up():
    token = rate.token("ada", EXACT, RULES, 0)
    furthest = token.now + 3_000 + rate.MINUTE
    assert rate.wait(rate.token("ada", EXACT, RULES, furthest)) == 61_000
    assert rate.wait(rate.token("ada", EXACT, RULES, furthest + 1)) == 0
    assert rate.after(rate.token("ada", EXACT, RULES, furthest + 1)) == token.now + 1_000


@given(rules, pauses)
def test_never_more_than_the_burst_at_once_nor_than_the_rate_in_the_long_run(those, gaps):
    bucket, now = Bucket(those), 0
    for gap in gaps:
        now += gap
        bucket.ask(later(now))
    times = bucket.taken
    for first in range(len(times)):
        for last in range(first, len(times)):
            span = times[last] - times[first]
            most = those.burst + span * those.per_minute // 60_000
            assert last - first + 1 <= most


@given(rules, pauses)
def test_whoever_waits_as_told_is_stranded_once_and_no_more(those, gaps):
    bucket, now = Bucket(those), 0
    for gap in gaps:
        now += gap
        if waits := bucket.ask(later(now)):
            now += waits
            assert bucket.ask(later(now)) == 0
    assert len(bucket.taken) == len(gaps)


@given(rules, pauses)
def test_what_is_said_to_be_left_can_be_taken_at_once_and_no_more(those, gaps):
    bucket, now = Bucket(those), 0
    for gap in gaps:
        now += gap
        bucket.ask(later(now))
    token = rate.token("ada", later(now), those, bucket.time)
    remaining, reset = rate.left(token)
    more = remaining + (rate.wait(token) == 0)
    assert [bucket.ask(later(now)) for _ in range(more)] == [0] * more
    assert bucket.ask(later(now)) > 0
    assert reset <= rate.quota(token).window

"""Buckets in the memory of a process: one for each principal, so many and no more."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.adapters.pace import Buckets
from chalicelib.domain.policy import RateRules
from chalicelib.domain.refusals import TooFast

AT = datetime(2026, 7, 3, 1, 2, 3, tzinfo=UTC)


def test_each_principal_has_a_bucket_of_their_own():
    buckets = Buckets(RateRules(60, 2))
    assert buckets.take("ada", AT).seen == 0
    buckets.take("ada", AT)
    with pytest.raises(TooFast):
        buckets.take("ada", AT)
    buckets.take("bo", AT)
    buckets.take("ada", AT + timedelta(seconds=1))


def test_a_refusal_costs_no_token():
    buckets = Buckets(RateRules(60, 1))
    buckets.take("ada", AT)
    for _ in range(10):
        with pytest.raises(TooFast) as caught:
            buckets.take("ada", AT)
        assert caught.value.wait_ms == 1_000


def test_who_has_not_asked_for_longest_is_forgotten_first_and_no_more_than_need_be():
    buckets = Buckets(RateRules(1, 2), most=2)
    for who in ("ada", "bo", "ada", "cy"):
        buckets.take(who, AT)
    with pytest.raises(TooFast):
        buckets.take("ada", AT)
    assert buckets.take("bo", AT).seen == 0
    assert buckets.take("ada", AT).seen == 0, "the third forgets one"


def test_a_refused_principal_is_no_reason_to_forget_another():
    buckets = Buckets(RateRules(1, 1), most=1)
    buckets.take("ada", AT)
    for _ in range(3):
        with pytest.raises(TooFast):
            buckets.take("ada", AT)


class Slow:
    """Rules that let another thread in while a bucket is between two times."""

    per_minute = 1

    @property
    def burst(self) -> int:
        """Twenty, after a while."""
        time.sleep(0.001)
        return 20


def test_threads_together_take_no_more_than_the_burst():
    buckets = Buckets(Slow())  # type: ignore[arg-type] # as much of it as is looked at

    def ask(_: int) -> bool:
        try:
            buckets.take("ada", AT)
        except TooFast:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(60))) == 20

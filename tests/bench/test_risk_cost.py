"""Deciding on a payout costs less than a millisecond of CPU, by far."""

from __future__ import annotations

from statistics import median

import pytest

from bench.risk import CASES, microseconds


@pytest.mark.parametrize("name", list(CASES))
def test_deciding_takes_less_than_a_millisecond_of_cpu(name):
    assert median(microseconds(CASES[name], 20)) < 1000

"""What the bench of a decision's cost measures can be measured; how long it takes is its to say."""

from __future__ import annotations

import pytest

from bench.risk import CASES, microseconds


@pytest.mark.parametrize("name", list(CASES))
def test_every_case_is_decided_as_often_as_it_is_to_be_and_takes_some_time(name):
    took = microseconds(CASES[name], 3)
    assert len(took) == 3
    assert min(took) >= 0

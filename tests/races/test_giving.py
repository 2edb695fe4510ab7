"""Races of credits on each commit; no cent is given twice, or out of nothing."""

from __future__ import annotations

import pytest

from tests.races import giving
from tests.races.test_races import PROCESSES, held
from tests.races.town import built

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def town():
    with built() as town:
        yield town


def test_of_many_credits_at_once_as_many_are_given_as_there_is_money_for(town):
    counts = held(town, giving.run(town, many=10, threads=8, processes=PROCESSES))
    assert 0 < counts["credits given"] < counts["credits wanted"]


def test_of_a_credit_that_everybody_decides_on_one_word_counts(town):
    counts = held(town, giving.run_waiting(town, many=15, threads=8, processes=PROCESSES))
    assert counts["credits given"]
    assert counts["decline: 200"]
    assert counts["approve: 409"]

"""Races on each commit; the same with larger numbers by `python -m tests.races.long`."""

from __future__ import annotations

import pytest

from tests.races import decisions, overdraw, same_key, webhooks
from tests.races.town import built

# Two processes of clients at least; a few seconds alone, on two cores that others use more.
PROCESSES = 2
pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def town():
    with built() as town:
        yield town


def held(town, told) -> dict[str, int]:
    """What was counted, where nothing failed and both books are equal."""
    print(dict(told.counts))
    assert told.failures == []
    assert town.compare().failures == []
    return dict(told.counts)


def test_one_key_by_sixteen_at_once_is_one_execution_in_each_of_fifty_rounds(town):
    told = same_key.run(town, rounds=50, threads=16, processes=PROCESSES)
    assert held(town, told)["executions of one key"] == 50


def test_of_a_hundred_payouts_of_sixty_per_cent_at_once_one_is_taken(town):
    told = overdraw.run(town, rounds=1, parallel=100, processes=PROCESSES)
    assert held(town, told)["payouts of 60 % taken"] == 1


def test_a_webhook_told_300_times_among_299_others_is_one_transition_as_each_of_them(town):
    told = webhooks.run(town, others=299, times=300, threads=8, processes=PROCESSES)
    counts = held(town, told)
    assert (counts["webhooks delivered"], counts["transitions by webhook"]) == (599, 300)


def test_cancelling_sending_and_resolving_at_once_have_one_legal_outcome_each(town):
    told = decisions.run(town, payouts=20, threads=8, processes=PROCESSES)
    counts = held(town, told)
    # Else nobody was in anybody's way.
    assert counts["raced to Cancelled"]
    assert counts["raced to Completed"]
    assert counts["declared dead"] + counts["paid under a new reference"]
    assert counts["sent again"]

"""A thousand random sequences of calls have the same answers in memory and on the default engine.

The DynamoDB in memory is held to them, too, and to a thousand longer ones, for it is quick.
`python -m tests.contracts.long` runs a hundred thousand of the longer ones on all of them.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.contracts.contest import Contests, Different, World, contest
from tests.contracts.sequences import LONG, SHORT, Turn, run

PARTS, OF_EACH = 5, 200


def agree_on(contests, sequences):
    """Draw so many sequences, and run them; what was called, and how often."""

    @given(sequences)
    @settings(max_examples=OF_EACH, deadline=None, suppress_health_check=list(HealthCheck))
    def agree(turns):
        run(contests.world(), turns)

    agree()
    # Each has at least two calls before its own, and one after them.
    assert contests.counts.total() > 3 * OF_EACH
    told = {f"calls of {name}": count for name, count in contests.counts.items()}
    return {"random sequences": OF_EACH, **told}


@pytest.mark.parametrize("_part", range(PARTS))
def test_memory_and_the_default_engine_answer_alike(_part, ministack, record_property):
    with Contests(ministack.environment["AWS_ENDPOINT_URL"]) as contests:
        record_property("counted", agree_on(contests, SHORT))


@pytest.mark.parametrize("_part", range(PARTS))
def test_both_stores_in_memory_answer_alike(_part, record_property):
    with Contests() as contests:
        record_property("counted", agree_on(contests, LONG))


class Forgetful:
    """Notices of a store that says of each that it is new."""

    def __init__(self, notices):
        self.known, self._keep = notices.known, notices.keep

    def keep(self, notice):
        self._keep(notice)
        return True


def test_a_store_that_answers_otherwise_is_found():
    turn = Turn("keep", 0, 0, lost=False)
    with contest() as made:
        run(World(made, 1), [turn, turn])
        forgetful: Any = Forgetful(made.stores["simulated"].notices)
        made.stores["simulated"].notices = forgetful
        with pytest.raises(Different, match="keep: memory says False"):
            run(World(made, 2), [turn, turn])


def test_a_store_that_lost_a_write_is_found_at_the_end():
    with contest() as made:
        payouts = made.stores["simulated"].payouts
        vars(payouts)["write"] = lambda *steps, **_told: steps[-1].after
        with pytest.raises(Different, match="opening"):
            run(World(made, 1), [Turn("pay", 1, 1, lost=False)])

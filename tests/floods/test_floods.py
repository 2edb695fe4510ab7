"""A flood in small, on each commit; `python -m tests.floods.long` has the full size."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

import app
from tests.floods.flood import POISON, flood
from tests.floods.town import hand_on, town
from tests.floods.webhooks import hook

SIZE = 500


def test_of_a_flood_everything_is_applied_once_and_all_the_poison_waits_for_a_person():
    told = flood(1, SIZE)
    assert told.failures == []
    counts = told.counts
    assert counts["poison"] == SIZE // POISON
    assert counts["parked"] == SIZE // POISON + 1, "the poison, and what is no webhook"
    assert counts["answered 200"] >= SIZE
    # The weather was bad enough to mean something.
    assert counts["named as failed"] > 0
    assert counts["messages"] > counts["parked"] * 8


def test_the_same_seed_is_the_same_flood():
    first, again = (
        [hook(7, n, Random("x"), poison=n % 2 == 0).raw for n in range(20)]  # noqa: S311 (to be replayed)
        for _ in range(2)
    )
    assert first == again


@pytest.mark.parametrize("named", [[], [0, 1], [0, 1, 2, 2]], ids=["none", "too few", "twice"])
def test_an_answer_that_does_not_name_what_failed_is_found(named: list[int]):
    """The flood is no test if it would not see this."""

    def tell(event: Any, context: Any) -> dict[str, Any]:
        told = app.reprocess(event, context)
        assert len(told["batchItemFailures"]) == 3, "nothing could be parked"
        return {"batchItemFailures": [told["batchItemFailures"][each] for each in named]}

    with town() as here:
        for number in range(3):
            here.sqs.put(f"rubbish {number}")
        here.dynamo.spans = [(0.0, 3600.0)]
        with pytest.raises(AssertionError, match="names those that failed"):
            hand_on(here, tell)

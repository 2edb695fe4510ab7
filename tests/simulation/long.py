"""A million weeks, in parallel processes and in parts: `make simulate-long`."""

from __future__ import annotations

import logging
import sys

from tests.long_runs import Told, main, parser, run_from
from tests.simulation.__main__ import liveness
from tests.simulation.week import play

MANY = 1_000_000


def weeks(first: int, count: int) -> Told:
    """Play some weeks; a failure is told with the number that plays it again."""
    logging.disable(logging.CRITICAL)
    told = Told()
    for seed in range(first, first + count):
        outcome = play(seed)
        told.counts.update(outcome.counts)
        if outcome.broken:
            told.failures.append(f"seed {seed}: {outcome.broken}")
    return told


if __name__ == "__main__":
    asked = parser("Play many weeks.", total=MANY, chunk=200).parse_args()
    sys.exit(main(run_from("simulation", asked), weeks, more=liveness))

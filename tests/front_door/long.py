"""The long form of the tests here: a settlement of 10,000 rows killed half way, and whole days.

    python -m tests.front_door.long --rows 10000 --days 3

Each day is longer, and has its own seed; a difference is told with it, and the run has failed.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.front_door.day import Day
from tests.front_door.settlement import drawn
from tests.front_door.test_a_day_of_losses import assert_equal_by_evening
from tests.front_door.test_a_settlement_killed import allocate_with_a_death, assert_each_row_once
from tests.front_door.town import standing
from tests.long_runs import at_least

QUARTERS = 36  # from eight until five
LONGEST = 1800.0  # seconds for half of an allocation


def main() -> int:
    """Both in turn; 0 if all was as it has to be."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=at_least(400), default=10_000, help="of the settlement")
    parser.add_argument("--days", type=at_least(0), default=3, help="each with a seed of its own")
    parser.add_argument("--seed", type=at_least(0), default=7, help="the first day's")
    told = parser.parse_args()
    failures = [*_settlement(told.rows)]
    for seed in range(told.seed, told.seed + told.days):
        failures += _day(seed)
    for failure in failures:
        print(f"FAILED {failure}")
    return 1 if failures else 0


def _settlement(rows: int) -> list[str]:
    with tempfile.TemporaryDirectory() as folder, standing(Path(folder)) as town:
        allocation = drawn(town, rows=rows, customers=40, seed=rows)
        began = time.monotonic()
        try:
            was_cut = allocate_with_a_death(allocation, seconds=LONGEST)
            assert was_cut, "it was over before it could be killed"
            assert_each_row_once(allocation)
        except AssertionError as wrong:
            return [f"a settlement of {rows:,} rows: {wrong}"]
        print(f"{rows:,} rows allocated once each in {time.monotonic() - began:,.0f} s")
    return []


def _day(seed: int) -> list[str]:
    with tempfile.TemporaryDirectory() as folder, standing(Path(folder)) as town:
        began = time.monotonic()
        day = Day(town, random.Random(seed))  # noqa: S311 (it has to be repeatable)
        try:
            lost = assert_equal_by_evening(day, seed=seed, quarters=QUARTERS, payouts=6, receipts=3)
        except AssertionError as wrong:
            return [f"the day of seed {seed}: {wrong}"]
        took = time.monotonic() - began
        print(f"seed {seed}: {len(day.wanted)} payouts, {lost} webhooks lost, {took:,.0f} s")
    return []


if __name__ == "__main__":
    sys.exit(main())

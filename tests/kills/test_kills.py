"""Kills on each commit; thousands more by `python -m tests.kills.long`."""

from __future__ import annotations

import os
import random

import pytest

from tests.kills.lives import KINDS
from tests.kills.run import kill_many

KILLS = 20


@pytest.mark.timeout(300)  # forty seconds alone, on two cores that others use more
def test_nothing_is_lost_or_paid_twice_by_kills_in_the_middle_of_everything():
    seed = int(os.environ.get("KILLS_SEED") or random.randrange(10**6))  # noqa: S311 (no secret)
    told = kill_many(0, KILLS, seed=seed)
    print(f"KILLS_SEED={seed}")
    for name, count in sorted(told.counts.items()):
        print(f"  {name:<40} {count:>8,}")
    assert told.failures == []
    assert told.counts["kills"] == KILLS
    for kind in KINDS:
        assert told.counts[f"kills in flight, {kind}"] > 0
    assert told.counts["requests cut off"] > 0
    assert told.counts["payouts sent more than once"] > 0

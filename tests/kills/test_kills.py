"""Kills on each commit; thousands more by `python -m tests.kills.long`."""

from __future__ import annotations

import os
import random
from datetime import date, time, timedelta

import pytest

from chalicelib.adapters.holidays import rits_holiday
from chalicelib.domain.calendar import CUT_OFF, Calendar, days, moment_of
from chalicelib.domain.patience import Patience
from tests.kills.lives import KINDS
from tests.kills.quiet import AGES
from tests.kills.run import kill_many

KILLS = 20
# The first and the last of what leaves on a day are sent then.
TIMES = (time(0), time(CUT_OFF))


def test_in_the_days_that_go_by_no_direct_credit_stays_open_whenever_they_begin():
    calendar, count = Calendar(rits_holiday), Patience().window_days
    sent = [
        moment_of(day, at) for day in days(date(2026, 1, 1), date(2060, 12, 31)) for at in TIMES
    ]
    longest = max(calendar.window_closes(at, count) - at for at in sent)
    assert longest < timedelta(seconds=sum(AGES))


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

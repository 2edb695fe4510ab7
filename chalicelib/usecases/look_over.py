"""Look over all schedules once a day, and put those before a person that nobody can read.

Whoever is due is found out by the waker; one at rest, or at its end, by nobody else. Changes none.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.findings import Finding, Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.ports import Clock, Findings, Rounds, Schedules

# Seconds with fewer of which the round is left for the next run.
RESERVE = 5.0
ROUND = "schedules"


def look_over(
    *,
    schedules: Schedules,
    findings: Findings,
    rounds: Rounds,
    clock: Clock,
    time_left: Callable[[], float],
) -> Counter[str]:
    """Make the round of the Sydney day, unless it is made; counts what cannot be read.

    Raises:
        StoreUnavailable: it is made anew next time.
    """
    told: Counter[str] = Counter()
    today, before = sydney_date(clock.now()).isoformat(), rounds.position(ROUND)
    if before == today:
        return told
    for schedule_id, readable in schedules.looked_through():
        if time_left() < RESERVE:
            told["schedules_left"] += 1
            return told
        if not readable:
            told["schedules_unreadable"] += 1
            stuck = Finding(Kind.SCHEDULE_STUCK, schedule_id, clock.now(), detail="corrupt")
            findings.find(stuck)
    rounds.move(ROUND, today, was=before)
    return told

"""How the service stands at this minute, in figures by the names of the table of metrics.

Decides nothing and writes nothing. Every reading is bounded: beyond what is looked at, a figure is
too small rather than late. A reading that fails, or for which the others left no time, costs only
its own figures, and is counted.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from chalicelib.domain.breaker import NAMES, State
from chalicelib.domain.errors import Corrupt
from chalicelib.domain.payout import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from chalicelib.domain.breaker import Circuit
    from chalicelib.domain.liquidity import FloatRules
    from chalicelib.ports import (
        Circuits,
        Clock,
        Findings,
        Gate,
        Liquidity,
        Nights,
        ParkedLetters,
        Payouts,
    )

# Open payouts that are looked at, those that wait for funds first.
MOST_OPEN = 2000
# Findings and parked webhooks are counted up to this many.
MOST_LISTED = 100
# Runs of nights that are looked at for one that is over.
LATEST = 5
# Seconds without which nothing is read, and what is left of a run's time for all that it is there
# for: looking comes first, and a store that is slow must not make it everything.
LEAST = 10.0
THEIR_SHARE = 0.5
# How long after its hour a night may take before it is late.
A_NIGHT = timedelta(hours=3)
# So often a process reads them at the most: a laptop's poller runs every other second.
EVERY = timedelta(seconds=50)
_SECOND = timedelta(seconds=1)
CIRCUITS = "circuits"


@dataclass(frozen=True, slots=True)
class Gauges:
    """Figures by the name of their metric, and which circuits are not closed (1) or closed (0)."""

    figures: Mapping[str, int]
    circuits: Mapping[str, int]


class Lull:
    """Remembers when this process last read them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: datetime | None = None

    def is_over(self) -> bool:
        """Whether it is time again; if so, it begins anew. A clock that went back ends it."""
        now = self._clock.now()
        if self._last is not None and self._last <= now < self._last + EVERY:
            return False
        self._last = now
        return True


def gauge(
    *,
    payouts: Payouts,
    findings: Findings,
    parked: ParkedLetters,
    nights: Nights,
    circuits: Circuits,
    liquidity: Liquidity,
    gate: Gate,
    rules: FloatRules,
    clock: Clock,
    night_hour: int,
    lull: Lull,
    time_left: Callable[[], float],
) -> Gauges | None:
    """Read them; `None` where there is no time for it, or it was done a moment ago."""
    if time_left() < LEAST or not lull.is_over():
        return None
    now, enough = clock.now(), time_left() * THEIR_SHARE
    told, unread = _read(lambda: time_left() >= enough, {
        "work": lambda: _open_work(payouts, now),
        "findings": lambda: {"FindingsOpen": _listed(findings)},
        "notices": lambda: {"NoticesParked": _listed(parked)},
        "unexplained": lambda: {"UnexplainedCents": _unexplained(nights)},
        "late": lambda: {"NightLate": _late(nights, now, night_hour)},
        "sign-in": lambda: {"SignInClosed": int(gate.closed())},
        "funds": lambda: _funds(liquidity, rules),
        CIRCUITS: lambda: _circuits(circuits, now),
    })  # fmt: skip
    ages = told.pop(CIRCUITS, {})
    figures = {name: value for some in told.values() for name, value in some.items()}
    if ages:
        figures["BreakerAge"] = max(ages.values())
    by_circuit = {name: int(age > 0) for name, age in ages.items()}
    return Gauges({**figures, "GaugesUnread": unread}, by_circuit)


def _read(
    has_time: Callable[[], bool], readings: Mapping[str, Callable[[], dict[str, int]]]
) -> tuple[dict[str, dict[str, int]], int]:
    """What they read, and how many of them failed or were not begun."""
    told = {}
    for name, read in readings.items():
        with suppress(Exception):  # whatever it was, the others are told
            if has_time():
                told[name] = read()
    return told, len(readings) - len(told)


def _open_work(payouts: Payouts, now: datetime) -> dict[str, int]:
    queued, doubted = [], []
    for each in islice(payouts.open_work(), MOST_OPEN):
        if each.status is Status.QUEUED:
            queued.append(_age(each.created_at, now))
        elif each.status is Status.UNCONFIRMED:
            doubted.append(_age(each.sent_once_at or each.created_at, now))
    return {
        "PayoutsQueued": len(queued), "QueueAge": max(queued, default=0),
        "PayoutsUnconfirmed": len(doubted), "UnconfirmedAge": max(doubted, default=0),
    }  # fmt: skip


def _age(since: datetime, now: datetime) -> int:
    return max(0, (now - since) // _SECOND)


def _listed(them: Findings | ParkedLetters) -> int:
    page = them.page(resolved=False, limit=MOST_LISTED, position=None)
    return len(page.items) + len(page.unreadable)


def _unexplained(nights: Nights) -> int:
    """Of the latest night that is over: one that runs has not added up its day."""
    page = nights.page(limit=LATEST, position=None)
    if page.unreadable:
        # It may be the latest: then an older night's figure would be told for it.
        raise Corrupt(f"rows of {', '.join(page.unreadable)}")
    return next((abs(each.unexplained.cents) for each in page.items if each.is_over), 0)


def _late(nights: Nights, now: datetime, hour: int) -> int:
    agenda = nights.agenda()
    missing = set(agenda.due(now - A_NIGHT, hour=hour)) - agenda.again
    return int(bool(missing))


def _funds(liquidity: Liquidity, rules: FloatRules) -> dict[str, int]:
    seen = liquidity.outlook()
    low = seen.available is not None and rules.is_low(seen.available)
    return {"FundsShort": int(seen.short_since is not None), "FundsLow": int(low)}


def _circuits(circuits: Circuits, now: datetime) -> dict[str, int]:
    """Seconds since which each is not closed, and no less than one; of a closed one none."""
    board = circuits.board()
    return {name: _open_for(board.of(name), now) for name in NAMES}


def _open_for(circuit: Circuit, now: datetime) -> int:
    if circuit.state(now) is State.CLOSED:
        return 0
    return max(1, (now - (circuit.since or now)) // _SECOND)

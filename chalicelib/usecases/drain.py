"""Let out who waited for a rail or the sign-in: one to see, then a few, then more, by their age.

Refuses to hurry: what a provider that is barely back can take, nobody knows. Where payouts wait for
funds, too, whoever is let out joins that line instead.
"""

from __future__ import annotations

import heapq
from collections import Counter
from typing import TYPE_CHECKING

from chalicelib.domain.breaker import State, waits_for_rail
from chalicelib.domain.errors import (
    Corrupt,
    CustomerStopped,
    ProviderUnavailable,
    Unavailable,
)
from chalicelib.domain.events import Delayed, Hindrance
from chalicelib.domain.liquidity import waits_for_funds
from chalicelib.domain.payout import Payout
from chalicelib.domain.rails import Rail
from chalicelib.domain.refusals import RailDown
from chalicelib.usecases.ask import POLLER
from chalicelib.usecases.hear import hear

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chalicelib.ports import Clock, Payouts, Sketch
    from chalicelib.usecases.breaker import Breaker


def drain(
    *,
    breaker: Breaker,
    payouts: Payouts,
    attend: Callable[[Payout], Payout | Exception],
    short: bool,
    clock: Clock,
    has_time: Callable[[], bool],
    told: Counter[str],
) -> None:
    """Attend to those that wait, as many as their circuits let out; `short` if others want funds.

    Each rail's are looked at as far as it has room: a long queue of one hides nobody of another.

    Raises:
        SignInRefused: the provider refused our key; nothing more may go out.
    """
    seen = _Seen(breaker, clock)
    for sketch in _by_age(payouts, seen):
        rail = sketch.rail
        if rail is None or not seen.has_room(rail):
            continue
        if not has_time():
            told["left_for_next_time"] += 1
            return
        payout = _read(sketch.transaction_id, payouts, told)
        if payout is None or not waits_for_rail(payout) or seen.stands_aside(payout):
            continue
        if short:
            _join(payout, payouts, clock, told)
            seen.out[rail] += 1
            continue
        outcome = attend(payout)
        short = isinstance(outcome, Payout) and waits_for_funds(outcome)
        if not seen.go_on(payout, outcome):
            return


class _Seen:
    """How many went out in this run, by rail, and whose customers are stopped."""

    def __init__(self, breaker: Breaker, clock: Clock) -> None:
        self.out: Counter[str] = Counter()
        self._breaker, self._clock = breaker, clock
        self._tried: set[str] = set()
        self._stopped: set[str] = set()

    def has_room(self, rail: Rail) -> bool:
        """Whether another one of the rail may go out in this run."""
        return rail not in self._tried and self.out[rail] < _room(self._breaker, rail, self._clock)

    def stands_aside(self, payout: Payout) -> bool:
        """Whether it cannot be sent in any case, as a person knows."""
        return bool(payout.needs_person) and payout.intent.customer_id in self._stopped

    def go_on(self, payout: Payout, outcome: Payout | Exception) -> bool:
        """What came of it is counted; whether another one would meet anything else."""
        match outcome:
            case RailDown():
                self._tried.add(payout.rail)  # by somebody else, at present
            case CustomerStopped():
                self._stopped.add(payout.intent.customer_id)
            case ProviderUnavailable() | Payout():
                self.out[payout.rail] += 1
            case Unavailable():
                return False  # the store, or the vault
        return True


def _by_age(payouts: Payouts, seen: _Seen) -> Iterator[Sketch]:
    """Those of all rails that have room, the oldest first."""
    lines = (_line_of(rail, payouts, seen) for rail in Rail)
    return heapq.merge(*lines, key=lambda each: (each.created_at, each.transaction_id))


def _line_of(rail: Rail, payouts: Payouts, seen: _Seen) -> Iterator[Sketch]:
    """Those of one rail, read as long as it has room."""
    line = payouts.stranded(rail)
    while seen.has_room(rail) and (sketch := next(line, None)) is not None:
        yield sketch


def _room(breaker: Breaker, rail: Rail, clock: Clock) -> int:
    """How many of the rail may go out in this run, by now."""
    now, ways = clock.now(), breaker.board().on_the_way(rail)
    states = {each.state(now) for each in ways}
    if State.OPEN in states:
        return 0
    return min(1 if State.HALF_OPEN in states else each.lets_out(now) for each in ways)


def _join(payout: Payout, payouts: Payouts, clock: Clock, told: Counter[str]) -> None:
    """Stand in the line for funds from now on, by its age."""
    wait = Delayed(at=clock.now(), by=POLLER, reason=Hindrance.FUNDS)
    try:
        hear(payout, wait, payouts=payouts)
    except Exception as error:  # noqa: BLE001 (whatever it was, it costs this payout only)
        told[getattr(error, "code", "defect")] += 1
    else:
        told["joined_line"] += 1


def _read(transaction_id: str, payouts: Payouts, told: Counter[str]) -> Payout | None:
    try:
        return payouts.get(transaction_id)
    except (Unavailable, Corrupt) as error:
        told[getattr(error, "code", "corrupt")] += 1
        return None

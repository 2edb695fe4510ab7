"""What people see and do of the circuits: how each stands, open it until it is reset, reset it.

Decides nothing about any payout: what waits goes on waiting, or goes out by itself.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from chalicelib.domain.breaker import NAMES, OF_RAIL, PROVIDER
from chalicelib.domain.circuits import Standing
from chalicelib.domain.errors import NotFound, Stale, StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.breaker import Circuit
    from chalicelib.ports import Circuits, Clock, Payouts

TRIES = 10


def standing(*, circuits: Circuits, payouts: Payouts, most: int) -> Standing:
    """How all circuits stand.

    Raises:
        StoreUnavailable: nobody knows.
    """
    board = circuits.board()
    waiting = {
        name: sum(1 for _ in islice(payouts.stranded(rail), most)) for rail, name in OF_RAIL.items()
    }
    all_of_them = min(most, sum(waiting.values()))
    return Standing(
        tuple(board.of(name) for name in NAMES), {**waiting, PROVIDER: all_of_them}, most
    )


def open_by_hand(name: str, *, reason: str, by: str, circuits: Circuits, clock: Clock) -> Circuit:
    """Send nothing more by it until somebody resets it; one that was opened so stays as it is.

    Raises:
        NotFound: there is no such circuit.
        StoreUnavailable: it may or may not be open; again is safe.
    """
    return _change(name, lambda it: it.opened_by_hand(by, reason, clock.now()), circuits)


def reset(name: str, *, reason: str, by: str, circuits: Circuits, clock: Clock) -> Circuit:
    """Close it, whoever opened it; one that is closed stays as it is.

    Raises:
        NotFound: there is no such circuit.
        StoreUnavailable: it may or may not be closed; again is safe.
    """
    return _change(name, lambda it: it.reset(by, reason, clock.now()), circuits)


def _change(name: str, how: Callable[[Circuit], Circuit], circuits: Circuits) -> Circuit:
    if name not in NAMES:
        raise NotFound("rail")
    for _ in range(TRIES):
        before = circuits.board().of(name)
        after = how(before)
        if after == before:
            return before
        try:
            return circuits.keep(before, after)
        except Stale:
            continue
    raise StoreUnavailable("too many others change it at once")

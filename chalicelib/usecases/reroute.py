"""Have what waits for a rail that is down go by another one, where it may and that one is not.

What was never sent only; it keeps its attempt, for nothing of that has left. Sends nothing itself:
what turned is due soon after, like anything that is queued.
"""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING

from chalicelib.domain.detour import left_for_others, next_rail
from chalicelib.domain.events import Rerouted
from chalicelib.domain.pause import rails_stopped
from chalicelib.usecases.ask import POLLER
from chalicelib.usecases.hear import hear

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator

    from chalicelib.domain.breaker import Board
    from chalicelib.domain.pause import Pause
    from chalicelib.domain.rails import Rail
    from chalicelib.ports import Clock, Payouts, Sketch
    from chalicelib.usecases.breaker import Breaker

# Payouts of one rail that one run reads.
MOST = 500


def reroute(
    *,
    breaker: Breaker,
    payouts: Payouts,
    clock: Clock,
    stopped: tuple[Pause, ...],
    has_time: Callable[[], bool],
    told: Counter[str],
) -> None:
    """Turn those whose rail is down; one payout's trouble costs only itself.

    None turns to a rail by which one of the pauses in `stopped` keeps it from going out.
    """
    board = breaker.board()
    left = left_for_others(board, clock.now(), rails_stopped(stopped, ""))
    if not left:
        return
    waiting = chain.from_iterable(islice(_movable(rail, payouts), MOST) for rail in sorted(left))
    for sketch in waiting:
        if not has_time():
            return
        try:
            told["rerouted"] += _turned(sketch.transaction_id, board, stopped, payouts, clock)
        except Exception as error:  # noqa: BLE001 (whatever it was, it costs this payout only)
            told[getattr(error, "code", "defect")] += 1


def _movable(rail: Rail, payouts: Payouts) -> Iterator[Sketch]:
    """Those that may leave the rail: who has to wait for it is in the way of nobody."""
    return (sketch for sketch in payouts.stranded(rail) if sketch.may_turn)


def _turned(
    transaction_id: str, board: Board, stopped: tuple[Pause, ...], payouts: Payouts, clock: Clock
) -> bool:
    payout = payouts.get(transaction_id)
    paused = rails_stopped(stopped, payout.intent.customer_id if payout else "")
    rail = next_rail(payout, board, clock.now(), paused) if payout else None
    if payout is None or rail is None:
        return False
    hear(payout, Rerouted(at=clock.now(), by=POLLER, rail=rail), payouts=payouts)
    return True

"""Have what waits for a rail that is down go by another one, where it may and that one is not.

What was never sent only; it keeps its attempt, for nothing of that has left. Sends nothing itself:
what turned is due soon after, like anything that is queued.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from chalicelib.domain.detour import left_for_others, next_rail
from chalicelib.domain.events import Rerouted
from chalicelib.usecases.ask import POLLER
from chalicelib.usecases.hear import hear

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

    from chalicelib.domain.breaker import Board
    from chalicelib.ports import Clock, Payouts
    from chalicelib.usecases.breaker import Breaker

# Of how many one run looks at what the index shows.
MOST = 500


def reroute(
    *,
    breaker: Breaker,
    payouts: Payouts,
    clock: Clock,
    has_time: Callable[[], bool],
    told: Counter[str],
) -> None:
    """Turn those whose rail is down; one payout's trouble costs only itself."""
    board = breaker.board()
    left = left_for_others(board, clock.now())
    if not left:
        return
    for sketch in islice(payouts.stranded(), MOST):
        if sketch.rail not in left:
            continue
        if not has_time():
            return
        try:
            told["rerouted"] += _turned(sketch.transaction_id, board, payouts, clock)
        except Exception as error:  # noqa: BLE001 (whatever it was, it costs this payout only)
            told[getattr(error, "code", "defect")] += 1


def _turned(transaction_id: str, board: Board, payouts: Payouts, clock: Clock) -> bool:
    payout = payouts.get(transaction_id)
    rail = next_rail(payout, board, clock.now()) if payout else None
    if payout is None or rail is None:
        return False
    hear(payout, Rerouted(at=clock.now(), by=POLLER, rail=rail), payouts=payouts)
    return True

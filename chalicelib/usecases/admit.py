"""Whether a payout that may be sent is even tried, and whether it may wait where it is not.

Decides nothing about any payout's end: what is not tried waits, and can be cancelled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.breaker import waits_for_rail
from chalicelib.domain.events import Delayed, Hindrance
from chalicelib.domain.liquidity import waits_for_funds
from chalicelib.domain.refusals import RailDown, TooManyWait
from chalicelib.usecases.hear import hear

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.events import Event
    from chalicelib.domain.order import Limits
    from chalicelib.domain.payout import Payout
    from chalicelib.domain.rails import Rail
    from chalicelib.ports import Clock, Opening, Payouts

# What only so many may wait for.
_CROWDED = frozenset({Hindrance.SIGN_IN_REFUSED, Hindrance.RAIL_DOWN})


def hindrance_of(opening: Opening, rail: Rail, now: datetime) -> Hindrance | None:
    """Why it is not even tried: a pause, the gate or a circuit, or that others wait for funds."""
    if opening.stops(rail):
        return Hindrance.PAUSED
    if opening.gate_closed:
        return Hindrance.SIGN_IN_REFUSED
    if opening.circuits.holds(rail, now):
        return Hindrance.RAIL_DOWN
    return Hindrance.FUNDS if opening.short_of_funds else None


def refuse_crowd(second: Event, limits: Limits, payouts: Payouts) -> None:
    """Take no new payout whose second step is to wait where as many wait as may.

    Raises:
        TooManyWait: they do.
        StoreUnavailable: nobody knows.
    """
    if not isinstance(second, Delayed) or second.reason not in _CROWDED:
        return
    if payouts.count_stranded(limits.most_waiting) >= limits.most_waiting:
        raise TooManyWait("Nothing is sent at present, and as many wait as may: ask again later.")


def put_off(payout: Payout, *, by: str, payouts: Payouts, clock: Clock) -> Payout:
    """Have a queued payout wait for its rail; one that stands in a line stays there.

    Raises:
        RailDown: it does.
    """
    if waits_for_funds(payout) or waits_for_rail(payout):
        raise RailDown
    return hear(
        payout, Delayed(at=clock.now(), by=by, reason=Hindrance.RAIL_DOWN), payouts=payouts
    ).payout

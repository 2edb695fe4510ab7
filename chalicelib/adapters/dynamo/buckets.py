"""The parts of the index of open work: what is due, and who waits for what, each by itself.

A part is read by itself and in order, so that a thousand who wait are in the way of nobody.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from chalicelib.domain.breaker import waits_for_rail
from chalicelib.domain.liquidity import waits_for_funds
from chalicelib.domain.patience import rests
from chalicelib.domain.pause import sits_out
from chalicelib.domain.rails import Rail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.payout import Payout

BUCKETS = tuple(f"open#{number}" for number in range(8))
LINE = tuple(f"funds#{number}" for number in range(4))
RESTING = tuple(f"held#{number}" for number in range(4))
# Of those by one rail that is paused nobody by another one is behind.
APART = {rail: tuple(f"paused#{rail}#{number}" for number in range(4)) for rail in Rail}
# One is enough for as many as may wait.
STRANDED = ("rail#0",)


def bucket(transaction_id: str, buckets: Sequence[str] = BUCKETS) -> str:
    """The part of the index of open work that a payout is in."""
    return buckets[zlib.crc32(transaction_id.encode()) % len(buckets)]


def buckets_of(payout: Payout) -> Sequence[str]:
    """The parts that are open to a payout as it is."""
    if rests(payout):
        return RESTING
    if waits_for_funds(payout):
        return LINE
    if sits_out(payout):
        return APART[payout.rail]
    return STRANDED if waits_for_rail(payout) else BUCKETS

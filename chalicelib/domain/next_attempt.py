"""The attempt that follows one of which nothing left, or that is dead: it has its own reference.

Says nothing of whether there may be one: that is the table's, and `advance`'s.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.doubts import Hindrance

if TYPE_CHECKING:
    from chalicelib.domain.payout import Payout
    from chalicelib.domain.rails import Rail


def next_attempt(after: Payout) -> Payout:
    """The payout as its next attempt, of which nothing was sent."""
    return replace(after, attempt=after.attempt + 1, sends=0, sent_at=None)


def turned(after: Payout, rail: Rail) -> Payout:
    """From its next attempt on it goes by another rail."""
    after = next_attempt(after)
    turns = (*after.turns, (after.attempt, rail))
    return replace(after, hindrance=str(Hindrance.OTHER_RAIL), turns=turns)


def rerouted(after: Payout, rail: Rail) -> Payout:
    """Under the same attempt, for nothing of it has left."""
    earlier = (each for each in after.turns if each[0] != after.attempt)
    return replace(after, hindrance="", delays=0, turns=(*earlier, (after.attempt, rail)))

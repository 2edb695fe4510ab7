"""How the steps of a payout prove each other: each hash is over the facts and the hash before.

Made by `advance`, and recomputed by whoever verifies: from plain values, so that what was stored
years ago is held against what was stored, not against what today's code would store.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.facts import facts
from chalicelib.domain.identifiers import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.domain.facts import Facts
    from chalicelib.domain.ledger import Posting
    from chalicelib.domain.recorded import Recorded

# Place, account, cents.
Moved = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Link:
    """A step in plain values; `told` are its event's facts, as they were stored."""

    sequence: int
    told: Facts
    moved: tuple[Moved, ...]
    previous_hash: str
    hash: str

    @property
    def proof(self) -> str:
        """The hash that it must have, by what it says and by the hash before."""
        return chained(self.previous_hash, self.told, self.moved)


def chained(previous: str, told: Facts, moved: Iterable[Moved]) -> str:
    """The hash of a step: over the hash before, its event's facts and its postings."""
    return fingerprint([previous, told, [list(each) for each in moved]])


def moved_by(postings: Iterable[Posting]) -> tuple[Moved, ...]:
    """Postings in plain values."""
    return tuple((str(each.place), each.account, each.amount.cents) for each in postings)


def link_of(step: Recorded) -> Link:
    """A recorded step in plain values."""
    return Link(
        step.sequence, facts(step.event), moved_by(step.postings), step.previous_hash, step.hash
    )

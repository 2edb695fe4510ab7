"""A step as the audit trail keeps it, in whatever it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain.events import Event
    from chalicelib.domain.ledger import Posting


@dataclass(frozen=True, slots=True)
class Recorded:
    """A step as the audit trail keeps it. `hash` proves it and all before it."""

    sequence: int
    event: Event
    status: str
    postings: tuple[Posting, ...]
    previous_hash: str
    hash: str

"""Texts that the tables of reasons do not know, as the use cases need them: counted, and listed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from chalicelib.ports.store import Page


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A text, masked, that no table knows. `example` is the payout that it was last heard of.

    A count may be lost; none is made twice.
    """

    text: str
    count: int
    first_seen: datetime
    last_seen: datetime
    example: str


class Words(Protocol):
    """Counters of unmapped texts: a bounded number of them."""

    def count(self, text: str, *, example: str, at: datetime) -> None:
        """Count a masked text, or let it be: never raises, and never tries twice."""
        ...

    def page(self, *, limit: int, position: Mapping[str, str] | None) -> Page[Unmapped]:
        """What was counted, the longest known first; may lag."""
        ...

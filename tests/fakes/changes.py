"""Payouts by the date of their latest change, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.night import sighting_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from chalicelib.domain.night import Sighting
    from tests.fakes.state import State


class MemoryChanges:
    """The port `Changes`. `unseen` are ids whose row the index does not show."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.unseen: set[str] = set()
        self.asked: list[date] = []

    def of_day(self, day: date, *, after: str = "") -> Iterator[Sighting]:
        """Every payout whose latest step is of that date, by ascending id, from after one on."""
        self.asked.append(day)
        with self._state.reading():
            found = [
                sighting_of(payout)
                for own, payout in self._state.payouts.items()
                if own > after and own not in self.unseen and sydney_date(payout.updated_at) == day
            ]
        yield from sorted(found, key=lambda each: each.transaction_id)

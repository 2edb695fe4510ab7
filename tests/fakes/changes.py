"""Payouts by the date of their latest change, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.mark import Mark
from chalicelib.domain.night import Sighting
from chalicelib.domain.patience import attention

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from chalicelib.domain.payout import Payout
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
                sighting(payout)
                for own, payout in self._state.payouts.items()
                if own > after and own not in self.unseen and sydney_date(payout.updated_at) == day
            ]
        yield from sorted(found, key=lambda each: each.transaction_id)


def sighting(payout: Payout) -> Sighting:
    """What the index shows of a payout."""
    return Sighting(
        transaction_id=payout.transaction_id,
        status=payout.status,
        amount=payout.intent.amount,
        rail=payout.intent.rail,
        attempt=payout.attempt,
        created_on=sydney_date(payout.intent.created_at),
        sent_on=sydney_date(payout.sent_at) if payout.sent_at else None,
        last=Mark(sydney_date(payout.updated_at), payout.version, payout.last_hash),
        eve=payout.eve,
        fee=payout.fee,
        came_back=payout.came_back,
        needs_person=bool(attention(payout)),
    )

"""Payouts that are to be made later, as the use cases need them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from chalicelib.domain.schedule import Schedule, State, Waking
    from chalicelib.ports.store import Page


@dataclass(frozen=True, slots=True)
class ScheduleFilter:
    """Which schedules: of one customer, in one state; empty: of all, in any."""

    customer_id: str = ""
    state: State | None = None


class Schedules(Protocol):
    """What is to be paid later, and what became of each occurrence."""

    def add(self, schedule: Schedule) -> None:
        """Store a new schedule of a customer who is there, and not about to be forgotten.

        Raises:
            Stale: the id is taken.
            NotFound: no such customer.
            CustomerErased: nothing new is done for them.
            StoreUnavailable: whether it is there is not known; again is safe.
        """
        ...

    def get(self, schedule_id: str) -> Schedule | None:
        """The schedule as it is now.

        Raises:
            Corrupt: it cannot be read.
        """
        ...

    def write(self, schedule: Schedule, *, waking: Waking | None = None) -> None:
        """Store a change in the place of the version before it, and what became of an occurrence.

        An occurrence is made only with its payout there, and refused or missed only without.

        Raises:
            Stale: somebody wrote first; or the payout is there, or not, against what is told.
            StoreUnavailable: whether it was written is not known.
        """
        ...

    def due(self, now: datetime) -> Iterator[str]:
        """Ids of active schedules that are due, the longest due first; may lag: read them again."""
        ...

    def looked_through(self) -> Iterator[tuple[str, bool]]:
        """The id of every schedule, and whether it can be read; may lag.

        Read page by page as it is used.
        """
        ...

    def page(
        self, wanted: ScheduleFilter, *, limit: int, position: Mapping[str, str] | None
    ) -> Page[Schedule]:
        """Active ones first, the soonest first, then those that wait, then the ended; may lag.

        What cannot be read is left out.
        """
        ...

    def wakings(self, schedule_id: str, *, most: int) -> list[Waking]:
        """What became of its latest occurrences, the newest first; may lag behind by a moment.

        What cannot be read is left out.
        """
        ...

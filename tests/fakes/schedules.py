"""Schedules in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.errors import CustomerErased, NotFound, Stale
from chalicelib.domain.schedule import Result, Schedule, State, Waking
from tests.fakes.paging import paged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from chalicelib.ports import Page, ScheduleFilter
    from tests.fakes.state import State as Stored

_ORDER = list(State)


class MemorySchedules:
    """The port `Schedules`."""

    def __init__(self, state: Stored) -> None:
        self._state = state

    def add(self, schedule: Schedule) -> None:
        """Store a new schedule; the same again is no failure."""
        with self._state.writing():
            stored = self._state.schedules.get(schedule.schedule_id)
            customer = self._state.customers.get(schedule.order.customer_id)
            if stored is not None:
                raise Stale("The schedule's id is taken.")
            if customer is None:
                raise NotFound("customer")
            if customer.erasure is not None:
                raise CustomerErased
            self._state.schedules[schedule.schedule_id] = schedule

    def get(self, schedule_id: str) -> Schedule | None:
        """The schedule as it is now."""
        with self._state.reading():
            return self._state.schedules.get(schedule_id)

    def write(self, schedule: Schedule, *, waking: Waking | None = None) -> None:
        """Store a change, and what became of an occurrence."""
        with self._state.writing():
            stored = self._state.schedules.get(schedule.schedule_id)
            if stored is None or stored.version != schedule.version - 1:
                raise Stale("The schedule is not as it was read.")
            if waking is not None:
                there = waking.transaction_id in self._state.payouts
                if there != (waking.result is Result.MADE):
                    raise Stale("Its payout is not as it was read.")
                self._state.wakings[waking.transaction_id] = waking
            self._state.schedules[schedule.schedule_id] = schedule

    def due(self, now: datetime) -> Iterator[str]:
        """Ids of active schedules that are due, the longest due first."""
        due = [each for each in self._all() if each.is_due(now)]
        return iter([each.schedule_id for each in sorted(due, key=lambda each: each.wakes_at)])

    def looked_through(self) -> Iterator[tuple[str, bool]]:
        """The id of every schedule: each can be read."""
        return ((each.schedule_id, True) for each in sorted(self._all(), key=_by_state))

    def page(
        self, wanted: ScheduleFilter, *, limit: int, position: Mapping[str, str] | None
    ) -> Page[Schedule]:
        """Active ones first, then those that wait, then the ended; a customer's by time alone."""
        found = [
            each for each in self._all()
            if wanted.customer_id in {"", each.order.customer_id}
            and wanted.state in {None, each.state}
        ]  # fmt: skip
        place = _time if wanted.customer_id else _by_state
        return paged(found, place, name="schedules", limit=limit, position=position)

    def wakings(self, schedule_id: str, *, most: int) -> list[Waking]:
        """What became of its latest occurrences, the newest first."""
        with self._state.reading():
            own = [each for each in self._state.wakings.values() if each.schedule_id == schedule_id]
        return sorted(own, key=lambda each: each.woken_at, reverse=True)[:most]

    def _all(self) -> list[Schedule]:
        with self._state.reading():
            return list(self._state.schedules.values())


def _time(it: Schedule) -> tuple[str, str]:
    at = it.wakes_at if it.state is State.ACTIVE else it.changed_at
    return at.isoformat(timespec="microseconds"), it.schedule_id


def _by_state(it: Schedule) -> tuple[str, str]:
    at, own = _time(it)
    return f"{_ORDER.index(it.state)} {at}", own

"""The runs of the nights in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.agenda import Agenda
from chalicelib.domain.errors import Stale
from tests.fakes.paging import paged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from chalicelib.domain.night import Reconciliation
    from chalicelib.ports import Page
    from tests.fakes.state import State


class MemoryNights:
    """The port `Nights`."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._runs: dict[tuple[date, int], Reconciliation] = {}
        self._agenda = Agenda()

    def get(self, day: date, run: int | None = None) -> Reconciliation | None:
        """A run of a date, the latest where none is named."""
        if run is None:
            return next(reversed(self.runs(day)), None)
        with self._state.reading():
            return self._runs.get((day, run))

    def runs(self, day: date) -> Sequence[Reconciliation]:
        """Every run of a date, the first one first."""
        with self._state.reading():
            return [night for (on, _), night in sorted(self._runs.items()) if on == day]

    def save(self, night: Reconciliation) -> None:
        """Keep a run in the place of the version before."""
        with self._state.writing():
            known = self._runs.get((night.day, night.run))
            if (known.version if known else 0) != night.version - 1:
                raise Stale("Somebody else has written it.")
            self._runs[night.day, night.run] = night

    def page(self, *, limit: int, position: Mapping[str, str] | None) -> Page[Reconciliation]:
        """Runs, the newest first."""
        with self._state.reading():
            runs = list(self._runs.values())
        return paged(runs, _age, name="nights", limit=limit, position=position, newest_first=True)

    def agenda(self) -> Agenda:
        """Which dates are still to be done."""
        with self._state.reading():
            return self._agenda

    def arrange(self, agenda: Agenda) -> None:
        """Keep it as version + 1."""
        with self._state.writing():
            if agenda.version != self._agenda.version:
                raise Stale("Somebody else has arranged it.")
            self._agenda = replace(agenda, version=agenda.version + 1)


def _age(night: Reconciliation) -> tuple[str, str]:
    return night.started_at.isoformat(timespec="microseconds"), f"{night.day} {night.run}"

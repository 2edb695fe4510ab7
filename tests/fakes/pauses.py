"""Pauses, in memory: in force, or lifted, at one moment."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Conflict, Corrupt, Stale
from chalicelib.domain.pause import MOST
from chalicelib.domain.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from chalicelib.domain.pause import Ending, Pause
    from chalicelib.domain.wire import Execution
    from tests.fakes.state import State


class MemoryPauses:
    """The port `Pauses`. `torn` are ids of pauses whose rows cannot be read."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.torn: set[str] = set()

    def begin(self, pause: Pause) -> Pause:
        """Store that somebody asks for it; the one of the same scope that stands, if one does."""
        with self._state.writing():
            standing = self._standing()
            for each in standing:
                if each.scope == pause.scope:
                    return each
            if len(standing) >= MOST:
                raise Conflict("Too many pauses stand already: end some of them first.")
            return self._state.pauses.setdefault(pause.pause_id, pause)

    def enforce(self, pause: Pause, *, at: datetime) -> Pause:
        """Have every claim meet it."""
        with self._state.writing():
            now = self._state.pauses[pause.pause_id]
            if now.ended is not None:
                raise Stale("The pause was ended meanwhile.")
            return self._keep(replace(now, in_force_at=now.in_force_at or at))

    def end(self, pause: Pause, ending: Ending) -> Pause:
        """Store that it is ended; how it ended before, if it did."""
        with self._state.writing():
            now = self._state.pauses[pause.pause_id]
            return self._keep(replace(now, ended=now.ended or ending))

    def lift(self, pause: Pause, *, at: datetime) -> Pause:
        """Have no claim meet one that is ended."""
        if pause.ended is None:
            raise ValueError("a pause that nobody has ended")
        with self._state.writing():
            now = self._state.pauses[pause.pause_id]
            return self._keep(replace(now, lifted_at=now.lifted_at or at))

    def get(self, pause_id: str) -> Pause | None:
        """The pause of that id."""
        if pause_id in self.torn:
            raise Corrupt(f"pause {pause_id}")
        with self._state.reading():
            return self._state.pauses.get(pause_id)

    def standing(self) -> Sequence[Pause]:
        """All that are not lifted and can be read, the oldest first."""
        with self._state.reading():
            return [each for each in self._standing() if each.pause_id not in self.torn]

    def unreadable(self) -> Sequence[str]:
        """Ids of those that are not lifted and cannot be read."""
        with self._state.reading():
            ids = [each.pause_id for each in self._standing()]
        return [each for each in ids if each in self.torn]

    def wire(self) -> Wire:
        """All that is on the wire, and what left it last."""
        with self._state.reading():
            return Wire(tuple(self._state.sendings.values()), dict(self._state.last))

    def last_of(self, customer_id: str) -> Execution | None:
        """What left the wire last of a customer's."""
        with self._state.reading():
            return self._state.last_of.get(customer_id)

    def _standing(self) -> list[Pause]:
        found = [each for each in self._state.pauses.values() if each.lifted_at is None]
        return sorted(found, key=lambda each: (each.at, each.pause_id))

    def _keep(self, pause: Pause) -> Pause:
        self._state.pauses[pause.pause_id] = pause
        return pause

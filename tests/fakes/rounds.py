"""How far rounds have come, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.fakes.state import State


class MemoryRounds:
    """The port `Rounds`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def position(self, name: str) -> str:
        """Where the round goes on."""
        with self._state.reading():
            return self._state.rounds.get(name, "")

    def move(self, name: str, position: str, *, was: str) -> None:
        """Go on from another position, unless it was moved since."""
        with self._state.writing():
            if self._state.rounds.get(name, "") == was:
                self._state.rounds[name] = position

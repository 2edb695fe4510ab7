"""The circuits in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Stale

if TYPE_CHECKING:
    from chalicelib.domain.breaker import Board, Circuit
    from tests.fakes.state import State


class MemoryCircuits:
    """The port `Circuits`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def board(self) -> Board:
        """All of them."""
        with self._state.reading():
            return self._state.board

    def keep(self, before: Circuit, after: Circuit) -> Circuit:
        """Put it there, unless somebody else did."""
        with self._state.writing():
            if self._state.board.of(before.name).version != before.version:
                raise Stale("The circuit is not as it was read.")
            kept = replace(after, version=before.version + 1)
            self._state.board = self._state.board.put(kept)
            return kept

"""How far the archiving has come, in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Stale

if TYPE_CHECKING:
    from chalicelib.domain.archive import Sweep
    from tests.fakes.state import State


class MemorySweeps:
    """The port `Sweeps`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def get(self) -> Sweep | None:
        """How far it has come."""
        with self._state.reading():
            return self._state.sweep

    def save(self, sweep: Sweep) -> Sweep:
        """Keep it, on top of the version that was read."""
        with self._state.writing():
            kept = replace(sweep, version=sweep.version + 1)
            stored = self._state.sweep
            if (stored.version if stored else 0) != sweep.version:
                raise Stale("Somebody else sweeps.")
            self._state.sweep = kept
        return kept

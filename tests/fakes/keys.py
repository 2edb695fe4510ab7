"""Uses of idempotency keys in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.ports.keys import Use
    from tests.fakes.state import State


class MemoryKeys:
    """The port `Keys`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def claim(self, use: Use) -> Use | None:
        """Store that it is about to be acted, or find the use that is in the way."""
        with self._state.writing():
            before = self._state.uses.get(use.key_id)
            if before is not None and (before.done or before.mark != use.mark):
                return before
            self._state.uses[use.key_id] = use
            return None

    def finish(self, use: Use) -> None:
        """Store that the action was carried out."""
        with self._state.writing():
            before = self._state.uses.get(use.key_id)
            if before is None or before.mark == use.mark:
                self._state.uses[use.key_id] = replace(use, done=True)

    def release(self, use: Use) -> None:
        """Forget a claim, if it is still this one."""
        with self._state.writing():
            before = self._state.uses.get(use.key_id)
            if before is not None and before.claim_id == use.claim_id and not before.done:
                del self._state.uses[use.key_id]

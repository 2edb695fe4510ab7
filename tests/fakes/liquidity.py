"""What was last seen of the account, in memory."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from chalicelib.domain.liquidity import Outlook

if TYPE_CHECKING:
    from datetime import datetime

    from tests.fakes.state import State


class MemoryLiquidity:
    """The port `Liquidity`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def outlook(self) -> Outlook:
        """What was last seen."""
        with self._state.reading():
            return self._state.outlook

    def take_turn(self, seen: Outlook, *, until: datetime) -> bool:
        """Begin, unless somebody else has begun since."""
        with self._state.writing():
            if self._state.outlook.turn_until != seen.turn_until:
                return False
            self._state.outlook = replace(self._state.outlook, turn_until=until)
            return True

    def keep(self, before: Outlook, after: Outlook) -> None:
        """Change what differs."""
        names = [each.name for each in fields(Outlook)]
        told = {name: getattr(after, name) for name in names}
        changed = {name: value for name, value in told.items() if value != getattr(before, name)}
        with self._state.writing():
            self._state.outlook = replace(self._state.outlook, **changed)

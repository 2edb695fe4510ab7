"""Counters of unmapped texts in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.words import MOST
from chalicelib.ports import Unmapped
from tests.fakes.paging import paged

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from chalicelib.ports import Page
    from tests.fakes.state import State


class MemoryWords:
    """The port `Words`."""

    def __init__(self, state: State, *, most: int = MOST) -> None:
        self._state = state
        self._most = most
        self.counted: dict[str, Unmapped] = {}

    def count(self, text: str, *, example: str, at: datetime) -> None:
        """Count a masked text, or let it be."""
        known = self.counted.get(text)
        if self._state.down or (known is None and len(self.counted) >= self._most):
            return
        first = known or Unmapped(text, 0, at, at, example)
        self.counted[text] = replace(first, count=first.count + 1, last_seen=at, example=example)

    def page(self, *, limit: int, position: Mapping[str, str] | None) -> Page[Unmapped]:
        """What was counted, the longest known first."""
        with self._state.reading():
            return paged(
                self.counted.values(), _place, name="unmapped", limit=limit, position=position
            )


def _place(each: Unmapped) -> tuple[str, str]:
    return each.first_seen.isoformat(), each.text

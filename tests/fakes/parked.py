"""Dead letters before a person, in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Stale
from tests.fakes.paging import paged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.parked import ParkedLetter
    from chalicelib.ports import Page
    from tests.fakes.state import State


class MemoryParkedLetters:
    """The port `ParkedLetters`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def get(self, letter_id: str) -> ParkedLetter | None:
        """The letter as it is now."""
        with self._state.reading():
            return self._state.parked.get(letter_id)

    def put(self, letter: ParkedLetter) -> None:
        """Write a letter in the place of the version before it; written already is success."""
        with self._state.writing():
            stored = self._state.parked.get(letter.letter_id)
            if (stored.version if stored else 0) != letter.version - 1:
                raise Stale("The dead letter is not as it was read.")
            self._state.parked[letter.letter_id] = letter

    def page(
        self, *, resolved: bool, limit: int, position: Mapping[str, str] | None
    ) -> Page[ParkedLetter]:
        """Open letters, the oldest first, or resolved ones, the newest first; without bodies."""
        with self._state.reading():
            found = [
                replace(each, letter=replace(each.letter, raw=b""))
                for each in self._state.parked.values()
                if each.is_open is not resolved
            ]
        name = "resolved letters" if resolved else "open letters"
        return paged(
            found, _since, name=name, limit=limit, position=position, newest_first=resolved
        )


def _since(it: ParkedLetter) -> tuple[str, str]:
    at = it.parked_at if it.ending is None else it.ending.at
    return at.isoformat(timespec="microseconds"), it.letter_id

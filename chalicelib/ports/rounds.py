"""How far a round over everything of a kind has come, as the use cases need it."""

from __future__ import annotations

from typing import Protocol


class Rounds(Protocol):
    """Positions of rounds that are made again and again, each under a name of its own.

    A position lost or set back only makes a round look at something twice.
    """

    def position(self, name: str) -> str:
        """Where the round goes on; empty at its beginning."""
        ...

    def move(self, name: str, position: str, *, was: str) -> None:
        """Go on from another position, unless somebody else has moved it since it was read.

        Raises:
            StoreUnavailable: whether it was moved is not known; nothing rests on it.
        """
        ...

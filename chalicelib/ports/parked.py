"""Dead letters before a person, as the use cases need them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.parked import ParkedLetter
    from chalicelib.ports.store import Page


class ParkedLetters(Protocol):
    """Webhooks that could not be applied however often they were tried: nothing forgets them."""

    def get(self, letter_id: str) -> ParkedLetter | None:
        """The letter as it is now, with its body."""
        ...

    def put(self, letter: ParkedLetter) -> None:
        """Write a letter: a new one, or in the place of the version before it.

        An open one is kept without limit, a resolved one until `kept_until`.

        Raises:
            Stale: it is not as it was read, or it is there already.
            StoreUnavailable: whether it was written is not known; read it again.
        """
        ...

    def page(
        self, *, resolved: bool, limit: int, position: Mapping[str, str] | None
    ) -> Page[ParkedLetter]:
        """Open letters, the oldest first, or resolved ones, the newest first; may lag.

        Their bodies are left out.
        """
        ...

"""How fast principals ask, as far as one process sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.rate import Token


class Pace(Protocol):
    """Buckets of tokens, one for each principal."""

    def take(self, by: str, at: datetime) -> Token:
        """Take a token out of a principal's bucket.

        Raises:
            TooFast: it is empty. Nothing is taken.
        """
        ...

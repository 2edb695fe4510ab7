"""Pauses, and what is on the wire, as the use cases need them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from chalicelib.domain.pause import Ending, Pause
    from chalicelib.domain.wire import Execution, Wire


class Pauses(Protocol):
    """All pauses. Reads are consistent; whatever is done again is no failure.

    Each method may raise `StoreUnavailable`: whether it is done is not known then.
    """

    def begin(self, pause: Pause) -> Pause:
        """Store that somebody asks for it; the one of the same scope that stands, if one does.

        Raises:
            Conflict: too many stand.
        """
        ...

    def enforce(self, pause: Pause, *, at: datetime) -> Pause:
        """Have every claim meet it; it is in force when this returns.

        Raises:
            Stale: it was ended meanwhile.
        """
        ...

    def end(self, pause: Pause, ending: Ending) -> Pause:
        """Store that it is ended, for good; how it ended before, if it did."""
        ...

    def lift(self, pause: Pause, *, at: datetime) -> Pause:
        """Have no claim meet one that is ended; another one of its scope may begin then."""
        ...

    def get(self, pause_id: str) -> Pause | None:
        """The pause of that id, however long it is over."""
        ...

    def standing(self) -> Sequence[Pause]:
        """All that are not lifted and can be read, the oldest first."""
        ...

    def unreadable(self) -> Sequence[str]:
        """Ids of those that are not lifted and cannot be read: claims meet them all the same."""
        ...

    def wire(self) -> Wire:
        """All that is on the wire, and what left it last."""
        ...

    def last_of(self, customer_id: str) -> Execution | None:
        """What left the wire last of a customer's."""
        ...

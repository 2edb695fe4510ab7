"""What the archiving needs besides payouts and the archive: to know how far it has come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from chalicelib.domain.archive import Sweep


class Sweeps(Protocol):
    """The one sweep that puts payouts into the archive, day after day."""

    def get(self) -> Sweep | None:
        """How far it has come; `None` before the first (consistent)."""
        ...

    def save(self, sweep: Sweep) -> Sweep:
        """Keep how far it has come, on top of the version that was read; what it is then.

        Raises:
            Stale: somebody else sweeps.
            StoreUnavailable: whether it was written is not known; again is safe.
        """
        ...

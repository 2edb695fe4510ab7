"""The circuits of rails and provider, as the use cases need them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from chalicelib.domain.breaker import Board, Circuit


class Circuits(Protocol):
    """What all workers share of the circuits. No rule of money rests on it."""

    def board(self) -> Board:
        """All of them as they are now: one read (consistent)."""
        ...

    def keep(self, before: Circuit, after: Circuit) -> Circuit:
        """Put a circuit in the place of the one that was read; as it is then, one version later.

        Raises:
            Stale: it is not as it was read.
            StoreUnavailable: whether it was kept is not known; nothing rests on it.
        """
        ...

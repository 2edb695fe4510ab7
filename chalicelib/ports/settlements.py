"""Expected settlements and their rows, as the use cases need them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalicelib.domain.settlement import Settlement, Share
    from chalicelib.ports.store import Page


class Settlements(Protocol):
    """What is expected to come in, and whose it will be."""

    def add(self, settlement: Settlement, shares: Sequence[Share]) -> None:
        """Store a new settlement with all of its rows: it is there only once they all are.

        What a sender leaves behind who ends half way belongs to nothing: the same rows find it
        again, and other rows under the same id never mix with it.

        Raises:
            Stale: the id is taken.
            StoreUnavailable: whether it is there is not known; again is safe.
            ValueError: count, sum or digest are not those of the rows (`with_shares`), or the rows
                are not numbered from 1.
        """
        ...

    def get(self, settlement_id: str) -> Settlement | None:
        """The settlement as it is now."""
        ...

    def shares(self, settlement: Settlement, *, first: int, most: int) -> Sequence[Share]:
        """Rows from number `first` on, in order, at most `most` of them; all if `most` covers it.

        Raises:
            Corrupt: rows are missing.
        """
        ...

    def write(self, settlement: Settlement, *, version: int) -> None:
        """Store a change (stage, receipts, progress) as version + 1.

        Raises:
            Stale: its version is no longer `version`.
            StoreUnavailable: whether it was written is not known.
        """
        ...

    def open(self) -> Sequence[Settlement]:
        """Every settlement that is expected or being allocated, the earliest due first; may lag."""
        ...

    def page(self, *, limit: int, position: Mapping[str, str] | None) -> Page[Settlement]:
        """All of them, the newest first; may lag behind by a moment."""
        ...

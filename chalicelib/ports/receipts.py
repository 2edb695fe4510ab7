"""Receipts after they were banked, and returns that may have arrived as receipts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime

    from chalicelib.domain.findings import Kind
    from chalicelib.domain.receipts import Banked, Movement, State
    from chalicelib.domain.receipts import Stage as Followed
    from chalicelib.domain.settlement import Settlement
    from chalicelib.ports.store import Page


class Receipts(Protocol):
    """What became of the receipts. They are made, and taken back, by the `Treasury`."""

    def get(self, receipt_id: str) -> Banked | None:
        """The receipt as it is now."""
        ...

    def open(self) -> Iterator[Banked]:
        """Receipts that nothing explains yet, the oldest first; may lag: a write tells."""
        ...

    def page(self, state: State, *, limit: int, position: Mapping[str, str] | None) -> Page[Banked]:
        """Open receipts, the oldest first, or others, the newest first; may lag by a moment."""
        ...

    def of_days(self, first: date, last: date) -> Iterator[Banked]:
        """Receipts that came in on those Sydney dates, whatever became of them; may lag."""
        ...

    def match(self, banked: Banked, settlement: Settlement) -> None:
        """Match an open receipt with a settlement, both in one transaction.

        `settlement` is as it is with the receipt, one version after the stored one. Who says so and
        why (`Banked.said`) is kept with it. What is matched already with the same settlement is no
        failure, and stays as it is.

        Raises:
            Stale: the receipt is not open any more, or the settlement is not as it was read.
            StoreUnavailable: whether it was written is not known; again is safe.
        """
        ...

    def note(self, banked: Banked, kind: Kind) -> None:
        """Remember that a finding was opened about an open receipt.

        Raises:
            Stale: it is not open any more.
            StoreUnavailable: whether it was written is not known; again is safe.
        """
        ...

    def close(self, banked: Banked, *, at: datetime) -> None:
        """Take a receipt off the list on a person's word (`Banked.closed`); again is no failure.

        Raises:
            Stale: it is not open any more.
            StoreUnavailable: whether it was written is not known; again is safe.
        """
        ...

    def returns(self) -> Iterator[Movement]:
        """Returns that are to be followed, the oldest first; may lag: read them again."""
        ...

    def movement(self, movement_id: str) -> Movement | None:
        """The return of that id as it is now; `None` where no payout has heard one."""
        ...

    def followed(self, movement: Movement, stage: Followed) -> None:
        """Remember how far a return has been followed.

        Raises:
            Stale: somebody else has followed it further.
            StoreUnavailable: whether it was written is not known; again is safe.
        """
        ...

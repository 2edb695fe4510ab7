"""Where a night lays out both sides of a day to hold them together, in the order of payout ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from chalicelib.domain.account_day import Attempt, Balances, Stranger
    from chalicelib.domain.money import Money
    from chalicelib.domain.night import Line, Told
    from chalicelib.domain.receipts import Banked


class Workbench(Protocol):
    """Rows laid out for one reading, as many as there are; gone when it is closed."""

    def lay_told(self, told: Iterable[Told]) -> None:
        """Lay out what the provider's statuses say."""
        ...

    def lay_lines(self, lines: Iterable[Line]) -> None:
        """Lay out the lines of the provider's account."""
        ...

    def lay_receipts(self, banked: Iterable[Banked]) -> None:
        """Lay out receipts that were banked."""
        ...

    def has_fees(self) -> bool:
        """Whether any line is a fee of a reference of ours."""
        ...

    def attempts(self, *, after: str) -> Iterator[Attempt]:
        """What the provider tells of each reference of ours, by ascending payout id and number.

        Only of payouts whose id is greater than `after`.
        """
        ...

    def credited(self, movement_id: str) -> Money:
        """What was credited under a name of the provider's, by lines without a reference of ours.

        Zero where there is no such line.
        """
        ...

    def strangers(self) -> Iterator[Stranger]:
        """Every date's transactions that have no reference of ours, by date."""
        ...

    def receipts(self) -> Iterator[Banked]:
        """The receipts that were laid out, by when they came in."""
        ...

    def balances(self, day: date) -> Balances:
        """What the running balance says of a date."""
        ...

    def close(self) -> None:
        """Clear everything away."""
        ...

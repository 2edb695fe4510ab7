"""The provider's own ledger of our account: every line with the balance after it.

It never forgets and never errs; how late its lines are shown is the provider's habit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.simulation.bodies import FEE_CENTS, RETURNS, Execution, dollars

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

OPENING = 50_000_000
PAYMENT, FEE = ("Payment", "Disbursement"), ("Fee", "TransactionFee")
BACK, RECEIPT = ("Reversal", "NppReturn"), ("LoadFunds", "NppReceivePayment")


@dataclass(frozen=True)
class Entry:
    """One line. `name` is the provider's transaction; cents."""

    at: float
    kind: tuple[str, str]
    reference: str
    name: str
    debit: int
    credit: int
    balance: int


class Account:
    """The lines, oldest first. `moment` is when in Sydney a second of the week is."""

    def __init__(self, moment: Callable[[float], datetime]) -> None:
        self._moment = moment
        self.entries: list[Entry] = []

    @property
    def balance(self) -> int:
        """What there is now."""
        return self.entries[-1].balance if self.entries else OPENING

    def paid(self, it: Execution) -> None:
        """A payment, and its fee."""
        self._book(it.at, PAYMENT, it.reference, str(it.number), debit=it.cents)
        self._book(it.at, FEE, it.reference, str(it.number), debit=FEE_CENTS)

    def came_back(self, it: Execution, at: float, *, nameless: bool) -> None:
        """A payment that came back: under its reference, or only a name of the return's own."""
        own = it.npp and it.word == "Dishonoured"
        name = str(it.number + RETURNS if own else it.number)
        reference = "" if own and nameless else it.reference
        self._book(at, BACK, reference, name, credit=it.back)

    def received(self, name: str, cents: int, at: float) -> None:
        """Money that came in; notices put a letter before a number of eleven digits."""
        digits = name[1:]
        named = str(int(digits)) if len(digits) == 11 and digits.isdigit() else name
        self._book(at, RECEIPT, "", named, credit=cents)

    def rows(self, first: str, last: str, until: float) -> list[dict[str, Any]]:
        """The lines of some Sydney dates, as far as they are shown by then."""
        return [
            _row(number, each, self._moment(each.at))
            for number, each in enumerate(self.entries)
            if each.at <= until and first <= self.day_of(each) <= last
        ]

    def day_of(self, entry: Entry) -> str:
        """The Sydney date of a line."""
        return self._moment(entry.at).date().isoformat()

    def closings(self) -> Iterator[tuple[str, int]]:
        """The balance at the end of each Sydney date that has lines."""
        closing: dict[str, int] = {}
        for each in self.entries:
            closing[self.day_of(each)] = each.balance
        yield from closing.items()

    def _book(
        self, at: float, kind: tuple[str, str], reference: str, name: str,
        *, debit: int = 0, credit: int = 0,
    ) -> None:  # fmt: skip
        balance = self.balance - debit + credit
        self.entries.append(Entry(at, kind, reference, name, debit, credit, balance))


def _row(number: int, entry: Entry, moment: datetime) -> dict[str, Any]:
    return {
        "rowOrder": number,
        "dateTime": moment.strftime("%Y-%m-%dT%H:%M:%S"),
        "transactionType": entry.kind[0],
        "subTransactionType": entry.kind[1],
        "transactionId": int(entry.name) if entry.name.isdigit() else entry.name,
        "uniqueReference": entry.reference or None,
        "description": entry.kind[1],
        "debit": dollars(entry.debit),
        "credit": dollars(entry.credit),
        "runningBalance": dollars(entry.balance),
    }

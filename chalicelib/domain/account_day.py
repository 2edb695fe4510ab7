"""What the provider's account shows of some days, added up: attempts, strangers, balances.

Amounts are whole cents as plain numbers: a night adds up very many of them. Draws no conclusion.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chalicelib.domain.references import unique_reference

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


@dataclass(slots=True)
class Attempt:
    """One unique reference of ours as the provider tells it: its status, and what its lines add to.

    `word` and `other_word` are the same unless it was told in several words; empty where no status
    told of it. `debits` counts debits of the amount, `paid` is their sum, `back` what was credited;
    `fee_lines` counts lines of fees and `fees` is what they come to. `paid_on` is the first date of
    a debit, `back_on` the last one of a credit, `last_on` the last one of a debit or a fee.
    """

    payout_id: str
    number: int
    word: str = ""
    other_word: str = ""
    debits: int = 0
    paid: int = 0
    back: int = 0
    fee_lines: int = 0
    fees: int = 0
    paid_on: date | None = None
    back_on: date | None = None
    transaction_id: str = ""
    last_on: date | None = None

    @property
    def reference(self) -> str:
        """What the provider knows it by."""
        return unique_reference(self.payout_id, self.number)

    @property
    def is_live(self) -> bool:
        """Whether money of it is gone and has not come back."""
        return self.paid > self.back

    def without_debits(self) -> Attempt:
        """The same as if its debits had never been, nor what turned them back."""
        back = max(self.back - self.paid, 0)
        return replace(self, debits=0, paid=0, back=back, paid_on=None)

    def without_undone(self, amount: int) -> Attempt:
        """The same without further debits of that amount that were turned back."""
        further = min(self.debits - 1, self.back // amount) if self.paid >= 2 * amount else 0
        if further <= 0:
            return self
        off = further * amount
        return replace(
            self, debits=self.debits - further, paid=self.paid - off, back=self.back - off
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: from the day before `day` to `last`, and whether fees are among the lines."""

    day: date
    first: date
    last: date
    has_fees: bool


@dataclass(frozen=True, slots=True)
class Stranger:
    """All lines of a date of one transaction of the provider's that has no reference of ours."""

    transaction_id: str
    debit: int
    credit: int
    reference: str
    on: date


@dataclass(slots=True)
class Balances:
    """The account at the beginning and the end of a date; `None` where no line tells.

    `expected` and `told` are the running balance at the first line of the date that does not
    follow from the one before it; `None` where all follow. `shown` is what the last line before the
    date says itself, whether or not that is believed. `came` and `went` are all credits and all
    debits of the date, by its lines.
    """

    opening: int | None = None
    closing: int | None = None
    expected: int | None = None
    told: int | None = None
    shown: int | None = None
    came: int = 0
    went: int = 0

    def add(self, line: _Booked, believed: int, day: int) -> None:
        """Take in the next line, and the balance after it that is believed; `day` is an ordinal."""
        if line.on < day:
            self.opening = self.closing = believed
            self.shown = line.balance
            return
        if self.opening is None:
            self.opening = believed - line.change
        if line.on > day:
            self.closing = self.opening if self.closing is None else self.closing
            return
        self.came += max(line.change, 0)
        self.went += max(-line.change, 0)
        if line.breaks and self.told is None:
            self.expected, self.told = line.balance - line.off, line.balance
        self.closing = believed


@dataclass(slots=True)
class _Booked:
    """A line while it is followed: `off` is how far its balance is off from what it should be."""

    on: int
    change: int
    balance: int
    off: int = 0
    off_before: int = 0

    def believed(self, off_after: int) -> int:
        """The balance after it; one that is off, and right again after the next, was miswritten."""
        return self.balance - self.off if off_after == -self.off else self.balance

    @property
    def breaks(self) -> bool:
        """Whether it does not follow, and is not merely the end of such a slip."""
        return self.off not in {0, -self.off_before}


def follow(lines: Iterable[tuple[int, int, int]], day: date) -> Balances:
    """The balances of a date, from all lines read, in the account's own order.

    Each is the ordinal of its date, its change in cents, and the running balance after it.
    """
    told, ordinal, last = Balances(), day.toordinal(), None
    for line in lines:
        now = _Booked(*line)
        if last is not None:
            now.off = now.balance - last.balance - now.change
            now.off_before = last.off
            told.add(last, last.believed(now.off), ordinal)
        last = now
    if last is not None:
        told.add(last, last.balance, ordinal)
    return told

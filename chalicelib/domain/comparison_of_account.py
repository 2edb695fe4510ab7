"""Hold the account's own lines against what was banked, and its balance against itself. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.comparison import came_back
from chalicelib.domain.findings import Kind
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.night import Difference

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.domain.account_day import Balances, Stranger
    from chalicelib.domain.payout import Payout
    from chalicelib.domain.receipts import Banked

# How the provider's notices write the number of a transaction that came in.
_PREFIXES, _DIGITS = ("N", "D"), 11


def names_of(transaction_id: str) -> tuple[str, ...]:
    """What a receipt of that transaction may be called: its number, or as notices write it."""
    padded = transaction_id.rjust(_DIGITS, "0")
    return (transaction_id, *(prefix + padded for prefix in _PREFIXES))


def unexplained(stranger: Stranger) -> Difference:
    """A transaction that nothing here explains; with a debit, that is what matters."""
    kind = Kind.UNEXPLAINED_DEBIT if stranger.debit else Kind.UNEXPLAINED_CREDIT
    amount = Money(stranger.debit or stranger.credit)
    return Difference(kind, stranger.transaction_id, "", str(amount), amount)


def receipt_differs(banked: Banked, credited: Money | None) -> Difference:
    """A receipt that was banked, and is not in the account, or in another amount."""
    name, ours = banked.receipt_id, banked.amount
    if credited is None:
        return Difference(Kind.MISSING_THERE, name, str(ours), "", ours, name)
    off = Money(abs(ours.cents - credited.cents))
    return Difference(Kind.AMOUNT_DIFFERS, name, str(ours), str(credited), off, name)


def balance_differs(day: date, balances: Balances, kept: Money | None) -> Difference | None:
    """Where the running balance does not follow, or the day begins with another one than was kept.

    `kept` is the closing balance of the day before as it was kept; `None` where there is none.
    """
    expected, told = balances.expected, balances.told
    # A day that ended in a slip was kept as it was shown: that slip was found on its own day.
    if told is None and kept is not None and kept.cents not in {balances.opening, balances.shown}:
        expected, told = kept.cents, balances.opening
    if expected is None or told is None:
        return None
    off = Money(abs(told - expected))
    name = day.isoformat()
    return Difference(Kind.BALANCE_DIFFERS, name, str(Money(expected)), str(Money(told)), off)


def return_missing(payout: Payout) -> Difference:
    """A return that was heard, and that the account shows nothing of."""
    back = came_back(payout.status, payout.intent.amount, payout.came_back)
    name = payout.unique_reference
    return Difference(Kind.AMOUNT_DIFFERS, name, str(back), str(ZERO), back, name)


def return_unclear(payout: Payout, back: Money) -> Difference:
    """Something came back of a payout that was debited twice: perhaps the second debit only."""
    ours = came_back(payout.status, payout.intent.amount, payout.came_back)
    name = payout.unique_reference
    return Difference(Kind.AMOUNT_DIFFERS, name, str(ours), str(back), back, name)

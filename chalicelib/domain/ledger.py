"""Where the money is, and how it moves: balanced postings between places, never changed later.

Deposited money is at every moment somewhere: for each posting there is its opposite, so the sum
over all places, the two outside ones included, is zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.money import Money, total


class Place(StrEnum):
    """The places of the ledger; the last two lie outside of the business's account."""

    UNALLOCATED = "unallocated"  # received, and not yet any customer's
    AVAILABLE = "available"  # a customer's, to be paid out
    HELD = "held"  # set aside for a payout that may or may not have left
    WITH_PROVIDER = "with_provider"  # accepted by the provider, on its way
    PAID = "paid"  # with the payee
    SUSPENSE = "suspense"  # disputed: a person decides
    BUSINESS = "business"  # the business's own: it bears the fees
    DEPOSITED = "deposited"  # outside: what came in, as a negative
    FEES = "fees"  # outside: what the provider charged


OUTSIDE = frozenset({Place.DEPOSITED, Place.FEES})
# The account that postings carry where no customer is concerned.
HOUSE = "house"


@dataclass(frozen=True, slots=True)
class Posting:
    """A change of one place of one account; `account` is a customer's id or `HOUSE`."""

    place: Place
    account: str
    amount: Money


def move(amount: Money, source: Place, target: Place, account: str) -> tuple[Posting, ...]:
    """Two postings that take `amount` from one place of an account to another of the same."""
    if source is target or not amount:
        return ()
    return (Posting(source, account, -amount), Posting(target, account, amount))


def charge(fee: Money) -> tuple[Posting, ...]:
    """A fee that the provider took on top of an amount: the business bears it."""
    return move(fee, Place.BUSINESS, Place.FEES, HOUSE)


def deposit(amount: Money) -> tuple[Posting, ...]:
    """Money received from outside, not yet anybody's."""
    return move(amount, Place.DEPOSITED, Place.UNALLOCATED, HOUSE)


def withdraw(amount: Money) -> tuple[Posting, ...]:
    """Unallocated money that never was a deposit: a receipt that was money of ours coming back."""
    return move(amount, Place.UNALLOCATED, Place.DEPOSITED, HOUSE)


def allocate(amount: Money, customer_id: str) -> tuple[Posting, ...]:
    """Unallocated money that becomes a customer's."""
    return (
        Posting(Place.UNALLOCATED, HOUSE, -amount),
        Posting(Place.AVAILABLE, customer_id, amount),
    )


def balanced(postings: tuple[Posting, ...]) -> bool:
    """Whether the postings sum to zero."""
    return not total(posting.amount for posting in postings)


def available_change(postings: tuple[Posting, ...]) -> Money:
    """What the postings do to the available balance of the one customer that they concern."""
    return total(posting.amount for posting in postings if posting.place is Place.AVAILABLE)

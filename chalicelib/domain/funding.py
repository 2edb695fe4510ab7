"""Money that comes in and becomes a customer's: receipts and credits, each a chained entry.

A receipt is known by the provider's transaction id and a credit by its idempotency key: each
happens once. A credit never exceeds what was received and is not yet allocated.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from chalicelib.domain import ledger
from chalicelib.domain.errors import Fault, InvalidAmount, RuleBroken
from chalicelib.domain.identifiers import fingerprint
from chalicelib.domain.money import ZERO

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.customer import Funds
    from chalicelib.domain.ledger import Posting
    from chalicelib.domain.money import Money


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that arrived in the account. `reference` is what the payer wrote; may be personal."""

    receipt_id: str
    amount: Money
    rail: str
    received_at: datetime
    reference: str = ""

    def __repr__(self) -> str:
        return f"Receipt({self.receipt_id}, {self.amount})"


@dataclass(frozen=True, slots=True)
class Credit:
    """Money that an admin gave a customer out of the unallocated, with a reason."""

    credit_id: str
    customer_id: str
    amount: Money
    reason: str
    created_at: datetime
    created_by: str
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A change of the funds, to be written whole with the receipt or credit that caused it."""

    cause: Receipt | Credit
    before: Funds
    after: Funds
    postings: tuple[Posting, ...]


def receive(funds: Funds, receipt: Receipt) -> Entry:
    """The entry by which money received becomes unallocated.

    Raises:
        InvalidAmount: nothing, or less, was received.
    """
    if receipt.amount <= ZERO:
        raise InvalidAmount("is not money received")
    postings = ledger.deposit(receipt.amount)
    after = replace(
        funds,
        received=funds.received + receipt.amount,
        unallocated=funds.unallocated + receipt.amount,
    )
    return _entry(receipt, funds, after, postings)


def credit(funds: Funds, given: Credit) -> Entry:
    """The entry by which unallocated money becomes a customer's.

    Raises:
        RuleBroken: there is not that much unallocated, or it is nothing, or less.
    """
    if given.amount <= ZERO:
        fault = Fault("/amount", "not_positive", "must be more than zero")
        raise RuleBroken([fault], "A credit gives money, it does not take any.")
    if given.amount > funds.unallocated:
        fault = Fault("/amount", "exceeds_unallocated", "is more than the funds not yet allocated")
        raise RuleBroken([fault], "The unallocated funds do not cover the amount.")
    postings = ledger.allocate(given.amount, given.customer_id)
    after = replace(funds, unallocated=funds.unallocated - given.amount)
    return _entry(given, funds, after, postings)


def _entry(
    cause: Receipt | Credit, before: Funds, after: Funds, postings: tuple[Posting, ...]
) -> Entry:
    told = [str(getattr(cause, field.name)) for field in fields(cause)]
    moved = [[str(each.place), each.account, each.amount.cents] for each in postings]
    link = fingerprint([before.last_hash, type(cause).__name__, told, moved])
    return Entry(
        cause, before, replace(after, version=before.version + 1, last_hash=link), postings
    )

"""Money that comes in and becomes a customer's: receipts and credits, each a chained entry.

A receipt is known by the provider's transaction id and a credit by its idempotency key: each
happens once. A credit never exceeds what was received and is not yet allocated. A receipt that
turns out to be money of ours that came back is taken out again, once, and never below nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from chalicelib.domain import ledger
from chalicelib.domain.errors import Fault, InvalidAmount, RuleBroken
from chalicelib.domain.identifiers import fingerprint
from chalicelib.domain.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from chalicelib.domain.customer import Funds
    from chalicelib.domain.ledger import Posting
    from chalicelib.domain.money import Money

_NUMBERED = re.compile(r"[ND]?0*([1-9][0-9]*)")


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
    """Money that an admin gave a customer out of the unallocated, with a reason.

    `agreed_by` is the second admin, where there had to be one.
    """

    credit_id: str
    customer_id: str
    amount: Money
    reason: str
    created_at: datetime
    created_by: str
    request_id: str = ""
    agreed_by: str = ""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A receipt that is a payout's return: the payout has that money, so the funds have not.

    `return_id` is the movement's id, `transaction_id` the payout's.
    """

    return_id: str
    receipt_id: str
    transaction_id: str
    amount: Money
    at: datetime


Cause = Receipt | Credit | TakenBack


@dataclass(frozen=True, slots=True)
class Entry:
    """A change of the funds, to be written whole with what caused it."""

    cause: Cause
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


def take_back(funds: Funds, returned: TakenBack) -> Entry:
    """The entry by which a receipt that was a return leaves the unallocated again.

    Raises:
        RuleBroken: it has been allocated meanwhile: the unallocated do not cover it.
    """
    if returned.amount > funds.unallocated:
        fault = Fault("/amount", "exceeds_unallocated", "is more than the funds not yet allocated")
        raise RuleBroken([fault], "The unallocated funds do not cover the return.")
    postings = ledger.withdraw(returned.amount)
    after = replace(
        funds,
        received=funds.received - returned.amount,
        unallocated=funds.unallocated - returned.amount,
    )
    return _entry(returned, funds, after, postings)


def allocate(funds: Funds, credits_due: Sequence[Credit]) -> tuple[Entry, ...]:
    """The entries, one after the other, of as many credits from the first on as are covered.

    None is given in part: the first that the unallocated do not cover ends it.
    """
    entries: list[Entry] = []
    for due in credits_due:
        if due.amount > funds.unallocated:
            break
        entries.append(credit(funds, due))
        funds = entries[-1].after
    return tuple(entries)


def refuse_unsound(entries: Sequence[Entry]) -> None:
    """Refuse what is not a chain of consecutive, balanced entries: it would be a defect.

    Raises:
        ValueError: it is not.
    """
    if not entries:
        raise ValueError("no entry to write")
    if any(later.before != earlier.after for earlier, later in pairwise(entries)):
        raise ValueError("the entries do not follow each other")
    for entry in entries:
        if entry.after.version != entry.before.version + 1:
            raise ValueError("an entry leads to the next version")
        if not ledger.balanced(entry.postings):
            raise ValueError("the postings of an entry sum to zero")
        if entry.after.unallocated < ZERO:
            raise ValueError("an entry leaves less than nothing unallocated")


def cause_id(cause: Cause) -> str:
    """What a cause is known by, among its own kind."""
    if isinstance(cause, Receipt):
        return cause.receipt_id
    return cause.credit_id if isinstance(cause, Credit) else cause.return_id


def movement_id(name: str) -> str:
    """One name for one movement of the provider's, however it is written.

    The same transaction is `N00100000000` in one notice and 100000000 in another.
    """
    bare = name.strip().upper()
    numbered = _NUMBERED.fullmatch(bare)
    return numbered[1] if numbered else bare


def _entry(cause: Cause, before: Funds, after: Funds, postings: tuple[Posting, ...]) -> Entry:
    told = [str(getattr(cause, field.name)) for field in fields(cause)]
    if isinstance(cause, Credit) and not cause.agreed_by:
        told.pop()  # as it was when nobody had to agree
    moved = [[str(each.place), each.account, each.amount.cents] for each in postings]
    link = fingerprint([before.last_hash, type(cause).__name__, told, moved])
    return Entry(
        cause, before, replace(after, version=before.version + 1, last_hash=link), postings
    )

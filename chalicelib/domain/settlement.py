"""Settlements that are expected: what the acquirer will send, and whose it is by row.

A settlement is matched by what it names and by its amount, never by a guess. Its rows are
allocated in order; `allocated_rows` says how far that has come, so that it can go on after any
interruption.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.identifiers import derived_id, fingerprint
from chalicelib.domain.money import ZERO, Money, total

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime


class Stage(StrEnum):
    """Where a settlement is in its life."""

    EXPECTED = "Expected"  # nothing, or not all of it, has come
    ALLOCATING = "Allocating"  # it has come, and becomes the customers' row by row
    SETTLED = "Settled"  # all of its rows are allocated
    CANCELLED = "Cancelled"  # a person withdrew it before anything came


@dataclass(frozen=True, slots=True)
class Share:
    """What one row owes a customer. `row` counts from 1 and is the settlement's own."""

    row: int
    customer_id: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is expected, and what has come of it.

    `due_on` is a Sydney date; `shares` and `shared` are how many rows it has and their sum, never
    more than `amount`; `digest` is that of the rows. `receipts` are the receipts matched with it
    and `received` their sum. `version` counts changes, from 1. `cancelled_at`, `cancelled_by` and
    `reason` say who withdrew it, and why.
    """

    settlement_id: str
    due_on: date
    amount: Money
    reference: str
    created_at: datetime
    created_by: str
    shares: int = 0
    shared: Money = ZERO
    digest: str = ""
    stage: Stage = Stage.EXPECTED
    receipts: tuple[str, ...] = ()
    received: Money = ZERO
    allocated_rows: int = 0
    version: int = 1
    cancelled_at: datetime | None = None
    cancelled_by: str = ""
    reason: str = ""

    def credit_id(self, row: int) -> str:
        """The id of the credit that a row becomes: the same whenever it is tried."""
        return derived_id("allocation", f"{self.settlement_id}/{row}")


def with_shares(settlement: Settlement, shares: Sequence[Share]) -> Settlement:
    """The settlement with the count, the sum and the digest of these rows.

    The digest is that of customers and amounts in their order; empty where there are no rows.
    """
    told = [[each.customer_id, each.amount.cents] for each in shares]
    return replace(
        settlement,
        shares=len(shares),
        shared=total(each.amount for each in shares),
        digest=fingerprint(told) if told else "",
    )


def first_too_many(amount: Money, shares: Sequence[Share]) -> Share | None:
    """The row with which the rows come to more than the amount; `None` where they never do."""
    left = amount
    for share in shares:
        left -= share.amount
        if left < ZERO:
            return share
    return None

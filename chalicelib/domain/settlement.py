"""Settlements that are expected: what the acquirer will send, and whose it is by row.

A settlement is matched by what it names and by its amount, never by a guess. Its rows are
allocated in order; `allocated_rows` says how far that has come, so that it can go on after any
interruption.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.identifiers import derived_id
from chalicelib.domain.money import ZERO, Money

if TYPE_CHECKING:
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
    and `received` their sum. `version` counts changes, from 1.
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

    def credit_id(self, row: int) -> str:
        """The id of the credit that a row becomes: the same whenever it is tried."""
        return derived_id("allocation", f"{self.settlement_id}/{row}")

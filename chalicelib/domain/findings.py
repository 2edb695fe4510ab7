"""Differences that a person has to understand: each kind, what it is about, and how it ended.

A finding is known by its kind and its subject, so that finding it twice is one finding. It holds
codes, references and amounts, never a name or what somebody wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.identifiers import derived_id

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.money import Money


class Kind(StrEnum):
    """What is different."""

    UNKNOWN_PAYOUT = "unknown_payout"  # news of a payout that is none of ours
    UNFIT_NEWS = "unfit_news"  # news that cannot be true together with what is known
    UNREADABLE_NEWS = "unreadable_news"  # news of our money that cannot be read
    UNEXPECTED_DEBIT = "unexpected_debit"  # somebody took money out of the account
    WEBHOOK_MISSING = "webhook_missing"  # the provider told it, and cannot be made to tell again
    RECEIPT_UNKNOWN = "receipt_unknown"  # money that no expected settlement explains
    RECEIPT_OVER = "receipt_over"  # more than was expected
    RECEIPT_UNDER = "receipt_under"  # less than was expected
    RECEIPT_LATE = "receipt_late"  # after its day
    RECEIPT_DOUBLED = "receipt_doubled"  # the same settlement once more
    SETTLEMENT_OVERDUE = "settlement_overdue"  # its day is over, and nothing came
    ALLOCATION_SHORT = "allocation_short"  # matched, and the unallocated do not cover it any more
    RETURN_ALLOCATED = "return_allocated"  # a receipt was a return, and is a customer's already
    # What a night finds.
    MISSING_THERE = "missing_there"  # ours says that it went out, the provider knows nothing of it
    MISSING_HERE = "missing_here"  # the provider has a payout of ours that is not stored
    AMOUNT_DIFFERS = "amount_differs"  # another amount moved than ours says
    STATUS_DIFFERS = "status_differs"  # its life allows no step from our status to theirs
    PAID_TWICE = "paid_twice"  # the account was debited more than once for one payout
    FEE_DIFFERS = "fee_differs"  # another fee was charged than we were told
    UNEXPLAINED_CREDIT = "unexplained_credit"  # money came in that nothing here explains
    UNEXPLAINED_DEBIT = "unexplained_debit"  # money went out that nothing here explains
    BALANCE_DIFFERS = "balance_differs"  # the account's balance does not follow from its lines


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference. `subject` names what it is about: a reference, a receipt, a settlement.

    `amount` is what is in question, where that is known; `detail` a code; `reference` what to look
    for, where the subject says more than that; `notice_id` the webhook that it was found in.
    `ours` and `theirs` are the two sides, each an amount or a code, where there are two.
    `resolved_at` is `None` while it is open; `reason` is what the person who resolved it wrote.
    """

    kind: Kind
    subject: str
    found_at: datetime
    detail: str = ""
    amount: Money | None = None
    resolved_at: datetime | None = None
    resolved_by: str = ""
    reason: str = ""
    reference: str = ""
    notice_id: str = ""
    ours: str = ""
    theirs: str = ""

    @property
    def finding_id(self) -> str:
        """The same for the same difference."""
        return derived_id("finding", f"{self.kind}/{self.subject}")

    @property
    def is_open(self) -> bool:
        """Whether nobody has resolved it yet."""
        return self.resolved_at is None

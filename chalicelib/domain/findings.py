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


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference. `subject` names what it is about: a reference, a receipt, a settlement.

    `amount` is what is in question, where that is known; `detail` a code; `reference` what to look
    for, where the subject says more than that; `notice_id` the webhook that it was found in.
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

    @property
    def finding_id(self) -> str:
        """The same for the same difference."""
        return derived_id("finding", f"{self.kind}/{self.subject}")

    @property
    def is_open(self) -> bool:
        """Whether nobody has resolved it yet."""
        return self.resolved_at is None

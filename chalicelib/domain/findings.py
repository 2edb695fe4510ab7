"""Differences that a person has to understand: each kind, what it is about, and how it ended.

A finding is known by its kind and its subject, so that finding it twice is one finding. It holds
codes, references and amounts, never a name. What people here write about it stands in its history
and in its reason only, which never print.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.identifiers import derived_id
from chalicelib.domain.references import parse_reference

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
    ERASED_CREDITED = "erased_credited"  # money came for a customer who is forgotten
    CUSTOMER_UNTOLD = "customer_untold"  # a change of where they are paid could not be told them
    OCCURRENCE_UNPAID = "occurrence_unpaid"  # a scheduled payout was refused, or not woken in time
    SCHEDULE_STUCK = "schedule_stuck"  # a schedule that cannot be read, or not be woken
    BANK_FILE_STUCK = "bank_file_stuck"  # a bank file that cannot be brought on, by our fault
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


# Of payouts that are not stored here: their references lead to nothing.
STRANGE = frozenset({Kind.UNKNOWN_PAYOUT, Kind.MISSING_HERE})


def finding_id_of(kind: Kind, subject: str) -> str:
    """The id of the finding of that kind about that subject, whether or not there is one."""
    return derived_id("finding", f"{kind}/{subject}")


class Deed(StrEnum):
    """What was done about a finding."""

    ASSIGNED = "assigned"  # `text` is to whom; empty: to nobody any more
    COMMENTED = "commented"
    RESOLVED = "resolved"  # `text` is the reason
    REOPENED = "reopened"  # it was found again


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a finding's history. People write the text, so it never prints."""

    at: datetime
    by: str
    deed: Deed
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference. `subject` names what it is about: a reference, a receipt, a settlement.

    `amount` is what is in question, where that is known; `detail` a code; `reference` what to look
    for, where the subject says more than that; `notice_id` the webhook that it was found in.
    `ours` and `theirs` are the two sides, each an amount or a code, where there are two.
    `resolved_at` is `None` while it is open; `reason` is what the person who resolved it wrote.
    `found_at` is when it was found first; `history` has what came after, former ends included, and
    `reopened` counts these. `version` counts its changes, and is not part of what it says.
    """

    kind: Kind
    subject: str
    found_at: datetime
    detail: str = ""
    amount: Money | None = None
    resolved_at: datetime | None = None
    resolved_by: str = ""
    reason: str = field(default="", repr=False)
    reference: str = ""
    notice_id: str = ""
    ours: str = ""
    theirs: str = ""
    assigned_to: str = ""
    history: tuple[Entry, ...] = ()
    reopened: int = 0
    version: int = field(default=0, compare=False)

    @property
    def finding_id(self) -> str:
        """The same for the same difference."""
        return finding_id_of(self.kind, self.subject)

    @property
    def is_open(self) -> bool:
        """Whether nobody has resolved it yet."""
        return self.resolved_at is None

    @property
    def transaction_id(self) -> str:
        """The payout of ours that it is about; empty where it is about none that is stored."""
        told = parse_reference(self.reference) or parse_reference(self.subject)
        return told[0] if told and self.kind not in STRANGE else ""

    @property
    def comments(self) -> tuple[Entry, ...]:
        """What people wrote about it, in their order."""
        return tuple(each for each in self.history if each.deed is Deed.COMMENTED)

"""A credit so large that a second admin has to agree: kept as it was asked for, and given once.

Moves no money itself: it is given by the entry of `funding.py` that is written with its end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.identifiers import fingerprint

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.approver_day import ApproverDay
    from chalicelib.domain.customer import Customer
    from chalicelib.domain.funding import Credit
    from chalicelib.domain.money import Money
    from chalicelib.domain.policy import Policy


class CreditStage(StrEnum):
    """How far it has come."""

    AWAITING = "AwaitingApproval"
    GIVEN = "Given"
    DECLINED = "Declined"
    LAPSED = "Lapsed"


@dataclass(frozen=True, slots=True)
class CreditRequest:
    """The credit as it was asked for, by its maker and then. `version` counts what was written.

    `policy_version` is that of the policy that wanted a second person. `decided_by` is who ended
    it, with their `word` where they gave one; nobody did where it lapsed.
    """

    credit: Credit
    lapses_at: datetime
    policy_version: int
    stage: CreditStage = CreditStage.AWAITING
    version: int = 1
    decided_by: str = ""
    decided_at: datetime | None = None
    word: str = ""

    @property
    def credit_id(self) -> str:
        """The id that it has, and that the credit will have."""
        return self.credit.credit_id

    @property
    def waits(self) -> bool:
        """Whether it can still be decided."""
        return self.stage is CreditStage.AWAITING

    def ended(
        self, stage: CreditStage, *, at: datetime, by: str = "", word: str = ""
    ) -> CreditRequest:
        """One version later, and over."""
        return replace(
            self, stage=stage, version=self.version + 1, decided_at=at, decided_by=by, word=word
        )


@dataclass(frozen=True, slots=True)
class Consent:
    """What is written with a credit that was agreed to: its request's end, the approver's day."""

    request: CreditRequest
    day: ApproverDay


def wants_second(amount: Money, policy: Policy) -> bool:
    """Whether a second admin has to agree to a credit of that amount."""
    return amount > policy.approvals.credits_above


def seen_of_credit(request: CreditRequest, customer: Customer, policy: Policy) -> str:
    """The digest of what is to be seen of it now: any change of that makes a consent void."""
    credit = request.credit
    return fingerprint([
        credit.credit_id, credit.customer_id, fingerprint(customer.name), credit.amount.cents,
        credit.reason, credit.created_by, credit.created_at.isoformat(), policy.version,
    ])  # fmt: skip

"""What lies on the approvers' desk, as one person sees it: values only, that decide nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain.approval import Seen
    from chalicelib.domain.credit_request import CreditRequest
    from chalicelib.domain.customer import Customer
    from chalicelib.domain.payout import Payout


@dataclass(frozen=True, slots=True)
class WaitingPayout:
    """A payout that waits. `proven` where a payment has reached its destination before.

    `why_not` is the code of why this person may not agree to it; empty where they may.
    """

    payout: Payout
    customer: Customer
    seen: Seen
    proven: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class WaitingCredit:
    """A credit that waits; `customer` is whom it is for, `seen` the digest to send back."""

    request: CreditRequest
    customer: Customer
    seen: str
    why_not: str

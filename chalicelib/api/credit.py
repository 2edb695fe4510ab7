"""Credits and the funds that they come out of, as the API tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from chalicelib.api.shapes import AmountText, Moment, Shape
from chalicelib.api.times import rfc3339
from chalicelib.domain.money import CURRENCY

if TYPE_CHECKING:
    from chalicelib.domain.credit_request import CreditRequest
    from chalicelib.domain.customer import Funds
    from chalicelib.domain.funding import Credit


class CreditView(Shape):
    """Money for a customer out of the unallocated. It is theirs once its status is `Given`.

    Where another admin has to agree it waits until `lapses_at`; `decided_by` is who ended that.
    """

    credit_id: str
    customer_id: str
    amount: AmountText
    currency: str
    status: Literal["Given", "AwaitingApproval", "Declined", "Lapsed"]
    reason: str
    created_by: str
    created_at: Moment
    lapses_at: Moment | None
    decided_by: str | None
    decided_at: Moment | None
    decision_reason: str | None


class FundsView(Shape):
    """The money that came in, and what of it is nobody's yet."""

    received: AmountText
    unallocated: AmountText
    currency: str


def given(it: Credit) -> CreditView:
    """A credit that was given at once."""
    return CreditView(
        credit_id=it.credit_id, customer_id=it.customer_id, amount=str(it.amount),
        currency=CURRENCY, status="Given", reason=it.reason, created_by=it.created_by,
        created_at=rfc3339(it.created_at), lapses_at=None, decided_by=None, decided_at=None,
        decision_reason=None,
    )  # fmt: skip


def asked(it: CreditRequest) -> CreditView:
    """A credit that another admin had, or has, to agree to, as it is now."""
    credit = it.credit
    return CreditView(
        credit_id=it.credit_id, customer_id=credit.customer_id, amount=str(credit.amount),
        currency=CURRENCY, status=it.stage.value, reason=credit.reason,
        created_by=credit.created_by, created_at=rfc3339(credit.created_at),
        lapses_at=rfc3339(it.lapses_at), decided_by=it.decided_by or None,
        decided_at=rfc3339(it.decided_at) if it.decided_at else None,
        decision_reason=it.word or None,
    )  # fmt: skip


def funds(held: Funds) -> FundsView:
    """The funds that are nobody's yet."""
    return FundsView(
        received=str(held.received), unallocated=str(held.unallocated), currency=CURRENCY
    )

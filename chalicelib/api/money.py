"""Money that came in, as the API tells it: each receipt, and what became of it.

What a payer wrote may be personal: whoever only looks does not see it.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chalicelib.api.fields import Reason
from chalicelib.api.filters import Listing
from chalicelib.api.schemas import Said, shown
from chalicelib.api.shapes import AmountText, Moment, PageView, Shape
from chalicelib.api.times import rfc3339
from chalicelib.domain.funding import Receipt
from chalicelib.domain.money import CURRENCY, Money
from chalicelib.domain.receipts import Banked, State

ReceiptId = Annotated[
    str, StringConstraints(strict=True, pattern=r"^[ -~]+$", min_length=1, max_length=64)
]
_RECEIPT = "N00100000000"


class ReceiptListing(Listing):
    """Which receipts: open ones, the oldest first, or others, the newest first."""

    status: Literal["open", "matched", "closed", "returned"] = Field(
        default="open",
        description=(
            "Those that nothing explains yet, those that a settlement explains, those that a "
            "person has explained, or those that were money of ours coming back."
        ),
    )


class ReceiptView(Shape):
    """Money that came in. `reference` is what the payer wrote, for those who may see it.

    `findings` are the kinds of what was found odd about it. Where a person explained it by hand,
    `matched_by` or `closed_by` is who, and `reason` why.
    """

    receipt_id: str
    status: Literal["open", "matched", "closed", "returned"]
    amount: AmountText
    currency: str
    rail: str
    received_at: Moment
    reference: str | None
    settlement_id: str | None
    findings: list[str]
    matched_by: str | None
    closed_by: str | None
    reason: str | None


class ReceiptPage(PageView[ReceiptView]):
    """Some receipts."""


class Matching(Said):
    """Which receipt is of the settlement, and how that is known."""

    model_config = ConfigDict(
        json_schema_extra=shown(
            {"receipt_id": _RECEIPT, "reason": "The acquirer confirmed the payment by telephone."}
        )
    )
    receipt_id: ReceiptId
    reason: Reason


class Explanation(Said):
    """Which receipt needs no settlement, and why."""

    model_config = ConfigDict(
        json_schema_extra=shown({"receipt_id": _RECEIPT, "reason": "A refund of our bank's."})
    )
    receipt_id: ReceiptId
    reason: Reason


def receipt(it: Banked, *, whole: bool) -> ReceiptView:
    """A receipt; `whole` with what the payer wrote."""
    return ReceiptView(
        receipt_id=it.receipt_id, status=it.state.value, amount=str(it.amount), currency=CURRENCY,
        rail=it.receipt.rail, received_at=rfc3339(it.receipt.received_at),
        reference=(it.receipt.reference or None) if whole else None,
        settlement_id=it.settlement_id or None, findings=sorted(it.noted),
        matched_by=it.matched_by or None, closed_by=it.closed_by or None,
        reason=it.reason or None,
    )  # fmt: skip


def receipts(some: Iterable[Banked], *, whole: bool) -> list[ReceiptView]:
    """Some receipts."""
    return [receipt(each, whole=whole) for each in some]


def examples() -> dict[type[BaseModel], list[BaseModel]]:
    """An example of each answer, for the published document."""
    at = datetime(2026, 7, 3, 1, 2, 3, tzinfo=UTC)
    matched = Banked(
        Receipt(_RECEIPT, Money(125_000), "NPP", at, "FDMS 20260703 0042"), State.MATCHED,
        "0f2c6b7e-1f0a-8d43-9c55-7a1e2d3c4b5a",
    )  # fmt: skip
    view = receipt(matched, whole=True)
    return {ReceiptView: [view], ReceiptPage: [ReceiptPage(data=[view], next_cursor=None)]}

"""Findings, as the API tells them: what is different, what it is about, and how it ended.

Codes, references and amounts only: what somebody wrote stays in the notice that it was found in.
"""

from datetime import UTC, datetime
from typing import Literal

from pydantic import BaseModel, Field

from chalicelib.api.filters import Listing
from chalicelib.api.shapes import AmountText, Moment, PageView, Shape
from chalicelib.api.times import rfc3339
from chalicelib.domain.findings import Finding, Kind
from chalicelib.domain.identifiers import derived_id
from chalicelib.domain.money import CURRENCY, Money

WORDS = {
    Kind.UNKNOWN_PAYOUT: "The provider told news of a payout that is none of ours.",
    Kind.UNFIT_NEWS: "The provider told news that cannot be true together with what is known.",
    Kind.UNREADABLE_NEWS: "The provider told something about our money that cannot be read.",
    Kind.UNEXPECTED_DEBIT: "Somebody takes money out of the account that we did not send.",
    Kind.WEBHOOK_MISSING: "A webhook never reached us, and the provider does not send it again.",
    Kind.RECEIPT_UNKNOWN: "Money came in that no expected settlement explains.",
    Kind.RECEIPT_OVER: "More came in than the settlement was to bring.",
    Kind.RECEIPT_UNDER: "Less came in than the settlement was to bring.",
    Kind.RECEIPT_LATE: "Money came in after its day.",
    Kind.RECEIPT_DOUBLED: "The same settlement came in once more.",
    Kind.SETTLEMENT_OVERDUE: "A settlement's day is over, and nothing came.",
    Kind.ALLOCATION_SHORT: "What came in does not cover the settlement's rows any more.",
    Kind.RETURN_ALLOCATED: "Money that came back from a payout is a customer's already.",
    Kind.MISSING_THERE: "A payout went out by our books, and the provider knows nothing of it.",
    Kind.MISSING_HERE: "The provider has a payout of ours that is not stored here.",
    Kind.AMOUNT_DIFFERS: "Another amount moved at the provider than our books say.",
    Kind.STATUS_DIFFERS: "The provider's status of a payout cannot follow from ours.",
    Kind.PAID_TWICE: "The account was debited more than once for one payout.",
    Kind.FEE_DIFFERS: "The provider charged another fee than it told us.",
    Kind.UNEXPLAINED_CREDIT: "Money came into the account that nothing here explains.",
    Kind.UNEXPLAINED_DEBIT: "Money left the account that nothing here explains.",
    Kind.BALANCE_DIFFERS: "The account's balance does not follow from its lines.",
}


class FindingListing(Listing):
    """Which findings: open ones, the oldest first, or resolved ones, the newest first."""

    status: Literal["open", "resolved"] = Field(
        default="open", description="Those that wait, or those that a person has resolved."
    )


class FindingView(Shape):
    """A difference that a person has to understand. `kind` is a code, `words` say it.

    `reference` is what to look for; `notice_id` the webhook that it was found in.
    """

    finding_id: str
    status: Literal["open", "resolved"]
    kind: str
    words: str
    subject: str
    reference: str | None
    detail: str | None
    amount: AmountText | None
    currency: str
    notice_id: str | None
    found_at: Moment
    resolved_at: Moment | None
    resolved_by: str | None
    reason: str | None


class FindingPage(PageView[FindingView]):
    """Some findings."""


def view(it: Finding) -> FindingView:
    """A finding as it is now."""
    return FindingView(
        finding_id=it.finding_id, status="open" if it.is_open else "resolved", kind=it.kind.value,
        words=WORDS[it.kind], subject=it.subject,
        reference=it.reference or None, detail=it.detail or None,
        amount=None if it.amount is None else str(it.amount), currency=CURRENCY,
        notice_id=it.notice_id or None, found_at=rfc3339(it.found_at),
        resolved_at=None if it.resolved_at is None else rfc3339(it.resolved_at),
        resolved_by=it.resolved_by or None, reason=it.reason or None,
    )  # fmt: skip


def examples() -> dict[type[BaseModel], list[BaseModel]]:
    """An example of every answer, of invented values."""
    at = datetime(2026, 7, 3, 1, 2, 3, tzinfo=UTC)
    reference = "0c9f6f8a-3a38-8c5e-9a41-5d6f2b1f7e20-1"
    found = Finding(
        Kind.UNKNOWN_PAYOUT, f"{reference}/0f343b0931126a20", at, "Returned", Money(10_000),
        reference=reference, notice_id=derived_id("notice", "an example"),
    )  # fmt: skip
    return {
        FindingView: [view(found)],
        FindingPage: [FindingPage(data=[view(found)], next_cursor=None)],
    }

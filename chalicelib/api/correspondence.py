"""The provider's webhooks that were kept, as the API tells them: what each was, and what it did.

A list never shows a body, which is personal; one notice shows its own, to an administrator.
"""

import base64
from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from chalicelib.api.fields import Day
from chalicelib.api.filters import Listing
from chalicelib.api.shapes import Moment, PageView, Shape
from chalicelib.api.times import rfc3339
from chalicelib.domain.notices import Notice
from chalicelib.ports import NoticeFilter

# Characters of a body that one answer carries: Lambda sends no more than six megabytes.
LONGEST = 1_000_000


class NoticeListing(Listing):
    """Which webhooks, the newest first: about a reference, or of a date (today if absent)."""

    reference: (
        Annotated[str, StringConstraints(pattern=r"^[ -~]+$", min_length=1, max_length=200)] | None
    ) = Field(default=None, description="A unique reference of ours, or an id of the provider's.")
    day: Day | None = Field(default=None, alias="date", description="Received on this Sydney date.")
    event: (
        Annotated[str, StringConstraints(pattern=r"^[!-~]+$", min_length=1, max_length=64)] | None
    ) = Field(default=None, description="Of one event, by the provider's name for it.")
    authentic: Literal["true", "false"] | None = Field(
        default=None, description="Proved to be the provider's, or a sample of what was not."
    )

    def wanted(self, today: date) -> NoticeFilter:
        """What is asked of the store."""
        return NoticeFilter(
            day=self.day or (None if self.reference else today), reference=self.reference or "",
            event_name=self.event or "",
            authentic=None if self.authentic is None else self.authentic == "true",
        )  # fmt: skip


class NoticeView(Shape):
    """A webhook that was kept. `outcome` says what it did, `findings` what was odd about it.

    `transaction_id` is the payout that it changed. A line of a body with several is `a_line`, and
    has the whole's `notice_id`. What nobody needs any more is deleted at `kept_until`.
    """

    notice_id: str
    received_at: Moment
    event_name: str | None
    webhook_id: str | None
    authentic: bool
    outcome: str
    reference: str | None
    transaction_id: str | None
    findings: list[str]
    a_line: bool
    kept_until: Moment | None


class NoticePage(PageView[NoticeView]):
    """Some webhooks."""


class WholeNotice(NoticeView):
    """A webhook with its body: as text where it is that, else in Base64; `cut` if too long."""

    body: str
    encoding: Literal["text", "base64"]
    cut: bool


def view(it: Notice) -> NoticeView:
    """A notice without its body."""
    return NoticeView(
        notice_id=it.part_of or it.notice_id, received_at=rfc3339(it.received_at),
        event_name=it.event_name or None, webhook_id=it.webhook_id or None,
        authentic=it.authentic, outcome=it.outcome, reference=it.reference or None,
        transaction_id=it.transaction_id or None, findings=list(it.findings),
        a_line=bool(it.part_of),
        kept_until=None if it.expires_at is None else rfc3339(it.expires_at),
    )  # fmt: skip


def whole(it: Notice) -> WholeNotice:
    """A notice with its body."""
    short, (body, encoding) = view(it), _text(it.raw)
    return WholeNotice.model_construct(
        **{name: getattr(short, name) for name in NoticeView.model_fields},
        body=body[:LONGEST], encoding=encoding, cut=len(body) > LONGEST,
    )  # fmt: skip


def examples() -> dict[type[BaseModel], list[BaseModel]]:
    """An example of every answer, of invented values."""
    paid = "0c9f6f8a-3a38-8c5e-9a41-5d6f2b1f7e20"
    notice = Notice(
        f"NppPaymentStatus#7#{'0' * 32}", "NppPaymentStatus", "7",
        datetime(2026, 7, 3, 1, 2, 3, tzinfo=UTC),
        b'{"TransactionId": 100537784, "Status": "Payment Successful"}',
        reference=f"{paid}-1", transaction_id=paid,
    ).did("heard")  # fmt: skip
    return {
        NoticePage: [NoticePage(data=[view(notice)], next_cursor=None)],
        WholeNotice: [whole(notice)],
    }


def _text(raw: bytes) -> tuple[str, Literal["text", "base64"]]:
    try:
        return raw.decode(), "text"
    except UnicodeDecodeError:
        return base64.b64encode(raw).decode(), "base64"

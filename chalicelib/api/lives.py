"""A payout's life as people see it: each attempt to pay it, and each step.

Decides nothing and asks nothing; what it shows follows from the steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from chalicelib.api import words
from chalicelib.api.shapes import AmountText, Moment, PayoutView, Shape
from chalicelib.api.times import rfc3339
from chalicelib.domain.attempts_made import attempts_made
from chalicelib.domain.payout import Payout, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.attempts_made import Made
    from chalicelib.domain.ledger import Posting
    from chalicelib.domain.recorded import Recorded


class PostingView(Shape):
    """What a step moved; all of a step sum to zero. `account` is a customer's id or the house."""

    place: str
    account: str
    amount: AmountText


class StepView(Shape):
    """A step of a payout's life: the event, and the status that it led to."""

    sequence: int
    event: str
    words: str
    status: str
    at: Moment
    by: str
    request_id: str | None
    postings: list[PostingView]


class AttemptView(Shape):
    """One attempt to pay: by its own rail, under its own reference; one lives at a time.

    `outcome` of the present attempt is the payout's status; of one before, how it came to be dead.
    """

    number: int
    rail: str
    unique_reference: str = Field(alias="uniqueReference")
    outcome: str
    started_at: Moment | None
    ended_at: Moment | None
    reason: str | None


class PayoutWithTimeline(PayoutView):
    """A payout with all its attempts and all its steps, the oldest first."""

    attempts: list[AttemptView]
    timeline: list[StepView]


def with_timeline(it: Payout, shown: PayoutView, steps: Sequence[Recorded]) -> PayoutWithTimeline:
    """A payout that is shown already, with its attempts and its steps."""
    known = {name: getattr(shown, name) for name in PayoutView.model_fields}
    return PayoutWithTimeline.model_construct(
        **known, attempts=[attempt(one) for one in attempts_made(it, steps)],
        timeline=[step(one) for one in steps],
    )  # fmt: skip


def attempt(one: Made) -> AttemptView:
    """An attempt to pay."""
    return AttemptView(
        number=one.number, rail=one.rail.value, uniqueReference=one.reference, outcome=one.outcome,
        started_at=rfc3339(one.started_at) if one.started_at else None,
        ended_at=rfc3339(one.ended_at) if one.ended_at else None,
        reason=words.reason(one.reason) if one.reason else None,
    )  # fmt: skip


def step(one: Recorded) -> StepView:
    """A step of the audit trail."""
    event = one.event
    return StepView(
        sequence=one.sequence, event=type(event).__name__, words=words.told(event),
        status=Status(one.status).shown, at=rfc3339(event.at), by=event.by,
        request_id=event.request_id or None, postings=[_posting(each) for each in one.postings],
    )  # fmt: skip


def _posting(each: Posting) -> PostingView:
    return PostingView(place=str(each.place), account=each.account, amount=str(each.amount))

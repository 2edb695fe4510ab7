"""What would become of a payout that is not asked for yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from chalicelib.api import assessments, views, words
from chalicelib.api.shapes import (
    AmountText,
    ArrivalView,
    AssessmentView,
    DestinationView,
    RouteView,
    Shape,
)

if TYPE_CHECKING:
    from chalicelib.domain.preview import Preview


class ObstacleView(Shape):
    """A rule that it breaks, at its place in the body."""

    pointer: str
    code: str
    detail: str


class LimitLeftView(Shape):
    """What is left of a limit of the day before this payout: an amount, a number of payouts."""

    whose: Literal["customer", "operator", "business"]
    amount: AmountText
    payouts: int


class PreviewView(Shape):
    """What asking for it now would come to; nothing is stored or promised.

    `allowed` is whether it would be taken. `status` is what it would then be: `AwaitingApproval`
    where other people have to agree first, `Queued` where it would have to wait for what
    `waits_for` says, else `Pending`. `errors` are all the rules that it breaks, `stopped` says why
    nothing new is taken for the customer, or for anybody at present; all else is told beside it, as
    it would be without that.
    """

    allowed: bool
    status: str | None
    waits_for: str | None
    amount: AmountText | None
    rail: str | None
    route: RouteView | None
    expected_arrival: ArrivalView | None
    destination: DestinationView | None
    assessment: AssessmentView | None
    limits_left: list[LimitLeftView]
    errors: list[ObstacleView]
    stopped: str | None


def view(it: Preview) -> PreviewView:
    """What would come of it."""
    intent = it.intent
    thought = intent.assessment if intent else None
    waits = it.hindrance if thought and not thought.needs else None
    return PreviewView(
        allowed=it.allowed,
        status=_status(it) if it.allowed else None,
        waits_for=str(waits) if waits else None,
        amount=str(intent.amount) if intent else None,
        rail=intent.rail.value if intent else None,
        route=views.route(intent.route) if intent else None,
        expected_arrival=views.arrival(it.arrival),
        destination=views.destination(intent.destination) if intent else None,
        assessment=assessments.view(thought) if thought else None,
        limits_left=[
            LimitLeftView(whose=each.whose, amount=str(each.amount), payouts=each.count)
            for each in it.left
        ],
        errors=[
            ObstacleView(pointer=each.pointer, code=each.code, detail=each.detail)
            for each in it.faults
        ],
        stopped=words.reason(it.stopped) if it.stopped else None,
    )


def _status(it: Preview) -> str:
    if it.intent and it.intent.assessment and it.intent.assessment.needs:
        return "AwaitingApproval"
    return "Queued" if it.hindrance else "Pending"

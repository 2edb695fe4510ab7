"""The whole story of a payout in words: every step, webhook, dead letter and finding, in order.

What people wrote beside a finding stays with that finding, and a webhook's body with the webhook;
a story leads there by `id`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from chalicelib.api import dead_letters, findings, words
from chalicelib.api.shapes import Moment, Shape
from chalicelib.api.times import rfc3339
from chalicelib.domain.findings import Deed, Entry, Finding
from chalicelib.domain.notices import Notice
from chalicelib.domain.parked import Ending, Fate, ParkedLetter
from chalicelib.domain.payout import Status

if TYPE_CHECKING:
    from pydantic import BaseModel

    from chalicelib.domain.story import Line, Story

Kind = Literal["step", "webhook", "dead_letter", "finding"]
DEEDS = {
    Deed.ASSIGNED: "A finding was assigned",
    Deed.COMMENTED: "Somebody commented on a finding",
    Deed.RESOLVED: "A finding was resolved",
    Deed.REOPENED: "A finding was found again",
}


class LineView(Shape):
    """Something that happened. `id` is the webhook's, dead letter's or finding's; a step's number.

    `status` is what a step led to.
    """

    at: Moment
    kind: Kind
    words: str
    status: str | None
    by: str | None
    request_id: str | None
    id: str


class StoryView(Shape):
    """A payout from its first step on; `whole` is false where more is kept than was read."""

    transaction_id: str
    status: str
    message: str
    whole: bool
    lines: list[LineView]


def view(it: Story) -> StoryView:
    """A story."""
    return StoryView(
        transaction_id=it.payout.transaction_id, status=it.payout.status.shown,
        message=words.STATUSES[it.payout.status], whole=it.whole,
        lines=[_line(each) for each in it.lines()],
    )  # fmt: skip


def examples() -> dict[type[BaseModel], list[BaseModel]]:
    """An example of the answer, of invented values."""
    paid, by = "0c9f6f8a-3a38-8c5e-9a41-5d6f2b1f7e20", "2f0d1c3b-7b1e-4c5e-8f7e-6a4a3c2b1d00"
    asked = LineView(
        at="2026-07-03T01:02:03.000Z", kind="step", words=words.EVENTS["Requested"] + ".",
        status=Status.QUEUED.shown, by=by, request_id=None, id="1",
    )  # fmt: skip
    told = LineView(
        at="2026-07-03T01:02:05.000Z", kind="webhook",
        words=_of_notice("NppPaymentStatus", "heard"),
        status=None, by=None, request_id=None, id="8d0ad4a9-6a0e-8f7a-a3a8-3f5d6b1f7e20",
    )  # fmt: skip
    story = StoryView(
        transaction_id=paid, status=Status.COMPLETED.shown,
        message=words.STATUSES[Status.COMPLETED], whole=True, lines=[asked, told],
    )  # fmt: skip
    return {StoryView: [story]}


def _line(it: Line) -> LineView:
    match it.record:
        case Notice() as notice:
            told = _of_notice(notice.event_name, notice.outcome)
            return _beside(it, "webhook", told, notice.part_of or notice.notice_id)
        case ParkedLetter() as letter:
            return _beside(it, "dead_letter", _of_letter(letter, it), letter.letter_id)
        case Finding() as finding:
            return _beside(it, "finding", _of_finding(finding, it), finding.finding_id)
        case step:
            return LineView(
                at=rfc3339(it.at), kind="step", words=words.told(step.event),
                status=Status(step.status).shown, by=step.event.by,
                request_id=step.event.request_id or None, id=str(step.sequence),
            )  # fmt: skip


def _beside(it: Line, kind: Kind, told: str, leads_to: str) -> LineView:
    by = it.part.by if it.part else None
    return LineView(
        at=rfc3339(it.at), kind=kind, words=told, status=None, by=by, request_id=None, id=leads_to
    )


def _of_notice(event_name: str, outcome: str) -> str:
    return f"A webhook came in: {event_name or 'of no name'}; it was {words.reason(outcome)}."


def _of_letter(letter: ParkedLetter, it: Line) -> str:
    match it.part:
        case Ending(fate=Fate.HEARD):
            return "The dead letter was heard after all."
        case Ending():
            return "The dead letter was discarded."
        case _:
            return f"A webhook became a dead letter. {dead_letters.sentence(letter.letter.error)}"


def _of_finding(finding: Finding, it: Line) -> str:
    done = DEEDS[it.part.deed] + ": " if isinstance(it.part, Entry) else ""
    return f"{done}{findings.WORDS[finding.kind]}"

"""Dead letters before a person, as the API tells them: why each is there, since when, how it ended.

A list never shows a body, which is personal; one letter shows its own, to an administrator.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Literal

from pydantic import BaseModel, Field

from chalicelib.api import words
from chalicelib.api.filters import Listing
from chalicelib.api.shapes import Moment, PageView, Shape
from chalicelib.api.times import rfc3339
from chalicelib.domain.notices import DeadLetter
from chalicelib.domain.parked import Ending, Fate, ParkedLetter

# How long a letter rests after a try before all of them are tried again.
REST = timedelta(minutes=10)
WHY = {
    "unreadable_message": "a message in the queue is no webhook of ours",
    "not_understood": "a part of it is about our money, and cannot be read",
    "contradiction": "it cannot be true together with what is known",
    "store_unavailable": "the store did not answer",
    "defect": "applying it failed, and the fault is ours",
    "many_lines": "it has too many lines to apply them at once",
    "stale": "somebody else wrote first, again and again",
}


class DeadLetterListing(Listing):
    """Which dead letters: open ones, the oldest first, or resolved ones, the newest first."""

    status: Literal["open", "resolved"] = Field(
        default="open", description="Those that wait, or those that a person has resolved."
    )


class EndingView(Shape):
    """How a dead letter ended: `did` is what hearing it did, `reason` why it was discarded."""

    outcome: Literal["heard", "discarded"]
    by: str
    at: Moment
    did: str | None
    reason: str | None


class DeadLetterView(Shape):
    """A webhook that could not be applied. `reason` is a code, `words` say it.

    `earlier` is how it ended before the same webhook came, and failed, again.
    """

    letter_id: str
    status: Literal["open", "resolved"]
    event_name: str | None
    reference: str | None
    reason: str
    words: str
    attempts: int
    received_at: Moment
    parked_at: Moment
    tried_at: Moment | None
    can_be_redriven: bool
    ending: EndingView | None
    earlier: list[EndingView]


class DeadLetterPage(PageView[DeadLetterView]):
    """Some dead letters."""


class WholeDeadLetter(DeadLetterView):
    """A dead letter with its body: as text where it is that, else in Base64."""

    webhook_id: str | None
    request_id: str | None
    body: str
    encoding: Literal["text", "base64"]


class RedrivenView(Shape):
    """What became of the open letters: `left` were not begun for lack of time."""

    heard: int
    still_parked: int
    left: int


def view(it: ParkedLetter) -> DeadLetterView:
    """A dead letter without its body."""
    letter = it.letter
    return DeadLetterView(
        letter_id=it.letter_id, status="open" if it.is_open else "resolved",
        event_name=letter.event_name or None, reference=letter.reference or None,
        reason=letter.error, words=sentence(letter.error), attempts=letter.attempts,
        received_at=rfc3339(letter.received_at), parked_at=rfc3339(it.parked_at),
        tried_at=None if it.tried_at is None else rfc3339(it.tried_at),
        can_be_redriven=it.is_open and it.can_be_heard,
        ending=None if it.ending is None else _ending(it.ending),
        earlier=[_ending(each) for each in it.earlier],
    )  # fmt: skip


def whole(it: ParkedLetter) -> WholeDeadLetter:
    """A dead letter with its body."""
    letter, short = it.letter, view(it)
    body, encoding = _body(letter.raw)
    return WholeDeadLetter.model_construct(
        **{name: getattr(short, name) for name in DeadLetterView.model_fields},
        webhook_id=letter.webhook_id or None, request_id=letter.request_id or None, body=body,
        encoding=encoding,
    )  # fmt: skip


def sentence(code: str) -> str:
    """Why a letter is here, as a sentence."""
    told = WHY.get(code)
    return f"{told[:1].upper()}{told[1:]}." if told else words.sentence(code)


def examples() -> dict[type[BaseModel], list[BaseModel]]:
    """An example of every answer, of invented values."""
    at = datetime(2026, 7, 3, 1, 2, 3, tzinfo=UTC)
    reference = "0c9f6f8a-3a38-8c5e-9a41-5d6f2b1f7e20-1"
    raw = b'{"TransactionId": 100537784, "Status": "Payment Successful"}'
    letter = DeadLetter("NppPaymentStatus", "7", raw, at, "contradiction", 9, reference=reference)
    waits = ParkedLetter(f"NppPaymentStatus#7#{'0' * 32}", letter, at + timedelta(hours=2))
    by = "2f0d1c3b-7b1e-4c5e-8f7e-6a4a3c2b1d00"
    ending = Ending(Fate.DISCARDED, by, at + timedelta(hours=5), reason="Sent twice by mistake.")
    ended = ParkedLetter(
        waits.key, letter, waits.parked_at, 4, at + timedelta(hours=4), ending=ending
    )
    return {
        DeadLetterView: [view(waits), view(ended)],
        DeadLetterPage: [DeadLetterPage(data=[view(waits)], next_cursor=None)],
        WholeDeadLetter: [whole(waits)],
        RedrivenView: [RedrivenView(heard=97, still_parked=2, left=0)],
    }


def _ending(it: Ending) -> EndingView:
    return EndingView(
        outcome=it.fate.value, by=it.by, at=rfc3339(it.at), did=it.outcome or None,
        reason=it.reason or None,
    )  # fmt: skip


def _body(raw: bytes) -> tuple[str, Literal["text", "base64"]]:
    try:
        return raw.decode(), "text"
    except UnicodeDecodeError:
        return base64.b64encode(raw).decode(), "base64"

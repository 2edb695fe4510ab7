"""Reasons, as the API tells them: why a payout ended badly or waits, and texts nobody knows yet."""

from datetime import UTC, datetime, timedelta

from pydantic import BaseModel

from chalicelib.api.shapes import ExplanationView, Moment, PageView, Shape
from chalicelib.api.times import rfc3339
from chalicelib.domain.meaning import Meaning
from chalicelib.ports import Unmapped


class UnmappedView(Shape):
    """A bank's text that the table of reasons does not know, masked: `…` a word, `#` a number.

    `count` is the least. The whole text is shown with the payout `transaction_id`, the latest.
    """

    text: str
    count: int
    first_seen: Moment
    last_seen: Moment
    transaction_id: str


class UnmappedPage(PageView[UnmappedView]):
    """Some texts that are not known."""


def explanation(meaning: Meaning | None) -> ExplanationView | None:
    """Why, in plain words, where there is anything to explain."""
    if meaning is None:
        return None
    return ExplanationView(
        reason=meaning.name, what=meaning.what, whose_turn=meaning.turn.value,
        may_retry=meaning.may_retry, other_rail_safe=meaning.other_rail_safe,
        ask_customer=meaning.ask or None, say_to_customer=meaning.say,
    )  # fmt: skip


def view(it: Unmapped) -> UnmappedView:
    """An unmapped text and how often it was heard."""
    return UnmappedView(
        text=it.text, count=it.count, first_seen=rfc3339(it.first_seen),
        last_seen=rfc3339(it.last_seen), transaction_id=it.example,
    )  # fmt: skip


def examples() -> dict[type[BaseModel], list[BaseModel]]:
    """An example of every answer, of invented values."""
    at = datetime(2026, 7, 3, 1, 2, 3, tzinfo=UTC)
    heard = Unmapped(
        "return # account of … not found here", 3, at, at + timedelta(days=2),
        "0c9f6f8a-3a38-8c5e-9a41-5d6f2b1f7e20",
    )  # fmt: skip
    return {UnmappedPage: [UnmappedPage(data=[view(heard)], next_cursor=None)]}

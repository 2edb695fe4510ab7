"""What the provider's webhooks tell us, once they are known to be its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.funding import Receipt

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.events import News


@dataclass(frozen=True, slots=True)
class PayoutNews:
    """News of one of our payouts, by its unique reference."""

    reference: str
    transaction_id: str
    news: News


@dataclass(frozen=True, slots=True)
class Unheard:
    """A notice that moves no money of ours, or that could not be understood, and why."""

    why: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A notice that is about our money, in a form that we cannot read: never to be passed over."""

    why: str
    reference: str = ""


Tiding = PayoutNews | Receipt | Unheard | Unreadable


@dataclass(frozen=True, slots=True, repr=False)
class Notice:
    """A webhook as it arrived: kept, whatever became of it.

    `key` names it by event, the provider's webhook id and the content, so that a repeat is known.
    `raw` is the exact body; it is personal.
    """

    key: str
    event_name: str
    webhook_id: str
    received_at: datetime
    raw: bytes
    reference: str = ""
    outcome: str = ""

    def __repr__(self) -> str:
        return f"Notice({self.key})"


@dataclass(frozen=True, slots=True, repr=False)
class DeadLetter:
    """An authentic webhook that could not be applied yet, as the queue carries it.

    `attempts` counts how often it was tried; `error` is a code, never a text from outside.
    `reference` is known once it is parked.
    """

    event_name: str
    webhook_id: str
    raw: bytes
    received_at: datetime
    error: str
    attempts: int = 1
    request_id: str = ""
    reference: str = ""

    def __repr__(self) -> str:
        return f"DeadLetter({self.event_name}, {self.error}, {self.attempts})"

"""What the provider's webhooks tell us, once they are known to be its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.funding import Receipt
from chalicelib.domain.identifiers import derived_id

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.events import News
    from chalicelib.domain.money import Money

# How long a notice that needs nobody (any more) is kept.
KEPT = timedelta(days=90)
# What a body that is not the provider's did.
NOT_AUTHENTIC = "not_authentic"


def notice_id_of(key: str) -> str:
    """The id of the notice of that key."""
    return derived_id("notice", key)


@dataclass(frozen=True, slots=True)
class PayoutNews:
    """News of one of our payouts, by its unique reference."""

    reference: str
    transaction_id: str
    news: News


@dataclass(frozen=True, slots=True)
class Unheard:
    """A notice that moves no money of ours, or that could not be understood, and why.

    `foreign` says that it is news of a payout which is none of ours: a person has to understand it.
    """

    why: str
    reference: str = ""
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A notice that is about our money, in a form that we cannot read: never to be passed over."""

    why: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Debit:
    """Money that somebody takes, or wants to take, from our account; `state` says which."""

    reference: str
    amount: Money
    state: str


Tiding = PayoutNews | Receipt | Debit | Unheard | Unreadable


@dataclass(frozen=True, slots=True, repr=False)
class Notice:
    """A webhook as it arrived: kept, whatever became of it. No rule of money rests on it.

    `key` names it by event, the provider's webhook id and the content, so that a repeat is known.
    `raw` is the exact body; it is personal. `transaction_id` is the payout that it changed;
    `findings` hang on it until a person resolves them. It goes at `expires_at`, or never.

    A line of a body with several is a notice of its own, without a body and `part_of` the whole:
    so the line is written with what it caused, and found by what it is about.
    """

    key: str
    event_name: str
    webhook_id: str
    received_at: datetime
    raw: bytes
    reference: str = ""
    outcome: str = ""
    transaction_id: str = ""
    findings: tuple[str, ...] = ()
    authentic: bool = True
    part_of: str = ""
    expires_at: datetime | None = None

    @property
    def notice_id(self) -> str:
        """The same for the same notice."""
        return notice_id_of(self.key)

    def line(self, reference: str) -> Notice:
        """A line of it, by what it is about."""
        return replace(
            self,
            key=f"{self.key}#{reference}",
            raw=b"",
            reference=reference,
            part_of=self.notice_id,
        )

    def did(self, outcome: str, *, needed: bool = False) -> Notice:
        """The notice with what it did; unless a person will need it, it goes after a while."""
        return replace(
            self, outcome=outcome, expires_at=None if needed else self.received_at + KEPT
        )

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

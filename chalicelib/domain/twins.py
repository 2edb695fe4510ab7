"""The same payment twice: not a repeat of the same request, but somebody's mistake, perhaps.

Its own rule beside idempotency: same payee, amount and reference within some days. Stops softly.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.identifiers import fingerprint
from chalicelib.domain.ledger import Place
from chalicelib.domain.payout import WHERE

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.money import Money
    from chalicelib.domain.payout import Payout

DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Twin:
    """The latest payout of the same payee, amount and reference; `key` stands for the three."""

    key: str
    transaction_id: str
    at: datetime


def twin_key(customer_id: str, amount: Money, reference: str) -> str:
    """What two payouts have in common that are the same payment; case and spaces do not count."""
    return fingerprint([customer_id, amount.cents, " ".join(reference.split()).casefold()])


def is_repeat(twin: Twin | None, at: datetime, days: int) -> bool:
    """Whether the latest of the same kind is no older than so many times 24 hours; 0 days: never.

    One that seems to be of later on counts: clocks differ.
    """
    return twin is not None and days > 0 and at - twin.at <= timedelta(days=days)


def still_counts(before: Payout | None) -> bool:
    """Whether the latest of the same kind makes another one a duplicate.

    It does if it was paid or may yet be. One that gave its money back does too where it was itself
    held to be a duplicate: behind it is one that was paid, and asking, cancelling and asking once
    more would be a way around the second person. `None` is one that nobody can read any more.
    """
    if before is None or WHERE[before.status] is not Place.AVAILABLE:
        return True
    assessment = before.intent.assessment
    return assessment is not None and DUPLICATE in assessment.why

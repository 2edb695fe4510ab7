"""What a night tells a payout: the provider's statuses and lines of an attempt, as one event.

Says nothing of whether it may be true; that is for the table of a payout's life.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.events import Accepted, Confirmed, News, Rejected, Returned
from chalicelib.domain.money import Money

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.account_day import Attempt

BY = "night"
COMPLETE, REJECTED, DISHONOURED = "Complete", "Rejected", "Dishonoured"


def news_of(attempt: Attempt, at: datetime) -> News:
    """What the provider tells of an attempt, as the news that it is: a credit tells most."""
    number, back = attempt.number, Money(attempt.back)
    if back and attempt.word != REJECTED:
        return Returned(at=at, by=BY, attempt=number, amount=back)
    if attempt.word == REJECTED:
        return Rejected(at=at, by=BY, attempt=number)
    if attempt.word == DISHONOURED:
        return Returned(at=at, by=BY, attempt=number)
    if attempt.word == COMPLETE:
        named = attempt.transaction_id or None
        return Confirmed(
            at=at, by=BY, attempt=number, monoova_transaction_id=named, fee=_charged(attempt)
        )
    return accepted(attempt, at)


def accepted(attempt: Attempt, at: datetime) -> Accepted:
    """That the provider took it, with the fee that its lines show."""
    named = attempt.transaction_id or None
    return Accepted(
        at=at, by=BY, attempt=attempt.number, monoova_transaction_id=named, fee=_charged(attempt)
    )


def _charged(attempt: Attempt) -> Money | None:
    return Money(attempt.fees) if attempt.fee_lines and attempt.fees >= 0 else None

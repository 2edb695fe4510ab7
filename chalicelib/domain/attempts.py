"""What the provider's side of one attempt proves, and what it does not. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.night_news import COMPLETE, DISHONOURED, REJECTED
from chalicelib.domain.payout import Status

if TYPE_CHECKING:
    from chalicelib.domain.account_day import Attempt
    from chalicelib.domain.payout import Payout

UNDER_WAY = frozenset({"Pending", "WaitingOnClearedFunds"})
PAID = frozenset({COMPLETE})
BACK = frozenset({REJECTED, DISHONOURED})
WORDS = UNDER_WAY | PAID | BACK
# Ours says of these that they left, and where the money is.
LEFT = frozenset({Status.PENDING, Status.COMPLETED, Status.RETURNED})
# Longer than any request is on its way: what is debited later is another debit.
LATEST = timedelta(minutes=30)


def as_debited(payout: Payout, attempt: Attempt) -> Attempt:
    """Without a second debit of which nothing is left."""
    attempt = attempt.without_undone(payout.intent.amount.cents)
    undone = not attempt.is_live and is_late(payout, attempt)
    return attempt.without_debits() if undone else attempt


def is_late(payout: Payout, attempt: Attempt) -> bool:
    """Whether it was debited when its sending was long over: that was another debit."""
    if attempt.paid_on is None or payout.sent_at is None or attempt.number != payout.attempt:
        return False
    return payout.status in LEFT and attempt.paid_on > sydney_date(payout.sent_at + LATEST)


def moved(attempt: Attempt) -> bool:
    """Whether a dead attempt was executed all the same, and not undone."""
    if attempt.debits or attempt.back:
        return attempt.is_live
    return bool(attempt.word) and not {attempt.word, attempt.other_word} <= BACK


def says_nothing(attempt: Attempt) -> bool:
    """Whether its status is told in a word that is not known, or in several."""
    return attempt.word != attempt.other_word or attempt.word not in WORDS | {""}

"""News of our payouts: how a payment ended, its return, its dishonour.

News of ours whose amount, currency or status cannot be read is `Unreadable`, never passed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters import exact_json
from chalicelib.adapters.monoova import dates
from chalicelib.adapters.monoova.bodies import (
    BY,
    NOT_UNDERSTOOD,
    OTHER_CURRENCY,
    UNKNOWN_REFERENCE,
    UNKNOWN_STATUS,
    Fields,
    amount,
    amount_or_none,
    in_our_currency,
    shown,
    word,
)
from chalicelib.adapters.monoova.reading import LONGEST_REASON, LONGEST_REFERENCE, transaction_id
from chalicelib.domain.events import Confirmed, News, Rejected, Returned
from chalicelib.domain.notices import PayoutNews, Tiding, Unheard, Unreadable
from chalicelib.domain.references import parse_reference

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

NOT_A_CREDIT = "not_a_credit"


def payment_status(told: Fields, at: datetime) -> Sequence[Tiding]:
    """How an NPP payment ended that was pending."""

    def news(attempt: int) -> News | str:
        status, sum_told = word(told, "status"), amount_or_none(told)
        if isinstance(sum_told, str):
            return sum_told
        if status == "payment successful":
            moment = dates.heard(told.get("timestamp", told.get("transactiondate")), at)
            return Confirmed(
                at=moment, by=BY, attempt=attempt, amount=sum_told,
                monoova_transaction_id=transaction_id(told.get("transactionid")),
            )  # fmt: skip
        if status == "rejected":
            moment = dates.heard(told.get("timestamp", told.get("rejectiondatetime")), at)
            reason = exact_json.printable(told.get("rejectionreasondescription"), LONGEST_REASON)
            return Rejected(at=moment, by=BY, attempt=attempt, amount=sum_told, reason=reason)
        return UNKNOWN_STATUS

    return _of_payout(told, "uniquereference", news)


def npp_return(told: Fields, at: datetime) -> Sequence[Tiding]:
    """An NPP payment that came back, also after success."""
    return _of_payout(told, "uniquereference", lambda attempt: _returned(told, attempt, at))


def dishonour(told: Fields, at: datetime) -> Sequence[Tiding]:
    """A direct credit that came back; a dishonoured debit is money that we never had."""

    def news(attempt: int) -> News | str:
        kind = word(told, "type")
        if kind == "credit":
            return _returned(told, attempt, at)
        return NOT_A_CREDIT if kind == "debit" else NOT_UNDERSTOOD

    named = "transactionreference" if "transactionreference" in told else "uniquereference"
    return _of_payout(told, named, news)


def _returned(told: Fields, attempt: int, at: datetime) -> News | str:
    # Money that comes back without an amount would have to be guessed.
    back = amount(told.get("amount"))
    if isinstance(back, str):
        return back
    reason = exact_json.printable(told.get("returnreason"), LONGEST_REASON)
    moment = dates.heard(told.get("timestamp", told.get("returndate")), at)
    return Returned(
        at=moment, by=BY, attempt=attempt, amount=back, reason=reason,
        return_id=transaction_id(told.get("returntransactionid")) or "",
    )  # fmt: skip


def _of_payout(told: Fields, named: str, news: Callable[[int], News | str]) -> Sequence[Tiding]:
    """The news of one of our payouts, or why it is none."""
    reference = exact_json.text(told.get(named), LONGEST_REFERENCE)
    ours = parse_reference(reference)
    if ours is None or not reference.isascii() or not reference.isprintable():
        return [Unheard(UNKNOWN_REFERENCE, shown(told, named), foreign=True)]
    heard = news(ours[1]) if in_our_currency(told) else OTHER_CURRENCY
    if isinstance(heard, str):
        return [
            Unheard(heard, reference) if heard == NOT_A_CREDIT else Unreadable(heard, reference)
        ]
    return [PayoutNews(reference, ours[0], heard)]

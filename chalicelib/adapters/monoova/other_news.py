"""What else the provider tells: debits that others make, payments that it turned away.

A debit takes money that is not its own to take: it is for a person, with its amount. The rest moves
nothing of ours, and is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.monoova.bodies import (
    NO_MONEY,
    NOT_UNDERSTOOD,
    OTHER_CURRENCY,
    Fields,
    amount,
    details,
    in_our_currency,
    lowered,
    word,
)
from chalicelib.adapters.monoova.reading import transaction_id
from chalicelib.domain.notices import Debit, Tiding, Unheard, Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

CREDIT_REJECTED, DEBITS_CLEARED = "credit_rejected", "debits_cleared"
DEBIT_REJECTED = "debit_rejected"
# The provider's words for a debit that a person may still refuse, and for one that is done.
_DEBITS = {"pending": "debit_pending", "accept": "debit_accepted"}
DEBIT_UNCLEAR = "debit_of_unknown_status"


def direct_debits(body: object, _at: datetime) -> Sequence[Tiding]:
    """A batch of direct debits that somebody else asked for."""
    return [_debit(each) for each in details(body, "directdebitdetails")] or [
        Unreadable(NOT_UNDERSTOOD)
    ]


def credits_rejected(body: object, _at: datetime) -> Sequence[Tiding]:
    """Payments to us that the provider sent back: they were never ours."""
    first = body[0] if isinstance(body, list) and body else body
    return [Unheard(CREDIT_REJECTED, _id(first))]


def debits_cleared(told: Fields, _at: datetime) -> Sequence[Tiding]:
    """Direct debits of ours that are final; we make none."""
    ids = told.get("transactionids")
    first = ids[0] if isinstance(ids, list) and ids else None
    return [Unheard(DEBITS_CLEARED, _id(first))]


def _id(line: object) -> str:
    return transaction_id(lowered(line).get("id")) or ""


def _debit(detail: object) -> Tiding:
    told = lowered(detail)
    named = transaction_id(told.get("transactionid"))
    if named is None:
        return Unreadable(NOT_UNDERSTOOD)
    status = word(told, "status")
    if status == "reject":
        return Unheard(DEBIT_REJECTED, named)
    if not in_our_currency(told):
        return Unreadable(OTHER_CURRENCY, named)
    taken = amount(told.get("amount"))
    if isinstance(taken, str):
        return Unheard(taken, named) if taken == NO_MONEY else Unreadable(taken, named)
    return Debit(named, taken, _DEBITS.get(status, DEBIT_UNCLEAR))

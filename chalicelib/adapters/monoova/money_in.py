"""Money that came in: NPP, PayTo, direct credits, and RTGS or international transfers.

Each receipt is known by the provider's transaction id, on whichever address it is told. A transfer
by RTGS has come in once it is confirmed: until then it may still be sent back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters import exact_json
from chalicelib.adapters.monoova import dates
from chalicelib.adapters.monoova.bodies import (
    NO_MONEY,
    NOT_UNDERSTOOD,
    OTHER_CURRENCY,
    UNKNOWN_STATUS,
    Fields,
    amount,
    details,
    in_our_currency,
    lowered,
    word,
)
from chalicelib.adapters.monoova.reading import transaction_id
from chalicelib.domain.funding import Receipt
from chalicelib.domain.notices import Tiding, Unheard, Unreadable
from chalicelib.domain.rails import DESCRIPTION_LIMIT, Rail

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

# Ways in which money comes and never leaves.
PAY_TO, RTGS = "PayTo", "RTGS"
RTGS_PENDING, RTGS_REJECTED = "rtgs_pending", "rtgs_rejected"


def npp_received(told: Fields, at: datetime) -> Sequence[Tiding]:
    """A payment over NPP."""
    return [_received(told, str(Rail.NPP), at)]


def pay_to_received(told: Fields, at: datetime) -> Sequence[Tiding]:
    """A payment that was initiated through PayTo; in all else one over NPP."""
    return [_received(told, PAY_TO, at)]


def direct_credits(body: object, at: datetime) -> Sequence[Tiding]:
    """A batch of direct credits, a receipt each."""
    return [_direct_credit(each, at) for each in details(body, "directcreditdetails")] or [
        Unreadable(NOT_UNDERSTOOD)
    ]


def rtgs_status(told: Fields, at: datetime) -> Sequence[Tiding]:
    """How an RTGS or international transfer ended: taken into the account, or sent back."""
    named = transaction_id(told.get("transactionid")) or ""
    match word(told, "status"):
        case "confirmed":
            when = told.get("processeddatetime", told.get("date"))
            moment = dates.received(when, at, day_first=False)
            return [_receipt(told, RTGS, moment, told.get("lodgementref"))]
        case "rejected":
            return [Unheard(RTGS_REJECTED, named)]
        case "pending":
            return [Unheard(RTGS_PENDING, named)]
        case _:
            return [Unreadable(UNKNOWN_STATUS, named)]


def rtgs_pending(body: object, _at: datetime) -> Sequence[Tiding]:
    """Transfers that are not ours yet; one that is said to be anything else is for a person."""
    return [_pending(each) for each in details(body, "rtgsimtdetails")] or [
        Unreadable(NOT_UNDERSTOOD)
    ]


def _pending(detail: object) -> Tiding:
    told = lowered(detail)
    named = transaction_id(told.get("transactionid")) or ""
    if word(told, "status") == "pending":
        return Unheard(RTGS_PENDING, named)
    return Unreadable(UNKNOWN_STATUS, named)


def _received(told: Fields, rail: str, at: datetime) -> Tiding:
    moment = dates.received(told.get("datetime", told.get("timestamp")), at, day_first=True)
    return _receipt(told, rail, moment, told.get("paymentdescription"))


def _direct_credit(detail: object, at: datetime) -> Tiding:
    told = lowered(detail)
    moment = dates.received(told.get("datetime"), at, day_first=False)
    return _receipt(told, str(Rail.DIRECT_ENTRY), moment, told.get("lodgementref"))


def _receipt(told: Fields, rail: str, moment: datetime, reference: object) -> Tiding:
    named = transaction_id(told.get("transactionid"))
    if named is None:
        return Unreadable(NOT_UNDERSTOOD)
    if not in_our_currency(told):
        return Unreadable(OTHER_CURRENCY, named)
    came = amount(told.get("amount"))
    if isinstance(came, str):
        return Unheard(came, named) if came == NO_MONEY else Unreadable(came, named)
    written = exact_json.printable(reference, DESCRIPTION_LIMIT[Rail.NPP])
    return Receipt(named, came, rail, moment, written)

"""What the provider's webhooks say, in our words: which event it is, and whose it is to read it.

Reads each event's own shape, and the flat one with `eventName`, `uniqueReference` and `status`.
Raises nothing: what is not ours or not heard is `Unheard`, and what is about our money but cannot
be read is `Unreadable`, each with the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.adapters import exact_json
from chalicelib.adapters.monoova.bodies import (
    NOT_UNDERSTOOD,
    OTHER_EVENT,
    OTHER_THAN_NAMED,
    Fields,
    lowered,
    shown,
)
from chalicelib.adapters.monoova.money_in import (
    direct_credits,
    npp_received,
    pay_to_received,
    rtgs_pending,
    rtgs_status,
)
from chalicelib.adapters.monoova.other_news import credits_rejected, debits_cleared, direct_debits
from chalicelib.adapters.monoova.payout_news import dishonour, npp_return, payment_status
from chalicelib.domain.notices import Tiding, Unheard, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

# Events whose body is one object, by their names in lower case.
_OF_OBJECTS: dict[str, Callable[[Fields, datetime], Sequence[Tiding]]] = {
    "npppaymentstatus": payment_status,
    "nppreturn": npp_return,
    "directentrydishonour": dishonour,
    "nppreceivepayment": npp_received,
    "paytoreceivepayment": pay_to_received,
    "inboundrtgsimtstatus": rtgs_status,
    "directdebitclearance": debits_cleared,
}
# Events of many lines, which may come as a bare list.
_OF_LINES: dict[str, Callable[[Any, datetime], Sequence[Tiding]]] = {
    "inbounddirectcredit": direct_credits,
    "inbounddirectdebit": direct_debits,
    "pendinginboundrtgsimt": rtgs_pending,
    "inbounddirectcreditrejections": credits_rejected,
    "nppcreditrejections": credits_rejected,
}
EVENTS = frozenset({*_OF_OBJECTS, *_OF_LINES})
# Nothing of ours moves by these, whatever they say.
_HARMLESS = frozenset(
    {"directdebitclearance", "inbounddirectcreditrejections", "nppcreditrejections"}
)
# Events of one shape, read to the same effect: which of them a body is, its address alone says.
_ALIKE = (
    frozenset({"nppreceivepayment", "paytoreceivepayment"}),
    frozenset({"inbounddirectcreditrejections", "nppcreditrejections"}),
)
# One field tells these from all others.
_ONLY = {
    "directcreditdetails": "InboundDirectCredit",
    "directdebitdetails": "InboundDirectDebit",
    "rtgsimtdetails": "PendingInboundRtgsImt",
    "transactionids": "DirectDebitClearance",
}
_PAY_TO_ONLY = {"mmsid", "initiatingpartyname", "nppinstructionid"}


def tidings(event_name: str, raw: bytes, *, at: datetime) -> Sequence[Tiding]:
    """What a body says that came for an event; without a name, for the event that it looks like."""
    try:
        body = exact_json.read(raw)
    except exact_json.NotJson:
        return [_shapeless(event_name, NOT_UNDERSTOOD)]
    told = lowered(body[0] if isinstance(body, list) and body else body)
    if _is_misaddressed(event_name, told):
        return [Unreadable(OTHER_THAN_NAMED, shown(told, "uniquereference"))]
    name = event_name or exact_json.text(told.get("eventname"), 64) or _guessed(told)
    if name.lower() in _OF_LINES:
        return _OF_LINES[name.lower()](body, at)
    if not isinstance(body, dict):
        return [_shapeless(event_name, OTHER_EVENT if event_name else NOT_UNDERSTOOD)]
    if name.lower() in _OF_OBJECTS:
        return _OF_OBJECTS[name.lower()](told, at)
    return [Unheard(OTHER_EVENT if name else NOT_UNDERSTOOD, shown(told, "uniquereference"))]


def _shapeless(event_name: str, why: str) -> Tiding:
    """What came for an event, and is no body of any."""
    about_money = event_name.lower() in EVENTS - _HARMLESS
    return Unreadable(NOT_UNDERSTOOD) if about_money else Unheard(why)


def _is_misaddressed(event_name: str, told: Fields) -> bool:
    """Whether a body is another event's than its address.

    The signature covers the body only: an address must not turn one event into another.
    """
    here = event_name.lower()
    named = exact_json.text(told.get("eventname"), 64).lower()
    if here and named:
        return named != here
    looks = _guessed(told).lower()
    if here not in EVENTS or looks in {"", here}:
        return False
    return not any({here, looks} <= alike for alike in _ALIKE)


def _guessed(told: Fields) -> str:  # noqa: PLR0911 (a ladder of shapes, the surest first)
    """The event whose fields a body has, for a body never names its event; empty where none."""
    has = told.keys()
    for only, event in _ONLY.items():
        if only in has:
            return event
    if {"returnreason", "transactionreference"} <= has:
        return "DirectEntryDishonour"
    if {"returnreason", "uniquereference"} <= has:
        return "NppReturn"
    if {"status", "uniquereference"} <= has:
        return "NppPaymentStatus"
    if {"transactionid", "amount", "datetime", "sourceaccountname"} <= has:
        return "PayToReceivePayment" if has & _PAY_TO_ONLY else "NPPReceivePayment"
    if {"transactionid", "amount", "status", "transactionreferencenumber"} <= has:
        return "InboundRtgsImtStatus"
    if {"id", "amount", "transactiontype", "reason"} <= has:
        return "NPPCreditRejections"
    return ""

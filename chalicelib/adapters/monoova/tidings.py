"""What the provider's webhooks say, in our words: news of a payout, money received, or nothing.

Reads each event's own shape, and the flat one with `eventName`, `uniqueReference` and `status`.
Raises nothing: what is not ours or not heard is `Unheard`, and what is about our money but cannot
be read is `Unreadable`, each with the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.adapters import exact_json
from chalicelib.adapters.monoova import dates
from chalicelib.adapters.monoova.reading import LONGEST_REASON, LONGEST_REFERENCE, transaction_id
from chalicelib.domain.errors import InvalidAmount
from chalicelib.domain.events import Confirmed, News, Rejected, Returned
from chalicelib.domain.funding import Receipt
from chalicelib.domain.money import CURRENCY, Money
from chalicelib.domain.notices import PayoutNews, Tiding, Unheard, Unreadable
from chalicelib.domain.payout import parse_reference
from chalicelib.domain.rails import DESCRIPTION_LIMIT, Rail

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

BY = "monoova:webhook"
# The fields of a body, by their names in lower case: the provider's casing has drifted before.
Fields = dict[str, Any]

NOT_UNDERSTOOD = "not_understood"
UNKNOWN_REFERENCE = "unknown_reference"
OTHER_EVENT = "other_event"
UNKNOWN_STATUS = "unknown_status"
NOT_A_CREDIT = "not_a_credit"
NO_MONEY = "no_money"
OTHER_CURRENCY = "other_currency"
OTHER_THAN_NAMED = "other_event_than_its_address"


def tidings(event_name: str, raw: bytes, *, at: datetime) -> Sequence[Tiding]:
    """What a body says that came for an event; without a name, for the event that it looks like."""
    try:
        body = exact_json.read(raw)
    except exact_json.NotJson:
        return [_shapeless(event_name, NOT_UNDERSTOOD)]
    if not isinstance(body, dict):
        # A list of rejected incoming payments has no money for us.
        return [_shapeless(event_name, OTHER_EVENT if event_name else NOT_UNDERSTOOD)]
    told = _lowered(body)
    if _is_misaddressed(event_name, told):
        return [Unreadable(OTHER_THAN_NAMED, _shown(told, "uniquereference"))]
    name = event_name or exact_json.text(told.get("eventname"), 64) or _guessed(told)
    read = _READERS.get(name.lower())
    if read is None:
        return [Unheard(OTHER_EVENT if name else NOT_UNDERSTOOD, _shown(told, "uniquereference"))]
    return read(told, at)


def _shapeless(event_name: str, why: str) -> Tiding:
    """What came for an event, and is no body of any."""
    return Unreadable(NOT_UNDERSTOOD) if event_name.lower() in _READERS else Unheard(why)


def _is_misaddressed(event_name: str, told: Fields) -> bool:
    """Whether a body is another event's than its address.

    The signature covers the body only: an address must not turn one event into another.
    """
    named = exact_json.text(told.get("eventname"), 64).lower()
    if event_name and named:
        return named != event_name.lower()
    looks = _guessed(told).lower()
    return event_name.lower() in _READERS and looks not in {"", event_name.lower()}


def _guessed(told: Fields) -> str:
    """The event whose fields a body has, for a body never names its event; empty where none."""
    has = told.keys()
    if "directcreditdetails" in has:
        return "InboundDirectCredit"
    if {"returnreason", "transactionreference"} <= has:
        return "DirectEntryDishonour"
    if {"returnreason", "uniquereference"} <= has:
        return "NppReturn"
    if {"status", "uniquereference"} <= has:
        return "NppPaymentStatus"
    # PayTo's receipts look the same but for who initiated them.
    npp = {"transactionid", "amount", "datetime", "sourceaccountname"} <= has
    return "NPPReceivePayment" if npp and not has & {"mmsid", "initiatingpartyname"} else ""


def _payment_status(told: Fields, at: datetime) -> Sequence[Tiding]:
    def news(attempt: int) -> News | str:
        status = exact_json.text(told.get("status"), 64).lower()
        amount = _amount_or_none(told)
        if isinstance(amount, str):
            return amount
        if status == "payment successful":
            moment = dates.heard(told.get("timestamp", told.get("transactiondate")), at)
            return Confirmed(
                at=moment, by=BY, attempt=attempt, amount=amount,
                monoova_transaction_id=transaction_id(told.get("transactionid")),
            )  # fmt: skip
        if status == "rejected":
            moment = dates.heard(told.get("timestamp", told.get("rejectiondatetime")), at)
            reason = exact_json.printable(told.get("rejectionreasondescription"), LONGEST_REASON)
            return Rejected(at=moment, by=BY, attempt=attempt, amount=amount, reason=reason)
        return UNKNOWN_STATUS

    return _of_payout(told, "uniquereference", news)


def _npp_return(told: Fields, at: datetime) -> Sequence[Tiding]:
    return _of_payout(told, "uniquereference", lambda attempt: _returned(told, attempt, at))


def _dishonour(told: Fields, at: datetime) -> Sequence[Tiding]:
    def news(attempt: int) -> News | str:
        # A dishonoured debit is money that somebody else did not give us.
        kind = exact_json.text(told.get("type"), 32).lower()
        if kind == "credit":
            return _returned(told, attempt, at)
        return NOT_A_CREDIT if kind == "debit" else NOT_UNDERSTOOD

    named = "transactionreference" if "transactionreference" in told else "uniquereference"
    return _of_payout(told, named, news)


def _returned(told: Fields, attempt: int, at: datetime) -> News | str:
    # Money that comes back without an amount would have to be guessed.
    amount = _amount(told.get("amount"))
    if isinstance(amount, str):
        return amount
    reason = exact_json.printable(told.get("returnreason"), LONGEST_REASON)
    moment = dates.heard(told.get("timestamp", told.get("returndate")), at)
    return Returned(
        at=moment, by=BY, attempt=attempt, amount=amount, reason=reason,
        return_id=transaction_id(told.get("returntransactionid")) or "",
    )  # fmt: skip


def _of_payout(told: Fields, named: str, news: Callable[[int], News | str]) -> Sequence[Tiding]:
    """The news of one of our payouts, or why it is none."""
    reference = exact_json.text(told.get(named), LONGEST_REFERENCE)
    ours = parse_reference(reference)
    if ours is None or not reference.isascii() or not reference.isprintable():
        return [Unheard(UNKNOWN_REFERENCE, _shown(told, named))]
    heard = news(ours[1]) if _in_our_currency(told) else OTHER_CURRENCY
    if isinstance(heard, str):
        return [
            Unheard(heard, reference) if heard == NOT_A_CREDIT else Unreadable(heard, reference)
        ]
    return [PayoutNews(reference, ours[0], heard)]


def _npp_received(told: Fields, at: datetime) -> Sequence[Tiding]:
    moment = dates.received(told.get("datetime", told.get("timestamp")), at, day_first=True)
    return [_receipt(told, Rail.NPP, moment, told.get("paymentdescription"))]


def _direct_credits(told: Fields, at: datetime) -> Sequence[Tiding]:
    details = told.get("directcreditdetails")
    if not isinstance(details, list) or not details:
        return [Unreadable(NOT_UNDERSTOOD)]
    return [_direct_credit(each, at) for each in details]


def _direct_credit(detail: object, at: datetime) -> Tiding:
    if not isinstance(detail, dict):
        return Unreadable(NOT_UNDERSTOOD)
    told = _lowered(detail)
    moment = dates.received(told.get("datetime"), at, day_first=False)
    return _receipt(told, Rail.DIRECT_ENTRY, moment, told.get("lodgementref"))


def _receipt(told: Fields, rail: Rail, moment: datetime, reference: object) -> Tiding:
    named = transaction_id(told.get("transactionid"))
    if named is None:
        return Unreadable(NOT_UNDERSTOOD)
    if not _in_our_currency(told):
        return Unreadable(OTHER_CURRENCY, named)
    amount = _amount(told.get("amount"))
    if isinstance(amount, str):
        return Unheard(amount, named) if amount == NO_MONEY else Unreadable(amount, named)
    written = exact_json.printable(reference, DESCRIPTION_LIMIT[Rail.NPP])
    return Receipt(named, amount, str(rail), moment, written)


def _amount(value: object) -> Money | str:
    """A positive amount, or why it is none."""
    try:
        amount = Money.exactly(value.strip() if isinstance(value, str) else value)
    except InvalidAmount:
        return NOT_UNDERSTOOD
    if amount.cents < 0:
        return NOT_UNDERSTOOD
    return amount or NO_MONEY


def _amount_or_none(told: Fields) -> Money | str | None:
    return None if told.get("amount") is None else _amount(told["amount"])


def _in_our_currency(told: Fields) -> bool:
    currency = told.get("currency")
    return currency is None or exact_json.text(currency, 8).upper() == CURRENCY


def _lowered(body: Fields) -> Fields:
    return {name.lower(): value for name, value in body.items()}


def _shown(told: Fields, named: str) -> str:
    return exact_json.printable(told.get(named), LONGEST_REFERENCE)


_READERS: dict[str, Callable[[Fields, datetime], Sequence[Tiding]]] = {
    "npppaymentstatus": _payment_status,
    "nppreturn": _npp_return,
    "directentrydishonour": _dishonour,
    "nppreceivepayment": _npp_received,
    "inbounddirectcredit": _direct_credits,
}

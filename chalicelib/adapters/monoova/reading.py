"""The provider's answers in our words. What is not understood is refused, never guessed.

Its field names for asking are here. New fields are ignored; a missing or senseless one that a
conclusion would rest on makes the whole answer unusable.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from chalicelib.adapters import exact_json
from chalicelib.domain.answers import Answer, Mishap
from chalicelib.domain.errors import InvalidAmount, ProviderUnavailable
from chalicelib.domain.events import Accepted, Confirmed, News, Rejected, Returned
from chalicelib.domain.liquidity import Financials
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.references import parse_reference
from chalicelib.ports import AccountEntry, Settled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from chalicelib.adapters.monoova.transport import Reply

NOT_FOUND = "UniqueIdNotFound"
BY = "monoova:status"
LONGEST_REFERENCE = 200
LONGEST_REASON = 280
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_OURS = re.compile(
    r"(?<![0-9A-Za-z-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-[0-9]{1,5}(?![0-9A-Za-z-])"
)


def object_of(reply: Reply) -> dict[str, Any]:
    """The JSON object of a reply; empty where there is none."""
    try:
        return exact_json.read_object(reply.raw)
    except exact_json.NotJson:
        return {}


def code_of(reply: Reply) -> str:
    """The provider's code of a reply (`status`); empty where it has none that looks like one."""
    code = object_of(reply).get("status")
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""


def answer_of(reply: Reply) -> Answer:
    """A reply to a request to pay, in neutral words."""
    if reply.mishap is not Mishap.NONE:
        return Answer(mishap=reply.mishap)
    told = object_of(reply)
    return Answer(
        http_status=reply.http_status,
        code=code_of(reply),
        transaction_id=transaction_id(told.get("transactionId")),
        fee=fee(told.get("feeAmountIncludingGst")),
        reference=exact_json.text(told.get("callerUniqueReference"), LONGEST_REFERENCE),
    )


def transaction_id(value: object) -> str | None:
    """A transaction's id as text; the provider's 0 means that there is none."""
    told = exact_json.printable(exact_json.text(value, 64), 64)
    return None if told in {"", "0"} else told


def fee(value: object) -> Money | None:
    """A fee in whole cents; `None` where it tells none.

    A tariff has parts of a cent (0.099, 0.132): what leaves the account is rounded half up, and so
    is this, the one amount in the service that is.
    """
    charged = rounded(value)
    return None if charged is None or charged.cents < 0 else charged


def rounded(value: object) -> Money | None:
    """An amount of the provider's own (fee, balance, line of its ledger), half up to the cent."""
    if not isinstance(value, (int, Decimal)) or isinstance(value, bool):
        return None
    try:
        return Money.exactly(Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP))
    except (InvalidAmount, InvalidOperation):
        return None


def news_of(told: Mapping[str, Any], *, reference: str, attempt: int, at: datetime) -> News:
    """What a status says of one attempt.

    Raises:
        ProviderUnavailable: it is of another reference, or in words that are not known.
    """
    named = exact_json.text(told.get("uniqueReference"), LONGEST_REFERENCE)
    if named not in {"", reference}:
        raise ProviderUnavailable("The provider answered about another reference.")
    word = told.get("transactionStatus")
    reason = exact_json.printable(told.get("statusDescription"), LONGEST_REASON)
    match word:
        case "Complete":
            return Confirmed(at=at, by=BY, attempt=attempt)
        case "Pending" | "WaitingOnClearedFunds":
            return Accepted(at=at, by=BY, attempt=attempt)
        case "Rejected":
            return Rejected(at=at, by=BY, attempt=attempt, reason=reason)
        case "Dishonoured":
            return Returned(at=at, by=BY, attempt=attempt, reason=reason)
    shown = word if isinstance(word, str) and _CODE.fullmatch(word) else type(word).__name__
    raise ProviderUnavailable(f"The provider's word for a status is not known: {shown}.")


def statuses_of(told: Mapping[str, Any], *, at: datetime) -> dict[str, News]:
    """News of every reference of ours among the statuses of some days.

    What is told twice in different words, or in words that are not known, is left out: it has to
    be asked for by itself.

    Raises:
        ProviderUnavailable: there is no such list.
    """
    heard: dict[str, News] = {}
    doubtful: set[str] = set()
    for row in _rows(told, "statuses"):
        reference = exact_json.text(row.get("uniqueReference"), LONGEST_REFERENCE)
        ours = parse_reference(reference)
        if ours is None:
            continue
        try:
            news = news_of(row, reference=reference, attempt=ours[1], at=at)
        except ProviderUnavailable:
            doubtful.add(reference)
            continue
        if heard.setdefault(reference, news) != news:
            doubtful.add(reference)
    return {reference: news for reference, news in heard.items() if reference not in doubtful}


def wanted_entries(account: str, first: date, last: date) -> dict[str, str | bool]:
    """What to ask for to get the account's lines of some Sydney dates."""
    # To the last second, for whoever should heed the time although told not to.
    return {
        "accountNumber": account, "frequency": "Custom", "descending": False,
        "startDate": f"{first.isoformat()}T00:00:00", "endDate": f"{last.isoformat()}T23:59:59",
        "useTime": False,
    }  # fmt: skip


def is_code(text: str) -> bool:
    """Whether a text is a word of the provider's software, and so nobody's name."""
    return _CODE.fullmatch(text) is not None


def entry_reference(row: Mapping[str, Any]) -> str:
    """The unique reference of a line of the account; empty where it has none."""
    reference = exact_json.text(row.get("uniqueReference"), LONGEST_REFERENCE)
    if not reference:
        # The description repeats it, wherever the field should be empty.
        described = _OURS.search(exact_json.text(row.get("description"), 2000))
        reference = described[0] if described else ""
    return reference


def entries_of(told: Mapping[str, Any]) -> list[AccountEntry]:
    """The lines of the account, in the provider's own order.

    Raises:
        ProviderUnavailable: a line cannot be understood, so that nothing can be said to be absent.
    """
    rows = _rows(told, "items")
    return [_entry(row) for row in sorted(rows, key=_order)]


def _entry(row: Mapping[str, Any]) -> AccountEntry:
    debit, credit = _amount(row.get("debit")), _amount(row.get("credit"))
    return AccountEntry(
        reference=entry_reference(row),
        transaction_id=transaction_id(row.get("transactionId")) or "",
        debit=debit,
        credit=credit,
    )


def _amount(value: object) -> Money:
    amount = ZERO if value is None else rounded(value)
    if amount is None or amount.cents < 0:
        raise ProviderUnavailable("A line of the provider's account has no amount.")
    return amount


def _order(row: Mapping[str, Any]) -> int:
    order = row.get("rowOrder")
    return order if isinstance(order, int) else 0


def statement_of(told: Mapping[str, Any]) -> dict[str, Settled]:
    """Ids and fees of the successful payments of a day, by reference.

    Raises:
        ProviderUnavailable: there is no such list.
    """
    settled: dict[str, Settled] = {}
    for row in _rows(told, "transactions"):
        # The provider's own spelling, and what it may one day be corrected to.
        named = row.get("uniqueReferenced", row.get("uniqueReference"))
        reference = exact_json.text(named, LONGEST_REFERENCE)
        charged = fee(row.get("feeAmountIncludingGst"))
        paid = transaction_id(row.get("transactionId"))
        if reference and paid is not None and charged is not None:
            settled[reference] = Settled(paid, charged)
    return settled


def financials_of(told: Mapping[str, Any]) -> Financials:
    """The account's figures.

    Raises:
        ProviderUnavailable: they do not say what the account holds, and what can be paid with it.
    """
    figures = told.get("financials")
    if not isinstance(figures, dict):
        raise ProviderUnavailable("The provider's answer has no financials.")
    actual, available = (
        rounded(figures.get("actualBalance")),
        rounded(figures.get("availableToDebit")),
    )
    if actual is None or available is None:
        raise ProviderUnavailable("The provider's financials have no balance.")
    return Financials(
        actual,
        available,
        rounded(figures.get("nppBalance")),
        rounded(figures.get("nppPayoutLimit")),
    )


def _rows(told: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    rows = told.get(name)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ProviderUnavailable(f"The provider's answer has no list of {name}.")
    return rows

"""What an answer of the provider to a request to pay proves: one pure function, unknown by default.

Only what is listed here is proof of a refusal; only what cannot have reached the provider was
never sent. Everything else is `Unclear`, to be resolved by asking.
Codes are the provider's; their beginnings have changed over time, so they are known by their ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.events import (
    Accepted,
    Doubt,
    Hindrance,
    NeverSent,
    News,
    OutOfFunds,
    Refused,
    Unclear,
)

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.money import Money

NO_FUNDS = "DebitTransactionWillExceedSignInCreditLimit"
REFUSALS = (
    NO_FUNDS,
    "DirectCreditDetailsAreInvalid",
    "NppCreditBankAccountDetailsAreInvalid",
    "NppCreditPayIdDetailsAreInvalid",
    "InvalidTotalAmount",
    "TotalAmountIsMoreThanMaxTransactionLimit",
    "InvalidAmountsDontMatch",
    "InvalidDisbursementMethod",
    "InvalidPaymentSource",
    "InvalidMAccount",
    "RequestBodyNotValidJson",
    "UniqueReferenceExceedsMaxLength",
    "NotAuthorisedToDebitmAccount",
    "BlockedDisbursementItemDirectCreditDetailAccount",
)
REFERENCE_EXISTS = "UniqueReferenceExists"
ACCEPTANCES = frozenset({"Ok", "Pending"})


class Mishap(StrEnum):
    """What befell a request on its way; `NONE` where an HTTP answer came back whole."""

    NONE = "none"
    NOT_CONNECTED = "not_connected"
    NO_TIME = "no_time"
    GATE_CLOSED = "gate_closed"
    TIMED_OUT = "timed_out"
    CONNECTION_LOST = "connection_lost"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in neutral words: HTTP status, the provider's code, and what it told.

    `code` is empty where the body could not be understood. `reference` is the one that the answer
    itself names, empty where it names none.
    """

    mishap: Mishap = Mishap.NONE
    http_status: int = 0
    code: str = ""
    transaction_id: str | None = None
    fee: Money | None = None
    reference: str = ""


_BEFORE_IT_LEFT = {
    Mishap.NOT_CONNECTED: Hindrance.NO_CONNECTION,
    Mishap.NO_TIME: Hindrance.OUT_OF_TIME,
    Mishap.GATE_CLOSED: Hindrance.SIGN_IN_REFUSED,
}
_ON_ITS_WAY = {
    Mishap.TIMED_OUT: Doubt.TIMED_OUT,
    Mishap.CONNECTION_LOST: Doubt.CONNECTION_LOST,
}


def classify(  # noqa: PLR0911 (a ladder of guards, in order)
    answer: Answer, *, reference: str, attempt: int, at: datetime, by: str
) -> News:
    """The event that an answer to a request to pay `reference` amounts to."""
    if answer.mishap in _BEFORE_IT_LEFT:
        return NeverSent(at=at, by=by, attempt=attempt, reason=_BEFORE_IT_LEFT[answer.mishap])
    if answer.mishap in _ON_ITS_WAY:
        return Unclear(at=at, by=by, attempt=attempt, doubt=_ON_ITS_WAY[answer.mishap])
    if answer.code.endswith(REFERENCE_EXISTS):
        # Whatever else the answer says: something of this name is there already.
        return _unclear(answer, Doubt.REFERENCE_EXISTS, attempt, at, by)
    if answer.http_status == 401:
        return NeverSent(at=at, by=by, attempt=attempt, reason=Hindrance.SIGN_IN_REFUSED)
    if answer.http_status == 429:
        return _unclear(answer, Doubt.TOO_MANY_REQUESTS, attempt, at, by)
    if answer.http_status == 200 and answer.code in ACCEPTANCES:
        if answer.reference not in {"", reference}:
            return _unclear(answer, Doubt.NOT_UNDERSTOOD, attempt, at, by)
        return Accepted(
            at=at, by=by, attempt=attempt,
            monoova_transaction_id=answer.transaction_id, fee=answer.fee,
        )  # fmt: skip
    if answer.http_status == 400 and answer.code.endswith(REFUSALS):
        kind = OutOfFunds if answer.code.endswith(NO_FUNDS) else Refused
        return kind(at=at, by=by, attempt=attempt, refusal=answer.code)
    if answer.http_status >= 500:
        return _unclear(answer, Doubt.SERVER_ERROR, attempt, at, by)
    return _unclear(answer, Doubt.NOT_UNDERSTOOD, attempt, at, by)


def objection(news: News) -> News | None:
    """What an answer to a validation amounts to, of what it would say of the payment itself.

    `None`: nothing against paying. A validation moves nothing, so where nobody can say whether it
    was taken, nothing was sent, and it is tried later. What is not understood stands in nobody's
    way: the payment itself will tell.
    """
    if isinstance(news, Accepted):
        return None
    if not isinstance(news, Unclear) or news.doubt is Doubt.REFERENCE_EXISTS:
        return news
    if news.doubt is Doubt.NOT_UNDERSTOOD:
        return None
    return NeverSent(at=news.at, by=news.by, attempt=news.attempt, reason=Hindrance.NOT_VALIDATED)


def _unclear(answer: Answer, doubt: Doubt, attempt: int, at: datetime, by: str) -> Unclear:
    detail = answer.code or f"http_{answer.http_status}"
    return Unclear(at=at, by=by, attempt=attempt, doubt=doubt, detail=detail)

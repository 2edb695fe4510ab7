"""The provider's verification of accounts: one cent with a code, and whether a code is the one.

Each call is made once. A start is refused only where a listed code says so, exactly as a payment
is; only a plain Ok makes a code the right one. All of the provider's field names for it are here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters import exact_json
from chalicelib.adapters.monoova import reading
from chalicelib.adapters.monoova.transport import Call
from chalicelib.domain.account_check import AMOUNT, Heard
from chalicelib.domain.answers import Mishap, classify
from chalicelib.domain.destination import PayId
from chalicelib.domain.events import Accepted, NeverSent, OutOfFunds, Refused
from chalicelib.ports import Beginning, Judged

if TYPE_CHECKING:
    from chalicelib.adapters.monoova.signin import SignedIn
    from chalicelib.adapters.monoova.transport import Reply
    from chalicelib.domain.destination import Destination
    from chalicelib.ports import Clock

BY = "monoova:verify"
# What the provider takes here, which is less than what it pays to.
LONGEST_NAME, LONGEST_NUMBER, LONGEST_TOKEN = 32, 9, 200
TOO_LONG = "account_number_too_long"
_RIGHT = frozenset({"Ok", "OK"})
_NEVER_LEFT = frozenset({Mishap.NOT_CONNECTED, Mishap.NO_TIME, Mishap.GATE_CLOSED})


class MonoovaVerifier:
    """The `Verifier` port on Monoova's HTTP interface; `remitter` is shown to the payee."""

    def __init__(self, signed_in: SignedIn, *, clock: Clock, remitter: str = "") -> None:
        self._signed_in = signed_in
        self._clock = clock
        self._remitter = remitter

    def start(self, destination: Destination, *, identifier: str, within: float) -> Beginning:
        """Send one cent with a code, once; whatever happens is told, never raised."""
        told = _payee(destination)
        if len(told.get("bankAccountNumber", "")) > LONGEST_NUMBER:
            return Beginning(Heard.REFUSED, reason=TOO_LONG)
        if self._remitter:
            told["remitter"] = self._remitter
        body = exact_json.write(told | {"verificationIdentifier": identifier}).encode("ascii")
        call = Call("verify_start", "POST", "/verify/v2/aba/initiate", body)
        return self._begun(self._signed_in.send(call, seconds=within), identifier)

    def confirm(self, token: str, code: str, *, within: float) -> Judged:
        """Ask whether it is the code, once; whatever happens is told, never raised."""
        told = {"token": token, "amount": AMOUNT.decimal, "code": code}
        body = exact_json.write(told).encode("ascii")
        call = Call("verify_code", "POST", "/verify/v1/aba/validate", body)
        return _judged(self._signed_in.send(call, seconds=within))

    def _begun(self, reply: Reply, identifier: str) -> Beginning:
        """What an answer to a start proves; what proves nothing leaves it in doubt."""
        answer = reading.answer_of(reply)
        news = classify(
            answer, reference=identifier, attempt=1, at=self._clock.now(), by=BY
        )  # fmt: skip
        if isinstance(news, Accepted):
            return _sent(reply)
        if isinstance(news, (Refused, OutOfFunds)):
            return Beginning(Heard.REFUSED, reason=news.refusal)
        if isinstance(news, NeverSent):
            return Beginning(Heard.NOT_SENT, reason=str(news.reason))
        return Beginning(Heard.IN_DOUBT, reason=answer.code)


def _payee(destination: Destination) -> dict[str, str]:
    plain = destination.reveal()
    named = {"accountName": plain["accountName"][:LONGEST_NAME]}
    if isinstance(destination, PayId):
        return {
            "creditMethod": "NppCreditPayId", "payId": plain["payId"],
            "payIdType": plain["payIdType"],
        } | named  # fmt: skip
    return {
        "creditMethod": "NppCreditBankAccount", "bsb": plain["bsbNumber"],
        "bankAccountNumber": plain["accountNumber"],
    } | named  # fmt: skip


def _sent(reply: Reply) -> Beginning:
    """A start that was taken; without its token it has come to nothing that we could go on with."""
    told = reading.object_of(reply)
    token = exact_json.text(told.get("token"), LONGEST_TOKEN)
    return Beginning(
        Heard.SENT if token else Heard.IN_DOUBT,
        token=token,
        owner=exact_json.printable(told.get("ownerName"), 140),
        fee=reading.fee(told.get("feeAmountIncGst")),
        reason="" if token else "no_token",
    )


def _judged(reply: Reply) -> Judged:
    """What an answer to a code proves. Only Ok is right; a refusal that is not known is wrong."""
    if reply.mishap in _NEVER_LEFT or reply.http_status == 401:
        return Judged(Heard.NOT_ASKED, str(reply.mishap))
    code = reading.code_of(reply)
    if reply.mishap is Mishap.NONE and reply.http_status == 200 and code in _RIGHT:
        return Judged(Heard.RIGHT)
    if reply.mishap is not Mishap.NONE or reply.http_status != 400 or not code:
        return Judged(Heard.NOT_ANSWERED, code)
    # The words are not published: these three ways of ending are what they can mean.
    if "lock" in code.lower():
        return Judged(Heard.BLOCKED, code)
    if code.endswith("NotFound"):
        return Judged(Heard.LOST, code)
    return Judged(Heard.WRONG, code)

"""Verifying a destination with one cent and a code; as in the sandbox it is always 555555.

Three wrong codes lock a token for an hour. The name that a PayID is registered to is the one asked
about, unless that one begins with `Sim Owner`: then it is what follows.
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from local.monoova.answers import Answer, Refused, ok
from local.monoova.books import Books
from local.monoova.clock import VirtualClock, micros
from local.monoova.entries import FEE, VERIFICATION
from local.monoova.fees import VERIFICATION as TARIFF
from local.monoova.fees import Fee
from local.monoova.orders import details_refused, read_body
from local.monoova.outcomes import by_name, refusal_code
from local.monoova.payees import DETAILS, Unreachable, read_payee
from local.monoova.shapes import cents
from local.monoova.store import Store

CODE = "555555"
METHODS = ("NppCreditBankAccount", "NppCreditPayId")
WRONG_CODES = 3
LOCKED = timedelta(hours=1)
# What is taken here is less than what can be paid to.
LONGEST = {"accountName": 32, "bankAccountNumber": 9}
OWNER = re.compile(r"sim owner (.+)", re.IGNORECASE)


@dataclass(frozen=True)
class Verification:
    """Sends the cents and checks the codes."""

    store: Store
    clock: VirtualClock
    books: Books

    def initiate(self, body: bytes) -> Answer:
        """Sends one cent, and gives back the token of the verification."""
        fields = read_body(body)
        method = fields.get("creditMethod")
        if not isinstance(method, str) or method not in METHODS:
            raise Refused("InvalidCreditMethod", "creditMethod is not known")
        if not _is_short(fields.get("verificationIdentifier"), 512):
            raise Refused("ValidationFailed", "verificationIdentifier is required")
        name = _account_name(method, fields)
        fee = Fee(TARIFF)
        token = str(uuid.uuid4())
        with self.store.writing():
            if self.books.balance() < 1 + fee.charged:
                code = "DebitTransactionWillExceedSignInCreditLimit"
                raise Refused(code, "The cent and its fee are more than the account can pay")
            self._send(fee)
            self.store.run("INSERT INTO verifications VALUES (?, 0, 0, 0)", token)
        return ok(
            {
                "token": token,
                "feeAmountExGst": fee.excluding_gst,
                "feeAmountIncGst": fee.including_gst,
                "feeAmountGstComp": fee.gst,
                "ownerName": _owner(name) if method == "NppCreditPayId" else None,
            }
        )

    def validate(self, body: bytes) -> Answer:
        """Checks a code."""
        fields = read_body(body)
        with self.store.writing():
            refused = self._judged(fields)
        if refused is not None:
            raise refused
        return ok()

    def _judged(self, fields: Mapping[str, object]) -> Refused | None:
        token, now = fields.get("token"), self.clock.now()
        row = None
        if isinstance(token, str):
            row = self.store.row("SELECT * FROM verifications WHERE token = ?", token)
        if row is None:
            return Refused("VerificationTokenNotFound", "There is no verification with that token")
        if micros(now) < row["locked_until"]:
            return Refused(
                "VerificationTokenLocked", "Three codes were wrong; try again in an hour"
            )
        if fields.get("code") == CODE and cents(fields.get("amount")) == 1:
            self.store.run(
                "UPDATE verifications SET verified = 1, wrong = 0 WHERE token = ?", token
            )
            return None
        wrong = row["wrong"] + 1
        locked = wrong >= WRONG_CODES
        self.store.run(
            "UPDATE verifications SET wrong = ?, locked_until = ? WHERE token = ?",
            0 if locked else wrong,
            micros(now + LOCKED) if locked else 0,
            token,
        )
        return Refused("InvalidVerificationCode", "The code or the amount is wrong")

    def _send(self, fee: Fee) -> None:
        number, now = self.books.next_transaction(), self.clock.now()
        for amount, kind in ((1, VERIFICATION), (fee.charged, FEE)):
            self.books.post(
                -amount, kind, at=now, text="Account verification", transaction_id=number
            )


def _account_name(method: str, fields: Mapping[str, object]) -> str:
    details = {
        "bsbNumber": fields.get("bsb"),
        "accountNumber": fields.get("bankAccountNumber"),
        "payId": fields.get("payId"),
        "payIdType": fields.get("payIdType"),
        "accountName": fields.get("accountName"),
        "remitterName": fields.get("remitter"),
    }
    for field, most in LONGEST.items():
        value = fields.get(field)
        if isinstance(value, str) and len(value) > most:
            raise details_refused(method)
    try:
        name = read_payee(method, {DETAILS[method]: details}).account_name
    except Unreachable as error:
        raise details_refused(method) from error
    outcome = by_name(name, default="paid")
    if outcome.ending == "refuse":
        raise Refused(refusal_code(outcome, method), "Refused because the simulator was asked to")
    return name


def _owner(name: str) -> str:
    named = OWNER.fullmatch(" ".join(name.split()))
    return named[1] if named else name


def _is_short(value: object, most: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= most

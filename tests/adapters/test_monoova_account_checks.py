"""Verifying an account: one call each, and what its answer proves; no word of a secret gets out."""

import json
from decimal import Decimal

import pytest

from chalicelib.adapters.monoova.account_checks import TOO_LONG, MonoovaVerifier
from chalicelib.adapters.monoova.transport import Reply
from chalicelib.domain.account_check import Heard
from chalicelib.domain.answers import REFUSALS, Mishap
from chalicelib.domain.destination import BankAccount, PayId, PayIdType
from chalicelib.domain.money import Money
from chalicelib.ports import Beginning, Judged
from tests.adapters.samples import BANK, JO, StillClock, line, told

OWNER = "Citizen, Jo"
TOKEN = "fake-token-40a834c0"
TAKEN = {
    "status": "Ok", "token": TOKEN, "feeAmountExGst": Decimal("1.0"), "feeAmountIncGst": 1.1,
    "ownerName": OWNER,
}  # fmt: skip


def taken(**changed):
    return Reply(http_status=200, raw=json.dumps({**TAKEN, **changed}, default=float).encode())


class Desk:
    """The adapter over a script."""

    def __init__(self, *script, remitter="Example Pty Ltd"):
        self.line = line(*script)
        clock = StillClock(self.line.seconds)
        self.there = MonoovaVerifier(self.line.signed_in, clock=clock, remitter=remitter)

    @property
    def calls(self):
        return self.line.transport.calls

    def sent(self):
        (call,) = self.calls
        return json.loads(call.body, parse_float=Decimal)

    def start(self, destination=JO, within=5):
        return self.there.start(destination, identifier="check-1", within=within)

    def confirm(self, within=5):
        return self.there.confirm(TOKEN, "555555", within=within)


def test_a_pay_id_is_verified_under_our_own_name():
    desk = Desk(taken())
    desk.start()
    assert desk.sent() == {
        "creditMethod": "NppCreditPayId", "payId": "jo@example.com", "payIdType": "Email",
        "accountName": "Jo Citizen", "remitter": "Example Pty Ltd",
        "verificationIdentifier": "check-1",
    }  # fmt: skip
    (call,) = desk.calls
    assert (call.method, call.path) == ("POST", "/verify/v2/aba/initiate")


def test_a_bank_account_is_verified_by_its_own_fields():
    desk = Desk(taken(ownerName=None), remitter="")
    assert desk.start(BANK).owner == ""
    assert desk.sent() == {
        "creditMethod": "NppCreditBankAccount", "bsb": "062-000", "bankAccountNumber": "12345678",
        "accountName": "Jo Citizen", "verificationIdentifier": "check-1",
    }  # fmt: skip


def test_a_name_is_cut_to_what_the_provider_takes_here():
    desk = Desk(taken())
    desk.start(PayId.parse(PayIdType.EMAIL, "jo@example.com", "Jo " + "C" * 40))
    assert desk.sent()["accountName"] == "Jo " + "C" * 29


@pytest.mark.parametrize(("number", "calls"), [("123456789", 1), ("1234567890", 0)])
def test_an_account_number_that_the_provider_does_not_take_here_is_not_sent(number, calls):
    desk = Desk(taken())
    begun = desk.start(BankAccount.parse("062-000", number, "Jo Citizen"))
    assert len(desk.calls) == calls
    if not calls:
        assert begun == Beginning(Heard.REFUSED, reason=TOO_LONG)


def test_a_start_that_was_taken_tells_token_owner_and_fee():
    assert Desk(taken()).start() == Beginning(
        Heard.SENT, token=TOKEN, owner=OWNER, fee=Money(110)
    )  # fmt: skip


def test_a_fee_that_is_not_told_is_not_known():
    assert Desk(taken(feeAmountIncGst=None)).start().fee is None


@pytest.mark.parametrize("token", [None, "", 0.5, ["x"], "x" * 201])
def test_a_start_without_a_token_is_in_doubt(token):
    begun = Desk(taken(token=token)).start()
    assert (begun.heard, begun.token, begun.reason) == (Heard.IN_DOUBT, "", "no_token")


@pytest.mark.parametrize("code", REFUSALS)
def test_a_start_is_refused_by_the_codes_that_refuse_a_payment(code):
    for known in (code, f"FinancialValidate{code}"):
        begun = Desk(told(400, status=known)).start()
        assert begun == Beginning(Heard.REFUSED, reason=known)


NEVER_LEFT = [
    Reply(Mishap.NOT_CONNECTED), Reply(http_status=401), told(400, status="MerchantLockedOut"),
]  # fmt: skip
UNCLEAR = [
    Reply(Mishap.TIMED_OUT), Reply(Mishap.CONNECTION_LOST), Reply(http_status=500),
    Reply(http_status=502, raw=b"<html>"), Reply(http_status=200, raw=b"rubbish"),
    Reply(http_status=200, raw=b"[]"), Reply(http_status=301), Reply(http_status=400, raw=b"{}"),
    told(429, status="TooManyRequests"), told(204, status="Ok"), told(200, status="Exception"),
    told(500, status="FinancialValidateInvalidTotalAmount"),
    Reply(http_status=200, detail="the answer is too large"),
]  # fmt: skip


@pytest.mark.parametrize("reply", NEVER_LEFT)
def test_what_certainly_never_left_is_not_sent(reply):
    assert Desk(reply).start().heard is Heard.NOT_SENT
    assert Desk(reply).confirm().heard is Heard.NOT_ASKED


@pytest.mark.parametrize(
    "reply",
    [*UNCLEAR, told(400, status="ACodeThatNobodyHasListed"),
     told(400, status="UniqueReferenceExists")],
)  # fmt: skip
def test_a_start_whose_answer_proves_nothing_is_in_doubt_and_made_once(reply):
    desk = Desk(reply, taken())
    begun = desk.start()
    assert (begun.heard, begun.token, begun.owner) == (Heard.IN_DOUBT, "", "")
    assert len(desk.calls) == 1


@pytest.mark.parametrize("reply", UNCLEAR)
def test_a_code_whose_answer_proves_nothing_is_not_answered_and_asked_once(reply):
    desk = Desk(reply, told(status="Ok"))
    assert desk.confirm().heard is Heard.NOT_ANSWERED
    assert len(desk.calls) == 1


@pytest.mark.parametrize("name", ["start", "confirm"])
def test_without_time_nothing_is_sent(name):
    desk = Desk(taken())
    heard = getattr(desk, name)(within=0.9).heard
    assert heard is (Heard.NOT_SENT if name == "start" else Heard.NOT_ASKED)
    assert desk.calls == []


@pytest.mark.parametrize("name", ["start", "confirm"])
def test_a_refused_sign_in_shuts_the_gate_and_is_never_repeated(name):
    desk = Desk(Reply(http_status=401))
    for _ in range(2):
        getattr(desk, name)()
    assert len(desk.calls) == 1
    assert desk.line.gate.shut


def test_a_code_is_asked_about_with_its_token_and_the_cent():
    desk = Desk(told(status="Ok"))
    assert desk.confirm() == Judged(Heard.RIGHT)
    assert desk.sent() == {"token": TOKEN, "amount": Decimal("0.01"), "code": "555555"}
    (call,) = desk.calls
    assert (call.method, call.path) == ("POST", "/verify/v1/aba/validate")


@pytest.mark.parametrize(
    ("code", "heard"),
    [
        ("InvalidVerificationCode", Heard.WRONG),
        ("VerificationTokenLocked", Heard.BLOCKED),
        ("AccountIsLockedOut", Heard.BLOCKED),
        ("VerificationTokenNotFound", Heard.LOST),
        ("ACodeThatNobodyHasListed", Heard.WRONG),
    ],
)
def test_whatever_else_the_provider_says_of_a_code_it_is_not_right(code, heard):
    assert Desk(told(400, status=code)).confirm() == Judged(heard, code)


@pytest.mark.parametrize("word", ["Pending", "ok", "Okay", "", None])
def test_only_ok_makes_a_code_right(word):
    assert Desk(told(200, status=word)).confirm().heard is Heard.NOT_ANSWERED


def test_no_secret_is_in_any_print():
    desk = Desk(taken())
    begun = desk.start()
    printed = f"{begun!r} {desk.calls!r} {desk.there!r}"
    for secret in (TOKEN, OWNER, "555555", "jo@example.com"):
        assert secret not in printed

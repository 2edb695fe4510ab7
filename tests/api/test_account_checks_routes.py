"""Checks of destinations at the doors: started once, confirmed with a code, shown masked."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pytest

from chalicelib.api.account_checks import WORDS
from chalicelib.domain.account_check import CheckStatus, Heard, identifier_of
from chalicelib.domain.destination import BankAccount
from chalicelib.ports import Beginning
from tests.api.client import KEY, Api
from tests.api.house import BANK_ACCOUNT, CUSTOMER, EMAIL_PAY_ID, House
from tests.fakes.account_checks import CODE

if TYPE_CHECKING:
    from tests.api.client import Answer

OTHER_KEY = "another key of sixteen characters"


@pytest.fixture
def house_with_a_customer(house: House) -> House:
    house.customer(CUSTOMER, EMAIL_PAY_ID, BANK_ACCOUNT)
    house.verifier.owner = "Citizen, Jo"
    return house


@pytest.fixture
def api(house_with_a_customer: House) -> Api:
    return Api(house_with_a_customer)


def path(api: Api, number: int = 0) -> str:
    destination = api.house.store.state.customers[CUSTOMER].destinations[number]
    return f"/customers/{CUSTOMER}/destinations/{destination.destination_id}/verification"


def started(api: Api, number: int = 0, *, key: str = KEY, who: str = "maker") -> Answer:
    return api.post(path(api, number), key=key, who=who)


def confirmed(api: Api, code: object = CODE) -> Answer:
    return api.post(f"{path(api)}/confirm", {"code": code}, who="other")


def test_a_check_is_started_and_shown_with_the_registered_name_masked(api: Api):
    answer = started(api)
    assert answer.status == 202
    assert answer.json == {
        "check_id": identifier_of(path(api).split("/")[4], KEY),
        "destination_id": path(api).split("/")[4], "status": "Started",
        "message": WORDS[CheckStatus.STARTED], "verified": False, "name_match": "match",
        "registered_name": "C*** J***", "tries_left": 3, "locked_until": None, "fee": "1.10",
        "reason": None, "started_by": "maker", "started_at": "2026-03-02T01:00:00.000Z",
        "expires_at": "2026-03-05T01:00:00.000Z", "ended_by": None, "ended_at": None,
    }  # fmt: skip
    assert api.get(path(api), role="viewer").json == answer.json


def test_neither_token_nor_name_is_in_an_answer_or_in_a_log(
    api: Api, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    answers = [started(api), started(api), confirmed(api, "000000"), confirmed(api),
               api.get(path(api)), api.get(f"/customers/{CUSTOMER}")]  # fmt: skip
    told = "".join(answer.text for answer in answers) + caplog.text
    for secret in ("fake-token", "Citizen, Jo", "Hidden Payee", CODE):
        assert secret not in told


def test_a_bank_account_tells_no_registered_name(api: Api):
    told = started(api, 1).json
    assert (told["name_match"], told["registered_name"]) == ("unknown", None)


def test_the_same_key_again_is_the_same_check_as_it_is_now(api: Api):
    started(api)
    confirmed(api)
    again = started(api)
    assert (again.status, again.headers["Idempotent-Replayed"]) == (202, "true")
    assert again.json["status"] == "Verified"
    assert len(api.house.verifier.sent) == 1


def test_the_same_key_of_somebody_else_is_409(api: Api):
    started(api)
    assert started(api, who="other").code == "idempotency_key_taken"


def test_a_second_check_is_409(api: Api):
    started(api)
    answer = started(api, key=OTHER_KEY)
    assert (answer.status, answer.code) == (409, "check_under_way")
    assert len(api.house.verifier.sent) == 1


def test_a_key_is_required(api: Api):
    assert api.post(path(api)).places == {"Idempotency-Key": "missing"}
    assert api.house.verifier.sent == []


def test_the_right_code_verifies(api: Api):
    started(api)
    answer = confirmed(api)
    assert answer.status == 200
    assert (answer.json["status"], answer.json["verified"]) == ("Verified", True)
    assert (answer.json["ended_by"], answer.json["ended_at"]) == (
        "other", "2026-03-02T01:00:00.000Z",
    )  # fmt: skip
    customer = api.house.store.state.customers[CUSTOMER]
    assert customer.standing(path(api).split("/")[4]).verified


def test_three_wrong_codes_lock_it_and_say_until_when(api: Api):
    started(api)
    for left in (2, 1, 0):
        answer = confirmed(api, "000000")
        assert (answer.status, answer.places) == (422, {"/code": "wrong_code"})
        assert api.get(path(api)).json["tries_left"] == left
    locked = confirmed(api)
    assert (locked.status, locked.code) == (409, "check_not_open")
    shown = api.get(path(api)).json
    assert (shown["status"], shown["locked_until"]) == ("Locked", "2026-03-02T02:00:00.000Z")
    api.house.clock.advance(3600)
    assert confirmed(api).json["verified"] is True


@pytest.mark.parametrize("code", [555555, "", "555", "5" * 13, "55 55", "55\n55", None])
def test_what_cannot_be_a_code_is_not_tried(api: Api, code: object):
    started(api)
    answer = confirmed(api, code)
    assert (answer.status, list(answer.places)) == (400, ["/code"])
    assert api.get(path(api)).json["tries_left"] == 3


def test_blanks_around_a_code_are_none_of_it(api: Api):
    started(api)
    assert confirmed(api, f" {CODE} ").status == 200


def test_a_start_in_doubt_says_so_and_takes_no_code(api: Api):
    api.house.verifier.starts = [Beginning(Heard.IN_DOUBT)]
    answer = started(api)
    assert (answer.status, answer.json["status"]) == (202, "Unclear")
    assert confirmed(api).code == "check_not_open"


def test_a_start_that_was_refused_says_why(api: Api):
    api.house.verifier.starts = [Beginning(Heard.REFUSED, reason="InvalidMAccount")]
    told = started(api).json
    assert (told["status"], told["reason"]) == ("Failed", "InvalidMAccount")


def test_a_start_that_never_left_is_503_and_the_same_key_may_try_again(api: Api):
    api.house.verifier.starts = [Beginning(Heard.NOT_SENT, reason="no_connection")]
    answer = started(api)
    assert (answer.status, answer.json["retryable"]) == (503, True)
    assert started(api).json["status"] == "Started"


def test_what_was_never_checked_is_404(api: Api):
    for answer in (api.get(path(api)), confirmed(api)):
        assert (answer.status, answer.json["detail"]) == (404, "There is no such verification.")


def test_another_customers_destination_is_404(api: Api):
    other = "00000000-0000-4000-8000-000000000001"
    api.house.customer(other, BankAccount.parse("062-000", "12345678", "Jo Citizen"), available=0)
    foreign = path(api).replace(CUSTOMER, other)
    for answer in (api.get(foreign), api.post(foreign, key=KEY),
                   api.post(f"{foreign}/confirm", {"code": CODE})):  # fmt: skip
        assert answer.status == 404


def test_every_status_has_its_words():
    assert WORDS.keys() == set(CheckStatus)
    assert len(set(WORDS.values())) == len(WORDS)
    assert json.dumps([*WORDS.values()]).isascii()


# Banks and branches.

ACCOUNT = {
    "type": "BankAccount", "bsbNumber": "062-000", "accountNumber": "12345678",
    "accountName": "Jo Citizen",
}  # fmt: skip


def test_a_new_account_is_shown_with_its_bank_and_branch(api: Api):
    made = api.post(f"/customers/{CUSTOMER}/destinations", ACCOUNT, key=KEY)
    assert made.status == 201
    assert (made.json["bank"], made.json["branch"], made.json["warnings"]) == (
        "Example Bank", "1 Example Street", [],
    )  # fmt: skip
    shown = api.get(f"/customers/{CUSTOMER}/destinations").json["data"]
    assert shown[-1] == made.json
    assert [each["bank"] for each in shown] == [None, None, "Example Bank"]


def test_a_closed_branch_is_a_warning_and_no_refusal(api: Api):
    body = {"customer_name": "Al Other", "email": "al@example.com", "payout_destinations": [
        ACCOUNT | {"bsbNumber": "999-000"},
        {"type": "PayId", "payIdType": "Email", "payId": "al@example.com", "accountName": "Al"},
    ]}  # fmt: skip
    made = api.post("/customers", body, key=KEY)
    assert made.status == 201
    assert [each["warnings"] for each in made.json["payout_destinations"]] == [["closed"], []]


def test_a_destination_shows_that_it_is_verified(api: Api):
    started(api)
    confirmed(api)
    shown = api.get(f"/customers/{CUSTOMER}/destinations").json["data"]
    assert [each["verified"] for each in shown] == [True, False]


def test_a_payout_keeps_which_check_it_rests_on_and_the_name_that_it_told(api: Api):
    check = started(api).json
    confirmed(api)
    said = {"customer_id": CUSTOMER, "amount": "1.00", "payout_method": "PayId"}
    kept = api.post("/payouts", said, key=KEY).json["assessment"]
    assert (kept["tier"], kept["name_check"]) == ("verified", "match")
    assert (kept["checked_as"], kept["registered_name"]) == (check["check_id"], "C*** J***")
    other = api.post("/payouts", said | {"payout_method": "BankAccount"}, key=OTHER_KEY).json
    assert (other["assessment"]["checked_as"], other["assessment"]["tier"]) == (None, "unverified")

"""Forgetting at the doors: holds, refusals, progress, certificates, and what is left to see."""

from __future__ import annotations

import pickle

import pytest

from chalicelib.domain.events import Confirmed, Returned
from chalicelib.domain.notices import PayoutNews
from chalicelib.usecases.hear import existing
from tests.api import erasing
from tests.api.client import KEY, Api
from tests.api.house import CUSTOMER, House
from tests.api.making import pay
from tests.fakes.inbox import TOKEN

PATH = f"/customers/{CUSTOMER}"
WHY = {"reason": "Asked for in writing on 1 July."}
TEXTS = {"reference": "Rent of Citizen", "description": "Flat 7 of the Citizens"}
BODY = {"customer_id": CUSTOMER, "amount": "100.00", "payout_method": "PayId"}
PERSONAL = (
    "Jo Citizen", "Citizen", "jo@example.com", "hidden.payee@example.com", "90817263",
    "Hidden Payee", "Rent of", "Flat 7", "Payee of the webhook",
)  # fmt: skip


def webhook(api: Api, transaction_id: str, kind: type, **told: object) -> int:
    payout = existing(api.house.payouts, transaction_id)
    raw = f'{{"to": "Payee of the webhook", "kind": "{kind.__name__}"}}'.encode()
    api.house.inbox.teach_later(
        raw,
        lambda at: (
            PayoutNews(
                payout.unique_reference, transaction_id,
                kind(at=at, by="monoova", attempt=payout.attempt, **told),
            ),
        ),
    )  # fmt: skip
    headers = {"Authorization": TOKEN, "webhookID": "7"}
    return api.post("/webhooks/monoova", raw=raw, headers=headers, role="").status


@pytest.fixture
def paid(api: Api, house: House) -> str:
    """A payout of all that the customer had, with texts, that arrived."""
    house.customer(available=10_000)
    transaction_id = pay(api, **TEXTS)
    assert webhook(api, transaction_id, Confirmed) == 200
    return transaction_id


def erase(api: Api):
    return api.call("DELETE", PATH, WHY, who="anna")


def everything(house: House) -> bytes:
    """Every row and every object, as bytes."""
    state = dict(vars(house.store.state))
    state.pop("lock")
    return pickle.dumps([state, house.archive.objects, house.queue.queued])


def found(house: House) -> list[str]:
    stored = everything(house)
    return [each for each in PERSONAL if each.encode() in stored]


@pytest.mark.usefixtures("paid")
def test_no_text_of_theirs_is_left_in_any_row_or_object(api: Api, house: House):
    seen = set(found(house))
    # What the provider is paid with lies in ciphertexts, which are looked for below.
    assert {"Jo Citizen", "jo@example.com", "Rent of", "Flat 7", "Payee of the webhook"} <= seen
    secrets = [each.ciphertext for each in house.store.state.customers[CUSTOMER].destinations]
    assert all(secrets)
    answer = erase(api)
    assert answer.status == 200
    assert found(house) == []
    stored = everything(house)
    assert not any(each in stored for each in secrets)


@pytest.mark.usefixtures("paid")
def test_the_certificate_is_told_and_asked_for_again_it_is_the_same(api: Api, house: House):
    first = erase(api)
    told = first.json
    assert (told["stage"], told["asked_by"], told["reason"]) == ("erased", "anna", WHY["reason"])
    assert (told["erased_payouts"], told["erased_destinations"]) == (1, 2)
    assert told["certificate"]["name"] == f"erasures/{CUSTOMER}.json"
    assert told["certificate"]["name"] in house.archive.objects
    house.clock.advance(86_400)
    again = api.call("DELETE", PATH, {"reason": "Once more."}, who="adam")
    assert (again.status, again.text) == (200, first.text)
    assert api.get(f"{PATH}/erasure", role="viewer").text == first.text


def test_who_is_erased_still_answers_with_masks_and_without_a_name(api: Api, paid: str):
    before = api.get(PATH).json
    erase(api)
    after = api.get(PATH).json
    assert (after["customer_name"], after["email"], after["erasure"]) == (None, None, "erased")
    assert after["available_balance"] == "0.00"
    assert [each["payId"] for each in after["payout_destinations"]] == [
        each["payId"] for each in before["payout_destinations"]
    ]
    payout = api.get(f"/payouts/{paid}").json
    assert (payout["amount"], payout["status"]) == ("100.00", "Completed")
    assert (payout["reference"], payout["description"]) == (None, None)
    assert payout["destination"]["payId"] == "h***@e***.com"
    assert payout["timeline"]
    listed = api.get(f"/payouts?customer_id={CUSTOMER}").json["data"]
    assert [each["transaction_id"] for each in listed] == [paid]
    assert [each["customer_id"] for each in api.get("/customers").json["data"]] == [CUSTOMER]


@pytest.mark.usefixtures("paid")
def test_afterwards_nothing_new_is_taken_and_the_code_says_why(api: Api, house: House):
    before = house.store.state.customers[CUSTOMER]
    erase(api)
    house.fund(10_000)
    destination = before.destinations[0].destination_id
    for method, path, body in (
        ("PATCH", PATH, {"email": "al@example.com"}),
        ("POST", f"{PATH}/destinations", {
            "type": "PayId", "payIdType": "Email", "payId": "al@example.com", "accountName": "Al B",
        }),
        ("DELETE", f"{PATH}/destinations/{destination}", None),
        ("PUT", f"{PATH}/destinations/{destination}/default", None),
        ("POST", f"{PATH}/stop", None),
        ("POST", f"{PATH}/resume", None),
        ("POST", f"{PATH}/credits", {"amount": "1.00", "reason": "Late."}),
        ("POST", "/payouts", BODY),
        ("PUT", f"{PATH}/legal-hold", WHY),
    ):  # fmt: skip
        answer = api.call(method, path, body, key=KEY)
        assert (answer.status, answer.code) == (409, "customer_erased"), path
    assert len(house.store.state.payouts) == 1
    assert house.store.state.credits.keys() == {next(iter(house.store.state.credits))}


def test_the_same_key_still_finds_its_payout(api: Api, house: House):
    house.customer(available=10_000)
    body = {**BODY, **TEXTS}
    first = api.post("/payouts", body, key=KEY)
    assert webhook(api, first.json["transaction_id"], Confirmed) == 200
    assert erase(api).status == 200
    again = api.post("/payouts", body, key=KEY)
    assert again.status == 202
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json["transaction_id"] == first.json["transaction_id"]
    other = api.post("/payouts", {**body, "amount": "1.00"}, key=KEY)
    assert (other.status, other.places) == (422, {"/amount": "idempotency_key_reused"})


def test_a_late_return_is_heard_and_the_balance_shows_it(api: Api, paid: str):
    erase(api)
    assert webhook(api, paid, Returned, return_id="N00100000077") == 200
    assert api.get(f"/payouts/{paid}").json["status"] == "Returned"
    assert api.get(PATH).json["available_balance"] == "100.00"


def test_all_that_stands_in_the_way_is_told_at_once(api: Api, house: House):
    house.customer(available=20_000)
    open_one = pay(api)
    assert api.call("PUT", f"{PATH}/legal-hold", WHY).status == 200
    answer = erase(api)
    assert (answer.status, answer.code) == (409, "erasure_refused")
    told = {each["code"]: each["detail"] for each in answer.json["errors"]}
    assert told.keys() == {"open_payouts", "balance_not_zero", "legal_hold"}
    assert open_one in told["open_payouts"]
    assert api.get(PATH).json["erasure"] is None
    assert api.get(f"{PATH}/erasure").status == 404
    assert api.call("DELETE", f"{PATH}/erasure").status == 404


def test_holds_are_audited(api: Api, house: House):
    house.customer(available=0)
    assert api.call("DELETE", f"{PATH}/legal-hold", WHY).status == 404
    placed = api.call("PUT", f"{PATH}/legal-hold", WHY, who="anna")
    assert placed.json["legal_hold"] is True
    assert api.get(PATH).json["legal_hold"] is True
    lifted = api.call("DELETE", f"{PATH}/legal-hold", {"reason": "Over."}, who="adam").json
    assert lifted["legal_hold"] is False
    assert [(each["placed"], each["by"], each["reason"]) for each in lifted["history"]] == [
        (True, "anna", WHY["reason"]), (False, "adam", "Over."),
    ]  # fmt: skip
    assert api.get(f"{PATH}/legal-hold").json == lifted
    erase(api)
    assert [each["reason"] for each in api.get(f"{PATH}/legal-hold").json["history"]] == [None] * 2


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", PATH), ("PUT", f"{PATH}/legal-hold"), ("DELETE", f"{PATH}/legal-hold")],
)
def test_a_reason_is_needed_and_must_not_name_them(api: Api, house: House, method: str, path: str):
    house.customer(available=0)
    api.call("PUT", f"{PATH}/legal-hold", WHY)
    assert api.call(method, path, {}).places == {"/reason": "missing"}
    assert api.call(method, path, {"reason": ""}).status == 400
    named = api.call(method, path, {"reason": "Ms Citizen wrote."})
    assert (named.status, named.places) == (422, {"/reason": "names_the_customer"})


def test_while_it_waits_it_says_for_what_and_can_be_taken_back(api: Api):
    who = erasing.waiting(api)
    path = f"/customers/{who}"
    told = api.get(f"{path}/erasure").json
    assert told["stage"] == "asked"
    assert [each["code"] for each in told["waits_for"]] == ["legal_hold"]
    assert (told["certificate"], told["erased_at"], told["erased_payouts"]) == (None, None, None)
    assert api.call("DELETE", path, WHY).status == 202
    assert api.call("DELETE", f"{path}/erasure").status == 200
    assert api.get(path).json["erasure"] is None
    assert api.call("PATCH", path, {"email": "al@example.com"}).status == 200


def test_who_waits_is_listed_with_the_others(api: Api, house: House):
    house.customer(available=0)
    who = erasing.waiting(api)
    ids = [each["customer_id"] for each in api.get("/customers").json["data"]]
    assert ids == [CUSTOMER, who]
    first = api.get("/customers?limit=1").json
    second = api.get(f"/customers?limit=1&cursor={first['next_cursor']}").json
    assert [each["customer_id"] for each in first["data"] + second["data"]] == ids


def test_a_registration_sent_again_is_told_that_they_are_erased(api: Api):
    body = {"customer_name": "Jo Citizen", "email": "jo@example.com"}
    who = api.post("/customers", body, key=KEY).json["customer_id"]
    assert api.call("DELETE", f"/customers/{who}", WHY).status == 200
    again = api.post("/customers", body, key=KEY)
    assert (again.status, again.code) == (409, "customer_erased")

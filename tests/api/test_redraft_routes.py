"""What came back, paid once more over HTTP: corrected, linked both ways, once."""

import pytest

from tests.api.client import KEY, Api
from tests.api.house import CUSTOMER, House
from tests.api.making import disputed, failed, pending, strict

OTHER_KEY = "another key of a redraft"


def redraft(api: Api, transaction_id: str, body: object = None, **told: object):
    told = {"key": KEY, "who": "maker", **told}
    return api.post(f"/payouts/{transaction_id}/redraft", body or {}, **told)


@pytest.fixture
def original(api: Api, house: House) -> str:
    house.customer()
    return failed(api)


def test_what_came_back_is_paid_once_more_and_each_names_the_other(api: Api, original: str):
    answer = redraft(api, original, {"reference": "INV-7-A"}, role="operator")
    told = answer.json
    assert (answer.status, told["status"], told["amount"]) == (202, "Pending", "100.00")
    assert (told["redraft_of"], told["redrafted_as"]) == (original, None)
    assert told["reference"] == "INV-7-A"
    shown = api.get(f"/payouts/{original}").json
    assert (shown["status"], shown["redraft_of"]) == ("Failed", None)
    assert shown["redrafted_as"] == told["transaction_id"] != original
    last = shown["timeline"][-1]
    assert (last["event"], last["by"], last["postings"]) == ("Redrafted", "maker", [])
    assert told["transaction_id"] in last["words"]


def test_the_list_shows_both(api: Api, original: str):
    own = redraft(api, original).json["transaction_id"]
    listed = {each["transaction_id"]: each for each in api.get("/payouts").json["data"]}
    assert listed[original]["redrafted_as"] == own
    assert listed[own]["redraft_of"] == original


def test_the_same_request_again_pays_nothing(api: Api, house: House, original: str):
    first, again = redraft(api, original), redraft(api, original)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json["transaction_id"] == first.json["transaction_id"]
    assert len(house.provider.executions) == 1


def test_another_key_gets_409_and_the_id_of_the_redraft(api: Api, house: House, original: str):
    own = redraft(api, original).json["transaction_id"]
    answer = redraft(api, original, key=OTHER_KEY)
    assert (answer.status, answer.json["code"]) == (409, "already_redrafted")
    assert own in answer.json["detail"]
    assert len(house.provider.executions) == 1


def test_the_key_is_needed_and_is_one_persons_for_one_correction(api: Api, original: str):
    assert redraft(api, original, key=None).status == 400
    redraft(api, original)
    assert redraft(api, original, who="somebody").json["code"] == "idempotency_key_taken"
    answer = redraft(api, original, {"description": "Again"})
    assert [each["pointer"] for each in answer.json["errors"]] == ["/description"]
    assert answer.status == 422


def test_what_may_yet_be_paid_or_is_disputed_is_not(api: Api, house: House):
    house.customer()
    for make, status in ((pending, "Pending"), (disputed, "Disputed")):
        answer = redraft(api, make(api), key=f"a key for what is {status}")
        assert (answer.status, answer.json["code"]) == (409, "not_possible")
        assert status in answer.json["detail"]


def test_a_destination_is_corrected_by_its_id_alone(api: Api, house: House, original: str):
    customer = house.customers.get(CUSTOMER)
    assert customer is not None
    other = next(each for each in customer.destinations if each.method.value == "BankAccount")
    told = redraft(api, original, {"destination_id": other.destination_id}).json
    assert (told["payout_method"], told["destination"]["destination_id"]) == (
        "BankAccount", other.destination_id,
    )  # fmt: skip


def test_all_that_is_wrong_is_told_at_its_place(api: Api, original: str):
    answer = redraft(api, original, {"rail": "DirectEntry", "reference": "INV-7"})
    assert answer.status == 422
    assert {each["pointer"] for each in answer.json["errors"]} == {"/rail", "/reference"}
    answer = redraft(api, original, {"amount": "1.00", "rail": "Pigeon", "destination_id": "x"})
    assert answer.status == 400
    assert {each["pointer"] for each in answer.json["errors"]} == {
        "/amount", "/rail", "/destination_id",
    }  # fmt: skip


def test_an_empty_text_takes_it_away_and_none_leaves_it(api: Api, house: House):
    house.customer()
    own = failed(api)
    first = redraft(api, own, {"reference": "INV-7", "description": "Refund"}).json
    assert (first["reference"], first["description"]) == ("INV-7", "Refund")
    other = failed(api)
    told = redraft(api, other, {"reference": "", "description": None}, key=OTHER_KEY).json
    assert (told["reference"], told["description"]) == (None, None)


def test_a_bots_redraft_waits_for_a_person(api: Api, house: House, original: str):
    told = redraft(api, original, role="bot", who="a-bot").json
    assert told["status"] == "AwaitingApproval"
    assert house.provider.executions == []


def test_it_is_agreed_to_anew_and_the_desk_says_what_it_replaces(api: Api, original: str):
    strict(api)
    own = redraft(api, original).json["transaction_id"]
    waiting = {each["id"]: each for each in api.get("/approvals", who="looker").json["data"]}
    assert waiting[own]["redraft_of"] == original

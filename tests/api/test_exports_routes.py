"""Files for the bank at the doors: made once, given out, and what came of them."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from tests.api.client import KEY, Api
from tests.api.house import SECRET_ACCOUNT, House
from tests.api.making import pay
from tests.api.ways import returns
from tests.fakes.provider import NOT_CONNECTED

WHY = {"reason": "The upload was refused."}


@pytest.fixture
def api(house: House) -> Api:
    house.customer()
    return Api(house)


def waiting(api: Api) -> str:
    return pay(api, NOT_CONNECTED, payout_method="BankAccount", description="Refund 7")


def made(api: Api, key: str = KEY) -> str:
    answer = api.post("/exports/aba", key=key, who="one")
    assert answer.status == 201, answer.text
    return str(answer.json["file_id"])


def out(api: Api) -> str:
    file_id = made(api)
    assert api.get(f"/exports/{file_id}/file", who="one").status == 200
    return file_id


def test_what_waits_becomes_a_file_once_and_its_bytes_are_the_same(api: Api):
    payout = waiting(api)
    file_id = made(api)
    again = api.post("/exports/aba", key=KEY, who="one")
    assert again.headers["Idempotent-Replayed"] == "true"
    (line,) = again.json["lines"]
    assert (line["transaction_id"], line["amount"]) == (payout, "100.00")
    assert line["changed"] == ["description"]
    assert again.json["left_waiting"] == 0
    one, two = (api.get(f"/exports/{file_id}/file", who="one") for _ in range(2))
    assert one.text == two.text
    assert hashlib.sha256(one.text.encode()).hexdigest() == again.json["digest"]
    assert SECRET_ACCOUNT in one.text
    assert one.headers["Content-Type"] == "text/plain; charset=us-ascii"
    shown = api.get(f"/exports/{file_id}", role="viewer").json
    assert (shown["stage"], len(shown["given_to"])) == ("GivenOut", 2)
    assert SECRET_ACCOUNT not in str(shown)


def test_a_payout_in_a_file_says_so_and_cannot_be_cancelled(api: Api):
    payout = waiting(api)
    made(api)
    shown = api.get(f"/payouts/{payout}").json
    assert shown["status"] == "Pending"
    assert shown["message"] == "It is in a file for the bank; nobody else pays it."
    assert shown["cancellable"] is False
    assert shown["timeline"][-1]["words"] == "It went into a file for the bank."
    assert api.post(f"/payouts/{payout}/cancel", {"reason": "x"}).status == 409


def test_without_a_bank_no_file_is_made(api: Api, house: House):
    waiting(api)
    house.payer = None
    answer = api.post("/exports/aba", key=KEY, who="one")
    assert (answer.status, answer.code) == (409, "conflict")
    assert "No bank is configured" in answer.json["detail"]


def test_the_bank_took_it_and_some_of_it_came_back(api: Api, house: House):
    payout = waiting(api)
    file_id = out(api)
    taken = api.post(f"/exports/{file_id}/confirm", {"bank_reference": "CBA-1"}, who="one")
    assert (taken.json["stage"], taken.json["taken"]["words"]) == ("Taken", "CBA-1")
    assert api.get(f"/payouts/{payout}").json["rail"] == "DirectEntry"
    house.clock.advance(timedelta(days=1))
    answer = api.post(f"/exports/{file_id}/returns", {"content": returns(api, file_id)}, who="one")
    (line,) = answer.json["lines"]
    assert (line["returned_amount"], line["returned_because"]) == ("100.00", "Refer to customer")
    assert api.get(f"/payouts/{payout}").json["status"] == "Returned"


def test_a_file_of_returns_is_refused_with_all_that_is_wrong_and_where(api: Api):
    waiting(api)
    file_id = out(api)
    content = returns(api, file_id).replace("\r\n2", "\r\n1")
    answer = api.post(f"/exports/{file_id}/returns", {"content": content}, who="one")
    assert answer.status == 422
    (error,) = answer.json["errors"]
    assert (error["pointer"], error["code"], error["row"]) == ("/content", "invalid_return", 2)


def test_two_people_give_up_what_one_was_given(api: Api):
    payout = waiting(api)
    file_id = out(api)
    path = f"/exports/{file_id}/give-up"
    assert api.post(path, WHY, who="one").json["proposal"]["by"] == "one"
    assert api.post(f"{path}/agree", WHY, who="one").status == 403
    assert api.post(f"{path}/agree", {"reason": "Other."}, who="second").status == 409
    assert api.post(f"{path}/agree", WHY, who="second").json["stage"] == "GivenUp"
    assert api.get(f"/payouts/{payout}").json["status"] == "Queued"


def test_what_waits_for_somebody_is_listed_and_an_unreadable_one_hides_no_other(
    api: Api, house: House
):
    waiting(api)
    first = out(api)
    waiting(api)
    second = made(api, "another key of an export")
    house.bank_files.unreadable.add(first)
    listed = api.get("/exports").json["data"]
    assert {each["file_id"]: each["stage"] for each in listed} == {
        first: "Unreadable", second: "Sealed",
    }  # fmt: skip
    waits = [each for each in api.get("/attention").json["data"] if each["kind"] == "bank_file"]
    assert {each["bank_file"]["file_id"]: each["why"] for each in waits} == {
        first: "bank_file_unreadable", second: "bank_file",
    }  # fmt: skip


def test_word_of_what_was_given_up_is_before_a_person(api: Api):
    payout = waiting(api)
    file_id = out(api)
    path = f"/exports/{file_id}/give-up"
    api.post(path, WHY, who="one")
    api.post(f"{path}/agree", WHY, who="second")
    answer = api.post(f"/exports/{file_id}/confirm", {"bank_reference": "CBA-1"}, who="one")
    assert answer.status == 409
    waits = api.get("/attention").json["data"]
    assert {each["why"] for each in waits} == {"bank_file_doubted", "in_doubted_file"}
    assert api.get(f"/payouts/{payout}").json["status"] == "Queued"


def gone(api: Api) -> tuple[str, str]:
    """A payout and its file, which two people gave up and one tells of all the same."""
    payout = waiting(api)
    file_id = out(api)
    path = f"/exports/{file_id}/give-up"
    api.post(path, WHY, who="one")
    api.post(f"{path}/agree", WHY, who="second")
    assert api.post(
        f"/exports/{file_id}/returns", {"content": returns(api, file_id)}, who="one"
    ).status == 409  # fmt: skip
    return payout, file_id


def step_of(api: Api) -> str:
    (told,) = [each for each in api.get("/attention").json["data"] if each["bank_file"]]
    return str(told["bank_file"]["next_step"])


def test_two_people_end_the_doubt_of_a_file_and_its_payout_can_be_cancelled(api: Api):
    payout, file_id = gone(api)
    assert api.post(f"/payouts/{payout}/cancel", {"reason": "x"}).status == 409
    assert f"/exports/{file_id}/doubt and /doubt/agree" in step_of(api)
    path, body = f"/exports/{file_id}/doubt", {"verdict": "dead", "evidence": "No such upload."}
    shown = api.post(path, body, who="one").json
    assert (shown["opinion"]["verdict"], shown["opinion"]["agreed"]) == ("dead", None)
    assert api.post(f"{path}/agree", body, who="one").code == "forbidden"
    assert api.post(f"{path}/agree", {**body, "verdict": "paid"}, who="second").status == 409
    over = api.post(f"{path}/agree", body, who="second").json
    assert (over["stage"], over["doubted"], over["needs_person"]) == ("GivenUp", False, False)
    (cleared,) = over["cleared"]
    assert (cleared["agreed"]["by"], len(cleared["about"])) == ("second", 1)
    assert api.get("/attention").json["data"] == []
    words = api.get(f"/payouts/{payout}").json["timeline"][-1]["words"]
    assert words.endswith("what became of the file for the bank that it went in: dead.")
    assert api.post(f"/payouts/{payout}/cancel", {"reason": "x"}).json["status"] == "Cancelled"


def test_two_people_say_that_the_bank_took_it_and_what_came_back_is_the_customers(api: Api):
    payout, file_id = gone(api)
    path, body = f"/exports/{file_id}/doubt", {"verdict": "paid", "evidence": "Its statement."}
    api.post(path, body, who="one")
    over = api.post(f"{path}/agree", body, who="second").json
    assert (over["stage"], over["taken"]["words"]) == ("Taken", "Its statement.")
    assert api.get(f"/payouts/{payout}").json["status"] == "Returned"
    assert api.get("/attention").json["data"] == []


def test_what_a_file_for_the_bank_waits_for_is_said(api: Api):
    waiting(api)
    file_id = made(api)
    assert f"/exports/{file_id}/file" in step_of(api)
    api.get(f"/exports/{file_id}/file", who="one")
    assert f"/exports/{file_id}/confirm" in step_of(api)
    answer = api.post(f"/exports/{file_id}/doubt", {"verdict": "x", "evidence": " "}, who="one")
    assert answer.places == {"/verdict": "not_one_of", "/evidence": "too_short"}

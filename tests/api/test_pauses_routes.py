"""Everything is paused, shown with its proof, and let go on, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.api.house import CUSTOMER
from tests.api.making import pay
from tests.api.ways import NOBODY

if TYPE_CHECKING:
    from tests.api.client import Answer, Api
    from tests.api.house import House

NOW = "2026-03-02T01:00:00.000Z"
EVERYTHING = {"scope": "everything", "reason": "The bank called."}
KEY = "the key of just one pause"


@pytest.fixture(autouse=True)
def _customer(house: House) -> None:
    house.customer()


def resume(api: Api, pause_id: object, **given: str) -> Answer:
    body = {"pause_id": pause_id, "reason": "A false alarm."}
    return api.post("/resume", body, **{"role": "approver", "who": "anna", **given})


def test_a_pause_is_answered_in_force_with_its_proof(api: Api):
    sent = pay(api)
    answer = api.post("/pause", EVERYTHING, role="operator", who="hanna")
    assert answer.status == 200
    told = {name: value for name, value in answer.json.items() if name != "pause_id"}
    assert told == {
        "scope": "everything", "rail": None, "customer_id": None, "reason": "The bank called.",
        "paused_by": "hanna", "paused_at": NOW, "in_force": True, "in_force_at": NOW,
        "final": True, "sending": [], "resumed_by": None, "resumed_at": None,
        "resume_reason": None,
        "last_execution": {
            "transaction_id": sent, "reference": f"{sent}-1", "rail": "NPP", "started_at": NOW,
            "heard_at": NOW, "certain": True,
        },
    }  # fmt: skip
    assert api.get(f"/pauses/{answer.json['pause_id']}").json == answer.json
    assert api.get("/pauses").json == {"data": [answer.json], "next_cursor": None}


def test_a_payout_is_taken_and_says_why_it_waits(api: Api):
    api.post("/pause", EVERYTHING)
    told = api.get(f"/payouts/{pay(api)}").json
    assert (told["status"], told["waits_for"]) == ("Queued", "paused")
    assert told["message"] == (
        "It waits to be sent: people have paused all that is like it. The money is set aside."
    )
    assert told["explanation"]["reason"] == "paused"


def test_what_is_still_sent_is_listed_until_it_was_heard_of(api: Api, house: House):
    seen = []
    true = house.provider.pay

    def look(*args: object, **more: object) -> object:
        seen.append(api.post("/pause", EVERYTHING, who="hanna").json)
        return true(*args, **more)  # type: ignore[arg-type]

    house.provider.pay = look  # type: ignore[method-assign, assignment]
    sent = pay(api)
    assert (seen[0]["in_force"], seen[0]["final"]) == (True, False)
    assert seen[0]["sending"] == [{
        "transaction_id": sent, "reference": f"{sent}-1", "customer_id": CUSTOMER, "rail": "NPP",
        "since": NOW,
    }]  # fmt: skip
    after = api.get(f"/pauses/{seen[0]['pause_id']}").json
    assert (after["final"], after["sending"]) == (True, [])


@pytest.mark.parametrize(
    "more",
    [{"scope": "rail", "rail": "NPP"}, {"scope": "customer", "customer_id": CUSTOMER}],
)
def test_a_rail_or_a_customer_is_paused_by_itself(api: Api, more: dict[str, str]):
    answer = api.post("/pause", {**more, "reason": "An alarm."})
    assert answer.status == 200
    assert {name: answer.json[name] for name in more} == more
    assert api.get(f"/payouts/{pay(api)}").json["waits_for"] == "paused"


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ({"scope": "rail", "reason": "x"}, {"/rail": "missing"}),
        ({"scope": "customer", "reason": "x"}, {"/customer_id": "missing"}),
        ({"scope": "rail", "rail": "NPP"}, {"/reason": "missing"}),
        ({"reason": "x"}, {"/scope": "missing"}),
        ({"reason": "x", "rail": "NPP"}, {"/scope": "missing"}),
        ({}, {"/scope": "missing", "/reason": "missing"}),
        ({"scope": "all", "reason": "x"}, {"/scope": "not_one_of"}),
        (
            {"scope": "everything", "rail": "NPP", "customer_id": CUSTOMER, "reason": "x"},
            {"/rail": "of_another_scope", "/customer_id": "of_another_scope"},
        ),
    ],
)
def test_what_is_missing_is_told_at_its_place(
    api: Api, body: dict[str, str], places: dict[str, str]
):
    answer = api.post("/pause", body)
    assert (answer.status, answer.places) == (400, places)


def test_somebody_else_lets_it_go_on(api: Api):
    own = api.post("/pause", EVERYTHING, who="hanna").json["pause_id"]
    refused = resume(api, own, role="admin", who="hanna")
    assert (refused.status, refused.code) == (403, "forbidden")
    assert resume(api, own, role="operator").status == 403
    answer = resume(api, own)
    assert (answer.status, answer.json["in_force"], answer.json["final"]) == (200, False, False)
    assert (answer.json["resumed_by"], answer.json["resumed_at"]) == ("anna", NOW)
    assert answer.json["resume_reason"] == "A false alarm."
    assert api.get("/pauses").json["data"] == []
    assert api.get(f"/pauses/{own}").json == answer.json
    assert resume(api, own, who="bert").json == answer.json


def test_it_waits_for_a_person_as_long_as_it_stands(api: Api):
    told = api.post("/pause", EVERYTHING, who="hanna").json
    (waiting,) = api.get("/attention").json["data"]
    assert (waiting["kind"], waiting["why"], waiting["since"]) == ("pause", "pause", NOW)
    assert waiting["pause"] == told
    assert waiting["words"].startswith("A pause stands")
    assert api.get("/health").status == 200
    resume(api, told["pause_id"])
    assert api.get("/attention").json["data"] == []


def test_the_same_key_is_the_same_pause_also_when_it_is_over(api: Api):
    first = api.post("/pause", EVERYTHING, key=KEY, who="hanna")
    again = api.post("/pause", EVERYTHING, key=KEY, who="hanna")
    assert again.json == first.json
    over = resume(api, first.json["pause_id"])
    assert api.post("/pause", EVERYTHING, key=KEY, who="hanna").json == over.json
    assert api.get("/pauses").json["data"] == []


def test_who_asks_for_what_is_paused_already_is_shown_that(api: Api):
    first = api.post("/pause", EVERYTHING, who="hanna")
    second = api.post("/pause", EVERYTHING, key=KEY, who="bert")
    assert second.json == first.json
    assert api.post("/pause", EVERYTHING, key=KEY, who="bert").json == first.json
    resume(api, first.json["pause_id"])
    answer = api.post("/pause", EVERYTHING, key=KEY, who="bert")
    assert (answer.status, answer.code) == (404, "not_found")


def test_nobody_is_paused_who_is_not_there(api: Api):
    body = {"scope": "customer", "customer_id": NOBODY, "reason": "x"}
    assert api.post("/pause", body).status == 404
    assert api.get(f"/pauses/{NOBODY}").status == 404
    assert resume(api, NOBODY).status == 404


def test_one_that_cannot_be_read_is_before_a_person_and_hides_no_other(api: Api, house: House):
    torn = api.post("/pause", EVERYTHING).json["pause_id"]
    other = api.post("/pause", {**EVERYTHING, "scope": "rail", "rail": "NPP"}).json["pause_id"]
    house.store.pauses.torn.add(str(torn))
    assert [each["pause_id"] for each in api.get("/pauses").json["data"]] == [other]
    waits = [each for each in api.get("/attention").json["data"] if each["kind"] == "pause"]
    assert [each["why"] for each in waits] == ["pause", "pause_unreadable"]

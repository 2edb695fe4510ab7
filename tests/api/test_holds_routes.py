"""One payout is kept back and let go on, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.api.making import awaiting, held, pending, queued, unconfirmed

if TYPE_CHECKING:
    from tests.api.client import Api
    from tests.api.house import House

NOW = "2026-03-02T01:00:00.000Z"
WHY = {"reason": "The bank called."}


@pytest.fixture(autouse=True)
def _customer(house: House) -> None:
    house.customer()


def test_it_says_who_keeps_it_back_and_why_and_waits_for_a_person(api: Api):
    made = queued(api)
    answer = api.post(f"/payouts/{made}/hold", WHY, role="operator", who="hanna")
    assert answer.status == 200
    assert answer.json["held"] == {"reason": "The bank called.", "by": "hanna", "at": NOW}
    assert (answer.json["status"], answer.json["waits_for"]) == ("Queued", "held")
    assert answer.json["message"] == (
        "It waits to be sent: a person keeps it back: it is not sent until the hold is lifted."
        " The money is set aside."
    )
    assert answer.json["explanation"]["reason"] == "held"
    (waiting,) = api.get("/attention").json["data"]
    assert (waiting["why"], waiting["payout"]["transaction_id"]) == ("held", made)


def test_let_go_it_goes_on_and_both_are_in_its_timeline(api: Api):
    made = held(api)
    answer = api.post(f"/payouts/{made}/release", {"reason": "They were wrong."}, role="approver")
    assert (answer.status, answer.json["held"]) == (200, None)
    assert answer.json["waits_for"] == "no_connection"
    assert api.get("/attention").json["data"] == []
    words = [step["words"] for step in api.get(f"/payouts/{made}").json["timeline"]]
    assert words[-2:] == [
        "Held back by a person: Look again.",
        "The hold was lifted: it goes on: They were wrong.",
    ]


@pytest.mark.parametrize("make", [awaiting, unconfirmed])
def test_so_may_what_awaits_approval_and_what_is_unconfirmed(api: Api, make):
    made = make(api)
    answer = api.post(f"/payouts/{made}/hold", WHY)
    assert (answer.status, answer.json["held"]["reason"]) == (200, "The bank called.")
    assert (answer.json["waits_for"], answer.json["attention"]) == (None, "held")


@pytest.mark.parametrize("does", ["hold", "release"])
def test_what_has_left_can_be_neither(api: Api, does):
    answer = api.post(f"/payouts/{pending(api)}/{does}", WHY)
    assert (answer.status, answer.code) == (409, "not_possible")


@pytest.mark.parametrize("does", ["hold", "release"])
def test_why_is_wanted(api: Api, does):
    answer = api.post(f"/payouts/{held(api)}/{does}", {})
    assert (answer.status, answer.places) == (400, {"/reason": "missing"})


def test_who_may_hold_may_not_let_go_unless_they_approve_and_have_just_signed_in(api: Api):
    made = held(api)
    assert api.post(f"/payouts/{made}/release", WHY, role="operator").status == 403

"""How a payout is to go, over HTTP: named, by a strategy, by urgency; why it does, and by when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.money import Money
from chalicelib.domain.policy import DEFAULT
from chalicelib.domain.ways import Way
from tests.api.client import KEY, Api
from tests.api.making import BODY

if TYPE_CHECKING:
    from tests.api.house import House

TO_ACCOUNT = {**BODY, "payout_method": "BankAccount"}
SLOW = "Direct Entry: not urgent, saves 0.12, arrives Tue 3 Mar"


@pytest.fixture(autouse=True)
def cheap_batches(house: House) -> None:
    house.customer()
    outlook = house.store.state.outlook
    costs = {Way.PAY_ID: Money(30), Way.ACCOUNT: Money(25), Way.DIRECT_ENTRY: Money(13)}
    house.store.state.outlook = replace(outlook, costs=costs)


@pytest.mark.parametrize(
    ("asked", "rail", "reason"),
    [
        ({}, "NPP", "NPP bank account: as usual, arrives within seconds"),
        ({"rail": "DirectEntry"}, "DirectEntry", "Direct Entry: as asked for, arrives Tue 3 Mar"),
        ({"urgency": "normal"}, "DirectEntry", SLOW),
        ({"strategy": "by_urgency", "urgency": "normal"}, "DirectEntry", SLOW),
        (
            {"strategy": "cheapest"}, "DirectEntry",
            "Direct Entry: cheapest, saves 0.12, arrives Tue 3 Mar",
        ),
        (
            {"strategy": "fastest"}, "NPP",
            "NPP bank account: fastest, costs 0.12 more, arrives within seconds",
        ),
        (
            {"urgency": "urgent"}, "NPP",
            "NPP bank account: urgent, costs 0.12 more, arrives within seconds",
        ),
    ],
)  # fmt: skip
def test_a_payout_says_which_way_it_goes_and_why_wherever_it_is_shown(
    api: Api, asked: dict[str, str], rail: str, reason: str
):
    previewed = api.post("/payouts/preview", {**TO_ACCOUNT, **asked}).json
    made = api.post("/payouts", {**TO_ACCOUNT, **asked}, key=KEY)
    assert made.status == 202
    shown = api.get(f"/payouts/{made.json['transaction_id']}").json
    (listed,) = api.get("/payouts").json["data"]
    for each in (previewed, made.json, shown, listed):
        assert (each["rail"], each["route"]["reason"]) == (rail, reason)
        assert each["expected_arrival"] == made.json["expected_arrival"]
    assert made.json["route"]["expected_fee"] == ("0.13" if rail == "DirectEntry" else "0.25")
    assert made.json["route"]["planned_for"] == made.json["expected_arrival"]["on"]
    assert made.json["approve_within"] is None


@pytest.mark.parametrize(
    ("asked", "place", "code"),
    [
        ({"rail": "NPP", "strategy": "cheapest"}, "/strategy", "rail_is_named"),
        ({"rail": "NPP", "urgency": "urgent"}, "/urgency", "rail_is_named"),
        ({"strategy": "cheapest", "urgency": "urgent"}, "/urgency", "other_strategy"),
        ({"strategy": "fastest", "urgency": "normal"}, "/urgency", "other_strategy"),
        ({"strategy": "whatever"}, "/strategy", "not_one_of"),
        ({"urgency": 1}, "/urgency", "not_one_of"),
    ],
)
def test_what_contradicts_itself_is_refused(api: Api, asked: dict[str, object], place, code):
    answer = api.post("/payouts", {**TO_ACCOUNT, **asked}, key=KEY)
    assert answer.status == 400
    assert answer.places == {place: code}
    assert api.post("/payouts/preview", {**TO_ACCOUNT, **asked}).status == 400


def test_names_that_are_null_are_absent(api: Api):
    body = {**TO_ACCOUNT, "rail": None, "strategy": None, "urgency": None}
    assert api.post("/payouts", body, key=KEY).json["rail"] == "NPP"
    body = {**TO_ACCOUNT, "rail": "NPP", "strategy": None, "urgency": None}
    assert api.post("/payouts", body, key="another key of mine").status == 202


def test_a_direct_credit_that_waits_says_until_when_to_agree_for_todays_batches(
    api: Api, house: House
):
    house.default_policy = DEFAULT
    made = api.post("/payouts", {**TO_ACCOUNT, "urgency": "normal"}, key=KEY, role="bot").json
    assert made["status"] == "AwaitingApproval"
    assert made["expected_arrival"] == {"on": "2026-03-03", "words": "Tue 3 Mar"}
    house.clock.advance(timedelta(hours=7, minutes=13))  # 19:13 in Sydney
    until = {
        "at": "2026-03-02T08:55:00.000Z", "minutes": 42,
        "words": "approve within 42 min to make today's cut-off",
    }  # fmt: skip
    (waits,) = api.get("/approvals", role="approver").json["data"]
    assert waits["approve_within"] == until
    assert waits["route"]["reason"] == SLOW
    assert waits["expected_arrival"]["on"] == "2026-03-03"
    assert api.get(f"/payouts/{made['transaction_id']}").json["approve_within"] == until
    house.clock.advance(timedelta(minutes=42))
    (waits,) = api.get("/approvals", role="approver").json["data"]
    assert waits["approve_within"] is None
    assert waits["expected_arrival"]["on"] == "2026-03-04"


def test_a_payout_that_is_over_is_expected_nowhere(api: Api):
    made = api.post("/payouts", TO_ACCOUNT, key=KEY, role="bot").json
    api.post(f"/payouts/{made['transaction_id']}/cancel", {"reason": "Asked for twice."})
    shown = api.get(f"/payouts/{made['transaction_id']}").json
    assert (shown["status"], shown["expected_arrival"]) == ("Cancelled", None)
    assert shown["route"]["reason"]

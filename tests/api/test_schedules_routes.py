"""Payouts for later at the doors: planned once, shown with their dates, stopped, and woken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from chalice.test import Client

import app
from chalicelib.domain.identifiers import derived_id
from chalicelib.domain.schedule import State
from tests.api.client import KEY, Api
from tests.api.house import CUSTOMER, House
from tests.api.test_archived_payouts import Context

if TYPE_CHECKING:
    from tests.api.client import Answer

NOBODY = "00000000-0000-4000-8000-000000000000"
# The house's clock begins on Monday, the 2nd of March 2026, at noon in Sydney.
BODY = {
    "customer_id": CUSTOMER, "amount": "100.00", "payout_method": "PayId", "reference": "Salary",
    "rule": {"type": "weekly", "weekdays": ["Thu", "Mon"], "every": 2}, "start": "2026-03-03",
    "count": 3,
}  # fmt: skip
FIRST = datetime(2026, 3, 4, 22, tzinfo=UTC)


@pytest.fixture
def api(house: House) -> Api:
    house.customer()
    return Api(house)


def planned(api: Api, *, key: str = KEY, who: str = "maker", **changed: Any) -> Answer:
    body = {name: value for name, value in {**BODY, **changed}.items() if value is not None}
    return api.post("/schedules", body, key=key, who=who)


def path(answer: Answer, then: str = "") -> str:
    return f"/schedules/{answer.json['schedule_id']}{then}"


def wake(api: Api, at: datetime) -> None:
    api.house.clock.advance(at - api.house.clock.now())
    events = Client(app.app, project_dir="/nowhere").events
    app.wake(events.generate_cw_event("aws.events", "Scheduled Event", {}, []), Context())


def errors(answer: Answer) -> list[tuple[str, str]]:
    return [(each["pointer"], each["code"]) for each in answer.json["errors"]]


@pytest.mark.parametrize(
    ("changed", "pointer", "code", "detail"),
    [
        ({"count": 0}, "/count", "out_of_range", "must be at least 1"),
        ({"count": 1001}, "/count", "out_of_range", "must be at most 1000"),
        ({"count": "3"}, "/count", "wrong_type", "must be a whole number"),
        ({"count": True}, "/count", "wrong_type", "must be a whole number"),
        ({"rule": {"type": "daily", "every": 2}}, "/rule/every", "unknown_field",
         "is not known here"),
        ({"rule": {"type": "monthly_on_day", "day": 32}}, "/rule/day", "out_of_range",
         "must be at most 31"),
    ],
)  # fmt: skip
def test_a_number_that_cannot_be_says_what_could(api: Api, changed, pointer, code, detail):
    (error,) = planned(api, **changed).json["errors"]
    assert (error["pointer"], error["code"], error["detail"]) == (pointer, code, detail)


def test_it_is_planned_and_shown_with_the_dates_that_come(api: Api):
    made = planned(api)
    assert made.status == 201
    first = {
        "number": 1, "date": "2026-03-05", "pays_on": "2026-03-05",
        "at": "2026-03-04T22:00:00.000Z",
    }  # fmt: skip
    assert made.json == {
        "schedule_id": derived_id("schedule", KEY), "customer_id": CUSTOMER, "amount": "100.00",
        "currency": "AUD", "payout_method": "PayId", "destination_id": None, "rail": None,
        "strategy": None, "urgency": None,
        "reference": "Salary", "description": None,
        "rule": {
            "type": "weekly", "every": 2, "weekdays": ["Mon", "Thu"], "day": None, "nth": None,
            "weekday": None,
        },
        "start": "2026-03-03", "time": "09:00", "adjustment": "following", "until": None,
        "count": 3, "state": "active", "why": None, "reason": None, "next": first,
        "tries_at": "2026-03-04T22:00:00.000Z", "drafts": False,
        "created_by": "maker", "created_at": "2026-03-02T01:00:00.000Z",
        "changed_by": "maker", "changed_at": "2026-03-02T01:00:00.000Z",
    }  # fmt: skip
    shown = api.get(path(made), role="viewer")
    whole = dict(shown.json)
    coming = whole.pop("coming")
    assert [each["date"] for each in coming] == ["2026-03-05", "2026-03-16", "2026-03-19"]
    assert whole.pop("occurrences") == []
    assert whole == made.json
    assert api.get("/schedules").json == {"data": [made.json], "next_cursor": None}


def test_the_same_key_finds_it_and_another_body_is_refused(api: Api):
    made = planned(api)
    again = planned(api)
    assert (again.status, again.json) == (201, made.json)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert planned(api, who="another").status == 409
    other = planned(api, count=4)
    assert (other.status, errors(other)) == (422, [("/count", "idempotency_key_reused")])
    assert api.post("/schedules", BODY).status == 400


@pytest.mark.parametrize(
    ("rule", "dates"),
    [
        ({"type": "once"}, ["2026-03-03"]),
        ({"type": "daily"}, ["2026-03-03", "2026-03-04", "2026-03-05"]),
        ({"type": "weekly", "weekdays": ["Sun"]}, ["2026-03-09", "2026-03-16", "2026-03-23"]),
        ({"type": "monthly_on_day", "day": 31}, ["2026-03-31", "2026-04-30", "2026-06-01"]),
        (
            {"type": "monthly_on_weekday", "nth": -1, "weekday": "Fri", "every": 3},
            ["2026-03-27", "2026-06-26", "2026-09-25"],
        ),
        (
            {"type": "monthly_on_business_day", "nth": 1},
            ["2026-04-01", "2026-05-01", "2026-06-01"],
        ),
    ],
)
def test_every_rule_is_said_shown_and_said_again(api: Api, rule: dict[str, Any], dates: list[str]):
    made = planned(api, rule=rule)
    assert made.status == 201, made.text
    told = {name: value for name, value in made.json["rule"].items() if value is not None}
    assert told == {**({"every": 1} if len(rule) > 1 else {}), **rule}
    shown = api.get(path(made)).json
    assert [each["pays_on"] for each in shown["coming"]] == dates
    assert planned(api, rule=told).json == made.json


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"rule": {"type": "never"}}, "/rule/type"),
        ({"rule": {"type": "weekly", "weekdays": []}}, "/rule/weekdays"),
        ({"rule": {"type": "weekly", "weekdays": ["mon"]}}, "/rule/weekdays/0"),
        ({"rule": {"type": "weekly", "weekdays": ["Mon"], "every": 0}}, "/rule/every"),
        ({"rule": {"type": "once", "every": 2}}, "/rule/every"),
        ({"rule": {"type": "monthly_on_day", "day": 32}}, "/rule/day"),
        ({"rule": {"type": "monthly_on_weekday", "nth": 5, "weekday": "Tue"}}, "/rule/nth"),
        ({"rule": {"type": "monthly_on_weekday", "nth": True, "weekday": "Tue"}}, "/rule/nth"),
        ({"rule": {"type": "monthly_on_business_day", "nth": 0}}, "/rule/nth"),
        ({"time": "24:00"}, "/time"),
        ({"time": 9}, "/time"),
        ({"adjustment": "later"}, "/adjustment"),
        ({"start": "2026-02-30"}, "/start"),
        ({"until": "tomorrow"}, "/until"),
        ({"count": 0}, "/count"),
        ({"count": 1001}, "/count"),
        ({"amount": "0.001"}, "/amount"),
    ],
    ids=str,
)
def test_what_has_no_meaning_is_refused_at_its_place(
    api: Api, changed: dict[str, Any], pointer: str
):
    answer = planned(api, **changed)
    assert answer.status == 400, answer.text
    assert [each for each, _ in errors(answer)] == [pointer]


def test_what_could_never_be_paid_is_refused_with_everything_that_is_wrong(api: Api):
    answer = planned(
        api, amount="99999.00", rule={"type": "daily"}, start="2026-03-01", rail="DirectEntry",
        adjustment="following",
    )  # fmt: skip
    assert answer.status == 422
    assert errors(answer) == [
        ("/amount", "above_limit"), ("/reference", "rail_cannot_carry"),
        ("/rail", "rail_cannot_reach"), ("/start", "already_past"),
        ("/adjustment", "dates_would_collide"),
    ]  # fmt: skip
    assert planned(api, customer_id=NOBODY).status == 404
    assert api.get("/schedules").json["data"] == []


def test_it_is_paused_resumed_and_cancelled(api: Api):
    made = planned(api)
    why = {"reason": "On leave."}
    paused = api.post(path(made, "/pause"), why, who="second")
    assert (paused.json["state"], paused.json["reason"]) == ("paused", "On leave.")
    assert (paused.json["changed_by"], paused.json["tries_at"]) == ("second", None)
    assert api.post(path(made, "/resume"), why).json["state"] == "active"
    gone = api.post(path(made, "/cancel"), why, key="a key to cancel with")
    assert (gone.json["state"], gone.json["why"], gone.json["next"]) == (
        "ended", "cancelled", None,
    )  # fmt: skip
    again = api.post(path(made, "/cancel"), why, key="a key to cancel with")
    assert (again.json, again.headers["Idempotent-Replayed"]) == (gone.json, "true")
    assert api.post(path(made, "/resume"), why).status == 409
    assert api.post(f"/schedules/{NOBODY}/cancel", why).status == 404
    assert api.get(path(made)).json["coming"] == []


def test_it_wakes_and_what_came_of_it_is_shown(api: Api):
    made = planned(api)
    wake(api, FIRST)
    wake(api, FIRST + timedelta(minutes=1))
    shown = api.get(path(made)).json
    (first,) = shown["occurrences"]
    assert (first["number"], first["result"], first["refused_by"]) == (1, "made", [])
    payout = api.get(f"/payouts/{first['transaction_id']}").json
    assert (payout["amount"], payout["created_by"]) == ("100.00", "maker")
    assert payout["timeline"][0]["request_id"] == f"{shown['schedule_id']}/1"
    assert [each["number"] for each in shown["coming"]] == [2, 3]
    assert len(api.house.store.state.payouts) == 1


def test_what_a_rule_refused_comes_before_a_person(api: Api):
    made = planned(api)
    api.post(f"/customers/{CUSTOMER}/stop", who="second")
    wake(api, FIRST)
    (first,) = api.get(path(made)).json["occurrences"]
    assert (first["result"], first["transaction_id"], first["refused_by"]) == (
        "refused", None, ["customer_stopped"],
    )  # fmt: skip
    (waits,) = api.get("/attention").json["data"]
    assert (waits["kind"], waits["why"]) == ("finding", "occurrence_unpaid")
    found = waits["finding"]
    assert (found["detail"], found["amount"]) == ("customer_stopped", "100.00")
    assert found["subject"] == f"{made.json['schedule_id']}/1"


def test_what_nobody_woke_in_time_comes_before_a_person(api: Api):
    made = planned(api)
    wake(api, FIRST + timedelta(days=7))
    (first,) = api.get(path(made)).json["occurrences"]
    assert (first["result"], first["refused_by"]) == ("missed", [])
    assert api.get("/attention").json["data"][0]["why"] == "occurrence_unpaid"
    assert api.house.store.state.payouts == {}


def test_a_bots_schedule_drafts(api: Api):
    made = api.post("/schedules", BODY, key=KEY, who="maker", role="bot")
    assert made.json["drafts"] is True
    wake(api, FIRST)
    (payout,) = api.house.store.state.payouts.values()
    assert payout.status.shown == "AwaitingApproval"


def test_lists_are_by_state_and_customer(api: Api):
    first, second = planned(api), planned(api, key="another key for another")
    api.post(path(second, "/pause"), {"reason": "For now."})

    def listed(query: str) -> list[str]:
        return [each["schedule_id"] for each in api.get(f"/schedules{query}").json["data"]]

    one, two = first.json["schedule_id"], second.json["schedule_id"]
    assert listed("") == [one, two]
    assert listed("?state=paused") == [two]
    assert listed(f"?customer_id={CUSTOMER}&state=active") == [one]
    assert listed(f"?customer_id={NOBODY}") == []
    page = api.get("/schedules?limit=1").json
    rest = api.get(f"/schedules?limit=1&cursor={page['next_cursor']}").json
    assert (page["data"][0]["schedule_id"], rest["data"][0]["schedule_id"]) == (one, two)
    assert api.get("/schedules?state=gone").status == 400
    assert {str(each) for each in State} == {"active", "needs_person", "paused", "ended"}

"""Money that came in, at the doors: listed, matched by hand, explained; and who sees what of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from chalice.test import Client

import app
from chalicelib.domain.funding import Receipt
from chalicelib.domain.money import Money
from chalicelib.usecases.fund import bank
from tests.api.client import KEY, Api
from tests.api.house import CUSTOMER, House

if TYPE_CHECKING:
    from tests.api.client import Answer

NOBODY = "00000000-0000-4000-8000-000000000000"
NAME = "N00100000001"
WHY = "The acquirer confirmed it."


@pytest.fixture
def house(house: House) -> House:
    house.customer(available=0)
    return house


class Context:
    """Lambda's, for a trigger."""

    aws_request_id = "an-invocation"

    def get_remaining_time_in_millis(self) -> int:
        """A minute."""
        return 60_000


def came(house: House, cents: int = 10_000, text: str = "from Jo", name: str = NAME) -> None:
    receipt = Receipt(name, Money(cents), "NPP", house.clock.now(), text)
    house.clock.advance(timedelta(seconds=1))
    bank(receipt, treasury=house.treasury)


def expected(api: Api, reference: str = "FDMS 0042", key: str = KEY) -> Answer:
    body = {"date": "2026-03-04", "amount": "100.00", "reference": reference}
    rows = f"customer_id,amount\n{CUSTOMER},60.00\n"
    answer = api.post("/settlements", {**body, "csv": rows}, key=key)
    assert answer.status == 201
    return answer


def matched(api: Api, settlement: str, name: str = NAME, why: str = WHY) -> Answer:
    path = f"/settlements/{settlement}/match"
    return api.post(path, {"receipt_id": name, "reason": why})


def test_receipts_are_listed_by_what_became_of_them(api: Api, house: House):
    for number in range(3):
        came(house, name=f"N{number}")
    first = api.get("/receipts?limit=2").json
    rest = api.get(f"/receipts?limit=2&cursor={first['next_cursor']}").json
    listed = [each["receipt_id"] for each in first["data"] + rest["data"]]
    assert listed == ["N0", "N1", "N2"]
    assert first["data"][0] | {"received_at": ""} == {
        "receipt_id": "N0", "status": "open", "amount": "100.00", "currency": "AUD",
        "rail": "NPP", "received_at": "", "reference": "from Jo", "settlement_id": None,
        "findings": [], "matched_by": None, "closed_by": None, "reason": None,
    }  # fmt: skip
    for status in ("matched", "closed", "returned"):
        assert api.get(f"/receipts?status={status}").json["data"] == []
    assert api.get("/receipts?status=other").places == {"status": "not_one_of"}


@pytest.mark.parametrize(
    ("role", "sees"), [("admin", True), ("operator", True), ("approver", False), ("viewer", False)]
)
def test_what_a_payer_wrote_is_shown_to_those_who_work_with_it(api, house, role, sees):
    came(house)
    (shown,) = api.get("/receipts", role=role).json["data"]
    assert shown["reference"] == ("from Jo" if sees else None)


def test_a_settlement_whose_money_is_here_already_is_allocated_at_once(api: Api, house: House):
    came(house, text="fdms 0042")
    answer = expected(api)
    assert (answer.json["stage"], answer.json["receipts"]) == ("Settled", [NAME])
    assert api.get(f"/customers/{CUSTOMER}").json["available_balance"] == "60.00"
    assert api.get("/funds").json["unallocated"] == "40.00"
    assert [each["receipt_id"] for each in api.get("/receipts?status=matched").json["data"]] == [
        NAME
    ]
    assert expected(api).json == answer.json


def test_a_receipt_is_matched_by_hand_and_its_settlement_allocated(api: Api, house: House):
    came(house)
    settlement = expected(api).json["settlement_id"]
    answer = matched(api, settlement)
    assert answer.status == 200
    assert (answer.json["stage"], answer.json["allocated_rows"]) == ("Settled", 1)
    assert matched(api, settlement).json == answer.json
    assert api.get(f"/customers/{CUSTOMER}").json["available_balance"] == "60.00"
    (receipt,) = api.get("/receipts?status=matched").json["data"]
    assert (receipt["settlement_id"], receipt["reason"]) == (settlement, WHY)
    assert receipt["matched_by"]


def test_a_receipt_is_matched_with_one_settlement_only(api: Api, house: House):
    came(house, cents=100)
    one = expected(api).json["settlement_id"]
    two = expected(api, "FDMS 0043", "another key of sixteen").json["settlement_id"]
    assert matched(api, one).json["stage"] == "Expected"
    answer = matched(api, two)
    assert (answer.status, answer.code) == (409, "conflict")
    assert api.get(f"/settlements/{two}").json["receipts"] == []


def test_what_is_not_there_is_not_matched(api: Api, house: House):
    came(house)
    settlement = expected(api).json["settlement_id"]
    assert matched(api, NOBODY).status == 404
    assert matched(api, settlement, "N9").status == 404


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ({}, {"/receipt_id": "required", "/reason": "required"}),
        ({"receipt_id": "", "reason": ""}, {"/receipt_id": "too_short", "/reason": "too_short"}),
        ({"receipt_id": "N1\u00e9", "reason": "x"}, {"/receipt_id": "wrong_pattern"}),
        ({"receipt_id": "N" * 65, "reason": "x"}, {"/receipt_id": "too_long"}),
        ({"receipt_id": 7, "reason": "x", "more": 1}, {"/receipt_id": "wrong_type"}),
    ],
)
def test_a_match_that_says_too_little_is_told_all_that_is_wrong(api, house, body, places):
    before = house.everything()
    for path in (f"/settlements/{NOBODY}/match", "/receipts/close"):
        answer = api.post(path, body)
        assert answer.status == 400
        assert places.keys() <= answer.places.keys()
    assert house.everything() == before


def test_a_receipt_that_needs_no_settlement_is_closed_with_a_reason(api: Api, house: House):
    came(house)
    answer = api.post("/receipts/close", {"receipt_id": NAME, "reason": "A refund."})
    assert (answer.status, answer.json["status"], answer.json["reason"]) == (
        200, "closed", "A refund.",
    )  # fmt: skip
    assert api.get("/receipts").json["data"] == []
    assert api.get("/funds").json["unallocated"] == "100.00"
    again = api.post("/receipts/close", {"receipt_id": NAME, "reason": "Another."})
    assert (again.status, again.code) == (409, "conflict")
    assert api.post("/receipts/close", {"receipt_id": "N9", "reason": "x"}).status == 404


def test_the_poller_matches_and_allocates_what_came(api: Api, house: House):
    expected(api)
    came(house, text="FDMS 0042")
    events = Client(app.app, project_dir="/nowhere").events
    app.poll(events.generate_cw_event("aws.events", "Scheduled Event", {}, []), Context())
    assert api.get(f"/customers/{CUSTOMER}").json["available_balance"] == "60.00"
    assert api.get("/receipts").json["data"] == []

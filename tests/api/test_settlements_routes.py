"""Expected settlements at the doors: made once, shown, withdrawn; with one bad row nothing is."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.api.shares import MOST_ROWS
from chalicelib.domain.identifiers import derived_id
from chalicelib.domain.money import Money
from chalicelib.domain.settlement import Stage
from tests.api.client import KEY, Api
from tests.api.house import CUSTOMER, House
from tests.api.test_shares import AMOUNTS, BYTES, HEAD, HEADERS, MALFORMED

if TYPE_CHECKING:
    from tests.api.client import Answer

NOBODY = "00000000-0000-4000-8000-000000000000"
BODY = {"date": "2026-03-04", "amount": "100.00", "reference": "FDMS 0042"}
CSV = f"{HEAD}{CUSTOMER},60.00\n{CUSTOMER},30.00\n"


@pytest.fixture
def house_with_a_customer(house: House) -> House:
    house.customer()
    return house


@pytest.fixture
def api(house_with_a_customer: House) -> Api:
    return Api(house_with_a_customer)


def expected(api: Api, *, key: str = KEY, who: str = "maker", **changed: Any) -> Answer:
    return api.post("/settlements", {**BODY, "csv": CSV, **changed}, key=key, who=who)


def cells(answer: Answer) -> list[tuple[int | None, str | None, str]]:
    """What is wrong, as (row, column, code)."""
    return [(each["row"], each["column"], each["code"]) for each in answer.json["errors"]]


def refused(api: Api, status: int = 400, **changed: Any) -> Answer:
    before = api.house.everything()
    answer = expected(api, **changed)
    assert answer.status == status, answer.text
    assert api.house.everything() == before
    return answer


def encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def test_a_settlement_is_expected_and_shown(api: Api):
    made = expected(api)
    assert made.status == 201
    assert made.json == {
        "settlement_id": derived_id("settlement", KEY), "date": "2026-03-04", "amount": "100.00",
        "currency": "AUD", "reference": "FDMS 0042", "stage": "Expected", "received": "0.00",
        "receipts": [], "rows": 2, "rows_amount": "90.00", "allocated_rows": 0,
        "cancellable": True, "reason": None, "cancelled_by": None, "cancelled_at": None,
        "created_by": "maker", "created_at": "2026-03-02T01:00:00.000Z",
    }  # fmt: skip
    shown = api.get(f"/settlements/{made.json['settlement_id']}", role="viewer")
    assert shown.json == {**made.json, "allocated_amount": "0.00"}
    upper = api.get(f"/settlements/{made.json['settlement_id'].upper()}")
    assert upper.json == shown.json


@pytest.mark.parametrize("amount", [100, "100", "100.0"])
def test_an_amount_is_text_or_a_number(api: Api, amount: object):
    assert expected(api, amount=amount).json["amount"] == "100.00"


def test_a_settlement_needs_no_rows(api: Api):
    made = expected(api, csv=None)
    assert (made.status, made.json["rows"], made.json["rows_amount"]) == (201, 0, "0.00")


def test_a_file_is_the_same_as_its_text(api: Api):
    made = expected(api)
    again = expected(api, csv=None, csv_base64=encoded(CSV.replace("\n", "\r\n").encode()))
    assert (again.status, again.headers.get("Idempotent-Replayed")) == (201, "true")
    assert again.json == made.json


def test_a_replay_shows_the_settlement_as_it_is_now(api: Api):
    made = expected(api)
    assert "Idempotent-Replayed" not in made.headers
    path = f"/settlements/{made.json['settlement_id']}/cancel"
    cancelled = api.post(path, {"reason": "Entered twice."}, who="other")
    again = expected(api)
    assert (again.json, again.headers["Idempotent-Replayed"]) == (cancelled.json, "true")


def test_the_same_key_with_another_body_is_422_and_names_what_differs(api: Api):
    expected(api)
    answer = refused(
        api, 422, date="2026-03-05", amount="100.01", reference="FDMS 0043",
        csv=None, csv_base64=encoded(CSV.replace("30", "31").encode()),
    )  # fmt: skip
    assert answer.places == dict.fromkeys(
        ["/date", "/amount", "/reference", "/csv_base64"], "idempotency_key_reused"
    )
    assert refused(api, 422, csv=None).places == {"/csv": "idempotency_key_reused"}


def test_the_same_key_of_somebody_else_is_409(api: Api):
    expected(api)
    assert refused(api, 409, who="another").code == "idempotency_key_taken"


def test_a_key_is_required(api: Api):
    answer = api.post("/settlements", BODY)
    assert (answer.status, answer.places) == (400, {"Idempotency-Key": "missing"})
    answer = api.post("/settlements", BODY, key="too short")
    assert (answer.status, answer.places) == (400, {"Idempotency-Key": "invalid_key"})


FIELDS = [
    ({"date": "04/03/2026"}, "/date", "invalid_date"),
    ({"date": "2026-02-30"}, "/date", "invalid_date"),
    ({"date": "1999-12-31"}, "/date", "invalid_date"),
    ({"date": None}, "/date", "invalid_date"),
    ({"amount": "0.00"}, "/amount", "invalid_amount"),
    ({"amount": "-1.00"}, "/amount", "invalid_amount"),
    ({"amount": "100.001"}, "/amount", "invalid_amount"),
    ({"amount": "1" + "0" * 13}, "/amount", "invalid_amount"),
    ({"reference": "abc"}, "/reference", "too_short"),
    ({"reference": "  abc  "}, "/reference", "too_short"),
    ({"reference": "A---"}, "/reference", "too_short"),
    ({"reference": "====="}, "/reference", "too_short"),
    ({"reference": "x" * 141}, "/reference", "too_long"),
    ({"reference": "FDMS\n0042"}, "/reference", "not_printable"),
    ({"reference": 1234}, "/reference", "wrong_type"),
    ({"csv": 7}, "/csv", "wrong_type"),
    ({"csv": None, "csv_base64": 7}, "/csv_base64", "wrong_type"),
    ({"csv": None, "csv_base64": "no Base64!"}, "/csv_base64", "not_base64"),
    ({"csv": None, "csv_base64": "YQ"}, "/csv_base64", "not_base64"),
    ({"csv": None, "csv_base64": "\u00e9"}, "/csv_base64", "not_base64"),
    ({"csv_base64": encoded(CSV.encode())}, "/csv_base64", "given_twice"),
    ({"rows": []}, "/rows", "unknown_field"),
]


@pytest.mark.parametrize(("changed", "place", "code"), FIELDS)
def test_a_field_that_is_wrong_is_told_at_its_place(
    api: Api, changed: dict[str, Any], place: str, code: str
):
    assert refused(api, **changed).places == {place: code}


@pytest.mark.parametrize("what", BYTES)
def test_a_file_in_another_form_is_refused(api: Api, what: str):
    raw, row, code = BYTES[what]
    answer = refused(api, csv=None, csv_base64=encoded(raw))
    assert answer.places == {"/csv_base64": code}
    assert cells(answer) == [(row, None, code)]


@pytest.mark.parametrize("header", HEADERS)
def test_columns_that_are_missing_unknown_or_doubled_are_refused(api: Api, header: str):
    width = header.count(",") + 1
    answer = refused(api, csv=f"{header}\n{','.join(['1'] * width)}\n")
    found = [(column, code) for row, column, code in cells(answer) if row == 1]
    assert found == HEADERS[header]


@pytest.mark.parametrize("amount", AMOUNTS)
def test_a_row_with_what_is_no_amount_is_refused(api: Api, amount: str):
    answer = refused(api, csv=f'{CSV}{CUSTOMER},"{amount}"\n')
    assert cells(answer) == [(4, "amount", AMOUNTS[amount])]
    assert answer.places.keys() == {"/csv"}


@pytest.mark.parametrize("what", MALFORMED)
def test_a_text_that_is_no_csv_is_refused(api: Api, what: str):
    text, code = MALFORMED[what]
    assert (4, None, code) in cells(refused(api, csv=CSV + text))


@pytest.mark.parametrize("text", ["", HEAD])
def test_a_file_without_rows_is_refused(api: Api, text: str):
    assert refused(api, csv=text).places["/csv"] in {"empty", "no_rows"}


def test_unknown_customers_are_refused_row_by_row(api: Api):
    answer = refused(api, 422, csv=f"{CSV}{NOBODY},1.00\n{CUSTOMER},1.00\n{NOBODY},1.00\n")
    assert answer.code == "rule_broken"
    assert cells(answer) == [
        (4, "customer_id", "unknown_customer"), (6, "customer_id", "unknown_customer"),
    ]  # fmt: skip


def test_rows_that_come_to_more_than_the_amount_are_refused(api: Api):
    answer = refused(api, 422, csv=f"{CSV}{CUSTOMER},10.01\n")
    assert cells(answer) == [(4, "amount", "rows_exceed_amount")]
    assert expected(api, csv=f"{CSV}{CUSTOMER},10.00\n").status == 201


def test_all_that_is_wrong_with_the_rows_is_told_at_once(api: Api):
    rows = f"{NOBODY},200.00\n{CUSTOMER},-1\n{CUSTOMER}\n=x,1.001\n{NOBODY},0\n"
    assert cells(refused(api, csv=HEAD + rows)) == [
        (2, "customer_id", "unknown_customer"), (2, "amount", "rows_exceed_amount"),
        (3, "amount", "negative_amount"), (4, None, "wrong_number_of_fields"),
        (5, "customer_id", "formula"), (5, "amount", "too_many_decimals"),
        (6, "amount", "zero_amount"), (6, "customer_id", "unknown_customer"),
    ]  # fmt: skip


def test_rows_are_told_with_the_fields_that_are_wrong(api: Api):
    answer = refused(api, date="soon", amount="x", csv=f"{HEAD}me,-1\n")
    assert answer.places == {
        "/date": "invalid_date", "/amount": "invalid_amount", "/csv": "negative_amount",
    }  # fmt: skip
    assert (2, "customer_id", "invalid_id") in cells(answer)


@pytest.mark.parametrize("more", [{}, {"date": "soon"}])
def test_of_many_errors_a_hundred_are_told_and_one_for_the_rest(api: Api, more: dict[str, Any]):
    answer = refused(api, csv=HEAD + f"{CUSTOMER},-1\n" * 300, **more)
    assert len(answer.json["errors"]) == 101
    assert answer.json["errors"][-1]["code"] == "too_many_errors"
    if not more:
        assert answer.json["errors"][-1]["detail"] == "and 200 more"


def test_a_million_rows_are_refused(api: Api):
    answer = refused(api, csv=HEAD + f"{CUSTOMER},0.01\n" * (MOST_ROWS + 1))
    assert cells(answer) == [(MOST_ROWS + 2, None, "too_many_rows")]
    short = encoded((HEAD + "a,1\n" * 390_000).encode())
    assert cells(refused(api, csv=None, csv_base64=short)) == cells(answer)
    raw = json.dumps({**BODY, "csv": HEAD + "a,1\n" * 1_000_000}).encode()
    assert api.post("/settlements", raw=raw, key=KEY).status == 413


def test_as_many_rows_as_are_allowed_are_taken_as_quoted_as_can_be(api: Api):
    rows = f'"{CUSTOMER}","0.01"\r\n' * MOST_ROWS
    made = expected(api, csv='"customer_id","amount"\r\n' + rows)
    assert (made.status, made.json["rows"], made.json["rows_amount"]) == (201, 10_000, "100.00")


def test_a_customers_credit_is_none_of_an_expectation(api: Api):
    before = api.get(f"/customers/{CUSTOMER}").json
    assert expected(api).status == 201
    assert api.get(f"/customers/{CUSTOMER}").json == before


def test_progress_is_shown_in_rows_and_dollars(api: Api):
    settlement_id = expected(api).json["settlement_id"]
    port = api.house.settlements
    matched = replace(
        port.get(settlement_id), stage=Stage.ALLOCATING, receipts=("N00100000000",),
        received=Money(10_000), allocated_rows=1,
    )  # fmt: skip
    port.write(matched, version=1)
    shown = api.get(f"/settlements/{settlement_id}").json
    assert (shown["stage"], shown["received"], shown["receipts"]) == (
        "Allocating", "100.00", ["N00100000000"],
    )  # fmt: skip
    assert (shown["allocated_rows"], shown["allocated_amount"]) == (1, "60.00")
    assert shown["cancellable"] is False


def test_settlements_are_listed_newest_first_page_by_page(api: Api):
    ids = []
    for number in range(5):
        ids.append(expected(api, key=f"{KEY} {number}").json["settlement_id"])
        api.house.clock.advance(1)
    first = api.get("/settlements?limit=3", role="viewer").json
    rest = api.get(f"/settlements?limit=3&cursor={first['next_cursor']}", role="viewer").json
    listed = [each["settlement_id"] for each in [*first["data"], *rest["data"]]]
    assert listed == ids[::-1]
    assert rest["next_cursor"] is None


def test_one_is_cancelled_with_a_reason_by_somebody_at_a_time(api: Api):
    settlement_id = expected(api).json["settlement_id"]
    path = f"/settlements/{settlement_id}/cancel"
    assert api.post(path, {}).places == {"/reason": "missing"}
    answer = api.post(path, {"reason": "Entered twice."}, who="other")
    assert answer.status == 200
    assert (answer.json["stage"], answer.json["cancellable"]) == ("Cancelled", False)
    assert (answer.json["reason"], answer.json["cancelled_by"]) == ("Entered twice.", "other")
    assert answer.json["cancelled_at"] == answer.json["created_at"]
    assert api.post(path, {"reason": "Again."}).json == answer.json


def test_one_that_money_was_matched_with_is_not_cancelled(api: Api):
    settlement_id = expected(api).json["settlement_id"]
    port = api.house.settlements
    port.write(replace(port.get(settlement_id), receipts=("N1",)), version=1)
    answer = api.post(f"/settlements/{settlement_id}/cancel", {"reason": "Entered twice."})
    assert (answer.status, answer.code) == (409, "conflict")
    assert api.get(f"/settlements/{settlement_id}").json["stage"] == "Expected"


@pytest.mark.parametrize("path", [f"/settlements/{NOBODY}", "/settlements/x"])
def test_what_is_not_there_is_404(api: Api, path: str):
    for answer in (api.get(path), api.post(f"{path}/cancel", {"reason": "Entered twice."})):
        assert (answer.status, answer.json["detail"]) == (404, "There is no such settlement.")

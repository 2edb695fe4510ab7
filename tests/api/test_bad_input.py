"""Whatever comes in: a 4xx problem with all that is wrong, nothing stored, and never a 500."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import app
from chalicelib.api.body import LARGEST
from chalicelib.api.operation import Operation
from chalicelib.api.schemas import Notification
from tests.api.client import KEY, Answer, Api
from tests.api.house import CUSTOMER, House
from tests.api.making import BODY, queued
from tests.api.test_roles import path_of

NAMES = "{0.name}".format
TAKES_BODY = [
    each for each in app.door.map if each.body is not None and each.body is not Notification
]
TAKES_NONE = [
    each for each in app.door.map
    if each.body is None and each.method not in {"OPTIONS", "GET"}
]  # fmt: skip
GETS = [each for each in app.door.map if each.method == "GET"]

NO_JSON = {
    "nothing": b"",
    "blank": b"  ",
    "cut off": b'{"amount":',
    "two values": b"{} {}",
    "a comma too many": b'{"amount": 1,}',
    "single quotes": b"{'amount': 1}",
    "NaN": b'{"amount": NaN}',
    "Infinity": b'{"amount": -Infinity}',
    "not UTF-8": b'{"reason": "\xff\xfe"}',
    "UTF-16": '{"reason": "x"}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "half a pair in the bytes": b'{"reason": "\xed\xa0\x80"}',
    "a null byte": b'{"reason": "\x00"}',
    "a name twice": b'{"reason": "x", "reason": "y"}',
    "a name twice deep inside": b'{"x": [{"a": 1, "a": 2}]}',
    "200,000 levels of lists": b"[" * 200_000 + b"]" * 200_000,
    "200,000 levels of objects": b'{"a":' * 200_000 + b"1" + b"}" * 200_000,
    "200,000 levels without an end": b"[" * 200_000,
    "a number of 100,000 digits for an object": b"9" * 100_000,
    "a list": b"[]",
    "a text": b'"amount"',
    "a number": b"1e999999999999999999999",
    "null": b"null",
}


def refused(answer: Answer, *statuses: int) -> None:
    assert answer.status in (statuses or (400,)), answer.text
    assert answer.json["errors"] or answer.status in {413, 415}
    assert "Traceback" not in answer.text
    assert 'File "' not in answer.text


def ask(api: Api, operation: Operation, raw: bytes, **given: Any) -> Answer:
    return api.call(operation.method, path_of(operation.path), raw=raw, key=KEY, **given)


@pytest.mark.parametrize("what", NO_JSON)
@pytest.mark.parametrize("operation", TAKES_BODY, ids=NAMES)
def test_what_is_no_json_object_is_400(api: Api, house: House, operation: Operation, what: str):
    before = house.everything()
    answer = ask(api, operation, NO_JSON[what])
    refused(answer)
    assert answer.places.keys() == {""}
    assert house.everything() == before


@pytest.mark.parametrize("operation", TAKES_BODY, ids=NAMES)
@pytest.mark.parametrize(
    "content_type",
    [
        None, "", "text/plain", "application/x-www-form-urlencoded", "application/jsonp",
        "application/json; charset=utf-16", "application/json;charset=latin-1", "json",
        'application/json; charset="', "application/xml", "multipart/form-data",
    ],
)  # fmt: skip
def test_what_is_not_said_to_be_json_in_utf8_is_415(
    api: Api, house: House, operation: Operation, content_type: str | None
):
    before = house.everything()
    refused(ask(api, operation, b"{}", content_type=content_type), 415)
    assert house.everything() == before


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON; Charset=UTF-8", 'application/json;charset="utf-8"'],
)
def test_json_may_be_said_in_several_ways(api: Api, content_type: str):
    body = json.dumps({"customer_name": "Jo Citizen", "email": "jo@example.com"}).encode()
    assert api.post("/customers", raw=body, content_type=content_type).status == 201


@pytest.mark.parametrize("operation", TAKES_BODY, ids=NAMES)
@pytest.mark.parametrize("size", [LARGEST + 1, 6 * 1024 * 1024])
def test_a_body_that_is_too_large_is_413(api: Api, house: House, operation: Operation, size: int):
    before = house.everything()
    raw = b'{"reason": "' + b"x" * size + b'"}'
    refused(ask(api, operation, raw), 413)
    assert house.everything() == before


@pytest.mark.parametrize("operation", TAKES_NONE + GETS, ids=NAMES)
@pytest.mark.parametrize("raw", [b"[]", b"x", b'{"a": 1}', b"[" * 200_000, b"x" * 6_291_456])
def test_a_body_where_none_is_taken_is_400(
    api: Api, house: House, operation: Operation, raw: bytes
):
    before = house.everything()
    refused(ask(api, operation, raw))
    assert house.everything() == before


@pytest.mark.parametrize(
    "operation", [each for each in app.door.map if each.method != "OPTIONS"], ids=NAMES
)
def test_an_unknown_parameter_is_400_but_for_the_webhook(api: Api, operation: Operation):
    path = f"{path_of(operation.path)}?colour=red&colour=blue&%ff=%00"
    body: dict[str, object] | None = {} if operation.body else None
    answer = api.call(operation.method, path, body, key=KEY)
    if operation.path.startswith("/webhooks"):
        assert answer.status == 401
    else:
        refused(answer)
        assert {"colour"} <= answer.places.keys()


NUMBERS = {"amount", "base_version", "count", "days", "blocked_above", "review_from"}


@pytest.mark.parametrize("operation", TAKES_BODY, ids=NAMES)
def test_unknown_fields_and_wrong_types_are_all_listed(
    api: Api, house: House, operation: Operation
):
    assert operation.body is not None
    names = {field.alias or name for name, field in operation.body.model_fields.items()} - {"root"}
    before = house.everything()
    values: list[object] = [True, {"a": {}}, 7]
    for value in values:
        body = {**dict.fromkeys(names, value), "colour": "red", "a/b~c": 1, "\ud800": 2}
        if not names:
            body["type"] = "PayId"
        answer = api.call(operation.method, path_of(operation.path), body, key=KEY)
        refused(answer)
        wanted = {f"/{name}" for name in names if value != 7 or name not in NUMBERS}
        # Where an object is taken it is told of what is in it.
        told = answer.places.keys() | {f"/{place.split('/')[1]}" for place in answer.places}
        assert wanted | {"/colour", "/a~1b~0c", "/?"} <= told
    assert house.everything() == before


AMOUNTS = [
    "0", "0.00", "-1", "-0.01", "1.000", "100.005", "1e400", "1e-400", "1e999999999",
    "-1e999999999", "1e99999999999999999999999", "9" * 15, "9" * 5000, "true", "null", "[]", "{}",
    '"0"', '"-1.00"', '"0.001"', '"1e2"', '" 1"', '"1 "', '"1_0"', '"+1"', '"1,00"', '"1.0.0"',
    '"NaN"', '"Infinity"', '""', '"ten"', '"\u0661"', '"$1"', '"0x10"', '"\\ud800"', '"1\\u0000"',
    '"' + "9" * 1000 + '"',
]  # fmt: skip


@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize("path", ["/payouts", f"/customers/{CUSTOMER}/credits"])
def test_what_is_no_amount_is_400_at_its_place(api: Api, house: House, path: str, amount: str):
    house.customer()
    house.fund(100_000)
    before = house.everything()
    rest = {"customer_id": CUSTOMER, "payout_method": "PayId"} if path == "/payouts" else {}
    rest |= {} if path == "/payouts" else {"reason": "A test."}
    raw = json.dumps(rest)[:-1] + f', "amount": {amount}}}'
    answer = api.post(path, raw=raw.encode(), key=KEY)
    refused(answer)
    assert answer.places == {"/amount": "invalid_amount"}
    assert house.everything() == before


@pytest.mark.parametrize("amount", ["1", "1.0", "1.00", "1e0", "10e-1", '"1"', '"1.0"', '"1.00"'])
def test_what_is_one_dollar_is_one_dollar(api: Api, house: House, amount: str):
    house.customer()
    raw = json.dumps({"customer_id": CUSTOMER, "payout_method": "PayId"})[:-1]
    answer = api.post("/payouts", raw=f'{raw}, "amount": {amount}}}'.encode(), key=KEY)
    assert (answer.status, answer.json["amount"]) == (202, "1.00")


def test_a_sum_that_floats_would_bend_is_exact(api: Api, house: House):
    house.customer()
    raw = json.dumps({"customer_id": CUSTOMER, "payout_method": "PayId"})[:-1]
    answer = api.post("/payouts", raw=f'{raw}, "amount": 100.000000000000001}}'.encode(), key=KEY)
    assert answer.places == {"/amount": "invalid_amount"}
    answer = api.post("/payouts", raw=f'{raw}, "amount": 0.29}}'.encode(), key=KEY)
    assert answer.json["amount"] == "0.29"


@pytest.mark.parametrize(
    "text", ["\ud800", "x\udfff", "a\nb", "a\x00b", "\u2028", " ", "x" * 10_000]
)
def test_texts_are_bounded_printable_and_unicode(api: Api, house: House, text: str):
    house.customer()
    made = queued(api)
    before = house.everything()
    for path, body in (
        ("/customers", {"customer_name": text, "email": "jo@example.com"}),
        ("/customers", {"customer_name": "Jo Citizen", "email": text}),
        ("/payouts", {**BODY, "reference": text}),
        ("/payouts", {**BODY, "description": text}),
        ("/payouts", {**BODY, "customer_id": text}),
        ("/payouts", {**BODY, "destination_id": text}),
        ("/payouts", {**BODY, "payout_method": text}),
        ("/payouts", {**BODY, "rail": text}),
        ("/payouts", {**BODY, "currency": text}),
        (f"/payouts/{made}/cancel", {"reason": text}),
        (f"/payouts/{made}/resolution", {"verdict": text, "evidence": "It is dead."}),
        (f"/payouts/{made}/resolution", {"verdict": "dead", "evidence": text}),
        (f"/customers/{CUSTOMER}/credits", {"amount": "1.00", "reason": text}),
        (f"/customers/{CUSTOMER}/destinations", {
            "type": "PayId", "payIdType": "OrganisationId", "payId": text, "accountName": text,
        }),
        (f"/customers/{CUSTOMER}/destinations", {
            "type": "BankAccount", "bsbNumber": text, "accountNumber": text, "accountName": text,
        }),
    ):  # fmt: skip
        answer = api.post(path, body, key=KEY)
        refused(answer)
    assert house.everything() == before


def test_errors_of_header_query_and_body_are_listed_together(api: Api, house: House):
    house.customer()
    answer = api.post("/payouts?colour=red", {"amount": "0", "payout_method": "Cash"}, key="short")
    assert answer.status == 400
    assert answer.places == {
        "Idempotency-Key": "invalid_key",
        "colour": "unknown_field",
        "/customer_id": "missing",
        "/amount": "invalid_amount",
        "/payout_method": "not_one_of",
    }


def test_what_was_said_is_never_repeated(api: Api, house: House):
    house.customer()
    hidden = "something personal"
    body = {"type": hidden, "payId": hidden, "accountName": [hidden]}
    answer = api.post(f"/customers/{CUSTOMER}/destinations", body)
    assert hidden not in answer.text
    answer = api.post("/payouts", {**BODY, "payout_method": hidden, "amount": hidden}, key=KEY)
    assert hidden not in answer.text


def test_more_errors_than_anybody_repairs_are_counted_no_further(api: Api):
    body = {f"name {number}": 1 for number in range(5_000)}
    answer = api.post("/customers", body)
    assert len(answer.json["errors"]) == 101
    assert answer.json["errors"][-1]["code"] == "too_many_errors"
    body = {"x" * 100_000: 1}
    assert len(api.post("/customers", body).text) < 2_000


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(codec=None), max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("operation", TAKES_BODY, ids=NAMES)
def test_nothing_that_json_can_say_is_answered_with_500(
    api: Api, house: House, operation: Operation
):
    assert operation.body is not None
    examples = operation.body.model_json_schema()["examples"]
    names = sorted({name for example in examples for name in example})
    house.customer()
    path = path_of(operation.path).replace("00000000-0000-4000-8000-000000000000", CUSTOMER)

    @settings(
        max_examples=60, deadline=None, derandomize=True, database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )  # fmt: skip
    @given(
        base=st.sampled_from([{}, *examples]),
        changed=st.dictionaries(st.sampled_from(names) | st.text(max_size=5), ANY_JSON, max_size=3),
        whole=st.none() | ANY_JSON,
    )
    def try_it(base: dict[str, object], changed: dict[str, object], whole: object) -> None:
        body = {**base, **changed} if whole is None else whole
        raw = json.dumps(body).encode()
        answer = api.call(operation.method, path, raw=raw, key=KEY)
        assert answer.status < 500

    try_it()

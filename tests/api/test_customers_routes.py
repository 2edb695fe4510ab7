"""Customers, their destinations and their money over HTTP."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import Stale
from chalicelib.domain.habits import Habits
from chalicelib.domain.identifiers import derived_id
from tests.api.client import KEY, Api, claims
from tests.api.house import CUSTOMER, SECRET_ACCOUNT, SECRET_PAY_ID, House
from tests.api.making import disputed

STRANGER = "00000000-0000-4000-8000-000000000000"
PAY_ID = {
    "type": "PayId", "payIdType": "Email", "payId": SECRET_PAY_ID, "accountName": "Hidden Payee",
}  # fmt: skip
ACCOUNT = {
    "type": "BankAccount", "bsbNumber": "062 000", "accountNumber": SECRET_ACCOUNT,
    "accountName": "Hidden Payee",
}  # fmt: skip
BODY = {"customer_name": "Jo Citizen", "email": "jo@example.com"}


def test_a_customer_is_registered_with_masked_destinations(api: Api):
    answer = api.post(
        "/customers", {**BODY, "payout_destinations": [PAY_ID, ACCOUNT]}, role="operator"
    )
    assert answer.status == 201
    told = answer.json
    assert told["customer_name"] == "Jo Citizen"
    assert told["available_balance"] == "0.00"
    assert told["stopped"] is None
    pay_id, account = told["payout_destinations"]
    assert pay_id == {
        "destination_id": pay_id["destination_id"], "type": "PayId", "payId": "h***@e***.com",
        "payIdType": "Email", "bsbNumber": None, "accountNumber": None,
        "accountName": "H*** P***", "default": True, "bank": None, "branch": None,
        "warnings": [], "verified": False,
    }  # fmt: skip
    assert account == {
        "destination_id": account["destination_id"], "type": "BankAccount", "payId": None,
        "payIdType": None, "bsbNumber": "062-***", "accountNumber": "***263",
        "accountName": "H*** P***", "default": True, "bank": "Example Bank",
        "branch": "1 Example Street", "warnings": [], "verified": False,
    }  # fmt: skip
    assert api.get(f"/customers/{told['customer_id']}", role="viewer").json == told


def test_without_a_key_the_same_customer_again_is_another_one(api: Api):
    one, other = api.post("/customers", BODY), api.post("/customers", BODY)
    assert one.json["customer_id"] != other.json["customer_id"]


def test_with_a_key_the_same_customer_again_is_the_same_one(api: Api):
    body = {**BODY, "payout_destinations": [PAY_ID]}
    one, other = api.post("/customers", body, key=KEY), api.post("/customers", body, key=KEY)
    assert (one.status, other.status) == (201, 201)
    assert one.json == other.json
    assert other.headers["Idempotent-Replayed"] == "true"


def test_a_key_that_was_used_for_another_customer_is_422_and_tells_what_differs(api: Api):
    api.post("/customers", BODY, key=KEY)
    answer = api.post("/customers", {**BODY, "email": "other@example.com"}, key=KEY)
    assert (answer.status, answer.places) == (422, {"/email": "idempotency_key_reused"})


def test_a_customers_key_is_nobody_elses(api: Api):
    api.post("/customers", BODY, key=KEY, who="one")
    answer = api.post("/customers", BODY, key=KEY, who="another")
    assert (answer.status, answer.code) == (409, "idempotency_key_taken")


def test_every_error_of_every_destination_is_listed_at_its_place(api: Api, house: House):
    before = house.everything()
    answer = api.post(
        "/customers",
        {
            "customer_name": "",
            "payout_destinations": [
                {"type": "PayId", "payIdType": "Email", "payId": "nobody", "accountName": "J"},
                {"type": "PayId", "payIdType": "Telex", "payId": "1", "accountName": "Jo Citizen"},
                {"type": "BankAccount", "bsbNumber": "1", "accountNumber": "!", "accountName": ""},
                {"type": "Cheque"},
                {},
                7,
                {**PAY_ID, "PayId": "x", "bsbNumber": "062-000"},
            ],
        },
    )
    assert answer.status == 400
    assert answer.places == {
        "/customer_name": "too_short",
        "/email": "missing",
        "/payout_destinations/0/payId": "invalid_destination",
        "/payout_destinations/0/accountName": "invalid_destination",
        "/payout_destinations/1/payIdType": "not_one_of",
        "/payout_destinations/2/bsbNumber": "invalid_destination",
        "/payout_destinations/2/accountNumber": "invalid_destination",
        "/payout_destinations/2/accountName": "too_short",
        "/payout_destinations/3/type": "not_one_of",
        "/payout_destinations/4/type": "missing",
        "/payout_destinations/5": "wrong_type",
        "/payout_destinations/6/PayId": "unknown_field",
        "/payout_destinations/6/bsbNumber": "unknown_field",
    }
    assert house.everything() == before


def test_more_than_twenty_destinations_are_refused(api: Api):
    answer = api.post("/customers", {**BODY, "payout_destinations": [ACCOUNT] * 21})
    assert answer.places == {"/payout_destinations": "too_long"}


@pytest.mark.parametrize("email", ["jo", "jo@", "@example.com", "jo@example", "j o@example.com"])
def test_an_email_has_the_form_of_one(api: Api, email: str):
    assert api.post("/customers", {**BODY, "email": email}).places == {"/email": "invalid_email"}


def test_name_and_email_can_be_changed_one_by_one(api: Api, house: House):
    house.customer()
    answer = api.call("PATCH", f"/customers/{CUSTOMER}", {"email": "new@example.com"})
    assert answer.status == 200
    assert (answer.json["customer_name"], answer.json["email"]) == ("Jo Citizen", "new@example.com")
    answer = api.call("PATCH", f"/customers/{CUSTOMER}", {"customer_name": " Al Citizen "})
    assert answer.json["customer_name"] == "Al Citizen"


@pytest.mark.parametrize("body", [{}, {"email": None}])
def test_a_change_of_nothing_is_400(api: Api, house: House, body: dict[str, None]):
    house.customer()
    answer = api.call("PATCH", f"/customers/{CUSTOMER}", body)
    assert answer.places == {"": "nothing_to_change"}


def test_the_balance_cannot_be_changed(api: Api, house: House):
    house.customer()
    answer = api.call("PATCH", f"/customers/{CUSTOMER}", {"available_balance": "1000000.00"})
    assert answer.places == {"/available_balance": "unknown_field"}


class Busy:
    """Customers whom somebody else always edits first."""

    def __init__(self, customers) -> None:
        self.get = customers.get

    def edit(self, _customer, *, version: int) -> None:
        """Too late."""
        raise Stale(f"no longer {version}")


def test_a_customer_whom_others_edit_all_the_time_is_409_and_worth_another_try(
    api: Api, house: House
):
    house.customer()
    house.customers = Busy(house.customers)
    answer = api.call("PATCH", f"/customers/{CUSTOMER}", {"customer_name": "Al"})
    assert (answer.status, answer.code, answer.json["retryable"]) == (409, "stale", True)


def test_destinations_are_added_listed_chosen_and_removed(api: Api, house: House):
    house.customer()
    path = f"/customers/{CUSTOMER}/destinations"
    added = api.post(path, {**PAY_ID, "payIdType": "PhoneNumber", "payId": "0412 345 678"})
    assert added.status == 201
    assert added.json["payId"] == "+61-***678"
    assert added.json["default"] is False
    new = added.json["destination_id"]
    listed = api.get(path, role="viewer").json
    assert len(listed["data"]) == 3
    assert listed["next_cursor"] is None
    chosen = api.call("PUT", f"{path}/{new}/default").json["payout_destinations"]
    assert {each["destination_id"] for each in chosen if each["default"]} >= {new}
    left = api.call("DELETE", f"{path}/{new}").json["payout_destinations"]
    assert new not in {each["destination_id"] for each in left}
    assert api.call("DELETE", f"{path}/{new}").status == 404


def test_with_a_key_a_destination_is_added_once(api: Api, house: House):
    house.customer()
    path = f"/customers/{CUSTOMER}/destinations"
    one, other = api.post(path, ACCOUNT, key=KEY), api.post(path, ACCOUNT, key=KEY)
    assert one.json == other.json
    assert len(api.get(path).json["data"]) == 3


def test_a_key_of_the_version_before_makes_no_destination_that_was_paid_another_one(
    api: Api, house: House
):
    """Keys were not remembered then: a destination's id followed from its key alone."""
    house.customer()
    state = house.store.state
    before = derived_id("destination", f"{CUSTOMER}/{KEY}")
    (there, _) = state.customers[CUSTOMER].destinations
    state.customers[CUSTOMER] = replace(
        state.customers[CUSTOMER], destinations=(replace(there, destination_id=before),),
        defaults=(), standings=(),
    )  # fmt: skip
    state.habits[CUSTOMER] = Habits(proven=frozenset({before}))
    where = f"/customers/{CUSTOMER}/destinations"
    assert api.call("DELETE", f"{where}/{before}").status == 200
    added = api.post(where, {**ACCOUNT, "accountNumber": "87654321"}, key=KEY)
    assert added.status == 201
    assert added.json["destination_id"] not in state.habits[CUSTOMER].proven


def test_the_errors_of_a_destination_lie_at_its_own_places(api: Api, house: House):
    house.customer()
    answer = api.post(f"/customers/{CUSTOMER}/destinations", {**ACCOUNT, "bsbNumber": "12"})
    assert answer.places == {"/bsbNumber": "invalid_destination"}


def test_a_twenty_first_destination_is_422(api: Api, house: House):
    house.customer()
    path = f"/customers/{CUSTOMER}/destinations"
    answers = [api.post(path, ACCOUNT).status for _ in range(19)]
    assert answers == [201] * 18 + [422]


@pytest.mark.parametrize("customer", [STRANGER, "nobody"])
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"customer_name": "Al"}),
        ("GET", "/destinations", None),
        ("POST", "/destinations", ACCOUNT),
        ("DELETE", f"/destinations/{STRANGER}", None),
        ("PUT", f"/destinations/{STRANGER}/default", None),
        ("POST", "/credits", {"amount": "1.00", "reason": "A test."}),
        ("POST", "/stop", None),
        ("POST", "/resume", None),
    ],
)
def test_a_customer_who_is_not_there_is_404(api: Api, house: House, customer, method, path, body):
    house.fund(100)
    key = KEY if path == "/credits" else None
    answer = api.call(method, f"/customers/{customer}{path}", body, key=key)
    assert (answer.status, answer.code) == (404, "not_found")


def test_money_is_given_once_for_each_key(api: Api, house: House):
    house.customer(available=0)
    house.fund(50_000)
    path, body = f"/customers/{CUSTOMER}/credits", {"amount": "250.00", "reason": "Settlement."}
    one, other = api.post(path, body, key=KEY), api.post(path, body, key=KEY)
    assert (one.status, other.status) == (201, 201)
    assert one.json == other.json
    assert other.headers["Idempotent-Replayed"] == "true"
    assert api.get(f"/customers/{CUSTOMER}").json["available_balance"] == "250.00"
    assert api.get("/funds", role="viewer").json == {
        "received": "500.00", "unallocated": "250.00", "currency": "AUD",
    }  # fmt: skip


def test_more_than_is_unallocated_cannot_be_given(api: Api, house: House):
    house.customer(available=0)
    house.fund(100)
    answer = api.post(
        f"/customers/{CUSTOMER}/credits", {"amount": "1.01", "reason": "Too much."}, key=KEY
    )
    assert answer.status == 422
    assert answer.places == {"/amount": "exceeds_unallocated"}


def test_a_credit_needs_a_key_whatever_the_setting_says(api: Api, house: House):
    house.customer()
    house.rule(require_idempotency_key=False)
    answer = api.post(f"/customers/{CUSTOMER}/credits", {"amount": "1.00", "reason": "A test."})
    assert answer.places == {"Idempotency-Key": "missing"}


def test_a_negative_credit_takes_nothing_from_a_customer(api: Api, house: House):
    house.customer(available=1_000)
    answer = api.post(
        f"/customers/{CUSTOMER}/credits", {"amount": "-1.00", "reason": "Take it."}, key=KEY
    )
    assert answer.status == 400
    assert api.get(f"/customers/{CUSTOMER}").json["available_balance"] == "10.00"


def test_a_stopped_customer_says_why_and_can_be_resumed(api: Api, house: House):
    house.customer()
    made = disputed(api)
    assert made in api.get(f"/customers/{CUSTOMER}").json["stopped"]
    assert api.post(f"/customers/{CUSTOMER}/resume").json["stopped"] is None
    again = api.post(f"/customers/{CUSTOMER}/resume")
    assert (again.status, again.code) == (409, "conflict")


def test_a_customer_whom_a_person_stops_is_paid_nothing_until_an_admin_resumes_them(
    api: Api, house: House
):
    house.customer()
    path = f"/customers/{CUSTOMER}"
    assert api.post(f"{path}/stop", who="olive", role="operator").json["stopped"] == (
        "olive stopped them"
    )
    assert api.post(f"{path}/stop", who="anna").json["stopped"] == "olive stopped them"
    said = {"customer_id": CUSTOMER, "amount": "1.00", "payout_method": "PayId"}
    refused = api.post("/payouts", said, key=KEY)
    assert (refused.status, refused.code) == (409, "customer_stopped")
    assert house.provider.requests == []
    assert api.post(f"{path}/resume").json["stopped"] is None
    assert api.post("/payouts", said, key=KEY).status == 202


@pytest.mark.parametrize("deed", ["stop", "resume"])
def test_stopping_and_resuming_need_a_sign_in_of_the_last_minutes(
    api: Api, house: House, deed: str
):
    house.customer()
    stale = claims("admin", signed_in=house.issuer_clock.now() - timedelta(seconds=601))
    answer = api.post(f"/customers/{CUSTOMER}/{deed}", context={"claims": stale})
    assert (answer.status, answer.code) == (401, "sign_in_again")
    assert house.store.state.customers[CUSTOMER].stopped == ""


def test_an_admin_opens_the_sign_in(api: Api, house: House):
    house.gate.close()
    assert api.post("/provider/sign-in/open").json == {"provider_sign_in": "open"}
    assert not house.gate.closed()

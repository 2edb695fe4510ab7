"""What cannot be taken back needs a sign-in of just now, by the clock that tokens are dated by."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import app
from chalicelib.api.freshness import SignInAgain, StepUp
from tests.api.client import KEY, Api, claims
from tests.api.house import BANK_ACCOUNT, CUSTOMER, EMAIL_PAY_ID, House
from tests.api.ways import ask, ids, ready
from tests.fakes.clock import START

NOW = datetime(2026, 3, 2, 1, 0, 0, 999_999, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
RULE = StepUp(minutes=10, mfa_minutes=60)
# Independent of the table in the code, as the roles are.
JUST_NOW = {
    ("POST", "/payouts/{transaction_id}/release"),
    ("POST", "/pause"),
    ("POST", "/resume"),
    ("POST", "/payouts/{transaction_id}/resolution/agree"),
    ("DELETE", "/customers/{customer_id}"),
    ("POST", "/customers/{customer_id}/stop"),
    ("POST", "/customers/{customer_id}/resume"),
    ("POST", "/customers/{customer_id}/credits"),
    ("POST", "/exports/aba"),
    ("GET", "/exports/{file_id}/file"),
    ("POST", "/exports/{file_id}/confirm"),
    ("POST", "/exports/{file_id}/returns"),
    ("POST", "/exports/{file_id}/give-up"),
    ("POST", "/exports/{file_id}/give-up/agree"),
    ("POST", "/exports/{file_id}/doubt"),
    ("POST", "/exports/{file_id}/doubt/agree"),
    ("POST", "/provider/sign-in/open"),
    ("POST", "/provider/sign-in/close"),
    ("POST", "/rails/{rail}/open"),
    ("POST", "/rails/{rail}/reset"),
    ("PUT", "/policies"),
    ("POST", "/policies/agree"),
    ("POST", "/approvals/{transaction_id}/approve"),
    ("POST", "/approvals/{transaction_id}/decline"),
    ("POST", "/approvals/credits/{credit_id}/approve"),
    ("POST", "/approvals/credits/{credit_id}/decline"),
}
FRESH = [each for each in app.door.map if (each.method, each.path) in JUST_NOW]
ANY_TIME = [
    each for each in app.door.map
    if each.method != "OPTIONS" and each.roles is not None and each not in FRESH
]  # fmt: skip


def counts(claims: dict[str, object], rule: StepUp = RULE) -> bool:
    try:
        rule.demand(claims, now=NOW)
    except SignInAgain:
        return False
    return True


@pytest.mark.parametrize(
    ("age", "good"),
    [(0, True), (600, True), (601, False), (-60, True), (-61, False), (10**9, False)],
)
def test_a_sign_in_counts_for_ten_minutes_and_may_be_a_minute_ahead(age: int, good: bool):
    assert counts({"auth_time": str(SECONDS - age)}) is good
    assert counts({"auth_time": SECONDS - age}) is good


@pytest.mark.parametrize(
    "told",
    [
        None, "", " ", "yesterday", "Fri Jan 02 03:04:05 UTC 2099", f"{SECONDS}.0", f" {SECONDS}",
        f"+{SECONDS}", f"-{SECONDS}", f"{SECONDS}\n", f"{SECONDS}000", "9" * 5000, "١٧٧٢٤١٣٢٠٠",
        True, float(SECONDS), [SECONDS], {"at": SECONDS}, 10**30, -SECONDS,
    ],
)  # fmt: skip
def test_a_moment_that_is_garbled_is_none(told: object):
    assert not counts({"auth_time": told})


def test_a_token_that_does_not_say_when_is_not_fresh():
    assert not counts({})
    assert not counts({"amr": "mfa"})
    assert not counts({"iat": str(SECONDS), "exp": str(SECONDS)})


@pytest.mark.parametrize("amr", ["mfa", "[mfa, pwd]", "pwd,mfa", "pwd mfa", ["pwd", "mfa"]])
def test_a_second_factor_counts_for_longer(amr: object):
    for age, good in ((601, True), (3600, True), (3601, False), (-61, False)):
        assert counts({"auth_time": str(SECONDS - age), "amr": amr}) is good


@pytest.mark.parametrize("amr", [None, "", "pwd", "MFA", "mfas", "no-mfa", ["mfa,pwd"], 7, {"mfa"}])
def test_what_is_not_that_word_is_no_second_factor(amr: object):
    assert not counts({"auth_time": str(SECONDS - 601), "amr": amr})
    assert counts({"auth_time": str(SECONDS - 600), "amr": amr})


def test_a_second_factor_never_makes_it_shorter():
    rule = StepUp(minutes=30, mfa_minutes=5)
    assert counts({"auth_time": str(SECONDS - 1800), "amr": "mfa"}, rule)


def furnish(house: House) -> None:
    """What `ways` needs to be there."""
    house.customer(CUSTOMER, EMAIL_PAY_ID, BANK_ACCOUNT, EMAIL_PAY_ID)
    house.fund(100_000)


def stale(role: str, age: int = 601) -> dict[str, Any]:
    """The claims of somebody who signed in so many seconds before the house's issuer shows now."""
    return {"claims": claims(role, "second", signed_in=START - timedelta(seconds=age))}


@pytest.mark.parametrize("operation", FRESH, ids=lambda each: each.name)
def test_an_old_sign_in_is_refused_with_the_challenge_of_the_standard(api: Api, operation: Any):
    furnish(api.house)
    named = ready(api, operation)
    before = api.house.everything()
    answer = ask(api, operation, named, context=stale("admin"))
    assert (answer.status, answer.code) == (401, "sign_in_again")
    assert answer.headers["WWW-Authenticate"] == (
        'Bearer error="insufficient_user_authentication", max_age=600'
    )
    assert api.house.everything() == before
    assert ask(api, operation, named, context=stale("admin", 600)).status < 300


@pytest.mark.parametrize("operation", ANY_TIME, ids=lambda each: each.name)
def test_any_other_operation_takes_an_old_sign_in(api: Api, operation: Any):
    furnish(api.house)
    answer = ask(api, operation, ids(api, operation.name), context=stale("admin", 10**6))
    assert answer.status != 401


def test_every_operation_that_needs_it_says_so():
    assert {(each.method, each.path) for each in app.door.map if each.access.fresh} == JUST_NOW
    assert len(FRESH) == len(JUST_NOW)


def test_who_may_not_is_told_so_whatever_the_sign_in(api: Api):
    answer = api.post("/provider/sign-in/close", context=stale("viewer"))
    assert (answer.status, answer.code) == (403, "forbidden")


def test_the_time_is_that_of_the_issuer_and_not_the_houses_own(api: Api, house: House):
    house.clock.advance(timedelta(days=400))
    assert api.post("/provider/sign-in/close", context=stale("admin", 0)).status == 200
    house.issuer_clock.advance(timedelta(minutes=11))
    assert api.post("/provider/sign-in/close", context=stale("admin", 0)).status == 401


def test_the_minutes_are_the_settings(api: Api, house: House):
    house.rule(step_up_minutes=2, step_up_mfa_minutes=5)
    assert api.post("/provider/sign-in/close", context=stale("admin", 120)).status == 200
    refused = api.post("/provider/sign-in/close", context=stale("admin", 121))
    assert refused.headers["WWW-Authenticate"].endswith("max_age=120")
    strong = stale("admin", 300)
    strong["claims"]["amr"] = "[mfa]"
    assert api.post("/provider/sign-in/close", context=strong).status == 200


def test_what_was_refused_can_be_asked_for_again_with_the_same_key(api: Api, house: House):
    house.customer(available=0)
    house.fund(10_000)
    path, body = f"/customers/{CUSTOMER}/credits", {"amount": "10.00", "reason": "settlement"}
    assert api.post(path, body, key=KEY, context=stale("admin")).code == "sign_in_again"
    done = api.post(path, body, key=KEY, context=stale("admin", 5))
    assert (done.status, done.headers.get("Idempotent-Replayed")) == (201, None)
    assert json.loads(done.text)["amount"] == "10.00"

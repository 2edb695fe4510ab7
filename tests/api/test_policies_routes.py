"""Policies at the doors: read, proposed whole, agreed to as it was read, and tried before."""

import json
from collections.abc import Iterator
from copy import deepcopy
from itertools import count
from typing import Any

import pytest

from chalicelib.api import policies as shapes
from chalicelib.api.policy_terms import PolicyTerms, RiskWeights
from chalicelib.domain.policy import DEFAULT, FREE, RULES, bounds, values
from tests.api.client import KEY, Answer, Api
from tests.api.house import House

TERMS: dict[str, Any] = json.loads(PolicyTerms.of(DEFAULT).model_dump_json())
WHY = "Invoices come twice a month."


def terms(**changed: Any) -> dict[str, Any]:
    return {**deepcopy(TERMS), **changed}


def keys() -> Iterator[str]:
    return (f"the key of request no. {number}" for number in count())


FRESH = keys()


def propose(api: Api, policy: object = None, *, base: object = 0, **given: Any) -> Answer:
    body = {"base_version": base, "reason": WHY, "policy": policy or terms(duplicate_days=14)}
    return api.call("PUT", "/policies", body, **{"key": next(FRESH), "who": "ada", **given})


def proposed(api: Api, policy: object = None, **given: Any) -> str:
    """The digest of what is then proposed."""
    return str(propose(api, policy, **given).json["proposal"]["digest"])


def agree(api: Api, digest: object, **given: Any) -> Answer:
    told = {"key": next(FRESH), "who": "bert", **given}
    return api.post("/policies/agree", {"digest": digest}, **told)


def dismiss(api: Api, digest: object, reason: str = "Too much.", **given: Any) -> Answer:
    body = {"digest": digest, "reason": reason}
    return api.post("/policies/dismiss", body, **{"key": next(FRESH), "who": "bert", **given})


def replayed(*answers: Answer) -> list[bool]:
    return [each.headers.get("Idempotent-Replayed") == "true" for each in answers]


def test_at_first_the_default_is_in_force_and_shown_whole(api: Api, house: House):
    told = api.get("/policies", role="viewer").json
    assert told == {
        "version": 0, "policy": TERMS, "proposed": None, "agreed": None, "proposal": None
    }  # fmt: skip
    assert told["policy"]["approvals"]["one_above"] == "500.00"
    house.default_policy = FREE
    assert api.get("/policies").json["policy"]["risk"]["weights"] == dict.fromkeys(RULES, 0)


def test_proposed_by_one_and_agreed_to_by_another_it_is_in_force(api: Api, house: House):
    asked = propose(api)
    assert (asked.status, asked.json) == (202, api.get("/policies").json)
    assert (asked.json["policy"], asked.json["version"]) == (TERMS, 0)
    digest = asked.json["proposal"]["digest"]
    house.clock.advance(60)
    ended = agree(api, digest)
    told = api.get("/policies").json
    assert (ended.status, ended.json) == (200, told)
    assert (told["version"], told["policy"]["duplicate_days"], told["proposal"]) == (1, 14, None)
    assert (told["proposed"]["by"], told["proposed"]["reason"]) == ("ada", WHY)
    assert (told["agreed"]["by"], told["agreed"]["reason"]) == ("bert", None)
    assert told["agreed"]["request_id"] == ended.headers["X-Request-Id"]
    assert told["proposed"]["request_id"] == asked.headers["X-Request-Id"]
    (change,) = api.get("/policies/history", role="viewer").json["data"]
    assert (change["outcome"], change["version"], change["digest"]) == ("agreed", 1, digest)
    assert (change["proposed"], change["ended"]) == (told["proposed"], told["agreed"])


def test_what_was_read_can_be_sent_back_changed(api: Api):
    read = api.get("/policies").json
    read["policy"]["limits"]["business"]["amount"] = 123456.7
    read["policy"]["limits"]["operator"]["amount"] = 12
    asked = propose(api, read["policy"], base=read["version"])
    limits = asked.json["proposal"]["policy"]["limits"]
    assert (limits["business"]["amount"], limits["operator"]["amount"]) == ("123456.70", "12.00")


def test_nobody_agrees_to_their_own(api: Api):
    answer = agree(api, proposed(api), who="ada")
    assert (answer.status, answer.code) == (403, "forbidden")
    assert api.get("/policies").json["version"] == 0


def test_proposed_again_it_is_the_same_and_says_so(api: Api):
    told = [propose(api, key=key) for key in (KEY, KEY, "another key of sixteen")]
    assert all(each.json == told[0].json for each in told)
    assert replayed(*told) == [False, True, True]


def test_a_key_is_for_one_request_of_one_person(api: Api):
    digest = proposed(api, key=KEY)
    answer = propose(api, terms(duplicate_days=3), base=1, key=KEY)
    assert (answer.status, answer.code) == (422, "rule_broken")
    assert answer.places == dict.fromkeys(("/base_version", "/policy"), "idempotency_key_reused")
    answer = propose(api, key=KEY, who="cleo")
    assert (answer.status, answer.code) == (409, "idempotency_key_taken")
    agree(api, digest, key=KEY)
    again = propose(api, key=KEY)
    assert (again.status, again.json["version"], replayed(again)) == (202, 1, [True])


def test_anything_else_has_to_wait_until_that_has_ended(api: Api):
    digest = proposed(api)
    answer = propose(api, terms(duplicate_days=3), who="cleo")
    assert (answer.status, answer.code) == (409, "conflict")
    assert dismiss(api, digest).json["proposal"] is None
    assert propose(api, terms(duplicate_days=3), who="cleo").status == 202


def test_made_of_another_version_it_is_refused(api: Api):
    agree(api, proposed(api))
    for base in (0, 2):
        answer = propose(api, terms(duplicate_days=3), base=base)
        assert (answer.status, answer.code) == (409, "conflict")
    assert propose(api, terms(), base=1).status == 202


def test_what_was_not_read_is_not_agreed_to_and_not_dismissed(api: Api):
    propose(api)
    for end in (agree, dismiss):
        assert end(api, "0f" * 32).status == 409
        for digest in ("0F" * 32, "", "0f" * 31, 7, None, "🙂" * 64):
            answer = end(api, digest)
            assert (answer.status, answer.places) == (400, {"/digest": "invalid_digest"})
    assert api.get("/policies").json["proposal"] is not None


def test_ended_again_it_is_the_same_and_says_so(api: Api):
    first = proposed(api)
    told = [dismiss(api, first, key=key) for key in (KEY, KEY, "another key of sixteen")]
    second = proposed(api, who="cleo")
    told += [agree(api, second, key=key) for key in (KEY, KEY, "another key of sixteen")]
    assert replayed(*told) == [False, True, True] * 2
    assert [each.json["version"] for each in told] == [0] * 3 + [1] * 3
    assert len(api.get("/policies/history").json["data"]) == 2


def test_the_history_is_listed_page_by_page_newest_first(api: Api, house: House):
    for number in range(5):
        house.clock.advance(60)
        dismiss(api, proposed(api, terms(duplicate_days=number)), f"Reason {number}.")
    reasons, cursor = [], ""
    for _ in range(3):
        page = api.get(f"/policies/history?limit=2{cursor}", role="viewer").json
        reasons += [each["ended"]["reason"] for each in page["data"]]
        cursor = f"&cursor={page['next_cursor']}"
    assert page["next_cursor"] is None
    assert reasons == [f"Reason {number}." for number in reversed(range(5))]


# What is wrong with a policy.


def test_everything_that_is_wrong_is_told_at_once_at_its_place(api: Api, house: House):
    policy = terms(duplicate_days=91, colour="red", rates=[])
    policy["approvals"] |= {"one_above": "10.00", "two_above": "9.99", "hours": "72"}
    policy["limits"]["business"] = {"amount": "1.005", "count": 2.5}
    policy["limits"]["operator"] = {"amount": "-1.00", "count": True}
    policy["limits"]["shards"] = 9
    policy["risk"] |= {"review_from": 91, "weights": {"astrology": 5, "burst": 101}}
    del policy["new_destination"]["first_most"]
    before = house.everything()
    answer = propose(api, policy, base=-1)
    places = answer.places
    assert answer.status == 400
    assert {rule: places.pop(f"/policy/risk/weights/{rule}") for rule in RULES} == {
        **dict.fromkeys(RULES, "missing"), "burst": "out_of_range"
    }  # fmt: skip
    assert places == {
        "/base_version": "out_of_range",
        "/policy/duplicate_days": "out_of_range",
        "/policy/colour": "unknown_field",
        "/policy/rates": "wrong_type",
        "/policy/approvals/two_above": "wrong_order",
        "/policy/approvals/hours": "wrong_type",
        "/policy/limits/business/amount": "invalid_amount",
        "/policy/limits/business/count": "wrong_type",
        "/policy/limits/operator/amount": "invalid_amount",
        "/policy/limits/operator/count": "wrong_type",
        "/policy/limits/shards": "out_of_range",
        "/policy/risk/weights/astrology": "unknown_field",
        "/policy/risk/blocked_above": "wrong_order",
        "/policy/new_destination/first_most": "missing",
    }
    assert house.everything() == before


NUMBERS = [
    place for place, value in values(DEFAULT) if isinstance(value, int) and place != "/version"
]
AMOUNTS = [place for place, value in values(DEFAULT) if not isinstance(value, int)]


def at(place: str, value: object) -> dict[str, Any]:
    *way, name = place.strip("/").split("/")
    policy = part = terms()
    for each in way:
        part = part[each]
    part[name] = value
    return policy


@pytest.mark.parametrize("place", NUMBERS)
def test_a_number_has_to_be_whole_and_within_its_bounds(api: Api, place: str):
    least, most = bounds(place)
    bad = [(least - 1, "out_of_range"), (most + 1, "out_of_range"), (10**50, "wrong_type"),
           ("5", "wrong_type"), (1.0, "wrong_type"), (None, "wrong_type"), (False, "wrong_type"),
           ({}, "wrong_type")]  # fmt: skip
    for value, code in bad:
        answer = propose(api, at(place, value))
        assert (answer.status, answer.places[f"/policy{place}"]) == (400, code), value


@pytest.mark.parametrize("place", AMOUNTS)
def test_an_amount_has_to_be_exact_and_no_less_than_nothing(api: Api, place: str):
    bad: list[object] = [
        "-0.01", -1, "1.001", 1.001, "1e3", " 5", "5 ", "", "٣", None, True, [], "1,000",
        "1" * 14, 10**13, 1e30,
    ]  # fmt: skip
    for value in bad:
        answer = propose(api, at(place, value))
        assert answer.status == 400, value
        assert answer.places[f"/policy{place}"] in {"invalid_amount", "out_of_range"}, value


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b"null", b'{"policy": {}, "policy": {}}'])
def test_what_is_no_object_is_refused(api: Api, raw: bytes):
    for method, path in (
        ("PUT", ""),
        ("POST", "/agree"),
        ("POST", "/dismiss"),
        ("POST", "/preview"),
    ):
        assert api.call(method, f"/policies{path}", raw=raw, key=KEY).status == 400


def test_a_proposal_needs_a_key_and_a_reason(api: Api):
    answer = propose(api, key=None)
    assert answer.places == {"Idempotency-Key": "missing"}
    body = {"base_version": 0, "reason": " ", "policy": terms()}
    answer = api.call("PUT", "/policies", body, key=KEY)
    assert answer.places == {"/reason": "too_short"}


def test_an_old_sign_in_changes_nothing(api: Api, house: House):
    digest = proposed(api)
    old = {"claims": {
        "sub": "bert", "aud": "fake-client-id", "iss": "https://cognito.example.com/pool",
        "token_use": "id", "cognito:groups": "admin", "auth_time": "1",
    }}  # fmt: skip
    for answer in (agree(api, digest, context=old), propose(api, context=old)):
        assert (answer.status, answer.code) == (401, "sign_in_again")
    assert house.store.state.policies.change is None


def test_who_did_what_is_in_the_log_and_never_why(api: Api, caplog: pytest.LogCaptureFixture):
    digest = proposed(api)
    dismiss(api, digest, "Because of Jo.")
    second = proposed(api, who="cleo")
    agree(api, second)
    lines = [json.loads(each) for each in caplog.messages]
    deeds = [each for each in lines if each["event"].startswith("policy_")]
    assert [(each["event"], each["principal"], each["digest"]) for each in deeds] == [
        ("policy_proposed", "ada", digest), ("policy_dismissed", "bert", digest),
        ("policy_proposed", "cleo", second), ("policy_agreed", "bert", second),
    ]  # fmt: skip
    assert "Because of Jo" not in caplog.text


def test_a_store_that_is_down_is_no_policy(api: Api, house: House):
    house.store.state.down = True
    assert api.get("/policies").status == 503
    assert propose(api).status == 503


# Tried before.


def test_rules_are_tried_and_nothing_changes(api: Api, house: House):
    house.customer()
    body = {"customer_id": next(iter(house.store.state.customers)), "amount": "5.00",
            "payout_method": "PayId"}  # fmt: skip
    api.post("/payouts", body, key=KEY)
    before = house.everything()
    told = api.post("/policies/preview", {**TERMS["risk"], "days": 7}, role="approver").json
    assert (told["seen"], told["complete"], told["first"] < told["last"]) == (1, True, True)
    assert told["assessed"] == sum(told["was"].values()) == sum(told["would_be"].values())
    assert house.everything() == before


def test_a_trial_has_to_be_of_sound_rules_and_of_few_days(api: Api):
    weights = {**TERMS["risk"]["weights"], "burst": -1, "more": 0}
    body = {"review_from": 60, "blocked_above": 50, "weights": weights, "days": 32, "x": 1}
    answer = api.post("/policies/preview", body)
    assert (answer.status, answer.places) == (400, {
        "/blocked_above": "wrong_order", "/weights/burst": "out_of_range",
        "/weights/more": "unknown_field", "/days": "out_of_range", "/x": "unknown_field",
    })  # fmt: skip
    for days in (0, "7", None, True, 7.0):
        answer = api.post("/policies/preview", {**TERMS["risk"], "days": days})
        assert answer.places == {"/days": "out_of_range"}


def test_the_form_has_a_weight_for_every_rule_and_a_meaning_for_every_field():
    assert tuple(RiskWeights.model_fields) == RULES
    assert {place for place, _ in values(DEFAULT)} - {"/version"} == set(described(PolicyTerms))
    assert shapes.EXAMPLE.base == 0


def described(model: Any, place: str = "") -> dict[str, str]:
    """The meaning of every single value of a form."""
    found: dict[str, str] = {}
    for name, each in model.model_fields.items():
        assert each.description, f"{place}/{name}"
        if hasattr(each.annotation, "model_fields"):
            found |= described(each.annotation, f"{place}/{name}")
        else:
            found[f"{place}/{name}"] = each.description
    return found

"""The approvers' desk at the doors: what is shown there, and what follows from what they say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.customer import Erasing, Erasure
from chalicelib.domain.money import Money
from chalicelib.domain.policy import DEFAULT, FREE, RiskRules
from chalicelib.domain.policy_change import Proposal, Word
from chalicelib.domain.standing import Standing
from tests.api.client import Api, claims
from tests.api.house import CUSTOMER, House
from tests.api.making import BODY, asked_credit, awaiting, pay, seen, strict

NUMBERS = iter(range(10**6))


@pytest.fixture(autouse=True)
def customer(house: House) -> None:
    house.customer()


def say(api: Api, path: str, body: object, *, role: str = "approver", who: str = "", key: str = ""):
    key = key or f"a key for an approval, {next(NUMBERS)}"
    return api.post(f"/approvals/{path}", body, role=role, who=who, key=key)


def approve(api: Api, own: str, **given):
    told = {"seen": given.pop("seen", None) or seen(api, own), **given.pop("more", {})}
    return say(api, f"{own}/approve", told, **given)


def desk(api: Api, **who):
    return api.get("/approvals", **who).json["data"]


def test_the_desk_shows_what_waits_with_all_that_one_needs_to_decide(api: Api):
    own = awaiting(api, reference="INV-1042")
    (item,) = desk(api, role="approver")
    assert (item["kind"], item["id"], item["amount"]) == ("payout", own, "100.00")
    assert (item["customer_name"], item["reference"]) == ("Jo Citizen", "INV-1042")
    assert [each["code"] for each in item["why"]] == ["amount"]
    assert item["why"][0]["words"].startswith("it is above the amount")
    assert item["assessment"]["score"] == 0 or item["assessment"]["signals"]
    assert item["known"]["name_check"] == "unknown"
    assert item["known"]["theirs"] is True
    assert item["destination"]["payId"] == "h***@e***.com"
    assert item["approval"]["needs"] == 1
    assert item["approval"]["given"] == []
    assert item["approval"]["lapses_at"] == "2026-03-05T01:00:00.000Z"
    assert (item["may_approve"], item["why_not"]) == (True, None)
    assert item["approve_at"] == f"/approvals/{own}/approve"
    assert item["created_by"] == "maker"
    assert len(item["seen"]) == 64


@pytest.mark.parametrize(("role", "who", "code"), [
    ("viewer", "", "no_approver"), ("operator", "", "no_approver"),
    ("admin", "maker", "is_its_maker"),
])  # fmt: skip
def test_it_says_who_may_not_agree_and_why(api: Api, role: str, who: str, code: str):
    awaiting(api)
    (item,) = desk(api, role=role, who=who)
    assert (item["may_approve"], item["why_not"]["code"]) == (False, code)
    assert " " in item["why_not"]["words"]


def test_it_says_who_has_agreed_and_that_once_is_all_they_may(api: Api):
    strict(api, two_above=Money(0))
    own = pay(api)
    assert approve(api, own).json["status"] == "AwaitingApproval"
    (mine,) = desk(api, role="approver")
    (other,) = desk(api, role="approver", who="another")
    assert [each["by"] for each in mine["approval"]["given"]] == ["the-approver"]
    assert (mine["approval"]["needs"], mine["why_not"]["code"]) == (2, "has_agreed")
    assert other["may_approve"] is True
    assert approve(api, own, who="another").json["status"] == "Pending"
    assert desk(api) == []


def test_it_says_that_a_day_is_full_that_it_lapsed_and_that_a_customer_is_stopped(
    api: Api, house: House
):
    awaiting(api)
    strict(api, approver_day=Money(9_999))
    assert desk(api, role="approver")[0]["why_not"]["code"] == "approver_limit"
    strict(api)
    kept = house.store.state.customers[CUSTOMER]
    house.store.state.customers[CUSTOMER] = replace(kept, stopped="disputed")
    assert desk(api, role="approver")[0]["why_not"]["code"] == "customer_stopped"
    erasure = Erasure(Erasing.ASKED, "ada", house.clock.now())
    house.store.state.customers[CUSTOMER] = replace(kept, erasure=erasure)
    assert desk(api, role="approver")[0]["why_not"]["code"] == "customer_erased"
    house.store.state.customers[CUSTOMER] = kept
    house.clock.advance(72 * 3600)
    assert desk(api, role="approver")[0]["why_not"]["code"] == "approval_lapsed"


def test_what_agreeing_needs_is_told_by_the_door(api: Api):
    own = awaiting(api)
    answer = say(api, f"{own}/approve", {"seen": "nothing", "reason": ""})
    assert (answer.status, answer.places) == (
        400, {"/seen": "invalid_digest", "/reason": "too_short"},
    )  # fmt: skip
    missing = api.post(f"/approvals/{own}/approve", {"seen": "0" * 64}, role="approver")
    assert "idempotency-key" in {each.lower() for each in missing.places}
    assert missing.status == 400


def test_a_payout_that_is_agreed_to_is_sent_and_shows_by_whom(api: Api, house: House):
    own = awaiting(api)
    answer = approve(api, own, more={"reason": "Seen the invoice."})
    assert (answer.status, answer.json["status"]) == (200, "Pending")
    shown = api.get(f"/payouts/{own}").json
    assert shown["approval"] == {
        "needs": 1, "lapses_at": "2026-03-05T01:00:00.000Z",
        "given": [{"by": "the-approver", "at": "2026-03-02T01:00:00.000Z"}],
    }  # fmt: skip
    assert shown["assessment"]["policy_version"] == 1
    assert [each["code"] for each in shown["assessment"]["why"]] == ["amount"]
    words = [each["words"] for each in shown["timeline"]]
    assert "Somebody else agreed: Seen the invoice." in words
    assert len(house.provider.executions) == 1


def test_the_rules_of_risk_that_fired_are_told_in_words(api: Api, house: House):
    strict(api)
    change = house.store.state.policies.change
    assert change is not None
    rules = RiskRules(review_from=1, weights={"new_payee": 100, "new_destination": 1})
    policy = replace(change.policy, risk=replace(rules, blocked_above=100))
    proposal = replace(change.proposal, policy=policy)
    house.store.state.policies = replace(
        house.store.state.policies, change=replace(change, proposal=proposal)
    )
    own = pay(api)
    (item,) = desk(api, role="approver")
    assert item["assessment"]["score"] == 100
    signal = item["assessment"]["signals"][0]
    assert (signal["rule"], signal["strength"]) == ("new_payee", 100)
    assert signal["words"] == "the customer has hardly been paid before"
    answer = approve(api, own)
    assert (answer.status, answer.places) == (422, {"/reason": "reason_needed"})
    assert approve(api, own, more={"reason": "Spoke to them."}).status == 200


def test_a_duplicate_says_of_which_payout(api: Api, house: House):
    house.store.payouts._default = replace(DEFAULT, duplicate_days=7)
    first = pay(api, amount="1.00", reference="INV-1")
    second = pay(api, amount="1.00", reference="INV-1")
    (item,) = desk(api, role="approver")
    assert (item["id"], item["assessment"]["repeats"]) == (second, first)
    assert "duplicate" in {each["code"] for each in item["why"]}


def test_what_changed_since_it_was_seen_is_a_conflict(api: Api, house: House):
    own = awaiting(api)
    digest = seen(api, own)
    kept = house.store.state.customers[CUSTOMER]
    there = kept.destinations[0].destination_id
    changed = Standing(there, house.clock.now(), "mallory", changed=True, shared=1)
    house.store.state.customers[CUSTOMER] = replace(kept, standings=(changed,))
    answer = approve(api, own, seen=digest)
    assert (answer.status, answer.code) == (409, "seen_changed")
    (item,) = desk(api, role="approver")
    assert (item["known"]["changed"], item["known"]["shared_with"]) == (True, 1)
    assert item["known"]["added_by"] == "mallory"


def test_who_added_its_destination_is_told_that_somebody_else_has_to_look(api: Api, house: House):
    kept = house.store.state.customers[CUSTOMER]
    there = kept.destinations[0].destination_id
    added = Standing(there, house.clock.now(), "mallory", changed=True)
    house.store.state.customers[CUSTOMER] = replace(kept, standings=(added,))
    house.store.payouts._default = replace(
        FREE, changed_destination=replace(FREE.changed_destination, approvers=1)
    )
    own = pay(api)
    (mine,) = desk(api, role="admin", who="mallory")
    assert (mine["may_approve"], mine["why_not"]["code"]) == (False, "added_its_destination")
    answer = approve(api, own, role="admin", who="mallory")
    assert (answer.status, answer.code) == (403, "forbidden")
    removed = replace(house.store.state.customers[CUSTOMER], destinations=(), defaults=())
    house.store.state.customers[CUSTOMER] = removed
    assert desk(api, role="approver")[0]["why_not"]["code"] == "destination_removed"
    assert (approve(api, own).status, approve(api, own).code) == (409, "conflict")


def test_over_an_approvers_limit_the_code_says_so(api: Api):
    own = awaiting(api)
    strict(api, approver_day=Money(1))
    answer = approve(api, own)
    assert (answer.status, answer.code) == (422, "approver_limit")


def test_what_lapsed_is_a_conflict_of_its_own(api: Api, house: House):
    own = awaiting(api)
    digest = seen(api, own)
    house.clock.advance(72 * 3600)
    answer = approve(api, own, seen=digest)
    assert (answer.status, answer.code) == (409, "approval_lapsed")


def test_the_same_key_again_changes_nothing_and_says_so(api: Api, house: House):
    own = awaiting(api)
    digest = seen(api, own)
    first = approve(api, own, seen=digest, key="the key of the approval")
    again = approve(api, own, seen=digest, key="the key of the approval")
    assert (first.status, again.status) == (200, 200)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(house.provider.executions) == 1
    # Another key, the same word.
    third = approve(api, own, seen=digest)
    assert (third.status, third.headers["Idempotent-Replayed"]) == (200, "true")
    assert approve(api, own, seen="0" * 64, key="the key of the approval").status == 422
    taken = approve(api, own, seen=digest, key="the key of the approval", who="another")
    assert (taken.status, taken.code) == (409, "idempotency_key_taken")


def test_agreeing_needs_a_sign_in_of_the_last_minutes(api: Api, house: House):
    own = awaiting(api)
    digest = seen(api, own)
    stale = claims("approver", signed_in=house.issuer_clock.now().replace(year=2020))
    for path, body in (("approve", {"seen": digest}), ("decline", {"reason": "no"})):
        answer = api.post(
            f"/approvals/{own}/{path}", body, key="a key of sixteen characters",
            context={"claims": stale},
        )  # fmt: skip
        assert (answer.status, answer.code) == (401, "sign_in_again")


def test_a_payout_that_is_declined_says_why(api: Api, house: House):
    own = awaiting(api)
    answer = say(api, f"{own}/decline", {"reason": "Not our invoice."})
    assert (answer.status, answer.json["status"]) == (200, "Declined")
    assert (answer.json["error_code"], answer.json["error_message"]) == (
        "declined", "Not our invoice.",
    )  # fmt: skip
    assert house.store.state.customers[CUSTOMER].available == Money(100_000)
    mine = say(api, f"{own}/decline", {"reason": "Mine."}, role="admin", who="maker")
    assert (mine.status, mine.code) == (403, "forbidden")


def test_what_is_not_there_is_not_found(api: Api):
    nobody = "00000000-0000-4000-8000-000000000000"
    for own in (nobody, f"credits/{nobody}"):
        for path, body in (("approve", {"seen": "0" * 64}), ("decline", {"reason": "no"})):
            answer = say(api, f"{own}/{path}", body, role="admin")
            assert answer.status == 404


def test_a_large_credit_waits_for_another_admin(api: Api, house: House):
    own = asked_credit(api, amount="250.00")
    (item,) = desk(api, who="other")
    assert (item["kind"], item["id"], item["amount"]) == ("credit", own, "250.00")
    assert (item["may_approve"], item["reason"]) == (True, "Settlement of 3 July.")
    assert item["why"][0]["code"] == "credit_amount"
    assert item["approve_at"] == f"/approvals/credits/{own}/approve"
    assert desk(api, who="maker")[0]["why_not"]["code"] == "is_its_maker"
    assert desk(api, role="approver")[0]["why_not"]["code"] == "no_admin"
    assert desk(api, role="viewer")[0]["why_not"]["code"] == "no_approver"
    told = {"seen": item["seen"], "reason": "Seen the statement."}
    key = "the key of the second admin"
    answer = say(api, f"credits/{own}/approve", told, role="admin", who="other", key=key)
    assert (answer.status, answer.json["status"]) == (200, "Given")
    again = say(api, f"credits/{own}/approve", told, role="admin", who="other", key=key)
    assert (again.json, again.headers["Idempotent-Replayed"]) == (answer.json, "true")
    assert (answer.json["decided_by"], answer.json["decision_reason"]) == (
        "other", "Seen the statement.",
    )  # fmt: skip
    assert house.store.state.customers[CUSTOMER].available == Money(125_000)
    assert desk(api) == []


def test_the_key_of_a_credit_answers_it_as_it_is_now(api: Api, house: House):
    strict(api)
    house.fund(50_000)
    body, path = {"amount": "100.00", "reason": "A reason."}, f"/customers/{CUSTOMER}/credits"
    key = "the key of a large credit"
    first = api.post(path, body, key=key, who="maker")
    assert (first.status, first.json["status"]) == (202, "AwaitingApproval")
    assert first.json["lapses_at"] == "2026-03-05T01:00:00.000Z"
    own = first.json["credit_id"]
    again = api.post(path, body, key=key, who="maker")
    assert (again.status, again.headers["Idempotent-Replayed"]) == (202, "true")
    say(api, f"credits/{own}/approve", {"seen": seen(api, own)}, role="admin", who="other")
    again = api.post(path, body, key=key, who="maker")
    assert (again.status, again.json["status"]) == (201, "Given")
    assert house.store.state.customers[CUSTOMER].available == Money(110_000)


def test_a_credit_that_is_declined_is_not_given(api: Api, house: House):
    own = asked_credit(api)
    answer = say(api, f"credits/{own}/decline", {"reason": "Whose is it?"}, role="admin")
    assert (answer.status, answer.json["status"]) == (200, "Declined")
    assert house.store.state.customers[CUSTOMER].available == Money(100_000)


def test_a_credit_for_whom_is_forgotten_or_gone_is_not_agreed_to(api: Api, house: House):
    asked_credit(api)
    kept = house.store.state.customers[CUSTOMER]
    erasure = Erasure(Erasing.ASKED, "ada", house.clock.now())
    house.store.state.customers[CUSTOMER] = replace(kept, erasure=erasure)
    assert desk(api)[0]["why_not"]["code"] == "customer_erased"
    del house.store.state.customers[CUSTOMER]
    assert desk(api) == []


def test_a_payout_that_is_listed_and_does_not_wait_any_more_is_not_shown(api: Api, house: House):
    own = awaiting(api)
    listed = house.payouts.awaiting_approval(limit=9, position=None)
    approve(api, own)

    class Lagging:
        def __getattr__(self, name):
            return getattr(house.store.payouts, name)

        def awaiting_approval(self, **_told):
            return listed

    house.payouts = Lagging()
    assert desk(api) == []
    del house.store.state.customers[CUSTOMER]
    assert desk(api) == []


def test_a_proposed_policy_comes_before_all_others(api: Api, house: House):
    awaiting(api)
    change = house.store.state.policies.change
    assert change is not None
    proposal = Proposal(
        replace(change.policy, version=2), Word("paul", house.clock.now(), "r", "More of it.")
    )
    house.store.state.policies = replace(house.store.state.policies, proposal=proposal)
    first, second = desk(api)
    assert (first["kind"], first["seen"], first["reason"]) == (
        "policy", proposal.digest, "More of it.",
    )  # fmt: skip
    assert (first["approve_at"], first["may_approve"]) == ("/policies/agree", True)
    assert second["kind"] == "payout"
    assert desk(api, who="paul")[0]["why_not"]["code"] == "is_its_maker"
    assert desk(api, role="approver")[0]["why_not"]["code"] == "no_admin"


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_one_cursor_leads_through_payouts_and_then_credits(api: Api, house: House, limit: int):
    payouts = []
    for _ in range(3):
        payouts.append(awaiting(api))
        house.clock.advance(1)
    credits_ = []
    for _ in range(2):
        credits_.append(asked_credit(api))
        house.clock.advance(1)
    found, cursor = [], ""
    while True:
        page = api.get(f"/approvals?limit={limit}{cursor}").json
        assert len(page["data"]) <= limit
        found += [each["id"] for each in page["data"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert found == [*payouts, *credits_]


def test_a_maker_is_told_that_their_payout_waits(api: Api):
    strict(api)
    answer = api.post("/payouts", BODY, key="the key of a large payout", who="maker")
    assert (answer.status, answer.json["status"]) == (202, "AwaitingApproval")
    assert answer.json["approval"]["needs"] == 1
    assert answer.json["cancellable"] is True

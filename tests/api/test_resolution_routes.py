"""Two people resolve what asking cannot find, over HTTP."""

import pytest

from tests.api.client import Api
from tests.api.house import CUSTOMER, House
from tests.api.making import pay, pending, proposed, unconfirmed
from tests.fakes.provider import TIMED_OUT_AND_PAID

BODY = {"verdict": "dead", "evidence": "The provider's support wrote: not executed."}
DEAD, OTHER = {"verdict": "dead"}, {"verdict": "new_reference"}


def test_a_proposal_is_shown_and_waits_for_a_second_person(api: Api, house: House):
    house.customer()
    made = unconfirmed(api)
    answer = api.post(f"/payouts/{made}/resolution", BODY, role="operator", who="proposer")
    assert answer.status == 200
    assert answer.json["proposal"] == {
        **BODY, "by": "proposer", "at": "2026-03-02T01:00:00.000Z",
    }  # fmt: skip
    (waiting,) = api.get("/attention").json["data"]
    assert waiting["why"] == "resolution_proposed"
    again = api.post(f"/payouts/{made}/resolution", BODY)
    assert (again.status, again.code) == (409, "conflict")


def test_a_second_person_agrees_and_the_money_is_back(api: Api, house: House):
    house.customer()
    made = proposed(api)
    answer = api.post(f"/payouts/{made}/resolution/agree", DEAD, role="approver", who="second")
    assert answer.status == 200
    assert answer.json["status"] == "Failed"
    assert api.get(f"/customers/{CUSTOMER}").json["available_balance"] == "1000.00"
    words = api.get(f"/payouts/{made}").json["timeline"][-1]["words"]
    assert words.startswith("Two people agreed that it was never paid: ")


@pytest.mark.parametrize("who", ["proposer", "maker"])
def test_nobody_agrees_with_themselves(api: Api, house: House, who: str):
    house.customer()
    path = f"/payouts/{proposed(api)}/resolution/agree"
    answer = api.post(path, DEAD, role="approver", who=who)
    assert (answer.status, answer.code) == (403, "forbidden")


def test_a_new_reference_is_the_other_verdict(api: Api, house: House):
    house.customer()
    made = unconfirmed(api)
    body = {**BODY, "verdict": "new_reference"}
    api.post(f"/payouts/{made}/resolution", body, who="proposer")
    house.clock.advance(3600)
    answer = api.post(f"/payouts/{made}/resolution/agree", OTHER, who="second")
    assert answer.json["status"] == "Queued"
    assert answer.json["uniqueReference"] == f"{made}-2"


def test_who_has_read_another_verdict_agrees_to_nothing(api: Api, house: House):
    house.customer()
    made = proposed(api)
    before = house.everything()
    answer = api.post(f"/payouts/{made}/resolution/agree", OTHER, who="second")
    assert (answer.status, answer.code) == (409, "conflict")
    assert house.everything() == before


def test_a_proposal_that_took_the_place_of_another_has_to_be_read_first(api: Api, house: House):
    house.customer()
    made = proposed(api)
    path = f"/payouts/{made}/resolution"
    assert api.post(f"{path}/dismiss", {"reason": "Look again."}).status == 200
    assert api.post(path, {**BODY, **OTHER}, who="proposer").status == 200
    assert api.post(f"{path}/agree", DEAD, who="second").status == 409
    answer = api.post(f"{path}/agree", OTHER, who="second")
    assert (answer.status, answer.json["status"]) == (200, "Queued")


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ({}, {"/verdict": "missing"}),
        ({"verdict": "alive"}, {"/verdict": "not_one_of"}),
        ({"verdict": None}, {"/verdict": "not_one_of"}),
        ({**DEAD, "evidence": "They wrote so."}, {"/evidence": "unknown_field"}),
    ],
)
def test_an_agreement_says_to_what(api: Api, house: House, body: object, places: object):
    house.customer()
    answer = api.post(f"/payouts/{proposed(api)}/resolution/agree", body, who="second")
    assert (answer.status, answer.places) == (400, places)


def test_while_the_provider_refuses_our_key_nothing_is_agreed_and_nobody_is_asked(
    api: Api, house: House
):
    house.customer()
    made = proposed(api)
    house.gate.close()
    house.provider.down = True  # whoever asks is told another code
    answer = api.post(f"/payouts/{made}/resolution/agree", DEAD, who="second")
    assert (answer.status, answer.code) == (503, "provider_sign_in_refused")
    assert api.get(f"/payouts/{made}").json["status"] == "Unconfirmed"


def test_within_the_quarantine_nothing_is_agreed(api: Api, house: House):
    house.customer()
    made = unconfirmed(api)
    api.post(f"/payouts/{made}/resolution", BODY, who="proposer")
    answer = api.post(f"/payouts/{made}/resolution/agree", DEAD, who="second")
    assert answer.status == 409


def test_what_the_provider_knows_after_all_is_heard_instead(api: Api, house: House):
    house.customer()
    made = pay(api, TIMED_OUT_AND_PAID)
    api.post(f"/payouts/{made}/resolution", BODY, who="proposer")
    house.clock.advance(3600)
    answer = api.post(f"/payouts/{made}/resolution/agree", DEAD, who="second")
    assert answer.status == 409
    assert api.get(f"/payouts/{made}").json["status"] == "Pending"


def test_a_provider_that_cannot_be_asked_is_503(api: Api, house: House):
    house.customer()
    made = proposed(api)
    house.provider.down = True
    answer = api.post(f"/payouts/{made}/resolution/agree", DEAD, who="second")
    assert (answer.status, answer.code) == (503, "provider_unavailable")


def test_a_proposal_can_be_dismissed_with_a_reason(api: Api, house: House):
    house.customer()
    made = proposed(api)
    path = f"/payouts/{made}/resolution/dismiss"
    answer = api.post(path, {"reason": "No proof."}, role="approver")
    assert (answer.status, answer.json["proposal"]) == (200, None)
    assert api.post(path, {"reason": "No proof."}).status == 409


def test_only_an_unconfirmed_payout_is_resolved(api: Api, house: House):
    house.customer()
    answer = api.post(f"/payouts/{pending(api)}/resolution", BODY)
    assert (answer.status, answer.code) == (409, "not_possible")


def test_a_verdict_of_another_kind_or_without_evidence_is_400(api: Api, house: House):
    house.customer()
    made = unconfirmed(api)
    answer = api.post(f"/payouts/{made}/resolution", {"verdict": "alive", "evidence": " "})
    assert answer.places == {"/verdict": "not_one_of", "/evidence": "too_short"}

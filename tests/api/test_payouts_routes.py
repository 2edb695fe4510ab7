"""Payouts over HTTP: asked for once, shown with their life, listed, cancelled."""

from datetime import timedelta

import pytest

from chalicelib.domain.money import Money
from chalicelib.usecases.poll import poll
from tests.api.client import KEY, Api
from tests.api.house import CUSTOMER, House
from tests.api.making import BODY, disputed, failed, pay, pending, queued, unconfirmed
from tests.fakes.provider import NOT_CONNECTED, SIGN_IN_REFUSED

STRANGER = "00000000-0000-4000-8000-000000000000"


def test_a_payout_is_accepted_with_202_and_the_fields_of_the_planning_papers(
    api: Api, house: House
):
    house.customer()
    answer = api.post("/payouts", BODY, key=KEY, role="operator")
    told = answer.json
    assert answer.status == 202
    assert told["status"] == "Pending"
    assert told["amount"] == "100.00"
    assert told["payout_method"] == "PayId"
    assert told["customer_id"] == CUSTOMER
    assert told["uniqueReference"] == f"{told['transaction_id']}-1"
    assert told["message"]
    assert told["created_at"] == "2026-03-02T01:00:00.000Z"
    assert told["destination"]["payId"] == "h***@e***.com"
    assert told["fee"] == "0.12"
    assert "Idempotent-Replayed" not in answer.headers
    assert house.provider.paid(told["uniqueReference"]) == 1


def test_what_a_bot_asks_for_waits_for_a_person_and_is_not_sent(api: Api, house: House):
    house.customer()
    drafted = api.post("/payouts", BODY, key=KEY, role="bot")
    assert (drafted.status, drafted.json["status"]) == (202, "AwaitingApproval")
    assert house.provider.executions == []
    for roles in ("bot", "bot,viewer", "bot,approver", "bot,operator", "bot,admin"):
        told = api.post("/payouts/preview", BODY, role=roles, who="a-bot").json
        assert told["status"] == "AwaitingApproval", roles


@pytest.mark.parametrize("roles", ["operator", "admin", "viewer,approver,operator"])
def test_who_may_send_sends_whatever_else_they_are(api: Api, house: House, roles: str):
    house.customer()
    answer = api.post("/payouts", BODY, key=KEY, role=roles, who="one-of-them")
    assert (answer.status, answer.json["status"]) == (202, "Pending")
    assert len(house.provider.executions) == 1


def test_the_same_key_and_body_find_the_same_payout_and_pay_nothing(api: Api, house: House):
    house.customer()
    first = api.post("/payouts", BODY, key=KEY)
    again = api.post("/payouts", {**BODY, "amount": 100}, key=KEY)
    assert again.status == 202
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json == first.json
    assert len(house.provider.executions) == 1


def test_the_same_key_with_another_body_is_422_and_names_what_differs(api: Api, house: House):
    house.customer()
    api.post("/payouts", BODY, key=KEY)
    answer = api.post("/payouts", {**BODY, "amount": "1.00", "reference": "R1"}, key=KEY)
    assert answer.status == 422
    assert answer.places == {
        "/amount": "idempotency_key_reused", "/reference": "idempotency_key_reused",
    }  # fmt: skip


def test_somebody_elses_key_is_409(api: Api, house: House):
    house.customer()
    api.post("/payouts", BODY, key=KEY, who="one")
    answer = api.post("/payouts", BODY, key=KEY, who="another")
    assert (answer.status, answer.code) == (409, "idempotency_key_taken")


def test_without_a_key_a_payout_is_refused_and_told_how(api: Api, house: House):
    house.customer()
    answer = api.post("/payouts", BODY)
    assert answer.status == 400
    assert answer.places == {"Idempotency-Key": "missing"}
    assert "UUID" in answer.json["errors"][0]["detail"]
    assert house.provider.requests == []


def test_where_the_setting_allows_it_a_bare_request_pays_each_time(api: Api, house: House):
    house.customer()
    house.rule(require_idempotency_key=False)
    one, other = api.post("/payouts", BODY), api.post("/payouts", BODY)
    assert (one.status, other.status) == (202, 202)
    assert one.json["transaction_id"] != other.json["transaction_id"]


@pytest.mark.parametrize("key", ["fifteen letters", "k" * 256, "a key with an ümlaut", ""])
def test_a_key_of_the_wrong_form_is_refused(api: Api, house: House, key: str):
    house.customer()
    answer = api.post("/payouts", BODY, key=key)
    assert answer.status == 400
    assert answer.places == {"Idempotency-Key": "invalid_key"}


@pytest.mark.parametrize("key", ["exactly sixteen.", "k" * 255])
def test_a_key_may_have_16_to_255_characters(api: Api, house: House, key: str):
    house.customer()
    assert api.post("/payouts", BODY, key=key).status == 202


def test_a_payout_to_nobody_is_404(api: Api, house: House):
    house.customer()
    answer = api.post("/payouts", {**BODY, "customer_id": STRANGER}, key=KEY)
    assert (answer.status, answer.code) == (404, "not_found")


def test_all_rules_that_are_broken_are_listed_with_422(api: Api, house: House):
    house.customer(available=0)
    body = {**BODY, "amount": "1000.01", "rail": "DirectEntry", "description": "x" * 19}
    answer = api.post("/payouts", body, key=KEY)
    assert answer.status == 422
    assert {"/amount", "/rail", "/description"} <= answer.places.keys()
    assert house.provider.requests == []


def test_a_missing_balance_alone_has_a_code_of_its_own(api: Api, house: House):
    house.customer(available=100)
    answer = api.post("/payouts", BODY, key=KEY)
    assert (answer.status, answer.code) == (422, "insufficient_funds")
    assert answer.places == {"/amount": "insufficient_funds"}


def test_a_foreign_destination_is_422_at_its_place(api: Api, house: House):
    house.customer()
    other = house.customer(STRANGER)
    body = {**BODY, "destination_id": other.destinations[0].destination_id}
    answer = api.post("/payouts", body, key=KEY)
    assert answer.status == 422
    assert answer.places == {"/destination_id": "unknown_destination"}


def test_a_named_destination_and_rail_are_taken(api: Api, house: House):
    account = house.customer().destinations[1]
    answer = api.post(
        "/payouts",
        {
            **BODY, "payout_method": "BankAccount", "rail": "DirectEntry", "currency": "AUD",
            "destination_id": account.destination_id.upper(), "description": "Invoice 1042",
            "reference": None,
        },
        key=KEY,
    )  # fmt: skip
    assert answer.status == 202
    assert answer.json["rail"] == "DirectEntry"
    assert answer.json["destination"]["bsbNumber"] == "062-***"
    assert answer.json["destination"]["accountNumber"] == "***263"
    assert answer.json["final_unless_dishonoured_by"] == "2026-03-09"
    assert answer.json["message"] == "Sent; final unless dishonoured by 2026-03-09."


def test_a_stopped_customer_is_409(api: Api, house: House):
    house.customer()
    disputed(api)
    sent = len(house.provider.requests)
    answer = api.post("/payouts", BODY, key=KEY)
    assert (answer.status, answer.code) == (409, "customer_stopped")
    assert answer.json["retryable"] is False
    assert len(house.provider.requests) == sent


def test_while_the_sign_in_is_closed_a_payout_waits(api: Api, house: House):
    house.customer()
    house.gate.close()
    answer = api.post("/payouts", BODY, key=KEY)
    assert answer.json["status"] == "Queued"
    assert "refused our key" in answer.json["message"]
    assert house.provider.requests == []


def test_a_time_out_is_shown_as_unconfirmed(api: Api, house: House):
    house.customer()
    shown = api.get(f"/payouts/{unconfirmed(api)}", role="viewer").json
    assert shown["status"] == "Unconfirmed"
    assert shown["cancellable"] is False


def test_a_store_that_does_not_answer_is_503_with_a_time_to_come_back(api: Api, house: House):
    house.customer()
    house.store.state.down = True
    answer = api.post("/payouts", BODY, key=KEY)
    assert (answer.status, answer.code) == (503, "store_unavailable")
    assert answer.json["retryable"] is True
    assert int(answer.headers["Retry-After"]) > 0
    assert house.provider.requests == []


def test_a_vault_that_does_not_answer_is_503_and_nothing_is_held(api: Api, house: House):
    house.customer()
    house.vault.down = True
    assert api.post("/payouts", BODY, key=KEY).code == "vault_unavailable"
    assert house.store.state.payouts == {}


def test_a_payout_is_shown_with_every_step_of_its_life(api: Api, house: House):
    house.customer()
    transaction_id = pending(api)
    shown = api.get(f"/payouts/{transaction_id}", role="viewer").json
    steps = shown["timeline"]
    assert [step["event"] for step in steps] == ["Requested", "Started", "Accepted"]
    assert [step["sequence"] for step in steps] == [1, 2, 3]
    assert [step["status"] for step in steps] == ["Queued", "Pending", "Pending"]
    assert steps[0]["by"] == "maker"
    assert steps[0]["request_id"]
    assert steps[0]["postings"] == [
        {"place": "available", "account": CUSTOMER, "amount": "-100.00"},
        {"place": "held", "account": CUSTOMER, "amount": "100.00"},
    ]
    assert all(step["words"].endswith(".") for step in steps)


@pytest.mark.parametrize("wrong", [STRANGER, "nothing", "%00", "a" * 300, "..", "None"])
def test_a_payout_that_is_not_there_is_404_whatever_its_id_looks_like(api: Api, wrong: str):
    answer = api.get(f"/payouts/{wrong}")
    assert (answer.status, answer.code) == (404, "not_found")
    assert answer.json["detail"] == "There is no such payout."


def test_an_id_may_be_written_in_capitals(api: Api, house: House):
    house.customer()
    transaction_id = pending(api)
    assert api.get(f"/payouts/{transaction_id.upper()}").json["transaction_id"] == transaction_id


def test_what_was_never_sent_can_be_cancelled_and_gives_the_money_back(api: Api, house: House):
    house.customer()
    path = f"/payouts/{queued(api)}/cancel"
    answer = api.post(path, {"reason": "Asked for twice."}, role="operator")
    assert answer.status == 200
    assert answer.json["status"] == "Cancelled"
    assert house.store.state.customers[CUSTOMER].available == Money(100_000)
    again = api.post(path, {"reason": "Asked for twice."})
    assert (again.status, again.json["status"]) == (200, "Cancelled")


@pytest.mark.parametrize("make", [pending, failed, unconfirmed])
def test_what_may_have_left_cannot_be_cancelled(api: Api, house: House, make):
    house.customer()
    answer = api.post(f"/payouts/{make(api)}/cancel", {"reason": "Too late."})
    assert (answer.status, answer.code) == (409, "not_possible")


def test_a_payout_that_waits_is_sent_by_the_poller(api: Api, house: House):
    house.customer()
    transaction_id = pay(api, NOT_CONNECTED)
    house.clock.advance(timedelta(minutes=5))
    poll(
        payouts=house.payouts, provider=house.provider, bank=house.bank, vault=house.vault,
        gate=house.gate,
        breaker=house.breaker, liquidity=house.liquidity, pauses=house.pauses,
        rules=house.float_rules, clock=house.clock, calendar=house.calendar,
        patience=house.patience, time_left=lambda: 60.0,
    )  # fmt: skip
    timeline = api.get(f"/payouts/{transaction_id}").json["timeline"]
    assert (
        timeline[2]["words"] == "It did not reach the provider: the provider could not be reached."
    )
    assert timeline[-1]["event"] == "Accepted"


def test_a_refused_sign_in_is_told_in_words(api: Api, house: House):
    house.customer()
    shown = api.get(f"/payouts/{pay(api, SIGN_IN_REFUSED)}").json
    assert shown["status"] == "Queued"
    assert shown["cancellable"] is True
    assert "the provider refused our key" in shown["message"]

"""Faults by rule and by seed: on the wire, in the outcome, in the webhooks."""

from decimal import Decimal
from typing import Any

import pytest
import requests

from local.monoova.control import Misused
from tests.local.monoova_bench import Bench, Listener, exact, order

BRIEFLY = Decimal("0.05")


@pytest.fixture
def bench(house: Bench) -> Bench:
    return house.refresh()


def completed(bench: Bench, *references: str) -> None:
    """Payments whose success is told in that order."""
    for reference in references:
        bench.pay(reference, "Sim Stuck", amount=1)
        bench.control.happen(reference, "complete")


def references(listener: Listener) -> list[str]:
    return [heard.body["UniqueReference"] for heard in listener.heard]


@pytest.mark.parametrize(("fault", "executed"), [("timeout_after", 1), ("timeout_before", 0)])
def test_a_call_times_out_before_or_after_it_is_paid(bench: Bench, fault: str, executed: int):
    bench.control.fault("execute", fault, seconds=BRIEFLY)
    with pytest.raises(requests.ConnectionError):
        bench.execute(order("r-1"))
    assert bench.control.executions("r-1") == executed


def test_a_call_that_times_out_is_not_answered_for_as_long_as_the_client_waits(bench: Bench):
    bench.control.fault("execute", "timeout_before", seconds=600)
    with pytest.raises(requests.ReadTimeout):
        bench.execute(order("r-1"), timeout=0.5)
    assert bench.control.executions("r-1") == 0


@pytest.mark.parametrize(("fault", "executed"), [("reset_after", 1), ("reset_before", 0)])
def test_a_connection_is_reset_before_or_after_it_is_paid(bench: Bench, fault: str, executed: int):
    bench.control.fault("execute", fault)
    with pytest.raises(requests.ConnectionError, match="reset"):
        bench.execute(order("r-1"))
    assert bench.control.executions("r-1") == executed


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
@pytest.mark.parametrize(("fault", "executed"), [("error_after", 1), ("error_before", 0)])
def test_a_call_fails_before_or_after_it_is_paid(
    bench: Bench, fault: str, executed: int, status: int
):
    bench.control.fault("execute", fault, status=status)
    assert bench.execute(order("r-1")).status_code == status
    assert bench.control.executions("r-1") == executed


def test_an_answer_may_be_no_json(bench: Bench):
    bench.control.fault("execute", "unparsable")
    answer = bench.execute(order("r-1"))
    assert answer.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        answer.json()
    assert bench.control.executions("r-1") == 1


def test_an_answer_may_be_late(bench: Bench):
    bench.control.fault("status", "late", seconds=Decimal("0.3"))
    bench.pay("r-1")
    assert bench.get("/financial/v2/status/r-1").elapsed.total_seconds() >= 0.3
    assert bench.control.faults()["faults"] == []


def test_a_rule_strikes_as_often_as_it_says_and_only_what_it_matches(bench: Bench):
    rule: dict[str, Any] = {"match": {"uniqueReference": "r-2"}, "times": 2}
    bench.control.fault("execute", "error_before", **rule)
    assert [bench.execute(order("r-1")).status_code for _ in range(2)] == [200, 400]
    assert [bench.execute(order("r-2")).status_code for _ in range(4)] == [500, 500, 200, 400]
    assert bench.control.faults()["faults"] == []


@pytest.mark.parametrize(
    "match", [{"accountName": "jo citizen"}, {"amount": "10.00"}, {"amount": 10}, {}]
)
def test_a_rule_matches_by_name_and_amount_too(bench: Bench, match: dict[str, object]):
    bench.control.fault("execute", "error_before", match=match)
    assert bench.execute(order("r-1")).status_code == 500


def test_a_rule_that_does_not_match_waits(bench: Bench):
    bench.control.fault("execute", "error_before", match={"accountName": "Jo", "amount": "10.00"})
    bench.control.fault("execute", "error_before", match={"amount": "10.01"})
    assert bench.execute(order("r-1")).status_code == 200
    assert len(bench.control.faults()["faults"]) == 2


@pytest.mark.parametrize("on", ["status", "any", "/financial/v2/status", "/financial"])
def test_a_rule_strikes_by_endpoint_by_path_or_anywhere(bench: Bench, on: str):
    bench.control.fault(on, "error_before", status=503, times=None)
    assert [bench.get("/financial/v2/status/r-1").status_code for _ in range(3)] == [503] * 3
    bench.control.clear_faults()
    assert bench.get("/financial/v2/status/r-1").status_code == 400


def test_our_own_endpoints_suffer_nothing(bench: Bench):
    bench.control.fault("any", "error_before", times=None)
    assert bench.control.state()["executions"] == 0


@pytest.mark.parametrize(
    ("fault", "more", "status"),
    [
        ("pending", {}, "Pending"),
        ("silent", {}, "Pending"),
        ("stuck", {}, "Pending"),
        ("reject", {"reason": "NO"}, "Pending"),
        ("return", {}, "Ok"),
        ("refuse", {"code": "InvalidMAccount"}, "InvalidMAccount"),
    ],
)
def test_a_rule_chooses_the_outcome_of_any_payment(
    bench: Bench, fault: str, more: dict[str, Any], status: str
):
    bench.control.fault("execute", fault, match={"uniqueReference": "r-1"}, **more)
    assert exact(bench.execute(order("r-1")))["status"] == status
    assert bench.pay("r-2")["status"] == "Ok"


def test_an_outcome_may_be_joined_with_a_time_out(bench: Bench, listener: Listener):
    bench.subscribe(listener, "NppPaymentStatus")
    bench.control.fault("execute", "reject", seconds=10, reason="REFER TO CUSTOMER")
    bench.control.fault("execute", "timeout_after", seconds=BRIEFLY)
    with pytest.raises(requests.ConnectionError):
        bench.execute(order("r-1"))
    assert bench.status("r-1") == "Pending"
    bench.control.advance(11)
    assert bench.status("r-1") == "Rejected"
    assert listener.last.body["RejectionReasonDescription"] == "REFER TO CUSTOMER"


def test_a_dishonour_may_come_when_a_rule_says(bench: Bench):
    bench.control.fault("execute", "dishonour", seconds=60, amount="4.00")
    bench.pay("r-1", method="directCredit")
    bench.control.advance(61)
    assert bench.control.totals().returned == 4
    assert bench.balanced()


def test_a_refusal_by_rule_is_used_up_by_one_payment(bench: Bench):
    bench.control.fault("execute", "refuse", code="InvalidDisbursementMethod")
    assert exact(bench.execute(order("r-1")))["status"] == "InvalidDisbursementMethod"
    assert bench.pay("r-1")["status"] == "Ok"


def test_an_outcome_rule_is_not_used_up_by_what_is_refused_anyway(bench: Bench):
    bench.control.fault("execute", "stuck")
    assert bench.execute(order("r-1", amount=10_000)).status_code == 400
    assert bench.pay("r-2")["status"] == "Pending"


def test_the_account_is_locked_on_request(bench: Bench):
    bench.control.fault("any", "lock_out")
    told = bench.execute(order("r-1"))
    assert (told.status_code, exact(told)["status"]) == (401, "MerchantLockedOut")
    assert bench.control.state()["locked_out"] is True
    assert bench.control.executions("r-1") == 0
    bench.control.advance(3601)
    assert bench.pay("r-1")["status"] == "Ok"


def test_a_lost_notification_never_comes_but_can_be_asked_for(bench: Bench, listener: Listener):
    bench.subscribe(listener, "NppPaymentStatus")
    bench.control.fault("webhook", "lost", match={"eventName": "NppPaymentStatus"})
    completed(bench, "r-1")
    bench.control.advance(3600)
    assert listener.heard == []
    (line,) = exact(bench.get(f"/subscriptions/v1/report/{bench.today()}"))["notifications"]
    assert (line["status"], line["retryCount"]) == ("Error", 1)
    bench.post(f"/subscriptions/v2/resend/{line['webhookId']}", {})
    bench.control.flush()
    assert references(listener) == ["r-1"]


def test_a_late_notification_comes_late(bench: Bench, listener: Listener):
    bench.subscribe(listener, "NppPaymentStatus")
    bench.control.fault("webhook", "late", seconds=600)
    completed(bench, "r-1", "r-2")
    assert references(listener) == ["r-2"]
    bench.control.advance(590)
    assert references(listener) == ["r-2"]
    bench.control.advance(11)
    assert references(listener) == ["r-2", "r-1"]


def test_a_doubled_notification_comes_twice_under_one_id(bench: Bench, listener: Listener):
    bench.subscribe(listener, "NppPaymentStatus")
    bench.control.fault("webhook", "double", match={"uniqueReference": "r-1"})
    completed(bench, "r-1", "r-2")
    assert references(listener) == ["r-1", "r-1", "r-2"]
    assert len({heard.headers["Webhookid"] for heard in listener.heard}) == 2


def test_reordered_notifications_come_after_the_next_one_last_first(
    bench: Bench, listener: Listener
):
    bench.subscribe(listener, "NppPaymentStatus")
    bench.control.fault("webhook", "reorder", times=2)
    completed(bench, "r-1", "r-2")
    assert listener.heard == []
    completed(bench, "r-3")
    assert references(listener) == ["r-3", "r-2", "r-1"]


def test_a_reordered_notification_that_nothing_follows_comes_after_a_minute(
    bench: Bench, listener: Listener
):
    bench.subscribe(listener, "NppPaymentStatus")
    bench.control.fault("webhook", "reorder")
    completed(bench, "r-1")
    bench.control.advance(61)
    assert references(listener) == ["r-1"]


def test_a_hurried_flush_brings_what_is_late_held_or_to_be_retried(
    bench: Bench, listener: Listener
):
    bench.subscribe(listener, "NppPaymentStatus")
    listener.script[:] = [500]
    completed(bench, "r-1")
    bench.control.fault("webhook", "late", seconds=9999)
    completed(bench, "r-2")
    assert bench.control.flush() == 0
    assert bench.control.flush(hurry=True) == 2
    assert references(listener) == ["r-1", "r-1", "r-2"]


def struck(bench: Bench, seed: int) -> list[int]:
    bench.refresh()
    bench.control.random_faults(seed, "0.3", ["error_before", "error_after"])
    return [bench.execute(order(f"r-{number}")).status_code for number in range(40)]


def test_a_seed_strikes_the_same_calls_every_time(bench: Bench):
    first = struck(bench, 7)
    assert first == struck(bench, 7)
    assert first != struck(bench, 8)
    assert 4 <= first.count(500) <= 24


def test_with_random_faults_of_every_kind_the_books_still_balance(bench: Bench, listener: Listener):
    bench.control.settings(timeout_seconds=0)
    bench.subscribe(listener, "NppPaymentStatus", "NppReturn", "DirectEntryDishonour")
    bench.control.random_faults(7, "0.4")
    names = ("Jo Citizen", "Sim Reject", "Sim Return", "Sim Pending", "Sim Dishonour", "Sim Vanish")
    for number in range(60):
        method = ("NppCreditPayId", "NppCreditBankAccount", "directCredit")[number % 3]
        body = order(f"r-{number % 40}", names[number % 6], method=method, amount=number + 1)
        try:
            bench.execute(body)
        except requests.ConnectionError:
            continue
    bench.control.clear_faults()
    bench.control.advance(10 * 86400)
    bench.control.flush(hurry=True)
    totals = bench.control.totals()
    assert bench.balanced()
    assert all(each.executed_count == 1 for each in totals.executions)
    assert totals.paid == sum(each.amount for each in totals.executions)
    assert totals.fees == sum(each.fee for each in totals.executions)
    assert totals.returned == sum(each.returned for each in totals.executions)
    assert totals.returned > 0
    assert len(listener.heard) > 0


def test_a_rule_that_could_never_strike_is_refused_with_everything_that_is_wrong(bench: Bench):
    wrong: dict[str, Any] = {
        "match": {"colour": "red", "amount": "1.001"},
        "times": 0,
        "seconds": -1,
        "tyme": 1,
    }
    with pytest.raises(Misused) as caught:
        bench.control.fault("nowhere", "explode", **wrong, status=418)
    told = {error["field"] for error in caught.value.errors}
    expected = {"on", "fault", "match.colour", "match.amount", "times", "seconds", "tyme", "status"}
    assert told == expected
    assert bench.control.faults()["faults"] == []


@pytest.mark.parametrize(
    ("on", "fault"), [("webhook", "timeout_after"), ("execute", "lost"), ("status", "reject")]
)
def test_a_fault_has_to_be_possible_where_it_should_strike(bench: Bench, on: str, fault: str):
    with pytest.raises(Misused, match="cannot happen"):
        bench.control.fault(on, fault)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'{"seed": 1, "rate": 2}',
        b'{"seed": -1, "rate": 0.5}',
        b'{"seed": 1, "rate": true}',
        b'{"seed": 1, "rate": 1e999999}',
        b'{"seed": 1, "rate": 0.5, "faults": ["x"]}',
        b'{"seed": 1, "rate": 0.5, "faults": [{}]}',
    ],
)
def test_a_seed_that_makes_no_sense_is_refused(bench: Bench, body: bytes):
    told = bench.post("/_simulator/faults", body)
    assert told.status_code == 400
    assert told.json()["errors"]

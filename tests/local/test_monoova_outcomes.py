"""What becomes of a payment by its payee's name, on each rail, wherever it shows."""

from datetime import timedelta
from decimal import Decimal

import pytest
import requests

from local.monoova.control import Misused
from local.monoova.dates import business_day_after
from tests.local.monoova_bench import (
    Bench,
    Listener,
    exact,
    moment_of,
    order,
)

DAY = 86400
EVENTS = ("NppPaymentStatus", "NppReturn", "DirectEntryDishonour")


@pytest.fixture
def bench(house: Bench, listener: Listener) -> Bench:
    house.refresh().subscribe(listener, *EVENTS)
    return house


def test_any_other_name_is_paid_at_once_and_told_by_no_webhook(bench: Bench, listener: Listener):
    for number, name in enumerate(("Jo Citizen", "Simone Pending", "Sim", "Sim Pendingham")):
        assert bench.pay(f"r-{number}", name)["status"] == "Ok"
        assert bench.status(f"r-{number}") == "Complete"
    bench.control.advance(30 * DAY)
    assert listener.heard == []


@pytest.mark.parametrize("name", ["Sim Pending", "SIM PENDING", " sim  pending "])
def test_pending_then_successful_is_told(bench: Bench, listener: Listener, name: str):
    told = bench.pay("r-1", name)
    assert (told["status"], bench.status("r-1")) == ("Pending", "Pending")
    assert listener.heard == []
    bench.control.advance(60)
    assert bench.status("r-1") == "Complete"
    (heard,) = listener.heard
    assert (heard.event, heard.body["Status"]) == ("NppPaymentStatus", "Payment Successful")
    assert heard.body["TransactionId"] == told["transactionId"]


def test_silent_is_pending_then_successful_and_nobody_says_so(bench: Bench, listener: Listener):
    assert bench.pay("r-1", "Sim Silent")["status"] == "Pending"
    bench.control.advance(60)
    assert bench.status("r-1") == "Complete"
    assert listener.heard == []


def test_stuck_stays_pending_until_somebody_decides(bench: Bench, listener: Listener):
    bench.pay("r-1", "Sim Stuck")
    bench.control.advance(30 * DAY)
    assert bench.status("r-1") == "Pending"
    bench.control.happen("r-1", "complete")
    assert bench.status("r-1") == "Complete"
    assert listener.last.body["Status"] == "Payment Successful"


def test_a_rejected_payment_comes_back_but_its_fee_does_not(bench: Bench, listener: Listener):
    bench.pay("r-1", "Sim Reject NO SUCH ACCOUNT", amount=100)
    bench.control.advance(60)
    assert bench.status("r-1") == "Rejected"
    body = listener.last.body
    assert (body["Status"], body["RejectionReasonDescription"]) == ("Rejected", "NO SUCH ACCOUNT")
    debit, fee, back = bench.items()
    assert (debit["debit"], debit["subTransactionType"]) == (100, "NppCreditPayId")
    assert (fee["debit"], fee["transactionType"]) == (Decimal("0.11"), "Fee")
    assert (back["credit"], back["subTransactionType"]) == (100, "NppRejection")
    assert back["transactionId"] == body["RejectionTransactionId"]
    assert {row["uniqueReference"] for row in (debit, fee, back)} == {"r-1"}
    assert bench.control.totals().balance == Decimal("999.89")
    assert bench.balanced()


def test_a_return_after_success_brings_the_money_back_once(bench: Bench, listener: Listener):
    assert bench.pay("r-1", "Sim Return CLOSED")["status"] == "Ok"
    bench.control.advance(60)
    bench.control.advance(30 * DAY)
    assert bench.status("r-1") == "Complete"
    (heard,) = listener.heard
    assert (heard.event, heard.body["ReturnReason"]) == ("NppReturn", "CLOSED")
    assert bench.control.totals().returned == 10
    assert bench.balanced()


@pytest.mark.parametrize("name", ["Sim Dishonour ACCOUNT CLOSED", "Sim Return", "Sim Reject"])
def test_a_direct_entry_is_complete_at_once_and_dishonoured_on_business_day_three(
    bench: Bench, listener: Listener, name: str
):
    begin = bench.today()
    told = bench.pay("r-1", name, method="directCredit")
    assert (told["status"], bench.status("r-1")) == ("Ok", "Complete")
    day = business_day_after(begin, 3)
    while bench.today() < day:
        assert listener.heard == []
        bench.control.advance(DAY)
    bench.control.advance(DAY)
    (heard,) = listener.heard
    body = heard.body
    assert (heard.event, body["Type"], body["ReturnReason"]) == (
        "DirectEntryDishonour",
        "Credit",
        "ACCOUNT CLOSED",
    )
    assert moment_of(body["ReturnDate"]).date() == day
    assert body["OriginalTransactionId"] == told["transactionId"]
    assert bench.status("r-1") == "Complete"
    assert bench.control.totals().returned == 10
    assert bench.balanced()


@pytest.mark.parametrize("name", ["Sim Pending", "Sim Silent", "Sim Stuck"])
def test_a_direct_entry_is_never_pending(bench: Bench, listener: Listener, name: str):
    assert bench.pay("r-1", name, method="directCredit")["status"] == "Ok"
    bench.control.advance(10 * DAY)
    assert listener.heard == []


def test_an_npp_payment_is_returned_where_a_direct_entry_would_be_dishonoured(
    bench: Bench, listener: Listener
):
    bench.pay("r-1", "Sim Dishonour")
    bench.control.advance(10 * DAY)
    assert listener.events == ["NppReturn"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Sim Refuse", "FinancialValidateDisbursementNppCreditPayIdDetailsAreInvalid"),
        ("Sim Refuse funds", "DebitTransactionWillExceedSignInCreditLimit"),
        ("Sim Refuse limit", "FinancialValidateTotalAmountIsMoreThanMaxTransactionLimit"),
        ("Sim Refuse blocked", "BlockedDisbursementItemDirectCreditDetailAccount"),
        ("Sim Refuse strangely", "ACodeThatNobodyHasListed"),
        ("Sim Refuse InvalidPaymentSource", "InvalidPaymentSource"),
    ],
)
def test_a_refused_payment_never_happened(bench: Bench, name: str, code: str):
    refused = bench.execute(order("r-1", name))
    assert (refused.status_code, exact(refused)["status"]) == (400, code)
    assert (
        exact(bench.post("/financial/v2/transaction/validate", order("r-1", name)))["status"]
        == code
    )
    assert bench.status("r-1") == "UniqueIdNotFound"
    assert bench.items() == []
    assert bench.pay("r-1")["status"] == "Ok"


def unanswered(bench: Bench, name: str) -> None:
    """A call that is held, though not for long, and then let go."""
    bench.control.settings(timeout_seconds=Decimal("0.05"))
    with pytest.raises(requests.ConnectionError):
        bench.execute(order("r-1", name))


def test_timeout_is_paid_although_nobody_is_answered(bench: Bench):
    unanswered(bench, "Sim Timeout")
    assert bench.status("r-1") == "Complete"
    assert bench.control.executions("r-1") == 1
    assert exact(bench.execute(order("r-1", "Sim Timeout")))["status"] == "UniqueReferenceExists"


def test_vanish_is_lost_the_first_time_and_paid_the_second(bench: Bench):
    unanswered(bench, "Sim Vanish")
    assert bench.status("r-1") == "UniqueIdNotFound"
    assert bench.control.executions("r-1") == 0
    assert bench.pay("r-1", "Sim Vanish")["status"] == "Ok"
    assert bench.control.executions("r-1") == 1


def test_error_reset_and_garble_are_paid_and_answered_badly(bench: Bench):
    assert bench.execute(order("r-1", "Sim Error")).status_code == 500
    with pytest.raises(requests.ConnectionError):
        bench.execute(order("r-2", "Sim Reset"))
    garbled = bench.execute(order("r-3", "Sim Garble"))
    assert garbled.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        garbled.json()
    assert [bench.control.executions(f"r-{number}") for number in (1, 2, 3)] == [1, 1, 1]


def test_how_long_pending_takes_is_a_switch_in_virtual_seconds(bench: Bench):
    bench.control.settings(pending_seconds=3600)
    bench.pay("r-1", "Sim Pending")
    bench.control.advance(3590)
    assert bench.status("r-1") == "Pending"
    bench.control.advance(20)
    assert bench.status("r-1") == "Complete"


def test_what_happens_to_all_other_names_is_a_switch(bench: Bench, listener: Listener):
    bench.control.settings(default_outcome="pending")
    assert bench.pay("r-1")["status"] == "Pending"
    bench.control.advance(60)
    assert listener.events == ["NppPaymentStatus"]


def test_an_ending_by_hand_happens_only_from_the_right_state(bench: Bench):
    bench.pay("r-1", "Sim Stuck")
    bench.control.happen("r-1", "reject", reason="BY HAND")
    for ending in ("complete", "reject", "return", "dishonour"):
        with pytest.raises(Misused):
            bench.control.happen("r-1", ending)
    with pytest.raises(Misused, match="never executed"):
        bench.control.happen("r-2", "complete")
    assert bench.control.totals().returned == 10


def test_a_part_may_come_back(bench: Bench, listener: Listener):
    bench.pay("r-1", amount=100)
    books = bench.control.happen("r-1", "return", amount="40.00")
    assert (books.returned, books.of("r-1")[0].returned) == (Decimal(40), Decimal(40))
    assert listener.last.body["Amount"] == 40
    assert bench.control.happen("r-1", "return").returned == 100


def test_an_ending_that_was_due_in_between_is_dated_when_it_was_due(bench: Bench):
    bench.control.settings(pending_seconds=3600)
    begin = bench.control.clock().now
    bench.pay("r-1", "Sim Reject")
    bench.control.advance(7200)
    body = {"accountNumber": bench.account, "frequency": "ThisMonth"}
    back = exact(bench.post("/mAccount/v1/transactions", body))["items"][-1]
    paid = exact(bench.post("/mAccount/v1/transactions", body))["items"][-2]
    between = moment_of(back["dateTime"]) - moment_of(paid["dateTime"])
    assert between in {timedelta(seconds=3600), timedelta(seconds=3599), timedelta(seconds=3601)}
    assert bench.control.clock().now - begin >= timedelta(seconds=7200)

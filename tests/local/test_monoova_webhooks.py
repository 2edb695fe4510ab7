"""Subscriptions, the notifications that follow, their signature, second attempt and report."""

from decimal import Decimal

import pytest

from tests.local.monoova_bench import (
    ANSWERS,
    TOKEN,
    Bench,
    Listener,
    exact,
    moment_of,
)

STATUS_FIELDS = [
    "TransactionDate",
    "UniqueReference",
    "TransactionId",
    "Status",
    "Amount",
    "Bsb",
    "AccountNumber",
    "AccountName",
    "PayId",
    "PayIdType",
    "EndToEndId",
    "RemitterName",
    "LodgementRef",
    "RejectionDateTime",
    "RejectionReasonDescription",
    "RejectionTransactionId",
]
RETURN_FIELDS = [
    "ReturnDate",
    "Amount",
    "Bsb",
    "AccountNumber",
    "AccountName",
    "PayId",
    "PayIdType",
    "EndToEndId",
    "ReturnReason",
    "TransactionDate",
    "TransactionId",
    "UniqueReference",
    "RemitterName",
    "LodgementRef",
    "ReturnTransactionId",
]
DISHONOUR_FIELDS = [
    "ReturnDate",
    "Amount",
    "BankDetails",
    "Type",
    "ReturnReason",
    "TransactionDate",
    "OriginalTransactionId",
    "TransactionReference",
]
RECEIPT_FIELDS = {
    "TransactionId",
    "DateTime",
    "RemitterName",
    "Amount",
    "AccountName",
    "AccountNumber",
    "Bsb",
    "PaymentDescription",
    "PayId",
    "PayIdName",
    "SourceBsb",
    "SourceAccountNumber",
    "SourceAccountName",
    "EndToEndId",
    "CategoryPurposeCode",
    "CreditorReferenceInformation",
    "USINumber",
    "USIScheme",
    "UltimateCreditorName",
    "ReconciliationRuleReference",
    "ReceiptNumber",
}
DIRECT_FIELDS = {
    "TransactionId",
    "BatchId",
    "DateTime",
    "Bsb",
    "AccountNumber",
    "AccountName",
    "TransactionCode",
    "Amount",
    "LodgementRef",
    "RemitterName",
    "NameOfUserSupplyingFile",
    "NumberOfUserSupplyingFile",
    "DescriptionOfEntriesOnFile",
    "Indicator",
    "WithholdingTaxAmount",
    "SourceBsb",
    "SourceAccountNumber",
    "ReceiptNumber",
}
REPORT_FIELDS = {
    "dateTime",
    "eventName",
    "lastResponseCode",
    "lastRetryDateTime",
    "retryCount",
    "status",
    "url",
    "webhookId",
}


@pytest.fixture
def bench(house: Bench) -> Bench:
    return house.refresh()


def reported(bench: Bench, query: str = "") -> list[dict[str, object]]:
    told = exact(bench.get(f"/subscriptions/v1/report/{bench.today()}{query}"))
    return list(told["notifications"])


def completed(bench: Bench, reference: str) -> None:
    """A payment whose success is told right now."""
    bench.pay(reference, "Sim Stuck", amount=1)
    bench.control.happen(reference, "complete")


def test_a_subscription_is_made_listed_changed_and_ended(bench: Bench):
    body = {
        "eventName": "NppReturn",
        "targetUrl": "http://www.example.com/a",
        "subscriptionStatus": "On",
        "securityToken": TOKEN,
    }
    made = exact(bench.post("/subscriptions/v1/create", body))
    assert set(made) == ANSWERS | {"id", "dateTime", "eventName", "targetUrl"}
    assert (made["eventName"], made["targetUrl"]) == ("NppReturn", "http://www.example.com/a")
    change = {
        "id": made["id"],
        "targetUrl": "http://www.example.com/b",
        "subscriptionStatus": "Off",
    }
    changed = exact(bench.post("/subscriptions/v1/update", change))
    assert set(changed) == set(made)
    assert (changed["id"], changed["targetUrl"]) == (made["id"], "http://www.example.com/b")
    listed = exact(bench.get("/subscriptions/v1/list"))
    assert set(listed) == ANSWERS | {"eventname"}
    (line,) = listed["eventname"]
    assert set(line) == {"eventName", "id", "targetUrl", "status", "LastUpdated", "createdDate"}
    assert line["status"] == "Off"
    ended = bench.session.delete(f"{bench.url}/subscriptions/v1/delete/{made['id']}", timeout=5)
    assert set(exact(ended)) == ANSWERS
    assert exact(bench.get("/subscriptions/v1/list"))["eventname"] == []


def test_a_second_subscription_of_an_event_is_refused_with_the_first_one_s_id(bench: Bench):
    body = {"eventName": "NppReturn", "targetUrl": "http://x.example", "subscriptionStatus": "On"}
    first = exact(bench.post("/subscriptions/v1/create", body))
    again = bench.post("/subscriptions/v1/create", body | {"targetUrl": "http://y.example"})
    told = exact(again)
    assert (again.status_code, told["status"]) == (400, "WebhookAlreadySubscribed")
    assert (told["id"], told["targetUrl"]) == (first["id"], "http://x.example")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"eventName": "nppreturn"}, "InvalidEventName"),
        ({"targetUrl": "ftp://x.example"}, "InvalidTargetUrl"),
        ({"targetUrl": None}, "InvalidTargetUrl"),
        ({"targetUrl": "http://x.example:99999"}, "InvalidTargetUrl"),
        ({"subscriptionStatus": "Perhaps"}, "InvalidSubscriptionStatus"),
        ({"securityToken": "onlyonepart"}, "InvalidSecurityToken"),
        ({"securityToken": "Bearer a\r\nX-Injected: 1"}, "InvalidSecurityToken"),
    ],
)
def test_a_subscription_that_makes_no_sense_is_refused(
    bench: Bench, change: dict[str, object], code: str
):
    body = {"eventName": "NppReturn", "targetUrl": "http://x.example", "subscriptionStatus": "On"}
    refused = bench.post("/subscriptions/v1/create", body | change)
    assert (refused.status_code, exact(refused)["status"]) == (400, code)


def test_what_is_not_subscribed_or_switched_off_is_told_to_nobody(bench: Bench, listener: Listener):
    completed(bench, "r-1")
    bench.subscribe(listener, "NppPaymentStatus")
    bench.post(
        "/subscriptions/v1/update",
        {"id": 1, "targetUrl": f"{listener.url}/x", "subscriptionStatus": "Off"},
    )
    completed(bench, "r-2")
    assert listener.heard == []
    assert reported(bench) == []


def test_a_notification_carries_the_token_an_id_and_a_signature_over_its_bytes(
    bench: Bench, listener: Listener
):
    bench.subscribe(listener, "NppPaymentStatus")
    completed(bench, "r-1")
    heard = listener.last
    assert heard.headers["Authorization"] == TOKEN
    assert heard.headers["Content-Type"].startswith("application/json")
    assert int(heard.headers["Webhookid"]) == reported(bench)[0]["webhookId"]
    assert bench.signed(heard)


def test_a_signature_does_not_fit_other_bytes_nor_another_key(bench: Bench, listener: Listener):
    bench.subscribe(listener, "NppPaymentStatus")
    completed(bench, "r-1")
    heard = listener.last
    assert not bench.signed(type(heard)(heard.path, heard.headers, heard.raw + b" "))
    bench.control.rotate_keys()
    assert not bench.signed(heard)
    completed(bench, "r-2")
    assert bench.signed(listener.last)


def test_payment_status_has_the_provider_s_fields(bench: Bench, listener: Listener):
    bench.subscribe(listener, "NppPaymentStatus")
    bench.pay("r-1", "Sim Pending", method="NppCreditBankAccount", amount=Decimal("12.50"))
    bench.pay("r-2", "Sim Reject")
    bench.control.advance(60)
    good, bad = (heard.body for heard in listener.heard)
    assert list(good) == list(bad) == STATUS_FIELDS
    assert (good["Bsb"], good["AccountNumber"], good["PayId"]) == ("062-000", "12345678", None)
    assert (good["Amount"], good["LodgementRef"]) == (Decimal("12.5"), "Invoice 1")
    assert (good["EndToEndId"], good["RemitterName"]) == ("E2E-1", "Example Payouts")
    assert [good[name] for name in STATUS_FIELDS[-3:]] == [None, None, None]
    assert (bad["PayId"], bad["PayIdType"], bad["Bsb"]) == ("jo@example.com", "Email", None)
    assert moment_of(bad["TransactionDate"]).date() == bench.today()
    assert moment_of(bad["RejectionDateTime"]).date() == bench.today()
    assert b'"Amount": 12.5,' in listener.heard[0].raw


def test_return_and_dishonour_have_the_provider_s_fields(bench: Bench, listener: Listener):
    bench.subscribe(listener, "NppReturn", "DirectEntryDishonour")
    paid = bench.pay("r-1")
    credited = bench.pay("r-2", method="directCredit")
    bench.control.happen("r-1", "return", reason="ACCOUNT CLOSED")
    bench.control.happen("r-2", "dishonour", reason="REFER TO CUSTOMER")
    back, dishonour = (heard.body for heard in listener.heard)
    assert list(back) == RETURN_FIELDS
    assert (back["TransactionId"], back["UniqueReference"]) == (paid["transactionId"], "r-1")
    assert back["ReturnTransactionId"] not in {paid["transactionId"], credited["transactionId"]}
    assert list(dishonour) == DISHONOUR_FIELDS
    assert dishonour["BankDetails"] == {
        "Bsb": "062-000",
        "AccountNumber": "12345678",
        "AccountName": "Jo Citizen",
        "Token": None,
    }
    assert dishonour["TransactionReference"] == "r-2"
    assert dishonour["ReturnReason"] == "REFER TO CUSTOMER"
    assert str(dishonour["TransactionDate"]).endswith("T00:00:00.00")


def test_money_that_comes_in_by_npp_is_credited_and_told_with_a_text_amount(
    bench: Bench, listener: Listener
):
    bench.subscribe(listener, "NPPReceivePayment")
    received = bench.control.receive("250.10", remitter="Example Buyer", description="Batch 1")
    body = listener.last.body
    assert set(body) == RECEIPT_FIELDS
    assert (body["Amount"], body["TransactionId"]) == ("250.1000", received.transaction_id)
    assert body["DateTime"][2] == body["DateTime"][5] == "/"
    assert body["DateTime"][-2:] in {"AM", "PM"}
    assert (body["RemitterName"], body["PaymentDescription"]) == ("Example Buyer", "Batch 1")
    assert len(received.transaction_id) == 12
    assert received.balance == Decimal("1250.10")
    assert bench.control.totals().received == Decimal("250.10")
    assert bench.balanced()


def test_money_that_comes_in_by_direct_entry_is_told_as_a_batch(bench: Bench, listener: Listener):
    bench.subscribe(listener, "InboundDirectCredit")
    received = bench.control.receive("99.00", rail="DE")
    body = listener.last.body
    assert set(body) == {"TotalCount", "TotalAmount", "DirectCreditDetails"}
    (detail,) = body["DirectCreditDetails"]
    assert set(detail) == DIRECT_FIELDS
    assert (body["TotalCount"], body["TotalAmount"], detail["Amount"]) == (1, 99, 99)
    assert detail["TransactionId"] == received.transaction_id
    assert isinstance(detail["AccountNumber"], int)
    assert moment_of(detail["DateTime"]).date() == bench.today()


@pytest.mark.parametrize("answer", [201, 202, 204, 301, 307, 400, 401, 500, 503])
def test_only_200_acknowledges_and_anything_else_is_tried_once_more_after_30_seconds(
    bench: Bench, listener: Listener, answer: int
):
    bench.subscribe(listener, "NppPaymentStatus")
    listener.script[:] = [answer, answer]
    completed(bench, "r-1")
    assert len(listener.heard) == 1
    bench.control.advance(20)
    assert len(listener.heard) == 1
    bench.control.advance(10)
    assert len(listener.heard) == 2
    assert listener.heard[0].raw == listener.heard[1].raw
    assert listener.heard[0].headers["Webhookid"] == listener.heard[1].headers["Webhookid"]
    bench.control.advance(86400)
    assert len(listener.heard) == 2


def test_an_acknowledged_notification_is_not_sent_again(bench: Bench, listener: Listener):
    bench.subscribe(listener, "NppPaymentStatus")
    completed(bench, "r-1")
    bench.control.advance(86400)
    assert len(listener.heard) == 1


def test_the_report_lists_what_was_sent_and_what_became_of_it(bench: Bench, listener: Listener):
    bench.subscribe(listener, "NppPaymentStatus")
    listener.script[:] = [200, 503, 503]
    completed(bench, "r-1")
    completed(bench, "r-2")
    bench.control.advance(30)
    good, bad = reported(bench)
    assert set(good) == REPORT_FIELDS
    assert (good["status"], good["lastResponseCode"], good["retryCount"]) == ("Sent", 200, 0)
    assert (bad["status"], bad["lastResponseCode"], bad["retryCount"]) == ("Error", 503, 1)
    assert good["url"] == f"{listener.url}/NppPaymentStatus"
    assert reported(bench, "?skip=1&take=5") == [bad]
    assert reported(bench, "?take=1") == [good]
    assert bench.get(f"/subscriptions/v1/report/{bench.today()}?take=10001").status_code == 400
    assert exact(bench.get("/subscriptions/v1/report/2020-01-01"))["notifications"] == []


def test_a_receiver_that_is_not_there_is_an_error_with_no_code(bench: Bench, listener: Listener):
    bench.subscribe(listener, "NppPaymentStatus")
    change = {"id": 1, "targetUrl": "http://127.0.0.1:9/nobody", "subscriptionStatus": "On"}
    bench.post("/subscriptions/v1/update", change)
    completed(bench, "r-1")
    (line,) = reported(bench)
    assert (line["status"], line["lastResponseCode"]) == ("Error", 0)


def test_a_resend_goes_to_where_the_subscription_points_by_now(bench: Bench, listener: Listener):
    bench.subscribe(listener, "NppPaymentStatus")
    listener.script[:] = [500, 500]
    completed(bench, "r-1")
    bench.control.advance(30)
    change = {"id": 1, "targetUrl": f"{listener.url}/moved", "subscriptionStatus": "On"}
    bench.post("/subscriptions/v1/update", change)
    number = reported(bench)[0]["webhookId"]
    assert set(exact(bench.post(f"/subscriptions/v2/resend/{number}", {}))) == ANSWERS
    bench.control.flush()
    assert [each.event for each in listener.heard[2:]] == ["moved"]
    assert listener.last.headers["Webhookid"] == str(number)
    assert reported(bench)[0]["status"] == "Sent"


def test_a_resend_under_a_new_id_is_a_switch(bench: Bench, listener: Listener):
    bench.control.settings(resend_keeps_id=False)
    bench.subscribe(listener, "NppPaymentStatus")
    completed(bench, "r-1")
    number = reported(bench)[0]["webhookId"]
    bench.post(f"/subscriptions/v2/resend/{number}", {})
    bench.control.flush()
    first, second = listener.heard
    assert first.raw == second.raw
    assert first.headers["Webhookid"] != second.headers["Webhookid"]


@pytest.mark.parametrize("number", ["1", "x", "99999999999999999999"])
def test_an_unknown_notification_cannot_be_sent_again(bench: Bench, number: str):
    refused = bench.post(f"/subscriptions/v2/resend/{number}", {})
    assert (refused.status_code, exact(refused)["status"]) == (400, "WebhookNotFound")


def test_any_body_can_be_told_as_any_event(bench: Bench, listener: Listener):
    bench.subscribe(listener, "InboundDirectCreditRejections")
    assert bench.control.send("NPPCreditRejections", {"id": 1}) is None
    number = bench.control.send("InboundDirectCreditRejections", [{"amount": Decimal("1.10")}])
    assert listener.last.raw == b'[{"amount": 1.1}]'
    assert int(listener.last.headers["Webhookid"]) == number
    assert bench.signed(listener.last)


def test_deliveries_happen_by_themselves_in_the_background(bench: Bench, listener: Listener):
    bench.control.settings(pending_seconds=0)
    bench.subscribe(listener, "NppPaymentStatus")
    bench.pay("r-1", "Sim Pending")
    for _ in range(5_000):  # some seconds: another thread has to have its turn
        if listener.heard:
            break
        bench.get("/public/v1/ping")
    assert listener.last.body["UniqueReference"] == "r-1"

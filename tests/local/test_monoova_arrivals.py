"""Money that comes in by every rail, in numbers, turned away or taken: books, account, webhooks."""

from decimal import Decimal
from typing import Any

import pytest

from local.monoova.control import Misused
from local.monoova.subscriptions import EVENTS
from tests.local.monoova_bench import Bench, Listener, exact

PAY_TO = {"MmsId", "InitiatingPartyName", "NPPInstructionId", "ReceiptNumber"}
REJECTION = {
    "id", "batchId", "dateTime", "bsb", "accountNumber", "accountName", "payId", "payIdName",
    "transactionCode", "transactionType", "amount", "lodgementRef", "remitterName", "indicator",
    "withholdingTaxAmount", "endToEndId", "nameOfUserSupplyingFile", "numberOfUserSupplyingFile",
    "descriptionOfEntriesOnFile", "reason", "status", "sourceBsb", "sourceAccountNumber",
    "sourceAccountName",
}  # fmt: skip
DEBIT = {
    "TransactionId", "BatchId", "DateTime", "Status", "RespondBeforeDateTime", "Bsb",
    "AccountNumber", "AccountName", "Amount", "LodgementRef", "RemitterName",
    "NameOfUserSupplyingFile", "NumberOfUserSupplyingFile", "DescriptionOfEntriesOnFile",
    "Indicator", "WithholdingTaxAmount", "SourceBsb", "SourceAccountNumber",
}  # fmt: skip
TRANSFER = {
    "TransactionId", "AccountNumber", "AccountName", "TransactionReferenceNumber", "Amount",
    "Status", "LodgementRef", "Date", "SourceDetails", "SendingOrganisation",
    "ReceivingOrganisation", "OrderingInstitution", "ledgerAccountNumber", "ledgerUniqueReference",
}  # fmt: skip


@pytest.fixture
def bench(house: Bench, listener: Listener) -> Bench:
    house.refresh().subscribe(listener, *EVENTS)
    return house


def rows(bench: Bench) -> list[dict[str, Any]]:
    """The account's rows of today without the opening balance."""
    body = {"accountNumber": bench.account, "frequency": "Today"}
    return list(exact(bench.post("/mAccount/v1/transactions", body))["items"])


def test_pay_to_money_is_credited_and_told_by_its_own_event(bench: Bench, listener: Listener):
    received = bench.control.receive("40.00", rail="PAYTO", description="Agreement 1")
    (heard,) = listener.heard
    assert (heard.event, heard.body["TransactionId"]) == (
        "PayToReceivePayment",
        received.transaction_id,
    )
    assert set(heard.body) >= PAY_TO
    assert "ReconciliationRuleReference" not in heard.body
    assert (heard.body["Amount"], heard.body["PaymentDescription"]) == ("40.0000", "Agreement 1")
    assert [row["subTransactionType"] for row in rows(bench)] == ["PayToReceivePayment"]
    assert bench.control.totals().received == 40
    assert bench.balanced()


def test_a_transfer_of_high_value_is_told_as_waiting_and_then_as_confirmed(
    bench: Bench, listener: Listener
):
    received = bench.control.receive("5000.00", rail="RTGS")
    pending, status = (heard.body for heard in listener.heard)
    assert listener.events == ["PendingInboundRtgsImt", "InboundRtgsImtStatus"]
    (detail,) = pending["RtgsImtDetails"]
    assert (pending["TotalCount"], pending["TotalAmount"]) == (1, 5000)
    assert set(detail) == TRANSFER | {"BSB", "RespondBeforeDateTime", "OriginatingAddress"}
    assert set(status) == TRANSFER | {
        "Bsb", "ProcessedDateTime", "RejectReasonDescription", "OrderingAddress",
    }  # fmt: skip
    assert (detail["Status"], status["Status"]) == ("Pending", "Confirmed")
    assert detail["TransactionId"] == status["TransactionId"] == received.transaction_id
    assert bench.control.totals().received == 5000


@pytest.mark.parametrize(
    ("rail", "events"),
    [
        ("NPP", ["NPPCreditRejections"]),
        ("DE", ["InboundDirectCreditRejections"]),
        ("RTGS", ["PendingInboundRtgsImt", "InboundRtgsImtStatus"]),
    ],
)
def test_money_that_is_turned_away_is_told_and_never_was_in_the_account(
    bench: Bench, listener: Listener, rail: str, events: list[str]
):
    before = bench.control.totals()
    bench.control.receive("12.34", rail=rail, rejected="Unmatched rule")
    assert listener.events == events
    assert bench.control.totals() == before
    assert rows(bench) == []
    body = listener.last.body
    if rail == "RTGS":
        assert (body["Status"], body["RejectReasonDescription"]) == ("Rejected", "Unmatched rule")
        return
    (line,) = body if rail == "DE" else [body]
    assert set(line) == REJECTION
    assert (line["reason"], line["transactionType"]) == ("Unmatched rule", rail)
    assert line["amount"] == Decimal("12.34")


def test_many_receipts_at_once_are_one_batch_by_direct_entry_and_many_by_npp(
    bench: Bench, listener: Listener
):
    batch = bench.control.receive("10.00", rail="DE", count=3, description="FISERV 1")
    singles = bench.control.receive("10.00", count=3, description="FISERV 2")
    assert listener.events == ["InboundDirectCredit", *["NPPReceivePayment"] * 3]
    told = listener.heard[0].body
    assert (told["TotalCount"], told["TotalAmount"]) == (3, 30)
    details = told["DirectCreditDetails"]
    assert {each["LodgementRef"] for each in details} == {"FISERV 1"}
    assert tuple(each["TransactionId"] for each in details) == batch.transaction_ids
    assert len(set(singles.transaction_ids)) == 3
    assert {heard.body["PaymentDescription"] for heard in listener.heard[1:]} == {"FISERV 2"}
    assert len(rows(bench)) == 6
    assert bench.control.totals().received == 60


def test_an_accepted_debit_takes_money_and_the_others_do_not(bench: Bench, listener: Listener):
    for status in ("Pending", "Reject"):
        assert bench.control.debit("100.00", status=status).balance == 1000
    taken = bench.control.debit("100.00", remitter="A rather long remitter's name")
    assert taken.balance == 900
    assert [row["debit"] for row in rows(bench)] == [100]
    assert [row["transactionType"] for row in rows(bench)] == ["DirectDebit"]
    (detail,) = listener.last.body["DirectDebitDetails"]
    assert set(detail) == DEBIT
    assert (detail["Status"], detail["TransactionId"]) == ("Accept", taken.transaction_id)
    assert len(detail["RemitterName"]) == 16
    assert bench.control.totals().debited == 100
    assert bench.balanced()


def test_more_than_the_account_holds_cannot_be_debited(bench: Bench, listener: Listener):
    with pytest.raises(Misused, match="amount: is more than the account holds"):
        bench.control.debit("1000.01")
    assert listener.heard == []
    assert bench.control.debit("1000.00").balance == 0


def test_a_return_may_arrive_as_a_receipt_too_and_is_credited_once(
    bench: Bench, listener: Listener
):
    bench.control.settings(returns_arrive_as_receipts=True)
    bench.pay("r-1", amount=25)
    before = bench.control.totals().balance
    bench.control.happen("r-1", "return")
    back, receipt = (heard.body for heard in listener.heard)
    assert listener.events == ["NppReturn", "NPPReceivePayment"]
    assert receipt["TransactionId"] == f"N{back['ReturnTransactionId']:011d}"
    assert receipt["Amount"] == "25.0000"
    books = bench.control.totals()
    moved = (books.balance - before, books.returned, books.received)
    assert moved == (Decimal(25), Decimal(25), Decimal(0))


def test_without_that_switch_and_by_direct_entry_a_return_is_told_once(
    bench: Bench, listener: Listener
):
    bench.pay("r-1")
    bench.control.happen("r-1", "return")
    bench.control.settings(returns_arrive_as_receipts=True)
    bench.pay("r-2", method="directCredit")
    bench.control.happen("r-2", "dishonour")
    assert listener.events == ["NppReturn", "DirectEntryDishonour"]


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_has_a_ready_body_and_it_moves_nothing(
    bench: Bench, listener: Listener, event: str
):
    before = bench.control.totals()
    told = bench.control.example(event)
    assert listener.events == [event]
    assert listener.last.body == told["body"]
    assert int(listener.last.headers["Webhookid"]) == told["webhookId"]
    assert bench.signed(listener.last)
    assert isinstance(told["body"], list) == (event == "InboundDirectCreditRejections")
    assert bench.control.totals() == before


def test_a_ready_body_takes_a_reference_an_amount_a_number_and_any_field(
    bench: Bench, listener: Listener
):
    bench.control.example(
        "NppPaymentStatus", uniqueReference="mine", amount="7.70", number=7,
        fields={"Status": "Rejected", "AFieldOfTomorrow": [1]},
    )  # fmt: skip
    body = listener.last.body
    assert (body["UniqueReference"], body["Amount"]) == ("mine", Decimal("7.7"))
    assert (body["TransactionId"], body["Status"]) == (7, "Rejected")
    assert body["AFieldOfTomorrow"] == [1]
    bench.control.example("InboundDirectCreditRejections", fields={"reason": "Other"})
    assert [each["reason"] for each in listener.last.body] == ["Other"]


@pytest.mark.parametrize(
    ("path", "body", "problem"),
    [
        ("receive", {"amount": "1.00", "rail": "SWIFT"}, "rail"),
        ("receive", {"amount": "1.00", "count": 0}, "count"),
        ("receive", {"amount": "1.00", "rail": "PAYTO", "rejected": "no"}, "rejected"),
        ("debit", {"amount": "-1.00"}, "amount"),
        ("debit", {"amount": "1.00", "status": "Perhaps"}, "status"),
        ("webhooks/example", {"eventName": "Nothing"}, "eventName"),
        ("webhooks/example", {"eventName": "NppReturn", "fields": []}, "fields"),
    ],
)
def test_what_makes_no_sense_is_refused_and_named(
    bench: Bench, listener: Listener, path: str, body: dict[str, Any], problem: str
):
    answer = bench.post(f"/_simulator/{path}", body)
    assert answer.status_code == 400
    assert [each["field"] for each in answer.json()["errors"]] == [problem]
    assert listener.heard == []

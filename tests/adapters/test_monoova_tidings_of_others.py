"""What the provider tells beside news of payouts: money by other ways, debits, what it sent back.

Each body is the one of the provider's document, or one that drifted.
"""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.monoova.tidings import tidings
from chalicelib.domain.funding import Receipt
from chalicelib.domain.money import Money
from chalicelib.domain.notices import Debit, Unheard, Unreadable
from tests.adapters.samples import AT, REFERENCE
from tests.adapters.test_monoova_tidings import (
    BODIES,
    CREDITS,
    DETAIL,
    NO_JSON,
    RECEIVED,
    STATUS,
    VALUES,
    without,
)

PAY_TO = RECEIVED | {
    "TransactionId": "N00100000009", "MmsId": "f" * 32, "InitiatingPartyName": "Example",
    "NPPInstructionId": "PI123456789",
}  # fmt: skip
DEBIT = {
    "TransactionId": "D00100541320", "BatchId": "000000213529", "Status": "Pending",
    "DateTime": "2026-03-02T09:31:08.001", "RespondBeforeDateTime": "2026-03-03T16:30:00",
    "Bsb": "802-985", "AccountNumber": "419001918", "AccountName": "DR", "Amount": 5.00,
    "LodgementRef": "Ref1", "RemitterName": "ABC XYZ", "Indicator": "",
    "WithholdingTaxAmount": 0.0, "SourceBsb": "062-000", "SourceAccountNumber": "12345678",
}  # fmt: skip
DEBITS = {"TotalCount": 1, "TotalAmount": 5.0, "DirectDebitDetails": [DEBIT]}
CLEARED = {"TotalCount": 2, "TransactionIds": [{"Id": 1001231559}, {"Id": 1001231558}]}
REJECTION = {
    "id": 2650, "batchId": 436206, "dateTime": "2026-03-02T11:19:16", "bsb": "802-985",
    "accountNumber": "419001918", "accountName": "TEST", "payId": None, "transactionCode": "50",
    "transactionType": "DE", "amount": 1000.12, "lodgementRef": "", "remitterName": "Test",
    "reason": "Unmatched Reconciliation Rule Receivable", "status": "Processed",
    "sourceBsb": "062-000", "sourceAccountNumber": "12345678",
}  # fmt: skip
TRANSFER = {
    "TransactionId": "R12345678", "AccountNumber": "419001918", "Bsb": "802-985",
    "AccountName": "Example", "TransactionReferenceNumber": "EXAMPLE070222b-2", "Amount": 800.00,
    "Status": "Confirmed", "LodgementRef": "IMT 7", "Date": "2026-03-01T00:00:00",
    "SourceDetails": "12345678 JO CITIZEN", "ProcessedDateTime": "2026-03-02T11:30:00",
    "RejectReasonDescription": "null", "ledgerAccountNumber": "",
}  # fmt: skip
AWAITED = TRANSFER | {"Status": "Pending", "RespondBeforeDateTime": "2026-03-04T00:00:00"}
PENDING = {"TotalCount": 1, "TotalAmount": 800, "RtgsImtDetails": [AWAITED]}
OTHERS: dict[str, Any] = {
    "PayToReceivePayment": PAY_TO, "InboundDirectDebit": DEBITS, "DirectDebitClearance": CLEARED,
    "InboundDirectCreditRejections": [REJECTION], "PendingInboundRtgsImt": PENDING,
    "NPPCreditRejections": REJECTION | {"transactionType": "NPP", "id": 2531},
    "InboundRtgsImtStatus": TRANSFER,
}  # fmt: skip
ALL = BODIES | OTHERS
ABOUT_MONEY = ["PayToReceivePayment", "InboundDirectDebit", "InboundRtgsImtStatus",
               "PendingInboundRtgsImt"]  # fmt: skip


def read(body, event=""):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return list(tidings(event, raw, at=AT))


def of(event, **changed):
    """The body of an event, one of its lines changed."""
    lists: dict[str, tuple[str, dict[str, Any]]] = {
        "InboundDirectDebit": ("DirectDebitDetails", DEBIT),
        "PendingInboundRtgsImt": ("RtgsImtDetails", AWAITED),
    }
    if event in lists:
        name, line = lists[event]
        return {name: [line | changed]}
    return OTHERS[event] | changed


def test_all_twelve_events_of_the_provider_are_known():
    assert len(ALL) == 12
    for event, body in ALL.items():
        assert all(getattr(each, "why", "") != "other_event" for each in read(body, event)), event
        assert not [each for each in read(body, event) if isinstance(each, Unreadable)], event


# "" is the bare route, where only the fields tell which event it is.
@pytest.mark.parametrize("bare", [False, True])
class TestEachEvent:
    def test_a_payment_by_payto_is_a_receipt_with_a_rail_of_its_own(self, bare):
        at = datetime(2026, 3, 2, 0, 0, 1, tzinfo=UTC)
        assert read(PAY_TO, "" if bare else "PayToReceivePayment") == [
            Receipt("N00100000009", Money(1000), "PayTo", at, "for March")
        ]

    def test_a_confirmed_transfer_is_a_receipt(self, bare):
        assert read(TRANSFER, "" if bare else "InboundRtgsImtStatus") == [
            Receipt(
                "R12345678", Money(80_000), "RTGS", datetime(2026, 3, 2, 0, 30, tzinfo=UTC), "IMT 7"
            )
        ]

    def test_a_transfer_that_is_not_confirmed_is_no_money_of_ours(self, bare):
        route = "" if bare else "InboundRtgsImtStatus"
        for status in ("Rejected", "Pending"):
            assert read(TRANSFER | {"Status": status}, route) == [
                Unheard(f"rtgs_{status.lower()}", "R12345678")
            ]

    def test_a_pending_transfer_is_no_money_of_ours(self, bare):
        route = "" if bare else "PendingInboundRtgsImt"
        assert read(PENDING, route) == [Unheard("rtgs_pending", "R12345678")]

    @pytest.mark.parametrize(
        ("status", "state"),
        [("Pending", "debit_pending"), ("Accept", "debit_accepted"), ("accept", "debit_accepted"),
         ("Returned", "debit_of_unknown_status"), (None, "debit_of_unknown_status")],
    )  # fmt: skip
    def test_a_debit_is_told_with_its_amount_and_how_far_it_is(self, bare, status, state):
        body = of("InboundDirectDebit", Status=status)
        assert read(body, "" if bare else "InboundDirectDebit") == [
            Debit("D00100541320", Money(500), state)
        ]

    def test_a_debit_that_was_refused_takes_nothing(self, bare):
        body = of("InboundDirectDebit", Status="Reject", Amount="rubbish")
        assert read(body, "" if bare else "InboundDirectDebit") == [
            Unheard("debit_rejected", "D00100541320")
        ]

    def test_every_debit_of_a_batch_is_told(self, bare):
        body = {"DirectDebitDetails": [DEBIT, DEBIT | {"TransactionId": "D2", "Amount": "7"}, 7]}
        assert read(body, "" if bare else "InboundDirectDebit") == [
            Debit("D00100541320", Money(500), "debit_pending"),
            Debit("D2", Money(700), "debit_pending"), Unreadable("not_understood"),
        ]  # fmt: skip

    def test_debits_of_ours_that_are_final_are_kept(self, bare):
        route = "" if bare else "DirectDebitClearance"
        assert read(CLEARED, route) == [Unheard("debits_cleared", "1001231559")]
        assert read({"TransactionIds": []}, route) == [Unheard("debits_cleared")]

    @pytest.mark.parametrize("event", ["InboundDirectCreditRejections", "NPPCreditRejections"])
    def test_payments_that_were_sent_back_are_kept(self, bare, event):
        route = "" if bare else event
        rejected = [Unheard("credit_rejected", "2650")]
        assert read([REJECTION, REJECTION | {"id": 1}], route) == rejected
        assert read(REJECTION, route) == rejected
        assert read([], event) == [Unheard("credit_rejected")]


@pytest.mark.parametrize("route", ALL)
@pytest.mark.parametrize("event", ALL)
def test_no_address_turns_a_body_into_another_event(event, route):
    alike = [{"NPPReceivePayment", "PayToReceivePayment"},
             {"InboundDirectCreditRejections", "NPPCreditRejections"}]  # fmt: skip
    same = route == event or {route, event} in alike
    told = [getattr(each, "why", "") for each in read(ALL[event], route)]
    assert (told == ["other_event_than_its_address"]) is not same


@pytest.mark.parametrize("event", ["InboundDirectCredit", "InboundDirectDebit",
                                   "PendingInboundRtgsImt"])  # fmt: skip
@pytest.mark.parametrize(
    "line", [DETAIL, DEBIT, TRANSFER, REJECTION, STATUS], ids=lambda line: str(len(line))
)
def test_a_bare_list_of_lines_is_not_taken_for_lines_of_its_address(event, line):
    """Nothing in it says which event it is of, and the address is not signed."""
    assert all(isinstance(each, Unreadable) for each in read([line, line], event))


def test_several_batches_in_one_list_are_all_read():
    more = {"DirectCreditDetails": [DETAIL | {"TransactionId": "D3"}]}
    told = read([CREDITS, more], "InboundDirectCredit")
    assert [each.receipt_id for each in told] == ["D00100537784", "D00100537785", "D3"]


def test_a_payment_over_npp_with_new_fields_is_a_receipt_at_either_address():
    for event, rail in (("NPPReceivePayment", "NPP"), ("PayToReceivePayment", "PayTo")):
        for body in (PAY_TO, RECEIVED):
            (told,) = read(body, event)
            assert (told.amount, told.rail) == (Money(1000), rail)


@pytest.mark.parametrize("event", ABOUT_MONEY)
@pytest.mark.parametrize("raw", [*NO_JSON, b"7", b"{}", b"[]", b"null"], ids=lambda r: repr(r[:9]))
def test_what_is_no_body_where_money_is_told_of_is_for_a_person(event, raw):
    assert [type(each) for each in read(raw, event)] == [Unreadable]


@pytest.mark.parametrize("event", ["PayToReceivePayment", "InboundDirectDebit",
                                   "InboundRtgsImtStatus"])  # fmt: skip
@pytest.mark.parametrize(
    ("changed", "why"),
    [({"Amount": "ten"}, "not_understood"), ({"Amount": -5}, "not_understood"),
     ({"Amount": None}, "not_understood"), ({"Amount": 5.001}, "not_understood"),
     ({"Currency": "USD"}, "other_currency"), ({"TransactionId": 0}, "not_understood")],
)  # fmt: skip
def test_money_that_cannot_be_read_is_for_a_person(event, changed, why):
    (told,) = read(of(event, **changed), event)
    assert isinstance(told, Unreadable)
    assert told.why == why


@pytest.mark.parametrize("event", ["PayToReceivePayment", "InboundDirectDebit",
                                   "InboundRtgsImtStatus"])  # fmt: skip
def test_money_that_is_none_is_none(event):
    (told,) = read(of(event, Amount=0), event)
    assert (type(told), told.why) == (Unheard, "no_money")


@pytest.mark.parametrize("event", ["InboundRtgsImtStatus", "PendingInboundRtgsImt"])
@pytest.mark.parametrize("status", ["Accepted", "Credited", "", None, 1])
def test_a_transfer_of_a_status_that_is_not_known_is_no_money_but_for_a_person(event, status):
    assert read(of(event, Status=status), event) == [Unreadable("unknown_status", "R12345678")]


def test_a_pending_transfer_that_says_it_is_confirmed_is_for_a_person():
    body = of("PendingInboundRtgsImt", Status="Confirmed")
    assert read(body, "PendingInboundRtgsImt") == [Unreadable("unknown_status", "R12345678")]


class TestDrift:
    @pytest.mark.parametrize("event", ALL)
    def test_names_of_fields_and_events_are_known_in_any_case(self, event):
        body = json.loads(json.dumps(ALL[event]))
        drifted = [_lower(each) for each in body] if isinstance(body, list) else _lower(body)
        assert read(drifted, event.upper()) == read(body, event)

    def test_amounts_come_as_numbers_and_as_text(self):
        for amount in ("800.0000", 800, 800.0, " 800.00 "):
            (told,) = read(TRANSFER | {"Amount": amount}, "InboundRtgsImtStatus")
            assert told.amount == Money(80_000)
            (debit,) = read(of("InboundDirectDebit", Amount=amount), "InboundDirectDebit")
            assert debit.amount == Money(80_000)

    @pytest.mark.parametrize("date", ["02/03/2026 11:00:01 AM", "2026-03-02T11:00:01",
                                      "2026/03/02 11:00:01"])  # fmt: skip
    def test_dates_come_day_first_and_year_first(self, date):
        (told,) = read(PAY_TO | {"DateTime": date}, "PayToReceivePayment")
        assert told.received_at == datetime(2026, 3, 2, 0, 0, 1, tzinfo=UTC)

    def test_a_transfer_without_its_processing_date_came_on_its_own(self):
        (told,) = read(without(TRANSFER, "ProcessedDateTime"), "InboundRtgsImtStatus")
        assert told.received_at == datetime(2026, 2, 28, 13, tzinfo=UTC)

    def test_a_flat_body_that_names_another_event_is_for_a_person(self):
        body = TRANSFER | {"eventName": "NppReturn", "uniqueReference": REFERENCE}
        assert read(body, "InboundRtgsImtStatus") == [
            Unreadable("other_event_than_its_address", REFERENCE)
        ]


def _lower(body):
    return {name.lower(): value for name, value in body.items()}


NAMES = st.sampled_from(sorted({*PAY_TO, *DEBIT, *TRANSFER, *REJECTION, *CLEARED, *DEBITS}))


@given(st.sampled_from(sorted(OTHERS)), NAMES, VALUES, st.booleans())
def test_no_field_raises_whatever_is_in_it(event, name, value, bare):
    body = {name: value} if event == "InboundDirectCreditRejections" else of(event, **{name: value})
    for tiding in read(body, "" if bare else event):
        assert isinstance(tiding, (Debit, Receipt, Unheard, Unreadable))
        if isinstance(tiding, (Debit, Receipt)):
            assert tiding.amount > Money(0)

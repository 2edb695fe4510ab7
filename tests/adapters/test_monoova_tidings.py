"""What the provider's webhooks say, in our words."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.monoova.tidings import tidings
from chalicelib.domain.events import Confirmed, Rejected, Returned
from chalicelib.domain.funding import Receipt
from chalicelib.domain.money import Money
from chalicelib.domain.notices import PayoutNews, Unheard
from tests.adapters.samples import AT, PAYOUT_ID, REFERENCE

PAYEE = {
    "Bsb": "062-000", "AccountNumber": "12345678", "AccountName": "Jo Citizen", "PayId": None,
    "PayIdType": None, "EndToEndId": None, "RemitterName": "Example", "LodgementRef": "March",
}  # fmt: skip
STATUS = PAYEE | {
    "TransactionDate": "2026-03-02T00:00:00", "UniqueReference": REFERENCE,
    "TransactionId": 1234567, "Status": "Payment Successful", "Amount": 100.00,
    "RejectionDateTime": None, "RejectionReasonDescription": None, "RejectionTransactionId": None,
}  # fmt: skip
REJECTED = STATUS | {
    "Status": "Rejected", "RejectionDateTime": "2026-03-02T11:59:30.55",
    "RejectionReasonDescription": "ACCOUNT CLOSED",
}  # fmt: skip
NPP_RETURN = PAYEE | {
    "ReturnDate": "2026-03-02T00:00:00", "Amount": 100.00, "ReturnReason": "ACCOUNT CLOSED",
    "TransactionDate": "2026-03-01T00:00:00", "TransactionId": 1234567,
    "UniqueReference": REFERENCE, "ReturnTransactionId": 1234568,
}  # fmt: skip
DISHONOUR = {
    "ReturnDate": "2026-03-02T00:00:00", "Amount": 100.00, "Type": "Credit",
    "BankDetails": {"Bsb": "062-000", "AccountNumber": "12345678", "AccountName": "Jo Citizen",
                    "Token": None},
    "ReturnReason": "ACCOUNT CLOSED", "TransactionDate": "2026-03-01T00:00:00.00",
    "OriginalTransactionId": 1234567, "TransactionReference": REFERENCE,
}  # fmt: skip
RECEIVED = {
    "TransactionId": "N00100000000", "DateTime": "02/03/2026 11:00:01 AM", "RemitterName": "ABC",
    "Amount": "10.0000", "AccountName": "Test1", "AccountNumber": "4562134757", "Bsb": "123-123",
    "PaymentDescription": "for March", "PayId": "jo@example.com", "PayIdName": "Jo",
    "SourceBsb": "062-000", "SourceAccountNumber": "12345678", "SourceAccountName": "Payer",
    "EndToEndId": "X", "CategoryPurposeCode": "", "ReceiptNumber": "5678120",
}  # fmt: skip
DETAIL = {
    "TransactionId": "D00100537784", "BatchId": "0000000212749",
    "DateTime": "2026-03-02T11:21:50.553", "Bsb": "802-985", "AccountNumber": 419001918,
    "AccountName": "Example", "TransactionCode": "50", "Amount": 1.0, "LodgementRef": "Ref1",
    "RemitterName": "ABC XYZ", "Indicator": "", "WithholdingTaxAmount": 0.0,
}  # fmt: skip
CREDITS = {
    "TotalCount": 2, "TotalAmount": 3.0,
    "DirectCreditDetails": [
        DETAIL, DETAIL | {"TransactionId": "D00100537785", "Amount": 2.50, "LodgementRef": "Ref2"}
    ],
}  # fmt: skip
FLAT = {
    "eventName": "NppPaymentStatus", "uniqueReference": REFERENCE, "status": "Payment Successful",
    "transactionId": "1234567", "timestamp": "2026-03-02T00:59:30Z", "amount": 100.00,
    "currency": "AUD",
}  # fmt: skip
BODIES: dict[str, dict[str, Any]] = {
    "NppPaymentStatus": STATUS, "NppReturn": NPP_RETURN, "DirectEntryDishonour": DISHONOUR,
    "NPPReceivePayment": RECEIVED, "InboundDirectCredit": CREDITS,
}  # fmt: skip
BY: dict[str, Any] = {"by": "monoova:webhook", "attempt": 1}


def read(body, event=""):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return list(tidings(event, raw, at=AT))


def news(event):
    return [PayoutNews(REFERENCE, PAYOUT_ID, event)]


def without(body, *names):
    return {name: value for name, value in body.items() if name not in names}


# "" is the bare route, where only the fields tell which event it is.
@pytest.mark.parametrize("bare", [False, True])
class TestEachEvent:
    def test_a_payment_that_succeeded_is_confirmed(self, bare):
        assert read(STATUS, "" if bare else "NppPaymentStatus") == news(
            Confirmed(at=AT, amount=Money(10_000), monoova_transaction_id="1234567", **BY)
        )

    def test_a_payment_that_was_rejected_is_rejected_with_its_reason(self, bare):
        assert read(REJECTED, "" if bare else "NppPaymentStatus") == news(
            Rejected(
                at=AT - timedelta(seconds=29, milliseconds=450), amount=Money(10_000),
                reason="ACCOUNT CLOSED", **BY,
            )
        )  # fmt: skip

    def test_a_returned_payment_is_returned_with_its_amount(self, bare):
        assert read(NPP_RETURN, "" if bare else "NppReturn") == news(
            Returned(at=AT, amount=Money(10_000), reason="ACCOUNT CLOSED", **BY)
        )

    def test_a_dishonoured_credit_is_returned_with_its_amount(self, bare):
        assert read(DISHONOUR, "" if bare else "DirectEntryDishonour") == news(
            Returned(at=AT, amount=Money(10_000), reason="ACCOUNT CLOSED", **BY)
        )

    def test_a_received_payment_is_a_receipt(self, bare):
        assert read(RECEIVED, "" if bare else "NPPReceivePayment") == [
            Receipt(
                "N00100000000", Money(1000), "NPP", datetime(2026, 3, 2, 0, 0, 1, tzinfo=UTC),
                "for March",
            )
        ]  # fmt: skip

    def test_received_direct_credits_are_a_receipt_each(self, bare):
        at = datetime(2026, 3, 2, 0, 21, 50, 553000, tzinfo=UTC)
        assert read(CREDITS, "" if bare else "InboundDirectCredit") == [
            Receipt("D00100537784", Money(100), "DirectEntry", at, "Ref1"),
            Receipt("D00100537785", Money(250), "DirectEntry", at, "Ref2"),
        ]


class TestTheFlatShape:
    @pytest.mark.parametrize("event", ["", "NppPaymentStatus"])
    def test_success(self, event):
        assert read(FLAT, event) == news(
            Confirmed(
                at=AT - timedelta(seconds=30), amount=Money(10_000),
                monoova_transaction_id="1234567", **BY,
            )
        )  # fmt: skip

    def test_rejection(self):
        assert read(FLAT | {"status": "Rejected", "amount": "100.00"}) == news(
            Rejected(at=AT - timedelta(seconds=30), amount=Money(10_000), **BY)
        )

    def test_return(self):
        assert read(FLAT | {"eventName": "NppReturn"}) == news(
            Returned(at=AT - timedelta(seconds=30), amount=Money(10_000), **BY)
        )

    def test_dishonour(self):
        flat = FLAT | {"eventName": "DirectEntryDishonour", "type": "Credit"}
        assert read(flat) == news(
            Returned(at=AT - timedelta(seconds=30), amount=Money(10_000), **BY)
        )

    @pytest.mark.parametrize("currency", ["USD", "", 1])
    def test_another_currency_is_not_heard(self, currency):
        assert read(FLAT | {"currency": currency}) == [Unheard("other_currency", REFERENCE)]

    def test_the_route_knows_better_than_the_body(self):
        (heard,) = read(FLAT | {"eventName": "NppPaymentStatus"}, "NppReturn")
        assert isinstance(heard.news, Returned)


class TestNotHeard:
    @pytest.mark.parametrize("status", ["Pending", "Complete", "", None, 1, "Payment  Successful"])
    def test_another_status(self, status):
        body = STATUS | {"Status": status}
        assert read(body, "NppPaymentStatus") == [Unheard("unknown_status", REFERENCE)]

    @pytest.mark.parametrize("kind", ["Debit", None, "", "Credits", 1])
    def test_a_dishonour_that_is_not_of_a_credit(self, kind):
        body = DISHONOUR | {"Type": kind}
        assert read(body, "DirectEntryDishonour") == [Unheard("not_a_credit", REFERENCE)]

    @pytest.mark.parametrize(
        ("told", "shown"),
        [("e1185a86-00a5-4d81-843d-2ea266b074f9", "e1185a86-00a5-4d81-843d-2ea266b074f9"),
         ("x" * 300, "x" * 200), (None, ""), (17, ""), ("\ud800" * 36 + "-1", "?" * 36 + "-1"),
         ("é" * 36 + "-1", "é" * 36 + "-1"), ("\n" * 36 + "y-1", "y-1")],
    )  # fmt: skip
    @pytest.mark.parametrize("event", ["NppPaymentStatus", "NppReturn"])
    def test_a_reference_that_is_not_ours(self, event, told, shown):
        body = BODIES[event] | {"UniqueReference": told}
        assert read(body, event) == [Unheard("unknown_reference", shown)]

    @pytest.mark.parametrize(
        "event",
        ["PayToReceivePayment", "InboundDirectDebit", "NPPCreditRejections", "Anything", "x" * 500],
    )
    def test_another_event(self, event):
        assert read(RECEIVED, event) == [Unheard("other_event")]
        assert read(STATUS, event) == [Unheard("other_event", REFERENCE)]

    def test_a_list_of_rejections(self):
        assert read([{"id": 1}], "InboundDirectCreditRejections") == [Unheard("other_event")]

    def test_a_payment_by_payto_is_not_taken_for_another(self):
        assert read(RECEIVED | {"MmsId": "m"}) == [Unheard("not_understood")]
        assert read(RECEIVED | {"InitiatingPartyName": "i"}) == [Unheard("not_understood")]

    @pytest.mark.parametrize("amount", [0, "0.00", -1, "-10.0000"])
    def test_money_that_is_none(self, amount):
        assert read(RECEIVED | {"Amount": amount}) == [Unheard("no_money", "N00100000000")]

    @pytest.mark.parametrize("amount", ["ten", None, True, [], 10.001, "1e400", "NaN", "\u0661"])
    def test_money_that_is_not_understood(self, amount):
        assert read(RECEIVED | {"Amount": amount}) == [Unheard("not_understood", "N00100000000")]

    def test_money_in_another_currency(self):
        body = RECEIVED | {"Currency": "USD"}
        assert read(body) == [Unheard("other_currency", "N00100000000")]

    @pytest.mark.parametrize("named", [None, "", 0, [], "x" * 65])
    def test_money_without_a_name(self, named):
        body = RECEIVED | {"TransactionId": named}
        assert read(body, "NPPReceivePayment") == [Unheard("not_understood")]

    @pytest.mark.parametrize("event", ["NppPaymentStatus", "NppReturn", "DirectEntryDishonour"])
    def test_news_of_an_amount_that_is_not_understood(self, event):
        for amount, why in (("ten", "not_understood"), (0, "no_money"), (-100, "no_money")):
            body = BODIES[event] | {"Amount": amount}
            assert read(body, event) == [Unheard(why, REFERENCE)]

    @pytest.mark.parametrize("event", BODIES)
    @pytest.mark.parametrize(
        "raw",
        [b"", b"{", b"null", b"1", b'"text"', b"\xff\xfe", b'{"Status": NaN}', b"[" * 100_000,
         b'{"a":' * 100_000, b'{"Amount": 1e99999999999999999999}'],
        ids=lambda raw: repr(raw[:20]),
    )  # fmt: skip
    def test_rubbish_on_any_route(self, event, raw):
        for route in ("", event):
            assert {each.why for each in read(raw, route)} <= {"not_understood", "other_event"}

    def test_a_body_that_looks_like_no_event(self):
        assert read({"hello": 1}) == [Unheard("not_understood")]
        assert read({}) == [Unheard("not_understood")]

    @pytest.mark.parametrize("details", [None, [], {}, "x"])
    def test_direct_credits_without_any(self, details):
        assert read({"DirectCreditDetails": details}, "InboundDirectCredit") == [
            Unheard("not_understood")
        ]

    def test_one_detail_that_is_wrong_does_not_cost_the_others(self):
        body = {"DirectCreditDetails": [7, DETAIL | {"Amount": 0}, DETAIL]}
        first, second, third = read(body)
        assert (first, second) == (Unheard("not_understood"), Unheard("no_money", "D00100537784"))
        assert isinstance(third, Receipt)


class TestDrift:
    def test_names_of_fields_and_events_are_known_in_any_case(self):
        body = {name.lower(): value for name, value in STATUS.items()}
        assert read(body, "nppPAYMENTstatus") == read(STATUS, "NppPaymentStatus")

    def test_fields_that_are_new_change_nothing(self):
        assert read(STATUS | {"New": {"deep": [1]}}) == read(STATUS)

    @pytest.mark.parametrize(
        "text", ["soon", None, 17, "0001-01-01T00:00:00", "2026-03-02T12:00:01"]
    )
    def test_a_date_that_tells_nothing_is_when_we_heard(self, text):
        (heard,) = read(REJECTED | {"RejectionDateTime": text})
        assert heard.news.at == AT
        (receipt,) = read(RECEIVED | {"DateTime": text})
        assert receipt.received_at == AT

    def test_a_return_without_an_amount_is_of_all_of_it(self):
        (heard,) = read(without(NPP_RETURN, "Amount"), "NppReturn")
        assert heard.news.amount is None

    def test_a_later_attempt_is_known_by_its_number(self):
        (heard,) = read(STATUS | {"UniqueReference": f"{PAYOUT_ID}-12"})
        assert (heard.transaction_id, heard.news.attempt) == (PAYOUT_ID, 12)

    def test_texts_from_outside_are_made_fit_to_be_kept(self):
        (heard,) = read(REJECTED | {"RejectionReasonDescription": "no\ud800\x00" + "x" * 1000})
        assert heard.news.reason == "no??" + "x" * 276
        (receipt,) = read(RECEIVED | {"PaymentDescription": "a\ud800" + "x" * 1000})
        assert receipt.reference == "a?" + "x" * 278


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from(
    sorted({name for body in [*BODIES.values(), FLAT, DETAIL] for name in body})
)


@given(st.dictionaries(NAMES, VALUES), st.sampled_from(["", *BODIES]))
def test_no_body_raises_and_something_is_always_said(body, event):
    assert read(body, event)


@given(st.sampled_from(sorted(BODIES)), NAMES, VALUES, st.booleans())
def test_no_field_raises_whatever_is_in_it(event, name, value, bare):
    for tiding in read(BODIES[event] | {name: value}, "" if bare else event):
        assert isinstance(tiding, (PayoutNews, Receipt, Unheard))
        if isinstance(tiding, Receipt):
            assert tiding.amount > Money(0)


@given(st.binary(max_size=300), st.text(max_size=20))
def test_no_bytes_raise(raw, event):
    assert read(raw, event)

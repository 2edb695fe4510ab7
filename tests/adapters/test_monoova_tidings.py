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
from chalicelib.domain.notices import PayoutNews, Unheard, Unreadable
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
NO_JSON = [
    b"", b"{", b"\xff\xfe", b'{"Status": NaN}', b"[" * 100_000, b'{"a":' * 100_000,
    b'{"Amount": 1e99999999999999999999}',
]  # fmt: skip


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
            Returned(
                at=AT, amount=Money(10_000), reason="ACCOUNT CLOSED", return_id="1234568", **BY
            )
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
    def test_another_currency_is_for_a_person(self, currency):
        assert read(FLAT | {"currency": currency}) == [Unreadable("other_currency", REFERENCE)]

    def test_an_address_does_not_turn_one_event_into_another(self):
        """The signature covers the body alone: good news at a return's address is no return."""
        odd = [Unreadable("other_event_than_its_address", REFERENCE)]
        assert read(FLAT | {"eventName": "NppPaymentStatus"}, "NppReturn") == odd
        assert read(STATUS, "NppReturn") == odd
        assert read(NPP_RETURN, "NppPaymentStatus") == odd
        assert read(FLAT | {"eventName": "NppReturn"}, "nppreturn") == read(
            FLAT | {"eventName": "NppReturn"}
        )


class TestNotHeard:
    """What is not about our money, or about none."""

    @pytest.mark.parametrize("kind", ["Debit", "debit"])
    def test_a_dishonour_of_a_debit(self, kind):
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
        assert read(body, event) == [Unheard("unknown_reference", shown, foreign=True)]

    @pytest.mark.parametrize("event", ["Anything", "x" * 500])
    def test_another_event(self, event):
        assert read(RECEIVED, event) == [Unheard("other_event")]
        assert read(STATUS, event) == [Unheard("other_event", REFERENCE)]

    def test_a_list_of_nothing_that_is_known(self):
        assert read([{"hello": 1}], "") == [Unheard("not_understood")]
        assert read([{"hello": 1}], "Anything") == [Unheard("other_event")]

    @pytest.mark.parametrize("amount", [0, "0.00"])
    def test_money_that_is_none(self, amount):
        assert read(RECEIVED | {"Amount": amount}) == [Unheard("no_money", "N00100000000")]

    @pytest.mark.parametrize("raw", NO_JSON, ids=lambda raw: repr(raw[:20]))
    @pytest.mark.parametrize("route", ["", "NPPCreditRejections", "x" * 500])
    def test_what_is_no_json_where_no_money_of_ours_is_told_of(self, route, raw):
        assert read(raw, route) == [Unheard("not_understood")]

    def test_a_body_that_looks_like_no_event(self):
        assert read({"hello": 1}) == [Unheard("not_understood")]
        assert read({}) == [Unheard("not_understood")]


class TestUnreadable:
    """What is about our money, and must not be passed over."""

    @pytest.mark.parametrize("raw", NO_JSON, ids=lambda raw: repr(raw[:20]))
    @pytest.mark.parametrize("route", [*BODIES, "NPPRETURN"])
    def test_what_is_no_json_on_the_route_of_an_event_about_money(self, route, raw):
        assert read(raw, route) == [Unreadable("not_understood")]

    @pytest.mark.parametrize("status", ["Pending", "Complete", "", None, 1, "Payment  Successful"])
    def test_another_status(self, status):
        body = STATUS | {"Status": status}
        assert read(body, "NppPaymentStatus") == [Unreadable("unknown_status", REFERENCE)]

    @pytest.mark.parametrize("kind", [None, "", "Credits", 1])
    def test_a_dishonour_of_neither_credit_nor_debit(self, kind):
        body = DISHONOUR | {"Type": kind}
        assert read(body, "DirectEntryDishonour") == [Unreadable("not_understood", REFERENCE)]
        assert read(without(DISHONOUR, "Type")) == [Unreadable("not_understood", REFERENCE)]

    @pytest.mark.parametrize(
        "amount", ["ten", None, True, [], 10.001, "1e400", "NaN", "\u0661", -1, "-10.0000"]
    )
    def test_money_that_is_not_understood(self, amount):
        assert read(RECEIVED | {"Amount": amount}) == [Unreadable("not_understood", "N00100000000")]

    def test_money_in_another_currency(self):
        body = RECEIVED | {"Currency": "USD"}
        assert read(body) == [Unreadable("other_currency", "N00100000000")]

    @pytest.mark.parametrize("named", [None, "", 0, [], "x" * 65])
    def test_money_without_a_name(self, named):
        body = RECEIVED | {"TransactionId": named}
        assert read(body, "NPPReceivePayment") == [Unreadable("not_understood")]

    @pytest.mark.parametrize("event", ["NppPaymentStatus", "NppReturn", "DirectEntryDishonour"])
    @pytest.mark.parametrize(
        ("amount", "why"),
        [("ten", "not_understood"), (-100, "not_understood"), ("-0.01", "not_understood"),
         (0, "no_money")],
    )  # fmt: skip
    def test_news_of_ours_of_an_amount_that_cannot_be(self, event, amount, why):
        assert read(BODIES[event] | {"Amount": amount}, event) == [Unreadable(why, REFERENCE)]

    @pytest.mark.parametrize("event", ["NppPaymentStatus", "NppReturn", "DirectEntryDishonour"])
    def test_news_of_ours_in_another_currency(self, event):
        body = BODIES[event] | {"Currency": "USD"}
        assert read(body, event) == [Unreadable("other_currency", REFERENCE)]

    @pytest.mark.parametrize("event", BODIES)
    @pytest.mark.parametrize("route", BODIES)
    def test_a_body_that_looks_like_another_event_than_its_address(self, event, route):
        odd = Unreadable("other_event_than_its_address", BODIES[event].get("UniqueReference", ""))
        assert (read(BODIES[event], route) == [odd]) is (route != event)

    @pytest.mark.parametrize("details", [None, [], {}, "x"])
    def test_direct_credits_without_any(self, details):
        assert read({"DirectCreditDetails": details}, "InboundDirectCredit") == [
            Unreadable("not_understood")
        ]
        assert read({}, "InboundDirectCredit") == [Unreadable("not_understood")]

    def test_one_detail_that_is_wrong_does_not_cost_the_others(self):
        body = {
            "DirectCreditDetails": [
                7, DETAIL | {"Amount": 0}, DETAIL, DETAIL | {"Amount": -1},
                without(DETAIL, "TransactionId"),
            ]
        }  # fmt: skip
        *wrong, fourth, fifth = read(body)
        assert wrong[:2] == [Unreadable("not_understood"), Unheard("no_money", "D00100537784")]
        assert isinstance(wrong[2], Receipt)
        assert fourth == Unreadable("not_understood", "D00100537784")
        assert fifth == Unreadable("not_understood")


@pytest.mark.parametrize("event", ["", *BODIES])
@pytest.mark.parametrize("raw", [b"null", b"1", b'"text"', b"[]"])
def test_json_that_is_no_object_is_no_news(event, raw):
    (told,) = read(raw, event)
    assert told.why in {"not_understood", "other_event"}


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

    @pytest.mark.parametrize("event", ["NppReturn", "DirectEntryDishonour"])
    def test_a_return_without_an_amount_is_for_a_person(self, event):
        for body in (without(BODIES[event], "Amount"), BODIES[event] | {"Amount": None}):
            assert read(body, event) == [Unreadable("not_understood", REFERENCE)]

    @pytest.mark.parametrize("event", ["NppReturn", "DirectEntryDishonour"])
    @pytest.mark.parametrize(
        ("named", "known"),
        [(1234568, "1234568"), ("R-7", "R-7"), (None, ""), ("", ""), (0, ""), ([], ""),
         ("x" * 65, "")],
    )  # fmt: skip
    def test_a_return_is_told_by_its_own_id_where_it_has_one(self, event, named, known):
        (heard,) = read(BODIES[event] | {"ReturnTransactionId": named}, event)
        assert heard.news.return_id == known

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
        assert isinstance(tiding, (PayoutNews, Receipt, Unheard, Unreadable))
        if isinstance(tiding, Receipt):
            assert tiding.amount > Money(0)


@given(st.binary(max_size=300), st.text(max_size=20))
def test_no_bytes_raise(raw, event):
    assert read(raw, event)

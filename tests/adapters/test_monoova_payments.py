"""The body of a request to pay."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.monoova.payments import PaymentForm, body_of
from chalicelib.domain.destination import BankAccount
from chalicelib.domain.rails import Rail
from tests.adapters.samples import ACCOUNT, BANK, JO, REFERENCE, payout

NOBODY = PaymentForm()


def read(body):
    return json.loads(body, parse_float=Decimal)


def test_a_payment_to_a_payid_is_the_providers_to_the_letter():
    body = body_of(
        payout(JO, reference="INV-7", description="March", remitter="Example Payouts"),
        JO,
        PaymentForm(ACCOUNT, "802-985", "654378888"),
    )
    assert body.decode() == (
        '{"uniqueReference":"' + REFERENCE + '","totalAmount":100.00,"paymentSource":"mAccount",'
        '"mAccount":{"token":"6279059700000000"},"disbursements":[{'
        '"disbursementMethod":"NppCreditPayId","toNppCreditPayIdDetails":{"payIdType":"Email",'
        '"payId":"jo@example.com","accountName":"Jo Citizen","endToEndId":"INV-7",'
        '"remitterName":"Example Payouts"},"sourceBSB":"802-985",'
        '"sourceAccountNumber":"654378888","lodgementReference":"March","amount":100.00}]}'
    )


def test_a_payment_to_a_bank_account_over_npp():
    (paid,) = read(body_of(payout(BANK, remitter="Example"), BANK, NOBODY))["disbursements"]
    assert paid == {
        "disbursementMethod": "NppCreditBankAccount",
        "toNppCreditBankAccountDetails": {
            "bsbNumber": "062-000", "accountNumber": "12345678", "accountName": "Jo Citizen",
            "remitterName": "Example",
        },
        "amount": Decimal("100.00"),
    }  # fmt: skip


def test_a_direct_credit_names_no_remitter_and_no_end_to_end_id():
    body = body_of(
        payout(BANK, rail=Rail.DIRECT_ENTRY, description="March", remitter="Example"), BANK, NOBODY
    )
    assert read(body)["disbursements"] == [
        {
            "disbursementMethod": "directCredit",
            "toDirectCreditDetails": {
                "bsbNumber": "062-000", "accountNumber": "12345678", "accountName": "Jo Citizen",
            },
            "lodgementReference": "March",
            "amount": Decimal("100.00"),
        }
    ]  # fmt: skip


def test_what_has_turned_is_sent_by_the_rail_that_it_turned_to():
    turned = replace(payout(BANK, remitter="Example"), attempt=2, turns=((2, Rail.DIRECT_ENTRY),))
    body = read(body_of(turned, BANK, NOBODY))
    assert body["uniqueReference"] == turned.unique_reference
    assert body["disbursements"][0]["disbursementMethod"] == "directCredit"
    assert "remitterName" not in body["disbursements"][0]["toDirectCreditDetails"]


def test_account_and_source_are_sent_only_where_they_are_configured():
    body = read(body_of(payout(), JO, NOBODY))
    assert body.keys() == {"uniqueReference", "totalAmount", "disbursements"}
    assert body["disbursements"][0].keys() == {
        "disbursementMethod", "toNppCreditPayIdDetails", "amount",
    }  # fmt: skip


def test_the_name_of_the_sources_bsb_is_a_setting():
    form = PaymentForm("", "802-985", "654378888", "sourceAccountBsb")
    (paid,) = read(body_of(payout(), JO, form))["disbursements"]
    assert (paid["sourceAccountBsb"], paid["sourceAccountNumber"]) == ("802-985", "654378888")
    assert "sourceBSB" not in paid


def test_half_a_source_is_no_source():
    (paid,) = read(body_of(payout(), JO, PaymentForm(source_bsb="802-985")))["disbursements"]
    assert "sourceBSB" not in paid


@pytest.mark.parametrize(
    ("cents", "written"),
    [(1, b"0.01"), (10, b"0.10"), (100, b"1.00"), (110, b"1.10"), (10**14 - 1, b"9" * 12 + b".99")],
)
def test_amounts_are_exact_numbers_with_two_decimals(cents, written):
    body = body_of(payout(cents=cents), JO, NOBODY)
    assert body.count(b'"totalAmount":' + written + b",") == 1
    assert body.count(b'"amount":' + written + b"}") == 1


@given(st.integers(1, 10**14))
def test_the_total_is_the_sum_of_the_one_disbursement_and_the_amount_of_the_payout(cents):
    body = read(body_of(payout(cents=cents), JO, NOBODY))
    assert [body["totalAmount"], *(each["amount"] for each in body["disbursements"])] == [
        Decimal(cents) / 100, Decimal(cents) / 100,
    ]  # fmt: skip


def test_sending_again_sends_the_same_bytes():
    assert body_of(payout(), JO, NOBODY) == body_of(payout(), JO, NOBODY)


def test_a_new_attempt_has_a_reference_of_its_own():
    first, second = (read(body_of(payout(attempt=n), JO, NOBODY)) for n in (1, 2))
    assert first.pop("uniqueReference") == REFERENCE
    assert second.pop("uniqueReference") == REFERENCE[:-1] + "2"
    assert first == second


def test_a_name_in_any_script_arrives_as_it_was_meant():
    named = BankAccount.parse("062-000", "1", 'Zoë "李" Citizen')
    body = body_of(payout(named), named, NOBODY)
    assert body.isascii()
    details = read(body)["disbursements"][0]["toNppCreditBankAccountDetails"]
    assert details["accountName"] == 'Zoë "李" Citizen'


def test_what_a_payment_says_of_us_is_not_shown():
    assert "6279" not in repr(PaymentForm(ACCOUNT, "802-985", "654378888"))

"""Execute and validate, as any client meets them."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest

from tests.local.monoova_bench import METHODS, Bench, disbursement, exact, order

PAID = {
    "durationMs",
    "status",
    "statusDescription",
    "transactionId",
    "feeAmountExcludingGst",
    "feeAmountGstComponent",
    "feeAmountIncludingGst",
    "callerUniqueReference",
    "feeBreakdown",
}
FEES = {
    "NppCreditPayId": ("0.1", "0.01", "0.11", "0.11"),
    "NppCreditBankAccount": ("0.09", "0.009", "0.099", "0.10"),
    "directCredit": ("0.12", "0.012", "0.132", "0.13"),
}


@pytest.fixture
def bench(house: Bench) -> Bench:
    return house.refresh()


def detailed(fee: tuple[str, str, str, str]) -> dict[str, Decimal]:
    names = ("feeAmountExcludingGst", "feeAmountGstComponent", "feeAmountIncludingGst")
    return dict(zip(names, map(Decimal, fee[:3]), strict=True))


@pytest.mark.parametrize("method", METHODS)
def test_an_execute_has_exactly_the_provider_s_fields_and_charges_the_fee_on_top(
    bench: Bench, method: str
):
    told = bench.pay("r-1", method=method, amount=100)
    fee = detailed(FEES[method])
    assert set(told) == PAID
    assert told["status"] == "Ok"
    assert told["callerUniqueReference"] == "r-1"
    assert isinstance(told["transactionId"], int)
    assert told["transactionId"] > 0
    assert {name: told[name] for name in fee} == fee
    books = bench.control.totals()
    assert (books.paid, books.fees) == (Decimal(100), Decimal(FEES[method][3]))
    assert books.balance == Decimal(900) - Decimal(FEES[method][3])
    assert bench.balanced()


def test_the_fee_is_broken_down_by_disbursement_and_otherwise_for_a_direct_credit(bench: Bench):
    npp = bench.pay("r-1", method="NppCreditBankAccount")
    item = {"disbursementArrayIndex": 0, "disbursementFee": detailed(FEES["NppCreditBankAccount"])}
    assert npp["feeBreakdown"] == {"disbursementFees": [item]}
    credit = bench.pay("r-2", method="directCredit")
    assert credit["feeBreakdown"] == {"transactionFee": detailed(FEES["directCredit"])}


def test_a_pending_payment_says_so_and_asks_not_to_be_sent_again(bench: Bench):
    told = bench.pay("r-1", "Sim Pending")
    assert set(told) == PAID
    assert told["status"] == "Pending"


def test_the_provider_s_own_kind_of_example_needs_no_source_and_no_reference(bench: Bench):
    body: dict[str, Any] = {
        "totalAmount": 100,
        "disbursements": [disbursement("NppCreditPayId", "Example", 100)],
        "description": "a payment",
    }
    body["disbursements"][0] |= {"sourceBSB": "802-985", "sourceAccountNumber": "654378888"}
    told = exact(bench.execute(body))
    assert (told["status"], told["callerUniqueReference"]) == ("Ok", None)
    assert exact(bench.execute(body))["transactionId"] == told["transactionId"] + 1


def test_validate_moves_nothing_and_leaves_the_reference_free(bench: Bench):
    told = exact(bench.post("/financial/v2/transaction/validate", order("r-1")))
    assert set(told) == PAID
    assert (told["status"], told["transactionId"]) == ("Ok", 0)
    assert told["feeAmountIncludingGst"] == Decimal("0.11")
    assert bench.control.totals().executions == ()
    assert bench.pay("r-1")["status"] == "Ok"


def test_a_repeat_is_refused_with_the_first_one_s_transaction_id(bench: Bench):
    first = bench.pay("r-1")
    again = bench.execute(order("r-1"))
    told = exact(again)
    assert again.status_code == 400
    assert told["status"] == "UniqueReferenceExists"
    assert told["transactionId"] == first["transactionId"]
    assert (told["feeBreakdown"], told["bpayReceipts"]) == (None, None)
    assert bench.control.executions("r-1") == 1
    validated = exact(bench.post("/financial/v2/transaction/validate", order("r-1")))
    assert validated["status"] == "UniqueReferenceExists"


def test_a_repeat_is_recognised_before_the_funds_that_the_first_one_spent_are_missed(bench: Bench):
    bench.pay("r-1", amount=999)
    assert exact(bench.execute(order("r-1", amount=999)))["status"] == "UniqueReferenceExists"


def test_of_32_simultaneous_executes_of_one_reference_exactly_one_pays(bench: Bench):
    def once(_: int) -> str:
        return str(exact(bench.execute(order("r-1")))["status"])

    with ThreadPoolExecutor(32) as threads:
        told = sorted(threads.map(once, range(32)))
    assert told == ["Ok"] + ["UniqueReferenceExists"] * 31
    (execution,) = bench.control.totals().executions
    assert execution.executed_count == 1
    assert bench.control.totals().paid == Decimal(10)
    assert bench.balanced()


def test_simultaneous_executes_never_spend_more_than_there_is(bench: Bench):
    def once(number: int) -> str:
        return str(exact(bench.execute(order(f"r-{number}", amount=300)))["status"])

    with ThreadPoolExecutor(16) as threads:
        told = sorted(threads.map(once, range(16)))
    assert told.count("Ok") == 3
    assert set(told) == {"Ok", "DebitTransactionWillExceedSignInCreditLimit"}
    assert bench.balanced()


def test_the_fee_has_to_fit_into_the_balance_too(bench: Bench):
    refused = exact(bench.execute(order("r-1", amount=1000)))
    assert refused["status"] == "DebitTransactionWillExceedSignInCreditLimit"
    assert bench.pay("r-2", amount=Decimal("999.89"))["status"] == "Ok"
    assert bench.control.totals().balance == 0


def npp(**changes: object) -> dict[str, Any]:
    body = order("r-1", method="NppCreditBankAccount")
    body["disbursements"][0]["toNppCreditBankAccountDetails"] |= changes
    return body


def pay_id(**changes: object) -> dict[str, Any]:
    body = order("r-1")
    body["disbursements"][0]["toNppCreditPayIdDetails"] |= changes
    return body


def credit(**changes: object) -> dict[str, Any]:
    body = order("r-1", method="directCredit")
    body["disbursements"][0]["toDirectCreditDetails"] |= changes
    return body


def with_lodgement(body: dict[str, Any], text: str) -> dict[str, Any]:
    body["disbursements"][0]["lodgementReference"] = text
    return body


BANK = "FinancialValidateDisbursementNppCreditBankAccountDetailsAreInvalid"
PAY_ID = "FinancialValidateDisbursementNppCreditPayIdDetailsAreInvalid"
CREDIT = "FinancialValidateDisbursementDirectCreditDetailsAreInvalid"
AMOUNT = "FinancialValidateInvalidTotalAmount"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (npp(bsbNumber="062000"), BANK),
        (npp(bsbNumber=None), BANK),
        (npp(accountNumber="1234-5678"), BANK),
        (npp(accountNumber="1" * 29), BANK),
        (npp(accountName="J"), BANK),
        (npp(endToEndId="x" * 36), BANK),
        (npp(remitterName="x" * 141), BANK),
        (with_lodgement(npp(), "x" * 281), BANK),
        (pay_id(payIdType="email"), PAY_ID),
        (pay_id(payIdType=None), PAY_ID),
        (pay_id(payId="no address"), PAY_ID),
        (pay_id(payId="x" * 250 + "@x.com.au"), PAY_ID),
        (pay_id(payIdType="PhoneNumber", payId="0412345678"), PAY_ID),
        (pay_id(payIdType="ABN", payId="51824753557"), PAY_ID),
        (pay_id(payIdType="ACN", payId="51824753556"), PAY_ID),
        (pay_id(accountName=None), PAY_ID),
        (credit(accountNumber="1234567890"), CREDIT),
        (credit(accountName="x" * 33), CREDIT),
        (credit(accountName="Caf\u00e9"), CREDIT),
        (with_lodgement(credit(), "x" * 19), CREDIT),
        (with_lodgement(credit(), "a <tag>"), CREDIT),
        (order("r-1", amount=0), AMOUNT),
        (order("r-1", amount=-1), AMOUNT),
        (order("r-1", amount="10.00"), AMOUNT),
        (order("r-1", amount=True), AMOUNT),
        (order("r-1", amount=10**15), AMOUNT),
        (order("r-1") | {"totalAmount": 11}, "InvalidAmountsDontMatch"),
        (order("r-1") | {"disbursements": []}, "InvalidDisbursementsCollection"),
        (order("r-1") | {"disbursements": ["x"]}, "InvalidDisbursementMethod"),
        (
            order("r-1") | {"disbursements": [{"disbursementMethod": "bpay"}]},
            "InvalidDisbursementMethod",
        ),
        (order("r-1") | {"paymentSource": "directDebit"}, "InvalidPaymentSource"),
        (order("r-1") | {"mAccount": {"token": "1"}}, "InvalidMAccount"),
        (
            order("r-1") | {"mAccount": {"token": "6279050000000000"}},
            "NotAuthorisedToDebitmAccount",
        ),
        (order("x" * 201), "UniqueReferenceExceedsMaxLength"),
        (order("r-1", amount=100_001), "FinancialValidateTotalAmountIsMoreThanMaxTransactionLimit"),
        (order("r-1", amount=1001), "DebitTransactionWillExceedSignInCreditLimit"),
    ],
)
def test_what_cannot_be_paid_is_refused_with_the_provider_s_code(
    bench: Bench, body: dict[str, Any], code: str
):
    for path in ("validate", "execute"):
        refused = bench.post(f"/financial/v2/transaction/{path}", body)
        told = exact(refused)
        assert (refused.status_code, told["status"]) == (400, code)
        assert set(told) == PAID | {"bpayReceipts"}
        assert told["transactionId"] == 0
        assert (told["feeBreakdown"], told["bpayReceipts"]) == (None, None)
    assert bench.control.totals().executions == ()


def test_an_invalid_total_is_named_with_four_decimals(bench: Bench):
    told = exact(bench.execute(order("r-1", amount=Decimal("0.001"))))
    assert told["statusDescription"] == 'Invalid totalAmount - "$0.0010"'


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("Email", "MW9GM4@monoova.example"),
        ("PhoneNumber", "+61-412345678"),
        ("ABN", "51824753556"),
        ("ACN", "004085616"),
        ("OrganisationId", "example.org"),
    ],
)
def test_every_type_of_pay_id_can_be_paid(bench: Bench, kind: str, value: str):
    assert exact(bench.execute(pay_id(payIdType=kind, payId=value)))["status"] == "Ok"


def test_the_account_to_debit_may_be_named(bench: Bench):
    body = order("r-1") | {"mAccount": {"token": bench.account}}
    assert exact(bench.execute(body))["status"] == "Ok"


def test_several_disbursements_are_one_payment_with_the_sum_of_their_fees(bench: Bench):
    body = order("r-1", amount=10)
    body["disbursements"].append(disbursement("directCredit", "Jo Citizen", 5))
    body["totalAmount"] = 15
    told = exact(bench.execute(body))
    assert told["feeAmountExcludingGst"] == Decimal("0.22")
    assert len(told["feeBreakdown"]["disbursementFees"]) == 2
    assert bench.control.totals().paid == Decimal(15)
    assert bench.control.totals().fees == Decimal("0.24")


def test_a_refused_execute_leaves_its_reference_free_unless_the_switch_says_otherwise(bench: Bench):
    assert bench.execute(order("r-1", amount=5000)).status_code == 400
    assert bench.pay("r-1")["status"] == "Ok"
    bench.control.settings(refused_uses_reference=True)
    assert bench.execute(order("r-2", amount=5000)).status_code == 400
    told = exact(bench.execute(order("r-2")))
    assert (told["status"], told["transactionId"]) == ("UniqueReferenceExists", 0)
    assert bench.status("r-2") == "UniqueIdNotFound"


def test_a_provider_that_does_not_refuse_repeats_pays_twice(bench: Bench):
    bench.control.settings(refuses_repeats=False)
    assert bench.pay("r-1")["transactionId"] != bench.pay("r-1")["transactionId"]
    first, second = bench.control.totals().of("r-1")
    assert (first.executed_count, second.executed_count) == (2, 2)
    assert bench.control.totals().paid == Decimal(20)


def test_a_provider_may_refuse_repeats_for_a_while_only(bench: Bench):
    bench.control.settings(refuses_repeats=3600)
    bench.pay("r-1")
    bench.control.advance(3590)
    assert bench.execute(order("r-1")).status_code == 400
    bench.control.advance(20)
    assert bench.pay("r-1")["status"] == "Ok"
    assert bench.control.executions("r-1") == 2


def test_a_reference_may_be_any_text_of_200_characters(bench: Bench):
    reference = f"{uuid.uuid4()} \u00e9/?#" + "x" * 155
    assert len(reference) <= 200
    bench.pay(reference)
    assert bench.status(quote(reference, safe="")) == "Complete"

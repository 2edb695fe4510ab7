"""What can be asked: status, transactions, statement, financials, tools, verification."""

from datetime import timedelta
from decimal import Decimal

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from tests.local.monoova_bench import ANSWERS, Bench, exact, moment_of

STATUS = {
    "statusDescription",
    "completedDate",
    "creditCardPaymentStatus",
    "dishonouredDate",
    "transactionStatus",
    "uniqueReference",
    "bulkDirectDebits",
}
ITEM = {
    "credit",
    "dateTime",
    "debit",
    "description",
    "destinationMAccountCardNumber",
    "isWaitingForFundsToClear",
    "mPaymentsId",
    "mWalletAccountNumber",
    "rowOrder",
    "runningBalance",
    "sourceMAccountCardNumber",
    "subTransactionType",
    "transactionDescription",
    "transactionId",
    "transactionType",
    "uniqueReference",
}
FINANCIALS = {
    "accountNumber",
    "actualBalance",
    "clearedFundsOnly",
    "creditLimit",
    "feeAccountActualBalance",
    "feeAccountNumber",
    "hasSeparateFeeAccount",
    "lowerCreditLimit",
    "minimumSettlementAmount",
    "settlementFrequency",
    "upperCreditLimit",
    "availableToDebit",
    "availableToCredit",
    "nppBalance",
    "nppPayoutLimit",
    "isFeeAccount",
    "isParentAccount",
    "isParentClearedFunds",
    "clearedFundsAccountFinancials",
}
DETAILS = {
    "accountNumber",
    "name",
    "abn",
    "contactName",
    "contactNumber",
    "email",
    "addressLine1",
    "addressLine2",
    "suburb",
    "state",
    "postCode",
    "bsb",
    "bankAccountNumber",
    "bankAccountTitle",
    "allowDuplicates",
    "feeAccount",
    "financials",
    "options",
}
DAY = 86400


@pytest.fixture
def bench(house: Bench) -> Bench:
    return house.refresh()


def test_a_status_has_exactly_the_provider_s_fields_and_no_amount(bench: Bench):
    bench.pay("r-1")
    told = exact(bench.get("/financial/v2/status/r-1"))
    lacking = {"expectedClearanceDateForFunds", "fundsClearedDate"}
    assert set(told) == ANSWERS | STATUS | lacking
    assert (told["status"], told["transactionStatus"]) == ("Ok", "Complete")
    assert told["completedDate"] == bench.today().isoformat()
    assert told["uniqueReference"] == "r-1"


def test_a_pending_status_has_no_date_and_a_rejected_one_has(bench: Bench):
    bench.pay("r-1", "Sim Reject")
    assert exact(bench.get("/financial/v2/status/r-1"))["completedDate"] is None
    bench.control.advance(60)
    told = exact(bench.get("/financial/v2/status/r-1"))
    assert (told["transactionStatus"], told["completedDate"]) == (
        "Rejected",
        bench.today().isoformat(),
    )


def test_an_unknown_reference_is_a_400(bench: Bench):
    told = bench.get("/financial/v2/status/r-1")
    assert (told.status_code, exact(told)["status"]) == (400, "UniqueIdNotFound")


def test_statuses_of_some_days_are_all_there_and_those_of_others_are_not(bench: Bench):
    begin = bench.today()
    bench.pay("r-1")
    bench.control.advance(DAY)
    bench.pay("r-2", "Sim Stuck")
    both = exact(bench.get(f"/financial/v2/status/{begin}/{bench.today()}"))
    assert set(both) == ANSWERS | {"statuses"}
    first, second = both["statuses"]
    assert set(first) == STATUS | {"waitingOnClearedFundsDate"}
    assert (first["uniqueReference"], first["transactionStatus"]) == ("r-1", "Complete")
    assert (second["uniqueReference"], second["transactionStatus"]) == ("r-2", "Pending")
    alone = exact(bench.get(f"/financial/v2/status/{begin}/{begin}"))["statuses"]
    assert alone == [first]


@pytest.mark.parametrize(
    "days",
    [
        "2026-02-30/2026-03-01",
        "x/y",
        "2026-03-02/2026-03-01",
        "2026-01-01/2026-12-31",
        "9999-12-31/9999-12-31",
    ],
)
def test_days_that_make_no_sense_are_a_400(bench: Bench, days: str):
    told = bench.get(f"/financial/v2/status/{days}")
    assert (told.status_code, exact(told)["status"]) == (400, "InvalidDateRange")


def test_the_account_s_rows_run_from_one_balance_to_the_other(bench: Bench):
    bench.pay("r-1", amount=100)
    bench.control.receive("50.00")
    body = {"accountNumber": bench.account, "frequency": "Today"}
    told = exact(bench.post("/mAccount/v1/transactions", body))
    names = {"openingBalance", "closingBalance", "totalDebits", "totalCredits", "items"}
    assert set(told) == ANSWERS | names
    assert all(set(item) == ITEM for item in told["items"])
    balance = told["openingBalance"]
    for number, item in enumerate(told["items"]):
        balance += item["credit"] - item["debit"]
        assert item["runningBalance"] == balance
        assert item["rowOrder"] == number
    assert balance == told["closingBalance"] == Decimal("949.89")
    assert told["openingBalance"] + told["totalCredits"] - told["totalDebits"] == balance
    assert moment_of(told["items"][0]["dateTime"]).date() == bench.today()


def test_the_rows_are_those_of_the_time_asked_for(bench: Bench):
    bench.pay("r-1", amount=100)
    bench.control.advance(DAY)
    bench.pay("r-2", amount=10)
    day = bench.today().isoformat()

    def asked(**more: object) -> list[str]:
        body = {"accountNumber": bench.account, "frequency": "Custom", "startDate": day}
        told = exact(bench.post("/mAccount/v1/transactions", body | {"endDate": day} | more))
        return [item["uniqueReference"] for item in told["items"] if item["uniqueReference"]]

    yesterday = (bench.today() - timedelta(days=1)).isoformat()
    assert asked() == ["r-2", "r-2"]
    assert asked(startDate=f"{yesterday}T00:00:00") == ["r-1", "r-1", "r-2", "r-2"]
    assert asked(startDate=yesterday, descending=True) == ["r-2", "r-2", "r-1", "r-1"]
    evening = {"startDate": f"{day}T18:00:00", "endDate": f"{day}T19:00:00"}
    assert asked(**evening) == ["r-2", "r-2"]
    assert asked(**evening, useTime=True) == []
    assert (
        asked(startDate=f"{day}T11:00:00", endDate=f"{day}T13:00:00", useTime=True) == ["r-2"] * 2
    )


def test_last_month_ends_where_this_month_begins(bench: Bench):
    bench.pay("r-1")
    month = bench.today().month
    while bench.today().month == month:
        bench.control.advance(DAY)
    bench.pay("r-2")

    def asked(frequency: str) -> set[str]:
        body = {"accountNumber": bench.account, "frequency": frequency}
        told = exact(bench.post("/mAccount/v1/transactions", body))
        return {item["uniqueReference"] for item in told["items"] if item["uniqueReference"]}

    assert (asked("LastMonth"), asked("ThisMonth")) == ({"r-1"}, {"r-2"})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"accountNumber": "6279050000000000"}, "InvalidMAccount"),
        ({"accountNumber": None}, "InvalidMAccount"),
        ({"frequency": "Weekly"}, "InvalidFrequency"),
        ({"frequency": "Custom"}, "InvalidDateRange"),
        (
            {"frequency": "Custom", "startDate": "2026-01-01", "endDate": "2026-06-01"},
            "InvalidDateRange",
        ),
    ],
)
def test_rows_that_make_no_sense_are_a_400(bench: Bench, change: dict[str, object], code: str):
    body = {"accountNumber": bench.account, "frequency": "Today"} | change
    told = bench.post("/mAccount/v1/transactions", body)
    assert (told.status_code, exact(told)["status"]) == (400, code)


def test_the_statement_has_the_successful_payments_of_a_day_with_their_fees(bench: Bench):
    paid = bench.pay("r-1", method="directCredit")
    bench.pay("r-2", "Sim Reject")
    bench.pay("r-3", "Sim Stuck")
    bench.control.advance(60)
    told = exact(bench.get(f"/reports/v1/statement/{bench.today()}"))
    assert set(told) == ANSWERS | {"transactions"}
    (line,) = told["transactions"]
    assert moment_of(line.pop("dateTime")).date() == bench.today()
    assert line == {
        "uniqueReferenced": "r-1",
        "transactionId": paid["transactionId"],
        "status": "OK",
        "totalAmount": Decimal(10),
        "feeAmountExcludingGst": Decimal("0.12"),
        "feeAmountGstComponent": Decimal("0.012"),
        "feeAmountIncludingGst": Decimal("0.132"),
    }


def test_financials_and_details_show_the_balance_and_the_limit(bench: Bench):
    bench.pay("r-1")
    bench.control.settings(npp_payout_limit="500.00")
    told = exact(bench.get(f"/mAccount/v1/financials/{bench.account}"))
    assert set(told) == ANSWERS | {"financials"}
    financials = told["financials"]
    assert set(financials) == FINANCIALS
    assert financials["accountNumber"] == int(bench.account)
    assert financials["actualBalance"] == financials["availableToDebit"] == Decimal("989.89")
    assert financials["nppPayoutLimit"] == 500
    details = exact(bench.get(f"/mAccount/v1/get/{bench.account}"))["details"]
    assert set(details) == DETAILS
    assert details["financials"] == financials
    refused = bench.get("/mAccount/v1/financials/6279050000000000")
    assert (refused.status_code, exact(refused)["status"]) == (400, "InvalidMAccount")


def test_with_a_lookup_lag_nothing_is_known_of_a_payment_at_first(bench: Bench):
    bench.control.settings(lookup_lag_seconds=60)
    bench.pay("r-1")
    today = bench.today()
    assert bench.status("r-1") == "UniqueIdNotFound"
    assert bench.items() == []
    assert exact(bench.get(f"/financial/v2/status/{today}/{today}"))["statuses"] == []
    bench.control.advance(61)
    assert bench.status("r-1") == "Complete"
    assert len(bench.items()) == 2


def test_pings_tell_the_environment_and_only_one_needs_credentials(bench: Bench):
    bench.session.auth = None
    assert bench.get("/tools/v1/ping").status_code == 401
    told = exact(bench.get("/public/v1/ping"))
    bench.session.auth = (bench.running.api_key, "")
    assert set(told) == ANSWERS | {"version", "environment"}
    assert told["environment"] == "Sandbox"
    assert set(exact(bench.get("/tools/v1/ping"))) == set(told)


def test_the_certificate_holds_the_published_key(bench: Bench):
    certificate = x509.load_pem_x509_certificate(bench.get("/public/v1/certificate").content)
    published = bench.get("/public/v1/certificate/public-key")
    assert published.headers["Content-Type"] == "application/octet-stream"
    assert certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.PKCS1
    ) == bytes.fromhex(published.text)


def test_a_bsb_is_looked_up(bench: Bench):
    told = exact(bench.get("/tools/v1/bsbValidate/062-000"))
    names = {"bsb", "closed", "address", "city", "state", "postCode", "bankCode"}
    assert set(told) == ANSWERS | names
    assert (told["bsb"], told["bankCode"], told["closed"]) == ("062-000", "CBA", False)
    assert exact(bench.get("/tools/v1/bsbValidate/062-999"))["closed"] is True
    assert bench.get("/tools/v1/bsbValidate/062000").status_code == 400


def test_an_abn_is_looked_up(bench: Bench):
    told = exact(bench.get("/tools/v1/abnValidate/51824753556"))
    assert (told["isAbnValid"], told["abn"]) == (True, "51 824 753 556")
    assert len(set(told) - ANSWERS) == 12
    assert exact(bench.get("/tools/v1/abnValidate/51824753557"))["isAbnValid"] is False
    assert bench.get("/tools/v1/abnValidate/5182475355").status_code == 400


PAY_ID = {
    "creditMethod": "NppCreditPayId",
    "payId": "jo@example.com",
    "payIdType": "Email",
    "accountName": "Sim Owner Jo Citizen",
    "remitter": "Example Payouts",
    "verificationIdentifier": "check 1",
}


def test_a_verification_costs_a_cent_and_its_fee_and_names_the_owner(bench: Bench):
    told = exact(bench.post("/verify/v2/aba/initiate", PAY_ID))
    names = {"token", "feeAmountExGst", "feeAmountIncGst", "feeAmountGstComp", "ownerName"}
    assert set(told) == ANSWERS | names
    assert told["ownerName"] == "Jo Citizen"
    assert told["feeAmountIncGst"] == Decimal("1.1")
    assert bench.control.totals().balance == Decimal("998.89")
    assert bench.balanced()
    bank = PAY_ID | {
        "creditMethod": "NppCreditBankAccount",
        "bsb": "062-000",
        "bankAccountNumber": "12345678",
    }
    assert exact(bench.post("/verify/v2/aba/initiate", bank))["ownerName"] is None
    wrong = exact(bench.post("/verify/v2/aba/initiate", PAY_ID | {"payId": "x"}))
    assert wrong["status"] == "FinancialValidateDisbursementNppCreditPayIdDetailsAreInvalid"


def test_three_wrong_codes_lock_a_verification_for_an_hour(bench: Bench):
    token = exact(bench.post("/verify/v2/aba/initiate", PAY_ID))["token"]

    def tried(code: str) -> str:
        body = {"token": token, "amount": Decimal("0.01"), "code": code}
        return str(exact(bench.post("/verify/v1/aba/validate", body))["status"])

    assert [tried("111111") for _ in range(3)] == ["InvalidVerificationCode"] * 3
    assert tried("555555") == "VerificationTokenLocked"
    bench.control.advance(3601)
    assert tried("555555") == "Ok"
    unknown = bench.post("/verify/v1/aba/validate", {"token": "x", "amount": 1, "code": "1"})
    assert exact(unknown)["status"] == "VerificationTokenNotFound"


@pytest.mark.parametrize(
    ("field", "method", "value"),
    [
        ("accountName", "NppCreditPayId", "Jo " + "C" * 30),
        ("bankAccountNumber", "NppCreditBankAccount", "1234567890"),
    ],
)
def test_what_can_be_paid_to_may_be_too_long_to_be_verified(
    bench: Bench, field: str, method: str, value: str
):
    fields = {"creditMethod": method, "bsb": "062-000", "bankAccountNumber": "123456789"}
    body = PAY_ID | fields | {"accountName": "Jo " + "C" * 29}
    assert bench.post("/verify/v2/aba/initiate", body).status_code == 200
    answer = bench.post("/verify/v2/aba/initiate", body | {field: value})
    assert exact(answer)["status"].endswith("DetailsAreInvalid")
    assert bench.balanced()


def test_the_account_shows_cent_and_fee_of_a_verification_under_no_name_of_ours(bench: Bench):
    bench.post("/verify/v2/aba/initiate", PAY_ID)
    asked = {"accountNumber": bench.account, "frequency": "Today"}
    rows = exact(bench.post("/mAccount/v1/transactions", asked))["items"]
    lines = [each for each in rows if each["description"] == "Account verification"]
    assert [each["debit"] for each in lines] == [Decimal("0.01"), Decimal("1.10")]
    assert {each["uniqueReference"] for each in lines} == {None}
    assert len({each["transactionId"] for each in lines}) == 1
    kinds = [(each["transactionType"], each["subTransactionType"]) for each in lines]
    assert kinds == [("Verification", "AccountVerification"), ("Fee", "TransactionFee")]


def test_an_answer_that_is_lost_after_the_cent_was_sent_leaves_it_sent(bench: Bench):
    bench.control.fault(on="/verify/v2/aba/initiate", fault="error_after", status=502)
    assert bench.post("/verify/v2/aba/initiate", PAY_ID).status_code == 502
    assert bench.control.totals().balance == Decimal("998.89")

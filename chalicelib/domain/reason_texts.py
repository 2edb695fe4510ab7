"""How the provider and the banks say it: codes by their ends, BECS numbers, and phrases.

Phrases are written as `reasons.normalised` leaves a text: small letters, digits, single spaces. One
counts where it stands in a text as whole words; of several, one within another does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# The provider's codes, by how they end: their beginnings have changed. The longest end counts.
ENDS: Mapping[str, str] = {
    "DirectCreditDetailsAreInvalid": "account_details_invalid",
    "NppCreditBankAccountDetailsAreInvalid": "account_details_invalid",
    "NppCreditPayIdDetailsAreInvalid": "pay_id_details_invalid",
    "InvalidTotalAmount": "amount_refused",
    "InvalidAmountsDontMatch": "amount_refused",
    "TotalAmountIsMoreThanMaxTransactionLimit": "over_providers_limit",
    "InvalidDisbursementMethod": "request_refused",
    "InvalidPaymentSource": "request_refused",
    "RequestBodyNotValidJson": "request_refused",
    "UniqueReferenceExceedsMaxLength": "request_refused",
    "InvalidMAccount": "account_not_ours",
    "NotAuthorisedToDebitmAccount": "account_not_ours",
    "BlockedDisbursementItemDirectCreditDetailAccount": "destination_blocked",
    "DebitTransactionWillExceedSignInCreditLimit": "funds",
    "UniqueReferenceExists": "reference_exists",
    "UniqueIdNotFound": "not_found",
    "MerchantFailedToLogin": "sign_in_refused",
    "MerchantLockedOut": "sign_in_refused",
}

# Return codes of Direct Entry, where a text is nothing but one.
BECS: Mapping[int, str] = {
    1: "invalid_bsb",
    2: "payment_stopped",
    3: "account_closed",
    4: "customer_deceased",
    5: "no_such_account",
    6: "refer_to_customer",
    7: "number_without_meaning",
    8: "invalid_user_id",
    9: "technically_invalid",
}

# Whole texts, numbers aside, that say no more than how it ended.
SAYING_NOTHING: Mapping[str, tuple[str, ...]] = {
    "rejected": (
        "rejected", "payment rejected", "transaction rejected",
        "transaction rejected by banking institution", "rejected by bank",
    ),
    "returned": (
        "returned", "payment returned", "dishonoured", "transaction was dishonoured",
        "debit transaction was dishonoured on the", "returned by bank",
    ),
}  # fmt: skip

TEXTS: Mapping[str, tuple[str, ...]] = {
    "invalid_bsb": (
        "invalid bsb", "invalid bsb number", "bsb invalid", "bsb not found", "unknown bsb",
        "incorrect bsb", "bsb closed", "closed bsb", "rc04", "rc01",
    ),
    "payment_stopped": ("payment stopped", "stop payment", "stopped payment"),
    "account_closed": (
        "account closed", "closed account", "account is closed", "account has been closed",
        "account number closed", "closed account number", "closed creditor account",
        "creditor account closed", "a c closed", "acct closed", "ac04", "ac07",
    ),
    "customer_deceased": (
        "customer deceased", "account holder deceased", "deceased", "end customer deceased", "md07",
    ),
    "no_such_account": (
        "no account", "no such account", "account not found", "account does not exist",
        "invalid account number", "incorrect account number", "no account incorrect account number",
        "unknown account", "account number invalid", "account number incorrect", "invalid account",
        "incorrect account", "account invalid", "invalid creditor account number",
        "incorrect creditor account number", "a c not found", "ac01", "ac03",
    ),
    "refer_to_customer": ("refer to customer",),
    "invalid_user_id": ("invalid user id", "invalid user id number", "user id invalid"),
    "technically_invalid": (
        "technically invalid", "invalid message format", "invalid file format", "format error",
    ),
    "account_blocked": (
        "account blocked", "blocked account", "account frozen", "frozen account",
        "account is blocked", "account on hold", "account suspended", "account restricted",
        "account inactive", "account dormant", "dormant account", "blocked creditor account",
        "ac06",
    ),
    "credits_not_taken": (
        "transaction forbidden", "transaction not permitted", "credit not permitted",
        "credits not allowed", "credit not allowed", "account type not valid",
        "account cannot accept credits", "transaction type not allowed on account",
        "invalid account type", "ag01", "ac14",
    ),
    "rail_not_taken": (
        "npp not supported", "account not npp enabled", "account not reachable", "not reachable",
        "transaction not supported", "service not supported", "account not enabled for npp",
        "unsupported payment type", "participant not reachable", "ag03",
    ),
    "name_differs": (
        "name mismatch", "account name mismatch", "name does not match", "name not match",
        "account name does not match", "inconsistent with end customer", "be01",
    ),
    "pay_id_unknown": (
        "payid not found", "pay id not found", "payid does not exist", "payid not registered",
        "alias not found", "unknown payid", "invalid payid", "payid deregistered",
    ),
    "pay_id_disabled": (
        "payid disabled", "payid locked", "payid suspended", "payid porting", "payid inactive",
        "payid is disabled",
    ),
    "over_banks_limit": (
        "limit exceeded", "amount exceeds limit", "exceeds limit", "amount limit exceeded",
        "transaction amount is greater than allowed maximum", "not allowed amount",
        "maximum amount exceeded", "am02",
    ),
    "amount_not_taken": (
        "invalid amount", "amount is less than agreed minimum", "invalid currency",
        "not allowed currency", "am01", "am03", "am06", "am09", "am12",
    ),
    "held_by_regulation": (
        "regulatory reason", "regulatory reasons", "blocked by regulatory authorities",
        "suspected fraud", "fraud", "fraudulent origin", "sanctions", "legal decision",
        "not specified due to sensitivities", "not specified reason", "reason not specified",
        "am07", "fr01", "ms01", "ms02", "ms03", "rr04", "legl",
    ),
    "details_missing": (
        "missing creditor name", "missing creditor address", "missing creditor details",
        "missing debtor name", "no agreement", "insufficient remittance information",
        "be04", "be05", "rr02", "rr03",
    ),
    "bank_unavailable": (
        "timed out", "timeout", "time out", "bank unavailable", "beneficiary bank unavailable",
        "bank not available", "bank offline", "system error", "system unavailable",
        "service unavailable", "settlement failed", "ab05", "ab06", "ab08", "ab09", "ed05",
    ),
    "called_double": (
        "duplicate", "duplicate payment", "duplicate transaction", "duplication", "am05", "dupl",
    ),
    "recalled": (
        "recalled", "payment recalled", "following cancellation request", "sent in error",
        "paid in error", "mistaken payment", "requested by originator", "focr",
    ),
    "refused_by_payee": (
        "refused by payee", "refused by beneficiary", "refused by customer", "returned by payee",
        "returned by beneficiary", "not wanted", "payment refused", "cr01",
    ),
    "no_funds_there": ("insufficient funds", "not sufficient funds", "am04"),
}  # fmt: skip

"""Reads the body of an execute or a validate, and refuses it with the provider's codes.

Fields that it does not know are ignored, as the provider does. Nothing here knows the account.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from local.monoova.answers import Refused
from local.monoova.fees import TARIFF
from local.monoova.payees import DETAILS, Payee, Unreachable, read_payee
from local.monoova.shapes import LARGEST, NotJson, cents, read_json


@dataclass(frozen=True)
class Disbursement:
    """One amount, in cents, for one payee by one method."""

    method: str
    amount: int
    payee: Payee


@dataclass(frozen=True)
class Order:
    """An execute that makes sense; `account` is the one to debit, None for the sign-in account."""

    reference: str | None
    total: int
    account: str | None
    disbursements: tuple[Disbursement, ...]

    @property
    def first(self) -> Disbursement:
        """The disbursement whose payee decides the outcome of the whole call."""
        return self.disbursements[0]

    @property
    def methods(self) -> list[str]:
        """The method of each disbursement."""
        return [each.method for each in self.disbursements]


def read_body(body: bytes) -> dict[str, object]:
    """The JSON object of a call.

    Raises:
        Refused: `RequestBodyNotValidJson`, or `RequestBodyIsNotTheExpectedType`.
    """
    try:
        value = read_json(body)
    except NotJson as error:
        raise Refused("RequestBodyNotValidJson", "The request body was not valid JSON") from error
    if not isinstance(value, dict):
        raise Refused("RequestBodyIsNotTheExpectedType", "The body must be a JSON object")
    return value


def read_reference(fields: Mapping[str, object]) -> str | None:
    """The caller's unique reference; the provider takes a payment without one.

    Raises:
        Refused: no text, or more than 200 characters.
    """
    value = fields.get("uniqueReference")
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise Refused("RequestBodyIsNotTheExpectedType", "uniqueReference must be a text")
    if len(value) > 200:
        raise Refused("UniqueReferenceExceedsMaxLength", "uniqueReference has over 200 characters")
    return value


def read_order(fields: Mapping[str, object]) -> Order:
    """The order in a body.

    Raises:
        Refused: with the code of the first thing that is wrong.
    """
    reference = read_reference(fields)
    account = _source(fields)
    value = fields.get("totalAmount")
    total = None if value is None else _amount(value, "totalAmount")
    listed = fields.get("disbursements")
    if not isinstance(listed, list) or not listed:
        raise Refused("InvalidDisbursementsCollection", "disbursements[] needs at least one item")
    disbursements = tuple(_disbursement(each) for each in listed)
    disbursed = sum(each.amount for each in disbursements)
    if total not in {None, disbursed}:
        raise Refused("InvalidAmountsDontMatch", "The disbursements do not add up to totalAmount")
    return Order(reference, disbursed, account, disbursements)


def details_refused(method: str) -> Refused:
    """The refusal of a payee that the method cannot reach."""
    name = method[0].upper() + method[1:]
    return Refused(
        f"FinancialValidateDisbursement{name}DetailsAreInvalid",
        f"disbursements[].{DETAILS[method]} is not valid",
    )


def _source(fields: Mapping[str, object]) -> str | None:
    if fields.get("paymentSource", "mAccount") != "mAccount":
        raise Refused("InvalidPaymentSource", "paymentSource has a value that is not valid here")
    account = fields.get("mAccount")
    if account is None:
        return None
    token = account.get("token") if isinstance(account, dict) else None
    if not isinstance(token, str) or not re.fullmatch(r"[0-9]{16}", token):
        raise Refused("InvalidMAccount", "mAccount was not found")
    return token


def _amount(value: object, name: str) -> int:
    amount = cents(value)
    if amount is None or amount <= 0:
        raise Refused("FinancialValidateInvalidTotalAmount", f'Invalid {name} - "{_shown(value)}"')
    return amount


def _shown(value: object) -> str:
    number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return f"${value:.4f}" if number and abs(Decimal(str(value))) < LARGEST else "?"


def _disbursement(value: object) -> Disbursement:
    item = value if isinstance(value, dict) else {}
    method = item.get("disbursementMethod")
    if not isinstance(method, str) or method not in TARIFF:
        raise Refused(
            "InvalidDisbursementMethod", "disbursements[].disbursementMethod is not known"
        )
    amount = _amount(item.get("amount"), "amount")
    try:
        return Disbursement(method, amount, read_payee(method, item))
    except Unreachable as error:
        raise details_refused(method) from error

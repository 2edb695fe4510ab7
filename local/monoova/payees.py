"""Where money goes: the details object of each disbursement method, read and checked.

Refuses what the rail could not carry. Says only that the details are invalid, as the provider does.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from stdnum.au import abn, acn

from local.monoova.fees import DIRECT_CREDIT

BSB = re.compile(r"[0-9]{3}-[0-9]{3}")
PHONE = re.compile(r"\+[0-9]{1,3}-[1-9][0-9]{1,29}")
ALPHANUMERIC = re.compile(r"[a-zA-Z0-9]+")
BECS_TEXT = re.compile(r"[a-zA-Z0-9 .(+$*)^\[\];\-/,%_?:#@'=&!]*")
DETAILS = {
    "NppCreditPayId": "toNppCreditPayIdDetails",
    "NppCreditBankAccount": "toNppCreditBankAccountDetails",
    DIRECT_CREDIT: "toDirectCreditDetails",
}


class Unreachable(ValueError):
    """The details do not name a payee that this method can reach."""


@dataclass(frozen=True)
class Payee:
    """Where the money goes; what a rail has no word for is None."""

    account_name: str
    bsb: str | None = None
    account_number: str | None = None
    pay_id: str | None = None
    pay_id_type: str | None = None
    end_to_end_id: str | None = None
    remitter_name: str | None = None
    lodgement_reference: str | None = None
    description: str | None = None


def read_payee(method: str, item: Mapping[str, object]) -> Payee:
    """The payee of a disbursement.

    Raises:
        Unreachable: something required is missing, too long, or not of its form.
    """
    details = item.get(DETAILS[method])
    if not isinstance(details, dict):
        raise Unreachable(DETAILS[method])
    if method == DIRECT_CREDIT:
        return _by_direct_entry(details, item)
    return _by_npp(method, details, item)


def _by_direct_entry(details: Mapping[str, object], item: Mapping[str, object]) -> Payee:
    payee = Payee(
        account_name=_matched(BECS_TEXT, _needed(details, "accountName", 32, least=2)),
        bsb=_matched(BSB, _needed(details, "bsbNumber", 7)),
        account_number=_matched(ALPHANUMERIC, _needed(details, "accountNumber", 9)),
        lodgement_reference=_optional(item, "lodgementReference", 18),
        description=_optional(item, "description", 500),
    )
    _matched(BECS_TEXT, payee.lodgement_reference or "")
    return payee


def _by_npp(method: str, details: Mapping[str, object], item: Mapping[str, object]) -> Payee:
    by_pay_id = method == "NppCreditPayId"
    kind = details.get("payIdType")
    number = None if by_pay_id else _needed(details, "accountNumber", 28)
    return Payee(
        account_name=_needed(details, "accountName", 280, least=2),
        bsb=None if by_pay_id else _matched(BSB, _needed(details, "bsbNumber", 7)),
        account_number=None if number is None else _matched(ALPHANUMERIC, number),
        pay_id=read_pay_id(kind, _needed(details, "payId", 256)) if by_pay_id else None,
        pay_id_type=str(kind) if by_pay_id else None,
        end_to_end_id=_optional(details, "endToEndId", 35),
        remitter_name=_optional(details, "remitterName", 140),
        lodgement_reference=_optional(item, "lodgementReference", 280),
        description=_optional(item, "description", 500),
    )


def read_pay_id(kind: object, value: str) -> str:
    """A PayID of one of the five types.

    Raises:
        Unreachable: of another type, or not of its type's form.
    """
    forms = {
        "Email": re.fullmatch(r"[^@\s]+@[^@\s]+", value) is not None,
        "PhoneNumber": PHONE.fullmatch(value) is not None,
        "ABN": bool(re.fullmatch(r"[0-9]{11}", value) and abn.is_valid(value)),
        "ACN": bool(re.fullmatch(r"[0-9]{9}", value) and acn.is_valid(value)),
        "OrganisationId": value == value.strip(),
    }
    if not isinstance(kind, str) or not forms.get(kind):
        raise Unreachable("payId")
    return value


def _needed(fields: Mapping[str, object], name: str, most: int, *, least: int = 1) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not least <= len(value) <= most:
        raise Unreachable(name)
    return value


def _optional(fields: Mapping[str, object], name: str, most: int) -> str | None:
    return None if fields.get(name) is None else _needed(fields, name, most, least=0)


def _matched(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise Unreachable(pattern.pattern)
    return text

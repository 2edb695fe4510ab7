"""The kinds of fields that requests are made of, each with the schema that it publishes.

Text is bounded and printable, amounts are exact. What the domain can judge, the domain judges:
here its words become errors at a place. Nothing of the input is repeated in an error.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, PlainValidator, StringConstraints
from pydantic import WithJsonSchema as Published
from pydantic_core import PydanticCustomError

from chalicelib.domain.breaker import NAMES
from chalicelib.domain.destination import BankAccount, is_printable
from chalicelib.domain.errors import InvalidAmount, InvalidDestination
from chalicelib.domain.money import Money

UUID_TEXT = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
_UUID = re.compile(UUID_TEXT[1:-1])
_AMOUNT = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,2})?")
_EMAIL = re.compile(r"[^@\s]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Days that a calendar can count from and to without running out of years.
_YEARS = range(2000, 2100)


def refusal(code: str, why: str) -> PydanticCustomError:
    """What a validator raises: a stable code, and words that follow the field's name."""
    return PydanticCustomError(code, "{why}", {"why": why})


def as_id(value: str) -> str | None:
    """An id in its one spelling; `None` where it is none of ours."""
    return value.lower() if _UUID.fullmatch(value) else None


def as_circuit(value: str) -> str | None:
    """The name of a circuit; `None` where there is none of it."""
    return value.lower() if value.lower() in NAMES else None


def as_day(value: str) -> date | None:
    """A date; `None` where it is none that a calendar here can count with."""
    with suppress(PydanticCustomError):
        return _day(value)
    return None


def _id(value: str) -> str:
    found = as_id(value)
    if found is None:
        raise refusal("invalid_id", "must be a UUID")
    return found


def _amount(value: object) -> Money:
    if isinstance(value, str) and not _AMOUNT.fullmatch(value):
        raise refusal("invalid_amount", "must be dollars with at most two decimals, as in 100.00")
    try:
        amount = Money.parse(value)
    except InvalidAmount as invalid:
        raise refusal("invalid_amount", str(invalid)) from None
    if amount.cents <= 0:
        raise refusal("invalid_amount", "must be more than zero")
    return amount


def _printable(text: str) -> str:
    if not is_printable(text):
        raise refusal("not_printable", "must be printable text on one line")
    return text


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise refusal("invalid_email", "must be an e-mail address")
    return text


def _day(value: object) -> date:
    text = value if isinstance(value, str) and _DATE.fullmatch(value) else ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise refusal("invalid_date", "must be a date, as in 2026-07-31") from None
    if day.year not in _YEARS:
        raise refusal("invalid_date", f"must lie between {_YEARS[0]} and {_YEARS[-1]}")
    return day


def _count(value: object) -> int:
    if not isinstance(value, str) or not re.fullmatch(r"[1-9][0-9]?|100", value):
        raise refusal("invalid_limit", "must be a number from 1 to 100")
    return int(value)


def judged(judge: Callable[[str], object]) -> Callable[[str], str]:
    """A validator that lets a text pass if the domain can make something of it."""

    def validate(text: str) -> str:
        try:
            judge(text)
        except InvalidDestination as invalid:
            raise refusal(invalid.code, str(invalid)) from None
        return text

    return validate


def _text(longest: int) -> StringConstraints:
    return StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=longest)


Amount = Annotated[
    Money,
    PlainValidator(_amount),
    Published(
        {
            "description": "Australian dollars, exact: text, or a JSON number. More than zero.",
            "anyOf": [
                {"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,2})?$"},
                {"type": "number", "exclusiveMinimum": 0},
            ],
        }
    ),
]
Id = Annotated[
    str,
    StringConstraints(strict=True, max_length=64),
    AfterValidator(_id),
    Published({"type": "string", "format": "uuid", "pattern": UUID_TEXT}),
]
Name = Annotated[str, _text(140), AfterValidator(_printable)]
Line = Annotated[str, _text(280), AfterValidator(_printable)]
Reason = Annotated[str, _text(500), AfterValidator(_printable)]
Remark = Annotated[str, _text(1000), AfterValidator(_printable)]
Evidence = Annotated[str, _text(2000), AfterValidator(_printable)]
Email = Annotated[
    str,
    _text(254),
    AfterValidator(_printable),
    AfterValidator(_email),
    Published({"type": "string", "format": "email", "minLength": 3, "maxLength": 254}),
]
Day = Annotated[date, BeforeValidator(_day), Published({"type": "string", "format": "date"})]
Count = Annotated[
    int,
    BeforeValidator(_count),
    Published({"type": "integer", "minimum": 1, "maximum": 100, "default": 25}),
]
AccountName = Annotated[
    str, _text(256), AfterValidator(judged(lambda name: BankAccount.parse("000000", "1", name)))
]
Bsb = Annotated[
    str, _text(256), AfterValidator(judged(lambda bsb: BankAccount.parse(bsb, "1", "Any Name")))
]
AccountNumber = Annotated[
    str, _text(256), AfterValidator(judged(lambda no: BankAccount.parse("000000", no, "Any Name")))
]
PayIdText = Annotated[str, _text(256), AfterValidator(_printable)]

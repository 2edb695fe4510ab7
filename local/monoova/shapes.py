"""JSON as the provider reads and writes it, with exact decimals.

Refuses floats in both directions, NaN, and text that is no text (lone surrogates).
Amounts are whole cents inside; a number such as 0.099 (a fee) stays an exact Decimal.
"""

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Never

LARGEST = Decimal(10) ** 12


class NotJson(ValueError):
    """The body is not JSON, or not JSON that can be kept."""


def read_json(body: bytes) -> object:
    """A JSON value with its fractions as Decimal.

    Raises:
        NotJson: anything that is not strict JSON in UTF-8.
    """
    try:
        value = json.loads(body.decode(), parse_float=Decimal, parse_constant=_refuse)
        json.dumps(value, ensure_ascii=False, default=str).encode()
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise NotJson("not valid JSON") from error
    return value


def _refuse(constant: str) -> Never:
    raise NotJson(f"{constant} is no JSON number")


def write_json(value: object) -> str:
    """The value as JSON; decimals as the provider prints them (`2.0`, `0.099`).

    Raises:
        TypeError: a float, or anything else that has no place in an answer.
    """
    # A day of 10,000 payments is half a million values: the usual ones come first.
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None:
        return "null"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, int):
        return json.dumps(value)
    if isinstance(value, Mapping):
        fields = [f"{_key(key)}: {write_json(field)}" for key, field in value.items()]
        return "{" + ", ".join(fields) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(write_json, value)) + "]"
    raise TypeError(f"{type(value).__name__} is not written as JSON")


@lru_cache(maxsize=1024)
def _key(name: object) -> str:
    return json.dumps(str(name))


def plain(value: Decimal) -> str:
    """A number with at least one decimal and no trailing zeros."""
    whole, _, fraction = f"{value:f}".partition(".")
    return f"{whole}.{fraction.rstrip('0') or '0'}"


def cents(value: object) -> int | None:
    """The whole cents of a JSON number, or None when it is not one with at most two decimals."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    try:
        number = Decimal(value)
        if not number.is_finite() or abs(number) >= LARGEST:
            return None
        rounded = number.quantize(Decimal("0.01"))
    except InvalidOperation:
        return None
    return int(rounded * 100) if rounded == number else None


def cents_of_text(text: str) -> int | None:
    """The whole cents of an amount written as text, or None."""
    try:
        return cents(Decimal(text))
    except InvalidOperation:
        return None


def dollars(amount: int) -> Decimal:
    """Whole cents as dollars."""
    return Decimal(amount).scaleb(-2)


def text_amount(amount: int) -> str:
    """Whole cents as our own endpoints write them: `"100.00"`."""
    return f"{dollars(amount):.2f}"

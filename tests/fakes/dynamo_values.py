"""Values in DynamoDB's low-level form (`{"S": "…"}`): kept, compared and added as DynamoDB does.

Numbers are exact, of 38 digits at most, and written back in their shortest plain form. Sets raise
NotImplementedError: the store has none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Context, Decimal, DecimalException, Inexact, InvalidOperation, Overflow
from typing import Any

Value = Mapping[str, Any]
# What an item is kept and ordered by: text, a number or bytes; with a range, both.
Scalar = str | Decimal | bytes

_EXACT = Context(prec=38, traps=[Inexact, InvalidOperation, Overflow])
_TRUE_TYPES = {"S": str, "B": bytes, "BOOL": bool, "NULL": bool}


class Malformed(Exception):
    """What DynamoDB answers with a ValidationException; the text is its message."""


def kept(value: Value) -> Value:
    """The value as DynamoDB writes it back; itself where that is no different.

    Raises:
        Malformed: a number of too many digits or none at all, a value of no type or of two.
    """
    if len(value) != 1:
        raise Malformed("Supplied AttributeValue has more than one datatypes set")
    for tag, inner in value.items():
        if tag == "S" and type(inner) is str:
            return value
        if tag == "M":
            return {"M": {name: kept(each) for name, each in inner.items()}}
        if tag == "N":
            number = shortest(inner)
            return value if number is inner else {"N": number}
        if tag == "L":
            return {"L": [kept(each) for each in inner]}
    return _rare(value)


def _rare(value: Value) -> Value:
    ((tag, inner),) = value.items()
    if tag == "S" and isinstance(inner, str):
        return {"S": str(inner)}
    if tag not in _TRUE_TYPES:
        raise NotImplementedError(f"values of type {tag}")
    if not isinstance(inner, _TRUE_TYPES[tag]):
        raise NotImplementedError(f"a value of type {tag} that is a {type(inner).__name__}")
    return value


def shortest(text: str) -> str:
    """A number as DynamoDB writes it."""
    if type(text) is str and text.isascii() and text.isdecimal() and _is_short(text):
        return text
    try:
        number = _EXACT.normalize(Decimal(text))
    except Inexact:
        raise Malformed("Attempting to store more than 38 significant digits in a Number") from None
    except DecimalException:
        raise Malformed("The parameter cannot be converted to a numeric value: " + text) from None
    if not number.is_finite():
        raise Malformed("The parameter cannot be converted to a numeric value: " + text)
    if number and not -130 <= number.adjusted() <= 125:
        raise Malformed("Number overflow or underflow")
    return "0" if not number else format(number, "f")


def _is_short(digits: str) -> bool:
    return len(digits) <= 38 and (digits[0] != "0" or digits == "0")


def scalar(value: Value) -> Scalar:
    """What a key attribute is sorted by."""
    found: str | bytes | None = value.get("S")
    if found is not None:
        return found
    return Decimal(value["N"]) if "N" in value else bytes(value["B"])


def equal(one: Value | None, other: Value | None) -> bool:
    """Whether both are there and the same, whatever the digits are written like."""
    if one is None or other is None:
        return False
    return one == other or kept(one) == kept(other)


def ordered(sign: Callable[[Any, Any], bool], one: Value | None, other: Value | None) -> bool:
    """Whether both are there, of one type, and in that order."""
    if one is None or other is None:
        return False
    if one.keys() != other.keys():
        return False
    if one.keys().isdisjoint("SNB"):
        raise Malformed("Invalid operand type for an operator of order")
    return sign(scalar(one), scalar(other))


def summed(one: Value | None, other: Value | None, sign: int) -> Value:
    """The sum, or the difference where the sign is -1."""
    if one is None or other is None:
        raise Malformed(
            "The provided expression refers to an attribute that does not exist in the item"
        )
    if "N" not in one or "N" not in other:
        raise Malformed("An operand in the update expression has an incorrect data type")
    first, second = Decimal(one["N"]), Decimal(other["N"])
    try:
        total = _EXACT.add(first, second) if sign > 0 else _EXACT.subtract(first, second)
    except DecimalException:
        raise Malformed("Number overflow. Attempting to store too many digits") from None
    return {"N": shortest(str(total))}

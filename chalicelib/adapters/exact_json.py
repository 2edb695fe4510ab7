"""JSON whose numbers stay exact: read as `int` or `Decimal`, written digit by digit.

Refuses floats on the way out, and NaN, Infinity and whatever is not JSON on the way in. A text may
still hold anything that JSON can escape, lone surrogates included: see `printable`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NoReturn

from chalicelib.domain.destination import is_printable


class NotJson(ValueError):
    """It is not JSON, or not JSON that a machine of finite size should read."""


def read(raw: bytes | str) -> Any:  # noqa: ANN401 (any JSON value)
    """The value that the JSON text stands for; every number is exact.

    Raises:
        NotJson: whatever is wrong with it, depth and the size of numbers included.
    """
    try:
        return json.loads(raw, parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, ArithmeticError, RecursionError):
        # The cause would quote the text, which may be personal.
        raise NotJson("is not JSON") from None


def read_object(raw: bytes | str) -> dict[str, Any]:
    """The JSON object of the text.

    Raises:
        NotJson: it is not JSON, or not an object.
    """
    value = read(raw)
    if not isinstance(value, dict):
        raise NotJson("is not a JSON object")
    return value


def write(value: object) -> str:
    """The JSON text of plain values, without spaces, in ASCII; a `Decimal` keeps its digits.

    Raises:
        TypeError: a float, or anything else that JSON has no exact word for.
    """
    if isinstance(value, Mapping):
        return (
            "{"
            + ",".join(f"{write(str(name))}:{write(each)}" for name, each in value.items())
            + "}"
        )
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(write(each) for each in value) + "]"
    if isinstance(value, Decimal) and value.is_finite():
        return format(value, "f")
    if value is None or isinstance(value, (str, bool, int)):
        return json.dumps(value)
    raise TypeError(f"JSON has no exact word for {type(value).__name__}")


def text(value: object, longest: int) -> str:
    """A JSON text, or a whole number as text; empty where it is neither, or too long to be one."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**30 else ""
    return value.strip() if isinstance(value, str) and len(value) <= longest else ""


def printable(value: object, longest: int) -> str:
    """A text from outside made fit to be stored and shown; `?` stands for what is not printable."""
    clean = value.strip()[:longest] if isinstance(value, str) else ""
    return "".join(letter if is_printable(letter) else "?" for letter in clean)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)

"""From the bytes of a request to a JSON object, exactly: every number an `int` or a `Decimal`.

Refuses what is not UTF-8, not JSON, not an object, too large, or says the same thing twice; NaN
and Infinity are no JSON. Never reads a number as a float.
"""

from __future__ import annotations

import base64
import json
import re
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, NoReturn

from chalicelib.domain.errors import Fault, Invalid, InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

# Bytes. Our largest body, a customer with twenty destinations, has 20,000.
LARGEST = 2 * 1024 * 1024
_JSON = re.compile(r"application/([a-z0-9.-]+\+)?json")
# Digits of a number that can still be an amount; longer ones are not worth an int.
_DIGITS = 40


class BodyTooLarge(Invalid):
    """More than anything that we take."""

    code = "body_too_large"


class UnsupportedMediaType(Invalid):
    """Not said to be JSON in UTF-8."""

    code = "unsupported_media_type"


class _SaidTwice(ValueError):
    """An object names a member more than once: which one was meant?"""


def raw_bytes(event: Mapping[str, Any]) -> bytes:
    """The body of a gateway's event as it was sent."""
    body = event.get("body")
    if body is None or isinstance(body, bytes):
        return body or b""
    if event.get("isBase64Encoded"):
        with suppress(ValueError):  # said to be, and is not: then it is the text that it is
            return base64.b64decode(body)
    # Half a pair is kept as it is: no JSON, and no signature, will be valid with it.
    return str(body).encode("utf-8", "surrogatepass")


def read_object(raw: bytes, content_type: str) -> dict[str, Any]:
    """The JSON object of a body.

    Raises:
        UnsupportedMediaType, BodyTooLarge: it was not looked at.
        InvalidRequest: it is no JSON, or no object.
    """
    _check_type(content_type)
    if len(raw) > LARGEST:
        raise BodyTooLarge(f"A body has at most {LARGEST} bytes.")
    try:
        told = json.loads(
            raw.decode(), parse_float=_exact, parse_int=_whole, parse_constant=_refuse,
            object_pairs_hook=_once,
        )  # fmt: skip
    except _SaidTwice:
        raise _wrong("duplicate_name", "has an object that names a member twice") from None
    except UnicodeDecodeError:
        raise _wrong("not_utf8", "is not UTF-8") from None
    except RecursionError:
        raise _wrong("too_deep", "is nested too deeply") from None
    except ValueError:
        raise _wrong("not_json", "is not JSON") from None
    if not isinstance(told, dict):
        raise _wrong("wrong_type", "must be a JSON object")
    return told


def is_empty(raw: bytes) -> bool:
    """Whether the body says nothing: nothing at all, or an empty object."""
    return len(raw) < 64 and raw.strip() in {b"", b"{}"}


def _check_type(content_type: str) -> None:
    kind, *parameters = (part.strip() for part in content_type.lower().split(";"))
    if not _JSON.fullmatch(kind):
        raise UnsupportedMediaType("The body must be sent with Content-Type: application/json.")
    charsets = [part.partition("=")[2].strip('"') for part in parameters if "charset" in part]
    if not set(charsets) <= {"utf-8", "utf8"}:
        raise UnsupportedMediaType("The body must be in UTF-8.")


def _wrong(code: str, detail: str) -> InvalidRequest:
    return InvalidRequest([Fault("", code, detail)])


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Half a pair has no place in a name: with `?` for it, the name is merely unknown.
    told = {name.encode(errors="replace").decode(): value for name, value in pairs}
    if len(told) < len(pairs):
        raise _SaidTwice
    return told


def _exact(digits: str) -> Decimal:
    try:
        return Decimal(digits)
    except InvalidOperation:
        return Decimal("Infinity")  # beyond any exponent that there is; no field takes it


def _whole(digits: str) -> int | Decimal:
    return int(digits) if len(digits) <= _DIGITS else Decimal(digits)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)

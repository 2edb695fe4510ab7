"""What must not be written: every secret and personal value that the tests use, known by its kind.

Read out of the tests' own source, where destinations, customers and keys are made of them, and out
of the files in which local stacks keep the secrets that they draw. What is too short to be told
from other words (`Jo`) is left out. What is drawn at random, patterns know: any address of e-mail,
any token, anything that is masked too little.
"""

from __future__ import annotations

import ast
import json
import re
from typing import TYPE_CHECKING

from tests.fuzz import planted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

NAME, NUMBER, EMAIL, SECRET = "a name", "an account or number", "an e-mail address", "a secret"
# How many characters a value has at the least.
SHORTEST = 6
_DESTINATIONS = {"PayId", "BankAccount"}
_FIELDS = {
    "accountname": NAME, "account_name": NAME, "customer_name": NAME, "payidname": NAME,
    "accountnumber": NUMBER, "account_number": NUMBER, "payid": NUMBER, "pay_id": NUMBER,
    "apikey": SECRET, "api_key": SECRET, "securitytoken": SECRET,
}  # fmt: skip
_A_SECRET = re.compile(r"(?:[A-Z_]+_)?(?:TOKEN|API_KEY|CURSOR_KEY)")
_AN_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_BSB = re.compile(r"\d{3}[- ]?\d{3}")
# What looks like one and is nobody's: our own name, and words that are in the place of a value.
HARMLESS = frozenset({
    "example", "example.payouts", "example payouts", "example pty ltd", "simulated merchant",
    "monoova_maccount_token", "no address", "nobody",
})  # fmt: skip

PATTERNS: dict[str, re.Pattern[str]] = {
    EMAIL: re.compile(r"[a-z0-9_+-]@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}", re.IGNORECASE),
    "an e-mail address that is masked too little": re.compile(
        r"[a-z0-9]{2,}\*+@|\*@[a-z0-9-]{2,}\.[a-z]", re.IGNORECASE
    ),
    "a number that is masked too little": re.compile(r"\*{2,}-?[0-9]{4,}"),
    "a name that is masked too little": re.compile(
        r"\b[A-ZÀ-Þ][^\W\d_]+ [A-ZÀ-Þ]\*{2,}|[A-ZÀ-Þ]\*{2,} [A-ZÀ-Þ][^\W\d_]+"
    ),
    "a token": re.compile(r"\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*"),
    "a header that signs in": re.compile(r"\b(?:Bearer|Basic) [\w.+/=-]{8,}"),
    "a phone": re.compile(r"\+61-?4[0-9]{8}\b"),
}  # fmt: skip


def values(sources: Iterable[str], kept: Iterable[Path] = ()) -> dict[str, str]:
    """Values in small letters by their kind: of Python sources, and of files of secrets."""
    found = dict.fromkeys(planted.SECRETS, SECRET) | {
        value: _kind(value) for value in planted.PERSONAL
    }
    for source in sources:
        found |= dict(_of_source(source))
    for file in kept:
        found |= dict.fromkeys(_texts(json.loads(file.read_text("utf-8"))), SECRET)
    plain = (
        (" ".join(value.lower().removeprefix("bearer ").split()), kind)
        for value, kind in found.items()
    )
    return {
        value: kind for value, kind in plain
        if len(value) >= SHORTEST and not _BSB.fullmatch(value) and value not in HARMLESS
    }  # fmt: skip


def _of_source(source: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=made, args=given) if _makes_people(made):
                yield from ((value, _kind(value)) for each in given if (value := _text(each)))
            case ast.Dict(keys=names, values=told):
                for name, each in zip(names, told, strict=True):
                    kind = _FIELDS.get(_text(name).lower())
                    if kind and (value := _text(each)):
                        yield value, kind
            case ast.keyword(arg=str(name), value=each) if kind := _FIELDS.get(name.lower()):
                if value := _text(each):
                    yield value, kind
            case ast.Assign(targets=[ast.Name(id=name)], value=each) if _A_SECRET.fullmatch(name):
                if value := _text(each):
                    yield value, SECRET


def _makes_people(made: ast.expr) -> bool:
    """Whether a destination or a customer is made: what it is made of is personal."""
    match made:
        case ast.Attribute(value=ast.Name(id=name), attr="parse"):
            return name in _DESTINATIONS
        case ast.Name(id=name):
            return name == "Profile"
    return False


def _text(node: ast.AST | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _kind(value: str) -> str:
    if _AN_EMAIL.fullmatch(value):
        return EMAIL
    return NUMBER if re.search(r"\d{3}", value) else NAME


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for each in node.values():
            yield from _texts(each)
    elif isinstance(node, str) and len(node) > SHORTEST:
        yield node

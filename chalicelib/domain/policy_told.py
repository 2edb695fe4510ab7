"""A policy as somebody tells it: only what is otherwise, by the names that it has everywhere.

Money is text or a number with at most two decimals. Refuses nothing halfway: everything that is
wrong is told at once, each at its place, and never what was said there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn

from chalicelib.domain.errors import Fault, InvalidAmount
from chalicelib.domain.money import Money
from chalicelib.domain.policy import DEFAULT, faults_of, from_plain, to_plain

if TYPE_CHECKING:
    from chalicelib.domain.policy import Policy

# A name that may be repeated in an error; anything else may be a value in the wrong place.
_NAME = re.compile(r"[a-z_]{1,40}")


def read_policy(text: str, otherwise: Policy = DEFAULT) -> tuple[Policy, tuple[Fault, ...]]:
    """The same of a JSON object, whose numbers are exact and whose names are each told once."""
    try:
        told = json.loads(
            text, parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_once
        )
    except (ValueError, ArithmeticError, RecursionError):
        return otherwise, (Fault("", "not_json", "must be JSON that names nothing twice"),)
    return policy_told(told, otherwise)


def policy_told(told: object, otherwise: Policy = DEFAULT) -> tuple[Policy, tuple[Fault, ...]]:
    """`otherwise`, but for what `told` says, and everything that is wrong with that.

    Rules of risk that get no weight keep theirs. The version is nobody's to tell.
    """
    faults: list[Fault] = []
    likes = {each.name: getattr(otherwise, each.name) for each in fields(otherwise)}
    del likes["version"]
    policy = from_plain(_names("", likes, told, faults), otherwise)
    wrong = {each.pointer for each in faults}
    unclear = {each.pointer.rpartition("/")[0] for each in faults}
    for found in faults_of(policy):
        # What could not be read is as it was before: nothing more is said of it.
        peers = found.pointer.rpartition("/")[0] if found.code == "wrong_order" else None
        if found.pointer not in wrong and peers not in unclear:
            faults.append(found)
    return policy, tuple(faults)


def _names(
    place: str, likes: Mapping[str, Any], told: object, faults: list[Fault]
) -> dict[str, Any]:
    """What is told of each name, as plain values; `likes` are the values that it takes after."""
    if not isinstance(told, Mapping):
        faults.append(Fault(place, "wrong_type", "must be an object"))
        return {}
    for name in told:
        if name not in likes:
            shown = name if isinstance(name, str) and _NAME.fullmatch(name) else "…"
            faults.append(Fault(f"{place}/{shown}", "unknown_field", "is not known here"))
    return {
        name: _value(f"{place}/{name}", like, told[name], faults)
        for name, like in likes.items()
        if name in told
    }


def _value(place: str, like: Any, told: Any, faults: list[Fault]) -> Any:  # noqa: ANN401 (any field of any part)
    if isinstance(like, Money):
        return _cents(place, like, told, faults)
    if isinstance(like, int):
        if type(told) is int:
            return told
        faults.append(Fault(place, "wrong_type", "must be a whole number"))
        return like
    if is_dataclass(like):
        likes = {each.name: getattr(like, each.name) for each in fields(like)}
        return to_plain(like) | _names(place, likes, told, faults)  # type: ignore[arg-type] # no class
    return {**like, **_names(place, DEFAULT.risk.weights, told, faults)}


def _cents(place: str, like: Money, told: object, faults: list[Fault]) -> int:
    try:
        return Money.parse(told).cents
    except InvalidAmount as invalid:
        faults.append(Fault(place, "invalid_amount", str(invalid)))
        return like.cents


def _no_constant(_name: str) -> NoReturn:
    raise ValueError("no JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) < len(pairs):
        raise ValueError("named twice")
    return told

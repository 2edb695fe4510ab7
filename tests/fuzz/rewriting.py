"""JSON that can be wrong on purpose: a member said twice, a number that is none.

Read into values that keep the order and the repeats of members and the digits of numbers, and
written again as they are. It refuses nothing on the way out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from json.encoder import encode_basestring as quoted_text
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Literal:
    """Text that is written as it is."""

    text: str


@dataclass(frozen=True)
class Members:
    """An object, member by member."""

    pairs: list[tuple[str, Value]]


Value: TypeAlias = "Members | Literal | list[Value] | str | bool | None"
Place: TypeAlias = tuple[int, ...]
# Deeper than this is not mutated any further.
DEEPEST = 40


def read(raw: bytes) -> Value:
    """The value, if it is an object or a list; else `None`."""
    try:
        value: Value = json.loads(
            raw, parse_int=Literal, parse_float=Literal, parse_constant=Literal,
            object_pairs_hook=Members,
        )  # fmt: skip
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, (Members, list)) else None


def is_deep(value: Value) -> bool:
    """Whether it had better not be walked by a function that calls itself."""
    level, depth = [value], 0
    while level and depth < DEEPEST:
        level = [part for each in level for part in _parts(each)]
        depth += 1
    return depth == DEEPEST


def members(value: Value) -> Iterator[tuple[str, Value]]:
    """Every member of every object in it, however deep."""
    level = [value]
    while level:
        for each in level:
            yield from each.pairs if isinstance(each, Members) else ()
        level = [part for each in level for part in _parts(each)]


def write(value: Value) -> bytes:
    """The bytes; half a pair of surrogates is written as an escape."""
    return _text(value).encode("utf-8", "backslashreplace")


def places(value: Value) -> list[Place]:
    """Every place in it, the whole first: a path of positions."""
    return [(), *((at, *rest) for at, each in enumerate(_parts(value)) for rest in places(each))]


def replaced(value: Value, place: Place, new: Value) -> Value:
    """The value with another one at a place."""
    if not place:
        return new
    at, *rest = place
    if isinstance(value, Members):
        name, old = value.pairs[at]
        changed = (name, replaced(old, tuple(rest), new))
        return Members([*value.pairs[:at], changed, *value.pairs[at + 1 :]])
    if isinstance(value, list):
        return [*value[:at], replaced(value[at], tuple(rest), new), *value[at + 1 :]]
    return new


def _parts(value: Value) -> list[Value]:
    if isinstance(value, Members):
        return [each for _, each in value.pairs]
    return value if isinstance(value, list) else []


def _text(value: Value) -> str:
    if isinstance(value, Members):
        told = ", ".join(f"{quoted_text(name)}: {_text(each)}" for name, each in value.pairs)
        return f"{{{told}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_text, value))}]"
    return value.text if isinstance(value, Literal) else _constant(value)


def _constant(value: str | bool | None) -> str:
    return quoted_text(value) if isinstance(value, str) else json.dumps(value)

"""Mutations of bytes and of JSON, drawn from one source of chance.

`chance` may be seeded, for a number to be replayed, or Hypothesis' own, for a failure to be made
small. Every mutation takes bytes and gives bytes; what is not JSON is left to those of bytes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.fuzz.rewriting import Literal, Members, is_deep, places, read, replaced, write

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from tests.fuzz.rewriting import Value

LARGEST = 400_000
ODD_BYTES = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80",
    b"\r\n\r\n", b"{}", b"[]", b'"', b"\\", b"\\u0000", b"\\ud800", b",", b":", b"}", b"]",
    b"null", b"NaN", b"-Infinity", b"1e999", b"/**/", b"<!--", b"%00", b"\xe2\x80\xae",
)  # fmt: skip
ODD_LITERALS = (
    "NaN", "Infinity", "-Infinity", "1e400", "-1e400", "1E+999999999999999999999", "1e-400", "-0",
    "0", "-0.0", "0.001", "100.001", "99999999999999999999999999", "9" * 5000, "0." + "0" * 5000,
    "1" + "0" * 300, "00012", "1.", ".5", "+1", "0x10", "1_000", "true", "false", "null", "", "[",
    "-100.00", "1e2", "100.00000000000000000000000000000000000001", "10000000000000.00",
)  # fmt: skip
ODD_TEXTS = (
    "", " ", "\x00", "\ud800", "\u202e", "\u2028", "\ufeff", "🏦" * 20, "a" * 300, "x" * 70_000,
    "Ａ", "ſ", "İ", "100.00", "1e2", "NaN", "null", "0", "-1", "../../etc/passwd", "${jndi:x}",  # noqa: RUF001 (odd on purpose)
    "{{7*7}}", "%s%s%n", "' OR 1=1 --", "<script>", "\r\nX: y", "Payment Successful", "Rejected",
    "PAYMENT SUCCESSFUL", "Credit", "Debit", "AUD", "USD", "00000000-0000-4000-8000-000000000000-1",
    "2026-03-02T00:00:00+99:99", "0001-01-01T00:00:00", "9999-12-31T23:59:59", "31/02/2026",
    "2026-10-04T02:30:00", "2026-W10-1", "20260302", "2026-03-02T11:00:00.123456789Z",
)  # fmt: skip


def mutated(raw: bytes, others: Sequence[bytes], chance: Random) -> tuple[bytes, list[str]]:
    """Some bytes after one to four mutations, and their names."""
    names = []
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4))):
        table = JSON if chance.random() < 0.7 else BYTES
        name = chance.choice(sorted(table))
        raw = table[name](raw, others, chance)[:LARGEST]
        names.append(name)
    return raw, names


def _span(raw: bytes, chance: Random) -> tuple[int, int]:
    begin = chance.randint(0, len(raw))
    return begin, min(len(raw), begin + chance.choice((1, 1, 2, 4, 16, 64, 256)))


def _flip(raw: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    if not raw:
        return b"\x00"
    at = chance.randrange(len(raw))
    return raw[:at] + bytes([raw[at] ^ 1 << chance.randrange(8)]) + raw[at + 1 :]


def _cut_out(raw: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    begin, end = _span(raw, chance)
    return raw[:begin] + raw[end:]


def _truncate(raw: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    return raw[: chance.randint(0, len(raw))]


def _say_twice(raw: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    begin, end = _span(raw, chance)
    return raw[:end] + raw[begin:end] * chance.choice((1, 1, 3, 100)) + raw[end:]


def _put_in(raw: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    at = chance.randint(0, len(raw))
    return raw[:at] + chance.choice(ODD_BYTES) + raw[at:]


def _splice(raw: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    other = chance.choice(others)
    return raw[: chance.randint(0, len(raw))] + other[chance.randint(0, len(other)) :]


def _join(raw: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    return raw + chance.choice((b"", b"\n", b",")) + chance.choice(others)


def _recode(raw: bytes, _: Sequence[bytes], chance: Random) -> bytes:
    code = chance.choice(("utf-16", "utf-16-be", "utf-32", "utf-8-sig", "utf-7"))
    return raw.decode("utf-8", "replace").encode(code, "replace")


def _on_json(act: Callable[[Value, Random], Value]) -> Callable[..., bytes]:
    def mutate(raw: bytes, others: Sequence[bytes], chance: Random) -> bytes:
        value = read(raw)
        if value is None or is_deep(value):
            return _put_in(raw, others, chance)
        return write(act(value, chance))

    return mutate


def _other_value(value: Value, chance: Random) -> Value:
    roll = chance.random()
    new: Value = Literal(chance.choice(ODD_LITERALS))
    if roll < 0.5:
        new = chance.choice(ODD_TEXTS)
    elif roll < 0.6:
        depth = chance.choice((2, 50, 900, 3_000, 100_000))
        new = Literal("[" * depth + "]" * depth)
    elif roll < 0.7:
        new = Literal(chance.choice(("{}", "[]", "[null]", '{"a":{"a":{}}}', '[{"Amount":1}]')))
    return replaced(value, chance.choice(places(value)), new)


def _left_out(value: Value, chance: Random) -> Value:
    return _on_members(value, chance, lambda kept, at: kept[:at] + kept[at + 1 :])


def _named_twice(value: Value, chance: Random) -> Value:
    new: Value = chance.choice(("Rejected", None, Literal("0.01"), Literal("100.00"), "x"))
    return _on_members(value, chance, lambda kept, at: [*kept, (kept[at][0], new)])


def _other_name(value: Value, chance: Random) -> Value:
    change = chance.choice(
        (str.upper, str.lower, str.title, lambda name: f"{name} ", lambda name: f"\u200b{name}",
         lambda _: "eventName", lambda _: "", lambda name: name * 2_000)
    )  # fmt: skip
    return _on_members(
        value, chance,
        lambda kept, at: [*kept[:at], (change(kept[at][0]), kept[at][1]), *kept[at + 1 :]],
    )  # fmt: skip


def _shuffled(value: Value, chance: Random) -> Value:
    """Two members change their values."""
    other = chance.random()

    def swap(kept: list[tuple[str, Value]], at: int) -> list[tuple[str, Value]]:
        to = int(other * len(kept))
        kept[at], kept[to] = (kept[at][0], kept[to][1]), (kept[to][0], kept[at][1])
        return kept

    return _on_members(value, chance, swap)


def _on_members(
    value: Value, chance: Random,
    change: Callable[[list[tuple[str, Value]], int], list[tuple[str, Value]]],
) -> Value:  # fmt: skip
    found = [
        (place, one) for place in places(value) if isinstance(one := _at(value, place), Members)
    ]
    found = [(place, one) for place, one in found if one.pairs]
    if not found:
        return [value, value]
    place, members = chance.choice(found)
    kept = list(members.pairs)
    return replaced(value, place, Members(change(kept, chance.randrange(len(kept)))))


def _at(value: Value, place: tuple[int, ...]) -> Value:
    for step in place:
        value = value.pairs[step][1] if isinstance(value, Members) else value[step]  # type: ignore[index] # a list
    return value


def _wrapped(value: Value, chance: Random) -> Value:
    return chance.choice((
        [value], Members([("data", value)]), [value] * chance.choice((2, 60)),
        json.dumps(write(value).decode("utf-8", "replace")),
    ))  # fmt: skip


BYTES: dict[str, Callable[..., bytes]] = {
    "a bit flipped": _flip, "cut out": _cut_out, "truncated": _truncate,
    "said twice": _say_twice, "put in": _put_in, "spliced": _splice, "joined": _join,
    "in another code": _recode,
}  # fmt: skip
JSON: dict[str, Callable[..., bytes]] = {
    "another value": _on_json(_other_value), "left out": _on_json(_left_out),
    "named twice": _on_json(_named_twice), "another name": _on_json(_other_name),
    "values exchanged": _on_json(_shuffled), "wrapped": _on_json(_wrapped),
}  # fmt: skip

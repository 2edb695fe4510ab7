"""A webhook made of a number: the seed, its mutations, its headers, its way, its proof.

The same number gives the same bytes. What it is worth is not said here: `signing.is_authentic`
judges it by what arrives.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from tests.fuzz.door import Asked, Packing
from tests.fuzz.drawing import drawn
from tests.fuzz.mutations import mutated
from tests.fuzz.planted import PREVIOUS_TOKEN, TOKEN
from tests.fuzz.shaped import BODIES
from tests.fuzz.signing import signature
from tests.fuzz.world import POLICIES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chalicelib.adapters.monoova.notices import Policy
    from tests.fuzz.bodies import Seed

EVENTS = (
    "NppPaymentStatus", "NppReturn", "DirectEntryDishonour", "NPPReceivePayment",
    "InboundDirectCredit", "InboundDirectCreditRejections", "NPPCreditRejections", "SomethingNew",
)  # fmt: skip
ODD_NAMES = (
    "npppaymentstatus", "NPPRETURN", "x" * 300, "%00", "a%2Fb", "%E2%80%AE", "%ff%fe", "..",
    "%2e%2e", "%f0%9f%8f%a6", "NppReturn%20", "{event_name}", "NppReturn;a=b", "%",
)  # fmt: skip
ODD_TARGETS = (
    "/webhooks/monoova/", "/webhooks/monoova//", "/webhooks/monoova/NppReturn/", "/webhooks",
    "/webhooks/monoova/NppReturn/more", "/webhooks/other", "//webhooks/monoova", "/",
    "/WEBHOOKS/monoova", "/webhooks/monoova?limit=1&limit=2", "/webhooks/monoova/NppReturn?%ff=%00",
)  # fmt: skip
METHODS = ("GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "post", "PROPFIND", "")
CONTENT_TYPES = (
    "application/json; charset=utf-8", "application/json", "application/octet-stream", "image/png",
    "text/plain", "", "application/json; charset=utf-16", "multipart/form-data; boundary=x", "é",
    "application/x-www-form-urlencoded", "application/problem+json",
)  # fmt: skip
ODD_VALUES = (
    "", " ", "é", "\u202e", "\x00", "\ud800", "a\r\nb: c", "0" * 70_000, "null", "[]", "\xff",
)  # fmt: skip


@dataclass(frozen=True)
class Delivery:
    """A webhook, the policy by which it is judged, and what it was made of."""

    asked: Asked
    policy: Policy
    made_of: str


def delivery(number: int, seeds: Sequence[Seed], raws: Sequence[bytes]) -> Delivery:
    """The webhook of a number."""
    chance = Random(f"webhook {number}")  # noqa: S311 (to be replayed)
    seed = chance.choice(seeds)
    before, names = seed.raw, ["as it is"]
    roll = chance.random()
    if roll < 0.03:
        before, names = drawn(BODIES, f"webhook {number}"), ["made by Hypothesis"]
    raw = before
    if roll > 0.15:
        raw, names = mutated(raw, raws, chance)
    if roll > 0.9985:
        raw, names = _large(chance), ["large"]
    packing = Packing.USUAL
    if chance.random() < 0.05:
        packing = chance.choice(tuple(Packing))
    policy = chance.choices(POLICIES, (70, 15, 15))[0]
    target, method = _way(seed.event, chance)
    headers, proof = _headers(raw, before, raws, chance)
    asked = Asked(method, target, headers, raw, packing)
    told = f"{seed.event} ({', '.join(names)}), {proof}, judged by {policy}"
    return Delivery(asked, policy, told)


def _large(chance: Random) -> bytes:
    """About as much as can be kept, or more; noise, or what packs well."""
    roll = chance.random()
    if roll < 0.6:
        return chance.randbytes(chance.choice((179_000, 181_000, 300_000)))
    if roll < 0.7:
        return b" " * (6 * 1024 * 1024 + 1)
    return b"[" + b'{"Amount": 1},' * chance.choice((14_000, 40_000)) + b"{}]"


def _way(event: str, chance: Random) -> tuple[str, str]:
    roll = chance.random()
    if roll < 0.45:
        return f"/webhooks/monoova/{event}", "POST"
    if roll < 0.75:
        return "/webhooks/monoova", "POST"
    if roll < 0.9:
        return f"/webhooks/monoova/{chance.choice(EVENTS)}", "POST"
    if roll < 0.95:
        return f"/webhooks/monoova/{chance.choice(ODD_NAMES)}", "POST"
    if roll < 0.98:
        return chance.choice(ODD_TARGETS), "POST"
    return f"/webhooks/monoova/{event}", chance.choice(METHODS)


def _headers(
    raw: bytes, before: bytes, raws: Sequence[bytes], chance: Random
) -> tuple[dict[str, str], str]:
    """The headers, and a word for what they prove."""
    headers = {
        "Authorization": TOKEN if chance.random() < 0.9 else PREVIOUS_TOKEN,
        "Verification-Signature": signature(raw),
        "Webhookid": str(chance.randrange(10**6)),
        "Content-Type": chance.choices(CONTENT_TYPES, (50, 20, *(3,) * 9))[0],
    }
    proof = "proved"
    if chance.random() < 0.3:
        proof = chance.choice(sorted(FORGERIES))
        FORGERIES[proof](headers, before, chance.choice(raws), chance)
    if chance.random() < 0.2:
        odd = chance.choice(sorted(ODDITIES))
        headers = ODDITIES[odd](headers, chance)
        proof = f"{proof}, {odd}"
    return headers, proof


def _flipped(headers: dict[str, str], _: bytes, __: bytes, chance: Random) -> None:
    told = bytearray(base64.b64decode(headers["Verification-Signature"]))
    told[chance.randrange(len(told))] ^= 1 << chance.randrange(8)
    headers["Verification-Signature"] = base64.b64encode(told).decode()


def _edited(headers: dict[str, str], _: bytes, __: bytes, chance: Random) -> None:
    name = chance.choice(("Authorization", "Verification-Signature"))
    text = headers[name]
    at = chance.randrange(len(text))
    headers[name] = chance.choice((
        text[:at], text[at:], text[:at] + chance.choice("aZ0+/=- é\x00") + text[at + 1 :],
        text.swapcase(), text * 2, text[::-1], text.encode().hex(), chance.choice(ODD_VALUES),
    ))  # fmt: skip


def _without(*names: str) -> Callable[..., None]:
    def forge(headers: dict[str, str], *_: object) -> None:
        for name in names:
            del headers[name]

    return forge


def _set(name: str, value: str) -> Callable[..., None]:
    return lambda headers, *_: headers.__setitem__(name, value)


FORGERIES: dict[str, Callable[..., None]] = {
    "signed before it was changed": lambda headers, before, *_: headers.update(
        {"Verification-Signature": signature(before)}
    ),
    "with another body's signature": lambda headers, _, other, __: headers.update(
        {"Verification-Signature": signature(other)}
    ),
    "a bit of the signature flipped": _flipped,
    "a proof edited": _edited,
    "without token": _without("Authorization"),
    "without signature": _without("Verification-Signature"),
    "without any proof": _without("Authorization", "Verification-Signature"),
    "with another token": _set("Authorization", "Bearer fake-token-of-somebody-else"),
    "with an empty token": _set("Authorization", "Bearer "),
    "with an empty signature": _set("Verification-Signature", ""),
}


def _other_case(headers: dict[str, str], chance: Random) -> dict[str, str]:
    change = chance.choice((str.upper, str.lower, str.swapcase))
    return {change(name): value for name, value in headers.items()}


def _doubled(headers: dict[str, str], chance: Random) -> dict[str, str]:
    """Said twice: the later one counts, whether it is the true one or not."""
    name = chance.choice(sorted(headers))
    other = {name.upper(): chance.choice((*ODD_VALUES, headers[name]))}
    return {**headers, **other} if chance.random() < 0.5 else {**other, **headers}


def _spaced(headers: dict[str, str], chance: Random) -> dict[str, str]:
    name = chance.choice(sorted(headers))
    space = chance.choice((" ", "\t", "\n ", "\u00a0", "  "))
    return {**headers, name: f"{space}{headers[name]}{space}"}


def _broken_lines(headers: dict[str, str], _: Random) -> dict[str, str]:
    told = headers.get("Verification-Signature", "")
    lines = [told[at : at + 76] for at in range(0, len(told), 76)]
    return {**headers, "Verification-Signature": "\r\n".join(lines)}


def _odd_value(headers: dict[str, str], chance: Random) -> dict[str, str]:
    name = chance.choice(("Webhookid", "Content-Type", "Origin", "X-Request-Id", "Idempotency-Key"))
    return {**headers, name: chance.choice(ODD_VALUES)}


def _many(headers: dict[str, str], _: Random) -> dict[str, str]:
    return {**headers, **{f"X-Header-{number}": "x" * 50 for number in range(300)}}


def _no_id(headers: dict[str, str], _: Random) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != "Webhookid"}


ODDITIES: dict[str, Callable[[dict[str, str], Random], dict[str, str]]] = {
    "names in another case": _other_case, "a header twice": _doubled,
    "space around a header": _spaced, "the signature on several lines": _broken_lines,
    "a header's value odd": _odd_value, "many headers": _many, "without its id": _no_id,
}  # fmt: skip

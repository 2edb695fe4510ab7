"""A call made of a number: schemathesis draws it from our document, then it is steered and bent.

What schemathesis alone would draw ends at the first id that nobody has: so most calls are steered
to customers, payouts and keys that are there, with planted values in the fields of payees. Some
are bent afterwards, in body, header, method or encoding.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

import requests
import schemathesis
from schemathesis import GenerationMode

import app
from chalicelib.api import openapi
from chalicelib.api.operation import Key
from tests.fuzz.deliveries import CONTENT_TYPES, METHODS, ODD_VALUES
from tests.fuzz.door import ROLES, Asked, Packing
from tests.fuzz.drawing import Undrawn, drawn
from tests.fuzz.mutations import mutated
from tests.fuzz.planted import CALLER
from tests.fuzz.steering import Steering

if TYPE_CHECKING:
    from requests import PreparedRequest
    from schemathesis import APIOperation, Case

    from chalicelib.api.operation import Operation
    from tests.fuzz.world import World

NOBODY = ("", "stranger", "other-client", "access", "nobody", "no-group", "unknown")
BASE = "http://door"
KNOWN = {(each.method, each.path): each for each in app.door.map}
# What everything else is about has to succeed now and then.
OFTEN = {
    "POST /payouts": 40, "POST /customers": 20, "POST /customers/{customer_id}/credits": 20,
    "POST /customers/{customer_id}/destinations": 20, "POST /payouts/{transaction_id}/redraft": 20,
    "POST /exports/{file_id}/returns": 16, "POST /exports/{file_id}/confirm": 16,
}  # fmt: skip
SAME_FOR_ALL = {"/health", "/health/deep", "/docs", "/openapi.json"}
# Bodies for calls that have none.
PLAIN = (
    b"{}", b'{"customer_name": "Jo Citizen", "email": "jo@example.com"}', b'{"reason": "twice"}',
    b'{"amount": "1.00", "payout_method": "PayId", "currency": "AUD"}', b'[{"type": "PayId"}]',
)  # fmt: skip


@dataclass(frozen=True)
class Call:
    """A call: as it is asked, as schemathesis knows it, who asks, and what it was made of."""

    asked: Asked
    case: Case
    prepared: PreparedRequest
    who: str
    made_of: str


class Callers:
    """Make calls about a world."""

    def __init__(self, world: World, cursor: str) -> None:
        schema = schemathesis.openapi.from_dict(json.loads(openapi.text(app.door.map)))
        made: list[Any] = list(schema.get_all_operations())  # each told to be well
        found: list[APIOperation] = sorted((each.ok() for each in made), key=_label)
        self._operations = found
        self._weights = [_weight(each) for each in found]
        self._in_turn = [each for each in found if each.method != "options"]
        self._strategies: dict[tuple[str, GenerationMode], Any] = {}
        self._steering = Steering(world, cursor)

    def call(self, number: int) -> Call:
        """The call of a number."""
        chance = Random(f"call {number}")  # noqa: S311 (to be replayed)
        operation = chance.choices(self._operations, self._weights)[0]
        if number % 4 == 0:
            # Each in its turn, so that none is left out of a short run.
            operation = self._in_turn[number // 4 % len(self._in_turn)]
        known = KNOWN[operation.method.upper(), operation.path]
        wrong = chance.random() < 0.4 and _says_something(known)
        mode = GenerationMode.NEGATIVE if wrong else GenerationMode.POSITIVE
        case, drew = self._case(operation, mode, number)
        bends = ["negative" if drew is GenerationMode.NEGATIVE else "positive"]
        if chance.random() < 0.75:
            self._steering.steer(case, chance)
            bends.append("steered")
        who = _who(known, chance)
        prepared = _prepared(case)
        headers = _headers(prepared, who)
        asked = Asked(str(prepared.method), str(prepared.path_url), headers, _body(prepared))
        asked, bent = _bent(asked, chance)
        told = f"{_label(operation)} ({', '.join(bends + bent)}) by {who or 'nobody'}"
        return Call(asked, case, prepared, who, told)

    def _case(
        self, operation: APIOperation, mode: GenerationMode, number: int
    ) -> tuple[Case, GenerationMode]:
        key = (_label(operation), mode)
        if key not in self._strategies:
            self._strategies[key] = operation.as_strategy(generation_mode=mode)
        try:
            return drawn(self._strategies[key], f"call {number}"), mode
        except Undrawn:  # there is nothing that could be wrong with it
            return self._case(operation, GenerationMode.POSITIVE, number)


def _says_something(operation: Operation) -> bool:
    """Whether there is anything in such a call that could be wrong."""
    asks = operation.captured or operation.query.names() or operation.key is not Key.NONE
    return bool(asks or operation.body)


def _who(operation: Operation, chance: Random) -> str:
    """Mostly somebody who may, so that something happens."""
    roll = chance.random()
    if operation.roles and roll < 0.7:
        return chance.choice(sorted(operation.roles))
    return chance.choice(ROLES if roll < 0.9 else NOBODY)


def _label(operation: APIOperation) -> str:
    return str(operation.label)


def _weight(operation: APIOperation) -> int:
    """More often what changes something; seldom what is the same for everybody."""
    if operation.method == "options":
        return 1
    if operation.path in SAME_FOR_ALL:
        return 2
    return OFTEN.get(operation.label, 8)


def _prepared(case: Case) -> PreparedRequest:
    told = case.as_transport_kwargs(base_url=BASE)
    names = ("method", "url", "headers", "params", "data", "json", "files")
    return requests.Request(**{name: told[name] for name in names if name in told}).prepare()


def _headers(prepared: PreparedRequest, who: str) -> dict[str, str]:
    """Its headers but those of one run only, with the caller's token."""
    ours = {"x-schemathesis-testcaseid", "authorization", "content-length"}
    told: dict[str, Any] = dict(prepared.headers)  # some of them bytes, whatever their type says
    headers = {
        name: value.decode("latin-1") if isinstance(value, bytes) else value
        for name, value in told.items()
        if name.lower() not in ours
    }
    return headers | ({"Authorization": f"Bearer {CALLER}{who}"} if who else {})


def _body(prepared: PreparedRequest) -> bytes | None:
    body: Any = prepared.body  # typed as if streams could not be
    return body.encode() if isinstance(body, str) else body


def _bent(asked: Asked, chance: Random) -> tuple[Asked, list[str]]:
    method, target, headers, body = asked.method, asked.target, dict(asked.headers), asked.body
    packing, bends = asked.packing, list[str]()
    if chance.random() < 0.12:
        body, bends = mutated(body or chance.choice(PLAIN), PLAIN, chance)
    if chance.random() < 0.06:
        name = chance.choice(
            ("Content-Type", "Idempotency-Key", "Origin", "X-Request-Id", "Accept")
        )
        headers[name] = chance.choice((*ODD_VALUES, *CONTENT_TYPES))
        bends.append(f"{name} odd")
    if chance.random() < 0.03:
        method = chance.choice(METHODS)
        bends.append("another method")
    if chance.random() < 0.03:
        target += chance.choice(("/", "//", "/more", "?", "?limit=1&limit=2", "%00", "?cursor=%ff"))
        bends.append("another address")
    if chance.random() < 0.03:
        packing = chance.choice(tuple(Packing))
        bends.append(packing.value)
    return Asked(method, target, headers, body, packing), bends

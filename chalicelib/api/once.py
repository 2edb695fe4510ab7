"""Once for each idempotency key: actions that leave no thing of their own that could tell a repeat.

A payout is its own record of its key. An action on one is not: so the doors remember the key, by
whom it was used and for what, before they act, and that it was done, afterwards. The same request
again is answered with the thing as it is now, and nothing is done. A request that was refused
leaves its key as if it had never been used; one of which nobody knows what came of it is acted on
again, which is why actions are made to bear that.

Keeps no value that was sent: each field's digest is made with the key itself, which is not kept.
"""

from __future__ import annotations

import hmac
import json
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.api.problems import status_of
from chalicelib.domain.errors import Fault, KeyTaken, PayoutError, RuleBroken
from chalicelib.domain.identifiers import derived_id
from chalicelib.ports.keys import Use

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.api.operation import Call, Operation, Reply
    from chalicelib.ports import Clock
    from chalicelib.ports.keys import Keys

SERVER_ERRORS = 500


class House(Protocol):
    """What it takes of the object graph."""

    @property
    def keys(self) -> Keys: ...  # noqa: D102 (the port's name says it)
    @property
    def clock(self) -> Clock: ...  # noqa: D102


def once(
    operation: Operation,
    call: Call[Any],
    ids: Mapping[str, str],
    house: House,
    act: Callable[[], Reply],
    again: Callable[[], Reply],
) -> Reply:
    """Act, unless the key's request was carried out before: then show `again`, as it is now.

    Raises:
        KeyTaken: the key is somebody else's.
        RuleBroken: it was used for another request; every field that differs.
        StoreUnavailable: whether it was done may not be known; the same request may be sent again.
        PayoutError: what `act` and `again` raise.
    """
    keys, use = house.keys, use_of(operation, call, ids, house.clock)
    before = keys.claim(use)
    if before is not None:
        _refuse_another(before, use)
        return replace(again(), replayed=True)
    try:
        reply = act()
    except PayoutError as error:
        if status_of(type(error)) < SERVER_ERRORS:
            with suppress(PayoutError):  # what is to be told is why it was refused
                keys.release(use)
        raise
    keys.finish(use)
    return reply


def use_of(operation: Operation, call: Call[Any], ids: Mapping[str, str], clock: Clock) -> Use:
    """What a call uses its key for. The same key at another operation is another one."""
    said = call.said.model_dump(by_alias=True)
    told = {**(said if isinstance(said, dict) else {"": said}), **ids}
    return Use(
        derived_id(f"key of {operation.name}", call.key), operation.name, call.by,
        {name: _digest(call.key, name, value) for name, value in told.items()},
        clock.new_id(), clock.now(),
    )  # fmt: skip


def _refuse_another(before: Use, use: Use) -> None:
    if before.by != use.by:
        raise KeyTaken("The idempotency key belongs to another principal's request.")
    names = sorted({*before.fields, *use.fields})
    faults = [
        Fault(f"/{name}", "idempotency_key_reused", "differs from what the key was used for")
        for name in names
        if before.fields.get(name) != use.fields.get(name)
    ]
    if faults:
        raise RuleBroken(faults, "The idempotency key was used for another request.")


def _digest(key: str, name: str, value: object) -> str:
    """A digest that only who knows the key can compare a value with."""
    text = json.dumps([name, value], sort_keys=True, default=_plain)
    return hmac.new(key.encode(), text.encode(), "sha256").hexdigest()


def _plain(value: object) -> object:
    return sorted(map(str, value)) if isinstance(value, (set, frozenset)) else str(value)

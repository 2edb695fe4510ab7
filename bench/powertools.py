"""A payout handler on AWS Lambda Powertools' idempotency utility, used as its documentation says.

The real library with its DynamoDB layer: key and principal chosen from the event, the body
validated against the record, the Lambda context registered (the decorator does it), a record that
lives for ten years, a table of the documented shape. Nothing of it is changed; only the clock that
it looks at is virtual.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent,
)
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyAlreadyInProgressError,
    IdempotencyInconsistentStateError,
    IdempotencyPersistenceLayerError,
)

from bench.bank import EXISTS, OK, Bank, Kind, TimedOut
from bench.client import Told, Wish, ended, persist
from bench.dynamo import Dynamo, Patient, Struck
from bench.faults import BenchClock, Crash, Dice, Invocation

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient

    from bench.bank import Response
    from bench.client import Ended

    Handler = Callable[[dict[str, Any], Any], dict[str, str]]

TABLE = {
    "TableName": "idempotency",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
}
TEN_YEARS = 10 * 365 * 24 * 3600  # seconds; the default is an hour
# What the caller of the function gets as HTTP 5xx or 409, and asks again after.
ERRORS = (
    IdempotencyAlreadyInProgressError,
    IdempotencyInconsistentStateError,
    IdempotencyPersistenceLayerError,
    TimedOut,
)


class Variant(StrEnum):
    """How the handler calls the provider and reads its answer, from the plainest on."""

    NEW_REFERENCE = "a new reference for each call, as in the library's example"
    OWN_REFERENCE = "a reference made of the key; any 400 is a refusal"
    EXISTS_IS_PAID = "the same, and a reference that exists is a success"
    NEVER_RAISES = "the same, and no answer is stored as unknown instead of raised"


@dataclass
class PowertoolsSide:
    """One variant of the handler; `moved` tells the library's clock."""

    variant: Variant
    moved: Callable[[datetime], object] | None = None

    def run(self, seed: int, kind: Kind, one_in: int) -> Ended:
        """One schedule."""
        wish, dice, clock = Wish.of(seed), Dice(seed, one_in), BenchClock(self.moved)
        invocation = Invocation(clock)
        bank = Bank(kind, dice, invocation, sound=wish.sound)
        store = Struck(new_table(), dice, invocation)
        handler = handler_of(self.variant, bank, Patient(store, invocation))

        def ask() -> Told | None:
            invocation.begin()
            try:
                return Told(handler(event_of(wish), invocation)["status"])
            except (Crash, *ERRORS):
                return None

        return ended(wish, bank, persist(ask, clock), store_calls=store.calls)

    def warm(self) -> Callable[[Wish], object]:
        """Pay one wish after the other in one world in which nothing goes wrong."""
        dice, invocation = Dice(0, 0), Invocation(BenchClock(self.moved))
        bank = Bank(Kind.REFUSES, dice, invocation)
        client = Patient(Struck(new_table(), dice, invocation), invocation)
        handler = handler_of(self.variant, bank, client)

        def pay(wish: Wish) -> object:
            invocation.begin()
            return handler(event_of(wish), invocation)

        return pay


def new_table() -> Dynamo:
    """A DynamoDB with the library's table, as its documentation has it."""
    dynamo = Dynamo()
    dynamo.create_table(**TABLE)
    return dynamo


def event_of(wish: Wish) -> dict[str, Any]:
    """What API Gateway would hand on, as far as it matters."""
    return {
        "headers": {"idempotency-key": wish.key}, "principal": "olive",
        "body": {"cents": wish.cents, "payee": "Jo Citizen"},
    }  # fmt: skip


def handler_of(variant: Variant, bank: Bank, client: object) -> Handler:
    """The handler, decorated."""
    layer = DynamoDBPersistenceLayer(
        table_name="idempotency", boto3_client=cast("DynamoDBClient", client)
    )
    config = IdempotencyConfig(
        event_key_jmespath='[principal, headers."idempotency-key"]',
        payload_validation_jmespath="body",
        raise_on_no_idempotency_key=True,
        expires_after_seconds=TEN_YEARS,
        hash_function="sha256",
    )

    def pay(event: dict[str, Any], _context: object) -> dict[str, str]:
        return {"status": str(_paid(variant, bank, event))}

    return cast("Handler", idempotent(persistence_store=layer, config=config)(pay))


def _paid(variant: Variant, bank: Bank, event: dict[str, Any]) -> Told:
    """Call the provider, and read its answer as the variant does.

    Raises:
        TimedOut: there was no answer, or an HTTP 500: the library frees the key.
    """
    try:
        response = bank.pay(_reference(variant, event), event["body"]["cents"])
        return _read(variant, response)
    except TimedOut:
        if variant is Variant.NEVER_RAISES:
            return Told.NOTHING
        raise


def _reference(variant: Variant, event: dict[str, Any]) -> str:
    if variant is Variant.NEW_REFERENCE:
        return str(uuid4())
    told = f"{event['principal']}/{event['headers']['idempotency-key']}"
    return hashlib.sha256(told.encode()).hexdigest()


def _read(variant: Variant, response: Response) -> Told:
    if response.http_status >= 500:
        raise TimedOut
    exists = response.code == EXISTS
    if exists and variant in {Variant.EXISTS_IS_PAID, Variant.NEVER_RAISES}:
        return Told.PAID
    return Told.PAID if response.code == OK else Told.FAILED

"""A port whose rows lie in the table of control: its stores, and replies that get lost."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from chalicelib.adapters.dynamo.session import Session
from tests.contracts.conftest import made
from tests.contracts.losing import LossyDynamo, Replies
from tests.fakes import dynamo_template
from tests.fakes.state import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest
    from mypy_boto3_dynamodb import DynamoDBClient

Port = TypeVar("Port")

DYNAMOS = ("simulated", "ministack", "moto")
STORES = ("memory", *DYNAMOS)


@dataclass
class Kept(Generic[Port]):
    """The port, and for DynamoDB what lies beneath it."""

    port: Port
    lose_replies: Callable[[int], None]
    client: DynamoDBClient | None = None
    table: str = ""


def memory_kept(of_state: Callable[[State], Port]) -> Kept[Port]:
    """The port in memory."""
    state = State()
    return Kept(of_state(state), partial(setattr, state, "lost_replies"))


@contextmanager
def dynamo_kept(
    of_table: Callable[[Session, str], Port], request: pytest.FixtureRequest
) -> Iterator[Kept[Port]]:
    """The port on the DynamoDB that a fixture's parameter names, its rows removed afterwards."""
    replies = Replies()
    if request.param == "simulated":
        dynamo = LossyDynamo(replies)
        client = cast("DynamoDBClient", dynamo)
        table = dynamo_template.make_tables(dynamo.create_table).control
        yield Kept(of_table(Session(client), table), replies.lose, client, table)
        return
    with made(request.param, request) as (client, tables):
        client.meta.events.register("after-call.dynamodb", replies.hear)
        port = of_table(Session(client, within=20), tables.control)
        yield Kept(port, replies.lose, client, tables.control)

"""Stores to hold the contract against: in memory, and on whatever DynamoDB an endpoint speaks for.

Tables are those of the template that deploys, fresh for each store.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING
from uuid import uuid4

import boto3

from chalicelib.adapters.dynamo.client import Tables, dynamo_client
from chalicelib.adapters.dynamo.customers import DynamoCustomers
from chalicelib.adapters.dynamo.gate import DynamoGate
from chalicelib.adapters.dynamo.notices import DynamoNotices
from chalicelib.adapters.dynamo.payouts import DynamoPayouts
from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.dynamo.treasury import DynamoTreasury
from chalicelib.domain.calendar import Calendar
from chalicelib.domain.patience import Patience
from local.engines import ACCOUNT, REGION
from local.template import Template
from tests.fakes.clock import FakeClock
from tests.fakes.store import MemoryStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

    from chalicelib.ports import Customers, Gate, Notices, Payouts, Treasury

CALENDAR = Calendar(lambda _day: False)
# The port of "discard", where nothing listens.
NOBODY = "http://127.0.0.1:9"
KEPT = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")


@dataclass
class Store:
    """The ports of one store, its clock, and for DynamoDB what lies beneath."""

    clock: FakeClock
    payouts: Payouts
    customers: Customers
    treasury: Treasury
    notices: Notices
    gate: Gate
    client: DynamoDBClient | None = None
    tables: Tables | None = None
    calls: Counter[str] = field(default_factory=Counter)


def memory_store() -> Store:
    clock = FakeClock()
    memory = MemoryStore(clock, calendar=CALENDAR)
    return Store(
        clock, memory.payouts, memory.customers, memory.treasury, memory.notices, memory.gate
    )


@contextmanager
def dynamo_store(endpoint: str, *, within: float = 20.0) -> Iterator[Store]:
    """A store on fresh tables. Whatever scans in it fails; every call is counted."""
    client = client_of(endpoint)
    tables = make_tables(client)
    store = store_on(client, tables, within=within)
    try:
        yield store
    finally:
        for name in (tables.transactions, tables.customers, tables.events, tables.control):
            client.delete_table(TableName=name)
        client.close()


def store_on(client: DynamoDBClient, tables: Tables, *, within: float) -> Store:
    clock = FakeClock()
    calls: Counter[str] = Counter()

    def count(model, **_more) -> None:
        calls[model.name] += 1
        assert model.name != "Scan", "nothing may scan"

    client.meta.events.register("before-call.dynamodb", count)
    session = Session(client, within=within)
    return Store(
        clock=clock,
        payouts=DynamoPayouts(session, tables, clock=clock, patience=Patience(), calendar=CALENDAR),
        customers=DynamoCustomers(session, tables.customers),
        treasury=DynamoTreasury(session, tables),
        notices=DynamoNotices(session, tables.control),
        gate=DynamoGate(session, tables.control, clock=clock),
        client=client,
        tables=tables,
        calls=calls,
    )


def client_of(endpoint: str) -> DynamoDBClient:
    return dynamo_client(_session(), endpoint_url=endpoint)


@cache
def _session() -> boto3.Session:
    """One for all: what it loads takes longer than a test."""
    return boto3.Session(
        aws_access_key_id=ACCOUNT, aws_secret_access_key="fake-secret", region_name=REGION
    )


def make_tables(client: DynamoDBClient) -> Tables:
    """The template's tables under names that nobody else has."""
    pseudo = {"Region": REGION, "AccountId": ACCOUNT, "Partition": "aws", "StackName": "test"}
    template = Template.read({"Stage": "local"}, pseudo)
    names = {}
    for logical, resource in template.document["Resources"].items():
        if resource.get("Type") == "AWS::DynamoDB::Table":
            properties = template.resolve(resource["Properties"])
            wanted = {name: properties[name] for name in KEPT if name in properties}
            names[logical] = f"{logical}-{uuid4().hex}"
            client.create_table(TableName=names[logical], **wanted)
    return Tables(
        transactions=names["TransactionsTable"],
        customers=names["CustomersTable"],
        events=names["EventsTable"],
        control=names["ControlTable"],
    )

"""Stores to hold the contract against: in memory, and on whatever DynamoDB an endpoint speaks for.

Tables are those of the template that deploys, fresh for each store.
"""

from __future__ import annotations

import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING, cast
from uuid import uuid4

import boto3

from chalicelib.adapters.dynamo.account_checks import DynamoAccountChecks
from chalicelib.adapters.dynamo.bank_files import DynamoBankFiles
from chalicelib.adapters.dynamo.circuits import DynamoCircuits
from chalicelib.adapters.dynamo.client import Tables, dynamo_client
from chalicelib.adapters.dynamo.customers import DynamoCustomers
from chalicelib.adapters.dynamo.desk import DynamoDesk
from chalicelib.adapters.dynamo.findings import DynamoFindings
from chalicelib.adapters.dynamo.gate import DynamoGate
from chalicelib.adapters.dynamo.keeping import DynamoSweeps
from chalicelib.adapters.dynamo.liquidity import DynamoLiquidity
from chalicelib.adapters.dynamo.notices import DynamoNotices
from chalicelib.adapters.dynamo.parked import DynamoParkedLetters
from chalicelib.adapters.dynamo.pauses import DynamoPauses
from chalicelib.adapters.dynamo.payouts import DynamoPayouts
from chalicelib.adapters.dynamo.receipts import DynamoReceipts
from chalicelib.adapters.dynamo.rounds import DynamoRounds
from chalicelib.adapters.dynamo.schedules import DynamoSchedules
from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.dynamo.settlements import DynamoSettlements
from chalicelib.adapters.dynamo.treasury import DynamoTreasury
from chalicelib.domain.calendar import Calendar
from chalicelib.domain.patience import Patience
from local.engines import ACCOUNT, REGION
from tests.contracts.losing import LossyDynamo, Replies
from tests.fakes import dynamo_template
from tests.fakes.clock import FakeClock
from tests.fakes.store import MemoryStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

    from chalicelib.ports import (
        AccountChecks,
        BankFiles,
        Circuits,
        Customers,
        Desk,
        Findings,
        Gate,
        Liquidity,
        Notices,
        ParkedLetters,
        Pauses,
        Payouts,
        Receipts,
        Rounds,
        Schedules,
        Settlements,
        Sweeps,
        Treasury,
    )

CALENDAR = Calendar(lambda _day: False)
# The port of "discard", where nothing listens.
NOBODY = "http://127.0.0.1:9"


def _no_line(_count: int) -> None:
    raise AssertionError("this store has no line on which replies are lost")


@dataclass
class Store:
    """The ports of one store, its clock, and for DynamoDB what lies beneath.

    `lose_replies` makes the next so many writes be done and their replies lost.
    """

    clock: FakeClock
    payouts: Payouts
    customers: Customers
    treasury: Treasury
    notices: Notices
    rounds: Rounds
    sweeps: Sweeps
    parked: ParkedLetters
    desk: Desk
    gate: Gate
    receipts: Receipts
    settlements: Settlements
    schedules: Schedules
    findings: Findings
    liquidity: Liquidity
    checks: AccountChecks
    bank_files: BankFiles = field(kw_only=True)
    circuits: Circuits
    pauses: Pauses
    client: DynamoDBClient | None = None
    tables: Tables | None = None
    calls: Counter[str] = field(default_factory=Counter)
    lose_replies: Callable[[int], None] = _no_line


def memory_store(clock: FakeClock | None = None) -> Store:
    clock = clock or FakeClock()
    memory = MemoryStore(clock, calendar=CALENDAR)
    return Store(
        clock, memory.payouts, memory.customers, memory.treasury, memory.notices, memory.rounds,
        memory.sweeps,
        memory.parked, memory.desk,
        memory.gate, memory.receipts, memory.settlements, memory.schedules, memory.findings,
        memory.liquidity, memory.account_checks, memory.circuits, memory.pauses,
        bank_files=memory.bank_files,
        lose_replies=partial(setattr, memory.state, "lost_replies"),
    )  # fmt: skip


@contextmanager
def dynamo_store(
    endpoint: str,
    *,
    within: float = 20.0,
    clock: FakeClock | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Store]:
    """A store on fresh tables. Whatever scans in it fails; every call is counted."""
    client = client_of(endpoint)
    tables = make_tables(client)
    store = store_on(client, tables, within=within, clock=clock, sleep=sleep)
    try:
        yield store
    finally:
        for name in (tables.transactions, tables.customers, tables.events, tables.control):
            client.delete_table(TableName=name)
        client.close()


def simulated_store(
    *,
    within: float = 20.0,
    clock: FakeClock | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Store:
    """A store on the DynamoDB in memory, whose tokens age with the store's own clock."""
    clock, replies = clock or FakeClock(), Replies()
    dynamo = LossyDynamo(replies, monotonic=clock.monotonic)
    tables = dynamo_template.make_tables(dynamo.create_table)
    client = cast("DynamoDBClient", dynamo)
    store = _store(Session(client, within=within, sleep=sleep), tables, clock)
    store.lose_replies = replies.lose
    return store


def store_on(
    client: DynamoDBClient,
    tables: Tables,
    *,
    within: float,
    clock: FakeClock | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Store:
    """A store on tables that are there; every call is counted, and a scan fails."""
    store = _store(Session(client, within=within, sleep=sleep), tables, clock or FakeClock())
    replies = Replies()

    def count(model, **_more) -> None:
        store.calls[model.name] += 1
        assert model.name != "Scan", "nothing may scan"

    client.meta.events.register("before-call.dynamodb", count)
    client.meta.events.register("after-call.dynamodb", replies.hear)
    store.lose_replies = replies.lose
    return store


def _store(session: Session, tables: Tables, clock: FakeClock) -> Store:
    return Store(
        clock=clock,
        payouts=DynamoPayouts(session, tables, clock=clock, patience=Patience(), calendar=CALENDAR),
        customers=DynamoCustomers(session, tables),
        treasury=DynamoTreasury(session, tables),
        notices=DynamoNotices(session, tables.control),
        rounds=DynamoRounds(session, tables.control),
        sweeps=DynamoSweeps(session, tables.control),
        parked=DynamoParkedLetters(session, tables.control),
        desk=DynamoDesk(session, tables.control),
        gate=DynamoGate(session, tables.control, clock=clock),
        receipts=DynamoReceipts(session, tables.control),
        settlements=DynamoSettlements(session, tables.control),
        schedules=DynamoSchedules(session, tables),
        findings=DynamoFindings(session, tables.control),
        client=session.client,
        tables=tables,
        liquidity=DynamoLiquidity(session, tables.control),
        pauses=DynamoPauses(session, tables),
        checks=DynamoAccountChecks(session, tables.control),
        bank_files=DynamoBankFiles(session, tables.control),
        circuits=DynamoCircuits(session, tables.control),
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
    stamp = uuid4().hex
    return dynamo_template.make_tables(client.create_table, lambda logical: f"{logical}-{stamp}")

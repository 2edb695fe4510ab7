"""Our books as they are stored, read whole: every row, every step, every entry of the funds.

Reads the tables themselves and not the indexes: what an index forgot would be missed by nobody.
Changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.dynamo.client import Tables
from chalicelib.adapters.dynamo.customer_rows import customer_from
from chalicelib.adapters.dynamo.event_rows import FUNDS, recorded_from
from chalicelib.adapters.dynamo.payout_rows import payout_from
from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.dynamo.treasury import DynamoTreasury
from chalicelib.adapters.dynamo.values import from_item, moment
from chalicelib.domain.funding import Credit, Entry, Receipt, credit, receive
from chalicelib.domain.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.domain.customer import Customer, Funds
    from chalicelib.domain.payout import Payout
    from chalicelib.ports import Recorded
    from local.cloud import Cloud

TABLES = ("TRANSACTIONS", "CUSTOMERS", "EVENTS", "CONTROL")


@dataclass
class Ours:
    """Everything that we have written down.

    `entries` are the rows of the funds' own chain, `causes` the receipts and credits by their id.
    """

    payouts: dict[str, Payout] = field(default_factory=dict)
    steps: dict[str, list[Recorded]] = field(default_factory=lambda: defaultdict(list))
    customers: dict[str, Customer] = field(default_factory=dict)
    entries: list[dict[str, Any]] = field(default_factory=list)
    causes: dict[str, Receipt | Credit] = field(default_factory=dict)
    funds: Funds | None = None


def read(cloud: Cloud) -> Ours:
    """All four tables."""
    tables = tables_of(cloud)
    ours = Ours()
    for row in _rows(cloud, tables.transactions):
        ours.payouts[row["transaction_id"]] = payout_from(row)
    for row in _rows(cloud, tables.customers):
        ours.customers[row["customer_id"]] = customer_from(row)
    for row in _rows(cloud, tables.events):
        if row["account"] == FUNDS:
            ours.entries.append(row)
        else:
            ours.steps[row["account"]].append(recorded_from(row))
    for steps in ours.steps.values():
        steps.sort(key=lambda step: step.sequence)
    ours.entries.sort(key=lambda row: int(row["sequence"]))
    treasury = DynamoTreasury(Session(cloud.clients.dynamodb), tables)
    ours.funds = treasury.funds()
    for row in _rows(cloud, tables.control):
        kind, _, name = row["key"].partition("#")
        if kind == "receipt":
            ours.causes[name] = _receipt(name, row)
        elif kind == "credit" and (given := treasury.credit(name)):
            ours.causes[name] = given
    return ours


def tables_of(cloud: Cloud) -> Tables:
    """The names of the account's tables."""
    return Tables(*(cloud.environment[f"DYNAMODB_TABLE_{name}"] for name in TABLES))


def entered(funds: Funds, cause: Receipt | Credit) -> Entry:
    """The entry that a cause makes, by the code that made it the first time."""
    return receive(funds, cause) if isinstance(cause, Receipt) else credit(funds, cause)


def _receipt(name: str, row: dict[str, Any]) -> Receipt:
    at, amount = moment(row["received_at"]), Money.exactly(row["amount"])
    return Receipt(name, amount, row["rail"], at, row.get("reference", ""))


def _rows(cloud: Cloud, table: str) -> Iterator[dict[str, Any]]:
    pages = cloud.clients.dynamodb.get_paginator("scan")
    for page in pages.paginate(TableName=table, ConsistentRead=True):
        for item in page["Items"]:
            yield from_item(item)

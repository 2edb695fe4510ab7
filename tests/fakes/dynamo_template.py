"""The tables of the template that deploys: for an emulator under any names, or in memory."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.dynamo.client import Tables
from local.engines import ACCOUNT, REGION
from local.template import Template
from tests.fakes.dynamodb import MemoryDynamo

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_KEPT = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")


@cache
def definitions() -> Mapping[str, Mapping[str, Any]]:
    """What CreateTable takes, but for the name, by the table's logical name."""
    pseudo = {"Region": REGION, "AccountId": ACCOUNT, "Partition": "aws", "StackName": "test"}
    template = Template.read({"Stage": "local"}, pseudo)
    found = {}
    for logical, resource in template.document["Resources"].items():
        if resource.get("Type") == "AWS::DynamoDB::Table":
            properties = template.resolve(resource["Properties"])
            found[logical] = {name: properties[name] for name in _KEPT if name in properties}
    return found


def make_tables(create: Callable[..., object], name_of: Callable[[str], str] = str) -> Tables:
    """Make all tables with a client's `create_table`, under names made of the logical ones."""
    for logical, definition in definitions().items():
        create(TableName=name_of(logical), **definition)
    return Tables(
        transactions=name_of("TransactionsTable"),
        customers=name_of("CustomersTable"),
        events=name_of("EventsTable"),
        control=name_of("ControlTable"),
    )


def simulated_tables(**settings: Any) -> tuple[MemoryDynamo, Tables]:
    """A DynamoDB in memory with the tables in it; `settings` are those of `MemoryDynamo`."""
    dynamo = MemoryDynamo(**settings)
    return dynamo, make_tables(dynamo.create_table)

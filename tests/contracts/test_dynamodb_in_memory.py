"""What the DynamoDB in memory has beyond the others: it forgets on time, observes, and refuses."""

from __future__ import annotations

import pytest

from tests.contracts.items import added, code_of, found, key, new, row
from tests.fakes.clock import FakeClock
from tests.fakes.dynamo_template import simulated_tables
from tests.fakes.dynamodb import Change


@pytest.fixture
def memory():
    return simulated_tables()


def test_a_token_is_forgotten_after_ten_minutes():
    clock = FakeClock()
    dynamo = client, tables = simulated_tables(monotonic=clock.monotonic)
    client.put_item(TableName=tables.control, Item=row(version=1))
    parts = [{"Update": added(tables.control, "k-1", "1")}]
    for pause in (0, 599, 2):
        clock.advance(pause)
        client.transact_write_items(TransactItems=parts, ClientRequestToken="one")
    assert found(dynamo) == row(version=1, balance=2)


def test_the_one_in_memory_refuses_what_it_was_not_taught(memory):
    client, tables = memory
    put = {"TableName": tables.control, "Item": row()}
    for call, more in (
        (client.put_item, {"ReturnValues": "ALL_OLD"}),
        (client.put_item, {"ConditionExpression": "size(version) > :v",
                           "ExpressionAttributeValues": {":v": {"N": "1"}}}),
        (client.put_item, {"ConditionExpression": "attribute_exists(a.b)"}),
        (client.put_item, {"Item": key() | {"more": {"SS": ["a"]}}}),
    ):  # fmt: skip
        with pytest.raises(NotImplementedError):
            call(**put | more)
    with pytest.raises(NotImplementedError):
        client.transact_write_items(
            TransactItems=[{"Delete": {"TableName": tables.control, "Key": key()}}]
        )
    with pytest.raises(AssertionError):
        client.scan(TableName=tables.control)
    assert client.rows(tables.control) == {}


def test_the_one_in_memory_tells_of_every_row_that_was_written(memory):
    client, tables = memory
    seen: list[Change] = []
    client.observer = seen.extend
    client.put_item(TableName=tables.control, Item=row(version=1))
    parts = [
        {"Update": added(tables.control, "k-1", "1")},
        {"Put": new(tables.control, row("k-2"))},
    ]
    for _ in range(2):
        client.transact_write_items(TransactItems=parts, ClientRequestToken="one")
    assert code_of(client.put_item, **new(tables.control, row())) == (
        "ConditionalCheckFailedException"
    )
    first, second = row(version=1), row(version=1, balance=1)
    assert seen == [
        Change(tables.control, "k-1", None, first),
        Change(tables.control, "k-1", first, second),
        Change(tables.control, "k-2", None, row("k-2")),
    ]
    assert client.rows(tables.control) == {"k-1": second, "k-2": row("k-2")}


def test_the_one_in_memory_ends_a_page_where_it_is_told_to():
    client, tables = simulated_tables(rows_per_page=2)
    for number in range(3):
        item = {"account": {"S": "a"}, "sequence": {"N": str(number)}}
        client.put_item(TableName=tables.events, Item=item)
    question = {
        "TableName": tables.events,
        "KeyConditionExpression": "account = :a",
        "ExpressionAttributeValues": {":a": {"S": "a"}},
    }
    first = client.query(**question)
    rest = client.query(**question, ExclusiveStartKey=first["LastEvaluatedKey"])
    assert [len(answer["Items"]) for answer in (first, rest)] == [2, 1]
    assert "LastEvaluatedKey" not in rest

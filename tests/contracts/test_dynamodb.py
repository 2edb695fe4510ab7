"""What the store takes for granted of DynamoDB's writes, in memory as on the emulators.

moto knows no tokens of transactions, and reads an expression only where there is a row: the tests
of those take `exact`, which leaves it out.
"""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest

from tests.contracts.items import added, code_of, found, key, new, reasons_of, refusal, row


def test_a_put_under_a_condition_that_fails_tells_the_row_that_is_there(dynamo):
    client, tables = dynamo
    client.put_item(**new(tables.control, row(version=1)))
    told = refusal(client.put_item, **new(tables.control, row(version=2)))
    assert told["Error"]["Code"] == "ConditionalCheckFailedException"
    assert told["Item"] == row(version=1)
    assert found(dynamo) == row(version=1)


def test_an_update_adds_exactly_and_makes_what_is_not_there(dynamo):
    client, tables = dynamo
    client.put_item(TableName=tables.control, Item=row(version=1, balance="0.1"))
    for _ in range(2):
        client.update_item(**added(tables.control, "k-1", "0.1"))
    assert Decimal(found(dynamo)["balance"]["N"]) == Decimal("0.3")
    client.update_item(**added(tables.control, "k-2", "-5", "attribute_not_exists(version)"))
    assert found(dynamo, "k-2") == row("k-2", balance=-5)


def test_an_update_sets_and_removes_upon_what_was_there_before(dynamo):
    client, tables = dynamo
    client.put_item(TableName=tables.control, Item=row(a=1, b=2, c=3))
    client.update_item(
        TableName=tables.control,
        Key=key(),
        UpdateExpression="SET a = b + :one, b = if_not_exists(a, :one), d = :one REMOVE c",
        ExpressionAttributeValues={":one": {"N": "1"}},
    )
    assert found(dynamo) == row(a=3, b=1, d=1)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("version = :two", True), ("version <> :two", False), ("version < :ten", True),
        ("version >= :ten", False), ("NOT version = :two", False),
        ("attribute_not_exists(nothing) AND version = :two", True),
        ("attribute_exists(nothing) OR version = :two", True),
        ("attribute_exists(nothing) OR version = :ten AND version = :two", False),
        ("(attribute_exists(nothing) OR version = :two) AND version < :ten", True),
        ("version BETWEEN :two AND :ten", True), ("version IN (:ten, :two)", True),
        ("nothing = :two", False), ("nothing < :two", False),
    ],
)  # fmt: skip
def test_a_condition_is_read_as_it_is_written(dynamo, condition, holds):
    client, tables = dynamo
    client.put_item(TableName=tables.control, Item=row(version="2.0"))
    values = {":two": {"N": "2"}, ":ten": {"N": "10"}}
    used = {name: value for name, value in values.items() if name in condition}
    request = {
        "TableName": tables.control, "Item": row(version=7), "ConditionExpression": condition,
        "ExpressionAttributeValues": used,
    }  # fmt: skip
    if holds:
        client.put_item(**request)
        assert found(dynamo) == row(version=7)
    else:
        assert code_of(client.put_item, **request) == "ConditionalCheckFailedException"


def test_a_transaction_is_whole_or_not_at_all_and_says_which_part_failed(dynamo):
    client, tables = dynamo
    client.put_item(TableName=tables.control, Item=row("k-2", version=1))
    parts = [
        {"Put": new(tables.control, row("k-1", version=1))},
        {"Put": new(tables.control, row("k-2", version=9))},
        {"Update": added(tables.control, "k-3", "1")},
    ]
    told = refusal(client.transact_write_items, TransactItems=parts)
    assert told["Error"]["Code"] == "TransactionCanceledException"
    assert reasons_of(told) == ["None", "ConditionalCheckFailed", "ConditionalCheckFailed"]
    assert told["CancellationReasons"][1]["Item"] == row("k-2", version=1)
    assert not told["CancellationReasons"][2].get("Item")
    assert found(dynamo, "k-1") is None
    client.transact_write_items(TransactItems=parts[:1])
    assert found(dynamo, "k-1") == row("k-1", version=1)


def test_a_check_holds_up_a_transaction_and_writes_nothing(dynamo):
    client, tables = dynamo
    check = {
        "TableName": tables.control, "Key": key("k-2"),
        "ConditionExpression": "attribute_exists(version)",
    }  # fmt: skip
    parts = [{"Put": new(tables.control, row())}, {"ConditionCheck": check}]
    told = refusal(client.transact_write_items, TransactItems=parts)
    assert reasons_of(told) == ["None", "ConditionalCheckFailed"]
    client.put_item(TableName=tables.control, Item=row("k-2", version=1))
    client.transact_write_items(TransactItems=parts)
    assert (found(dynamo), found(dynamo, "k-2")) == (row(), row("k-2", version=1))


def test_a_transaction_under_a_token_that_was_seen_is_done_once(exact):
    client, tables = exact
    client.put_item(TableName=tables.control, Item=row(version=1, balance=1))
    token, parts = str(uuid4()), [{"Update": added(tables.control, "k-1", "1")}]
    for _ in range(3):
        client.transact_write_items(TransactItems=parts, ClientRequestToken=token)
    assert found(exact) == row(version=1, balance=2)


def test_another_transaction_under_a_token_that_was_seen_is_refused(exact):
    client, tables = exact
    client.put_item(TableName=tables.control, Item=row(version=1, balance=1))
    token = str(uuid4())
    one, other = ([{"Update": added(tables.control, "k-1", amount)}] for amount in ("1", "2"))
    client.transact_write_items(TransactItems=one, ClientRequestToken=token)
    told = code_of(client.transact_write_items, TransactItems=other, ClientRequestToken=token)
    assert told == "IdempotentParameterMismatchException"
    assert found(exact) == row(version=1, balance=2)


def test_a_transaction_that_was_refused_may_be_tried_again_under_its_token(dynamo):
    client, tables = dynamo
    token, parts = str(uuid4()), [{"Update": added(tables.control, "k-1", "1")}]
    told = code_of(client.transact_write_items, TransactItems=parts, ClientRequestToken=token)
    assert told == "TransactionCanceledException"
    client.put_item(TableName=tables.control, Item=row(version=1))
    client.transact_write_items(TransactItems=parts, ClientRequestToken=token)
    assert found(dynamo) == row(version=1, balance=1)


def test_one_item_twice_in_a_transaction_is_refused(dynamo):
    client, tables = dynamo
    parts = [{"Put": new(tables.control, row())}, {"Update": added(tables.control, "k-1", "1")}]
    assert code_of(client.transact_write_items, TransactItems=parts) == "ValidationException"
    assert found(dynamo) is None


def test_more_than_a_hundred_parts_are_refused(dynamo):
    client, tables = dynamo
    parts = [{"Put": new(tables.control, row(f"k-{number}"))} for number in range(101)]
    assert code_of(client.transact_write_items, TransactItems=parts) == "ValidationException"
    client.transact_write_items(TransactItems=parts[:100])
    assert found(dynamo, "k-99") == row("k-99")


def test_a_key_that_is_empty_or_missing_is_refused(dynamo):
    client, tables = dynamo
    for item in ({"key": {"S": ""}}, {"version": {"N": "1"}}, {"key": {"N": "1"}}):
        assert code_of(client.put_item, TableName=tables.control, Item=item) == (
            "ValidationException"
        )


@pytest.mark.parametrize(
    "more",
    [
        {"ConditionExpression": "version ="},
        {"ConditionExpression": "version = :nothing"},
        {"ConditionExpression": "#nothing = :v", "ExpressionAttributeValues": {":v": {"N": "1"}}},
        {"ConditionExpression": "version = :v)", "ExpressionAttributeValues": {":v": {"N": "1"}}},
        {"ConditionExpression": ""},
    ],
    ids=["cut off", "no such value", "no such name", "one bracket too many", "empty"],
)
def test_an_expression_that_is_none_is_refused(exact, more):
    client, tables = exact
    put = {"TableName": tables.control, "Item": row()}
    assert code_of(client.put_item, **put, **more) == "ValidationException"
    assert found(exact) is None


def test_a_table_that_is_not_there_is_not_found(dynamo):
    client, _ = dynamo
    assert code_of(client.get_item, TableName="nothing", Key=key()) == "ResourceNotFoundException"
    assert code_of(client.put_item, TableName="nothing", Item=row()) == "ResourceNotFoundException"


def test_rows_of_several_tables_are_read_at_once(dynamo):
    client, tables = dynamo
    client.put_item(TableName=tables.control, Item=row(version=1))
    wanted = {
        tables.control: {"Keys": [key(), key("k-2")], "ConsistentRead": True},
        tables.customers: {"Keys": [{"customer_id": {"S": "c"}}], "ConsistentRead": True},
    }
    answer = client.batch_get_item(RequestItems=wanted)
    assert answer["Responses"] == {tables.control: [row(version=1)], tables.customers: []}
    assert answer["UnprocessedKeys"] == {}
    wanted = {tables.control: {"Keys": [key(), key()]}}
    assert code_of(client.batch_get_item, RequestItems=wanted) == "ValidationException"


def test_numbers_are_kept_exactly(dynamo):
    client, tables = dynamo
    for given in ("0.10", "1E+2", "-0.00", "9" * 38, "1e-20", "-123.450"):
        client.put_item(TableName=tables.control, Item=row(n=given))
        assert Decimal(found(dynamo)["n"]["N"]) == Decimal(given)

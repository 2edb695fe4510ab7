"""What the store takes for granted of DynamoDB's queries, in memory as on the emulators.

Of an index that is not there moto says what Amazon does not: that test takes `exact`.
"""

from __future__ import annotations

import pytest

from tests.contracts.items import code_of, row


def step(account, sequence):
    return {"account": {"S": account}, "sequence": {"N": str(sequence)}, "more": {"S": "x"}}


def sequences(answer):
    return [int(item["sequence"]["N"]) for item in answer["Items"]]


def asked(table, **more):
    values = {":account": {"S": "a"}} | more.pop("values", {})
    condition = "account = :account" + more.pop("bound", "")
    return {
        "TableName": table, "KeyConditionExpression": condition,
        "ExpressionAttributeValues": values, **more,
    }  # fmt: skip


@pytest.fixture
def trail(dynamo):
    """Rows of one account, put in no order, among those of others."""
    client, tables = dynamo
    for number in (10, 9, 2, 1, 11):
        client.put_item(TableName=tables.events, Item=step("a", number))
        client.put_item(TableName=tables.events, Item=step("b", number))
    return client, tables.events


def test_rows_come_in_the_order_of_their_numbers_and_page_by_page(trail):
    client, table = trail
    pages, question = [], asked(table, Limit=2)
    while True:
        answer = client.query(**question)
        pages.append(sequences(answer))
        if "LastEvaluatedKey" not in answer:
            break
        question["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
    assert [each for page in pages for each in page] == [1, 2, 9, 10, 11]
    assert pages[:2] == [[1, 2], [9, 10]]
    backwards = asked(table, Limit=2, ScanIndexForward=False)
    assert sequences(client.query(**backwards)) == [11, 10]
    start = {"account": {"S": "a"}, "sequence": {"N": "10"}}
    assert sequences(client.query(**backwards, ExclusiveStartKey=start)) == [9, 2]


@pytest.mark.parametrize(
    ("bound", "expected"),
    [
        (" AND #s < :low", [1]), (" AND #s <= :low", [1, 2]), (" AND #s > :low", [9, 10, 11]),
        (" AND #s >= :low", [2, 9, 10, 11]), (" AND #s = :low", [2]),
        (" AND #s BETWEEN :low AND :high", [2, 9, 10]),
    ],
)  # fmt: skip
def test_a_range_is_bounded_as_asked(trail, bound, expected):
    client, table = trail
    values = {":low": {"N": "2"}} | ({":high": {"N": "10"}} if ":high" in bound else {})
    question = asked(table, bound=bound, values=values, ExpressionAttributeNames={"#s": "sequence"})
    assert sequences(client.query(**question)) == expected


def test_a_filter_drops_rows_that_were_counted_and_a_projection_parts_of_them(trail):
    client, table = trail
    client.put_item(TableName=table, Item=step("a", 9) | {"more": {"S": "y"}})
    answer = client.query(
        **asked(table, values={":x": {"S": "x"}}, Limit=3), FilterExpression="more IN (:x)",
        ProjectionExpression="#s", ExpressionAttributeNames={"#s": "sequence"},
    )  # fmt: skip
    assert answer["Items"] == [{"sequence": {"N": "1"}}, {"sequence": {"N": "2"}}]
    assert answer["ScannedCount"] == 3
    assert answer["LastEvaluatedKey"] == {"account": {"S": "a"}, "sequence": {"N": "9"}}


def test_an_index_holds_only_what_has_both_of_its_keys(dynamo):
    client, tables = dynamo
    waits = {"attention_bucket": {"S": "parked"}, "attention_since": {"S": "2026"}}
    client.put_item(TableName=tables.control, Item=row() | waits)
    client.put_item(TableName=tables.control, Item=row("k-2") | {"attention_since": {"S": "2026"}})
    question = {
        "TableName": tables.control, "IndexName": "attention",
        "KeyConditionExpression": "attention_bucket = :b",
        "ExpressionAttributeValues": {":b": {"S": "parked"}},
    }  # fmt: skip
    assert client.query(**question)["Items"] == [row() | waits]
    client.put_item(TableName=tables.control, Item=row())
    assert client.query(**question)["Items"] == []


def test_an_index_of_keys_holds_nothing_else(dynamo):
    client, tables = dynamo
    names = {"customer_id": {"S": "c"}, "listing": {"S": "all"}, "created_at": {"S": "2026"}}
    client.put_item(TableName=tables.customers, Item=names | {"email": {"S": "jo@example.com"}})
    answer = client.query(
        TableName=tables.customers, IndexName="all", KeyConditionExpression="listing = :l",
        ExpressionAttributeValues={":l": {"S": "all"}},
    )  # fmt: skip
    assert answer["Items"] == [names]


def test_a_question_that_does_not_fit_its_index_is_refused(exact):
    client, tables = exact
    question = asked(tables.events)
    for wrong in ({"IndexName": "nothing"}, {"KeyConditionExpression": "more = :account"}):
        assert code_of(client.query, **question | wrong) == "ValidationException"

"""Items and requests of DynamoDB in its low-level form, as short as a test needs them."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

ALL_OLD = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}


def key(name="k-1"):
    return {"key": {"S": name}}


def row(name="k-1", **numbers):
    return key(name) | {each: {"N": str(number)} for each, number in numbers.items()}


def new(table, item):
    return {
        "TableName": table, "Item": item, "ConditionExpression": "attribute_not_exists(#k)",
        "ExpressionAttributeNames": {"#k": "key"}, **ALL_OLD,
    }  # fmt: skip


def added(table, name, amount, condition="attribute_exists(version)"):
    return {
        "TableName": table, "Key": key(name), "UpdateExpression": "ADD balance :change",
        "ConditionExpression": condition, "ExpressionAttributeValues": {":change": {"N": amount}},
        **ALL_OLD,
    }  # fmt: skip


def found(dynamo, name="k-1"):
    client, tables = dynamo
    return client.get_item(TableName=tables.control, Key=key(name), ConsistentRead=True).get("Item")


def refusal(call, **request):
    with pytest.raises(ClientError) as caught:
        call(**request)
    return caught.value.response


def code_of(call, **request):
    return refusal(call, **request)["Error"]["Code"]


def reasons_of(response):
    return [reason["Code"] for reason in response["CancellationReasons"]]

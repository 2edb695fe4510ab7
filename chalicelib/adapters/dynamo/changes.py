"""Payouts by the Sydney date of their latest change, out of the narrow index `by-change`.

A day of ten thousand is read in a few pages, each as large as the service gives. The rows are many,
so they are read without a round through a general reader. They may lag: nothing is decided by them.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.dynamo.payout_rows import ATTENTION, eve_from
from chalicelib.adapters.dynamo.understood import understood
from chalicelib.adapters.dynamo.values import in_expression
from chalicelib.domain.mark import Mark
from chalicelib.domain.money import Money
from chalicelib.domain.night import Sighting
from chalicelib.domain.payout import Status
from chalicelib.domain.rails import Rail

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mypy_boto3_dynamodb.type_defs import QueryInputTypeDef

    from chalicelib.adapters.dynamo.session import Session

INDEX = "by-change"
# Dates are few, and the same again and again.
_day = lru_cache(maxsize=512)(date.fromisoformat)


class DynamoChanges:
    """The port `Changes` on DynamoDB."""

    def __init__(self, session: Session, table: str) -> None:
        self._session = session
        self._table = table

    def of_day(self, day: date, *, after: str = "") -> Iterator[Sighting]:
        """Every payout whose latest step is of that date, by ascending id, from after one on.

        Raises:
            Corrupt: a row is not what a payout can be.
        """
        values = {"day": day.isoformat()}
        question: QueryInputTypeDef = {
            "TableName": self._table,
            "IndexName": INDEX,
            "KeyConditionExpression": "changed_on = :day",
        }
        if after:
            values["after"] = after
            question["KeyConditionExpression"] = "changed_on = :day AND transaction_id > :after"
        question["ExpressionAttributeValues"] = in_expression(values)
        while True:
            answer = self._session.call(self._session.client.query, **question)
            for item in answer["Items"]:
                yield sighting_from(item)
            if not answer.get("LastEvaluatedKey"):
                return
            question["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def sighting_from(item: Mapping[str, Any]) -> Sighting:
    """What the index shows of a payout, as DynamoDB writes it.

    Raises:
        Corrupt: the row is not what a payout can be.
    """
    with understood(f"the row of payout {item.get('transaction_id', {}).get('S')}"):
        return _sighting(item)


def _sighting(item: Mapping[str, Any]) -> Sighting:
    return Sighting(
        transaction_id=item["transaction_id"]["S"],
        status=Status(item["status"]["S"]),
        amount=_money(item["amount"]),
        rail=Rail(item["rail"]["S"]),
        attempt=int(item["attempt"]["N"]),
        created_on=_day(item["created_on"]["S"]),
        sent_on=_day(item["sent_on"]["S"]) if "sent_on" in item else None,
        last=Mark(_day(item["changed_on"]["S"]), int(item["version"]["N"]), item["last_hash"]["S"]),
        eve=eve_from(item["eve"]["S"]) if "eve" in item else None,
        fee=_money(item["fee"]) if "fee" in item else None,
        came_back=_money(item["came_back"]) if "came_back" in item else None,
        needs_person=item.get("attention_bucket") == {"S": ATTENTION},
    )


def _money(value: Mapping[str, str]) -> Money:
    return Money.exactly(Decimal(value["N"]))

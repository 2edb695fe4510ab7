"""What each subscription was last told here: marks of tokens in the control table, never tokens.

A mere hint. Without it, or where it cannot be read, a subscription is told the token once more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.readable import readable
from chalicelib.adapters.dynamo.session import Refused
from chalicelib.adapters.dynamo.understood import understood
from chalicelib.adapters.dynamo.values import Row, in_expression, instant, to_item
from chalicelib.domain.subscriptions import Token

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from chalicelib.adapters.dynamo.session import Session

TOLD = "told-token"
# Keys that one reading of many rows may name.
AT_ONCE = 100


class DynamoTokens:
    """The port `Tokens` on DynamoDB."""

    def __init__(self, session: Session, table: str) -> None:
        self._session = session
        self._table = table

    def told(self, subscription_ids: Collection[str]) -> Mapping[str, Token]:
        """What is remembered of them, by id."""
        ids, found = sorted(subscription_ids), dict[str, Token]()
        for start in range(0, len(ids), AT_ONCE):
            keys = [_key(each) for each in ids[start : start + AT_ONCE]]
            found |= readable(self._session.batch({self._table: keys})[self._table], told_from)
        return found

    def remember(self, subscription_id: str, token: Token, *, at: datetime) -> None:
        """Remember what one was told; an older memory gives way, a newer one stays."""
        row = {
            **_key(subscription_id),
            "subscription_id": subscription_id,
            "mark": token.mark,
            "changed_at": token.changed_at,
            "told_at": instant(at),
        }
        try:
            self._session.call(
                self._session.client.put_item,
                TableName=self._table,
                Item=to_item(row),
                ConditionExpression="attribute_not_exists(#key) OR told_at <= :at",
                ExpressionAttributeNames={"#key": "key"},
                ExpressionAttributeValues=in_expression({"at": instant(at)}),
            )
        except Refused:
            return


def told_from(row: Row) -> tuple[str, Token]:
    """A subscription's id, and what it was told, by its row.

    Raises:
        Corrupt: the row does not say.
    """
    with understood(f"the row {row.get('key')}"):
        return row["subscription_id"], Token(row["mark"], row.get("changed_at", ""))


def _key(subscription_id: str) -> Row:
    return {"key": f"{TOLD}#{subscription_id}"}

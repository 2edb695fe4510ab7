"""How far rounds have come: a row of the control table for each."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.session import Refused
from chalicelib.adapters.dynamo.values import in_expression, to_item

if TYPE_CHECKING:
    from chalicelib.adapters.dynamo.session import Session


class DynamoRounds:
    """The port `Rounds` on DynamoDB."""

    def __init__(self, session: Session, table: str) -> None:
        self._session = session
        self._table = table

    def position(self, name: str) -> str:
        """Where the round goes on; empty at its beginning."""
        row = self._session.row(self._table, {"key": _key(name)})
        return str(row.get("place", "")) if row else ""

    def move(self, name: str, position: str, *, was: str) -> None:
        """Go on from another position, unless somebody else has moved it since it was read."""
        never = "attribute_not_exists(place) OR " if not was else ""
        with suppress(Refused):
            self._session.call(
                self._session.client.update_item,
                TableName=self._table,
                Key=to_item({"key": _key(name)}),
                UpdateExpression="SET place = :place",
                ConditionExpression=f"{never}place = :was",
                ExpressionAttributeValues=in_expression({"place": position, "was": was}),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )


def _key(name: str) -> str:
    return f"round#{name}"

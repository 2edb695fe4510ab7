"""Who is paid at the same place: a row of the control table for each, with the ids of customers.

The place is known by a keyed fingerprint: the row tells no account. One that names nobody any more
goes by the table's own clock. Nothing is paid or refused by these rows alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.session import Refused
from chalicelib.adapters.dynamo.understood import understood
from chalicelib.adapters.dynamo.values import in_expression, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import UpdateItemInputTypeDef

    from chalicelib.adapters.dynamo.session import Session
    from chalicelib.adapters.dynamo.values import Row

PLACE = "payee#"
# What the name of the attribute begins with by which a customer is named.
CUSTOMER = "customer#"
# Customers who are named in one row, and so told of each other. Who comes later is told of them.
MOST = 10
# A time that is long over, in seconds since 1970: the row may go at once.
AT_ONCE = 1


class Places:
    """The rows of all places."""

    def __init__(self, session: Session, table: str) -> None:
        self._session = session
        self._table = table

    def sharing(self, place: str) -> frozenset[str]:
        """Ids of those who are paid there."""
        return _named(self._row(place))

    def share(self, place: str, customer_id: str) -> frozenset[str]:
        """Name a customer, once, unless very many are; all who are named then."""
        known = self.sharing(place)
        if customer_id in known or len(known) >= MOST:
            return known
        self._change(
            place, "SET #customer = :named REMOVE #gone ADD #version :one",
            {"#customer": CUSTOMER + customer_id, "#gone": "expires_at", "#version": "version"},
            {"named": True, "one": 1},
        )  # fmt: skip
        return self.sharing(place)

    def unshare(self, place: str, customer_id: str) -> None:
        """Name a customer no longer; let the row go if it names nobody else."""
        row = self._row(place)
        if customer_id in _named(row):
            self._change(
                place, "REMOVE #customer ADD #version :one",
                {"#customer": CUSTOMER + customer_id, "#version": "version"}, {"one": 1},
            )  # fmt: skip
            row = self._row(place)
        if row is not None and not _named(row):
            self._let_go(place, row)

    def _let_go(self, place: str, row: Row) -> None:
        """Unless somebody was named since it was read."""
        names = {"#gone": "expires_at", "#version": "version"}
        with understood(f"the row {row['key']}"):
            values = {"gone": AT_ONCE, "version": row["version"]}
        try:
            self._change(place, "SET #gone = :gone", names, values, condition="#version = :version")
        except Refused:
            return

    def _row(self, place: str) -> Row | None:
        return self._session.row(self._table, {"key": PLACE + place})

    def _change(
        self, place: str, change: str, names: dict[str, str], values: Row, *, condition: str = ""
    ) -> None:
        request: UpdateItemInputTypeDef = {
            "TableName": self._table,
            "Key": to_item({"key": PLACE + place}),
            "UpdateExpression": change,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": in_expression(values),
        }
        if condition:
            request["ConditionExpression"] = condition
        self._session.call(self._session.client.update_item, **request)


def _named(row: Row | None) -> frozenset[str]:
    names = (name for name in row or () if name.startswith(CUSTOMER))
    return frozenset(name.removeprefix(CUSTOMER) for name in names)

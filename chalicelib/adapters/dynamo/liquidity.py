"""What was last seen of the account at the provider: one row of the control table, a mere hint.

Refuses to be relied upon: whoever acts asks the provider, or finds out by trying. The row may be
deleted at any time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.session import Refused
from chalicelib.adapters.dynamo.understood import understood
from chalicelib.adapters.dynamo.values import (
    in_expression,
    instant,
    number,
    perhaps_moment,
    perhaps_money,
    to_item,
)
from chalicelib.domain.liquidity import Outlook
from chalicelib.domain.ways import Way

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb.type_defs import UpdateItemInputTypeDef

    from chalicelib.adapters.dynamo.session import Session
    from chalicelib.adapters.dynamo.values import Row
    from chalicelib.domain.money import Money

LIQUIDITY = "liquidity"
_COSTS = {way: f"cost_of_{way.name.lower()}" for way in Way}


def outlook_from(row: Row | None) -> Outlook:
    """What the row says was last seen; an empty outlook where nothing was.

    Raises:
        Corrupt: the row cannot be read.
    """
    told = row or {}
    with understood("the row of liquidity"):
        return Outlook(
            short_since=perhaps_moment(told.get("short_since")),
            available=perhaps_money(told.get("available")),
            seen_at=perhaps_moment(told.get("seen_at")),
            warned_at=perhaps_moment(told.get("warned_at")),
            turn_until=perhaps_moment(told.get("turn_until")),
            npp_limit=perhaps_money(told.get("npp_limit")),
            limit_seen_at=perhaps_moment(told.get("limit_seen_at")),
            costs=_costs(told),
            costs_seen_at=perhaps_moment(told.get("costs_seen_at")),
        )


def note_shortage(session: Session, table: str, *, at: datetime) -> None:
    """Say that payouts wait for funds, since when unless that is known."""
    session.call(
        session.client.update_item,
        TableName=table,
        Key=to_item({"key": LIQUIDITY}),
        UpdateExpression="SET short_since = if_not_exists(short_since, :at)",
        ExpressionAttributeValues=in_expression({"at": instant(at)}),
    )


class DynamoLiquidity:
    """The port `Liquidity` on DynamoDB."""

    def __init__(self, session: Session, table: str) -> None:
        self._session = session
        self._table = table

    def outlook(self) -> Outlook:
        """What was last seen (consistent); an empty outlook where nothing was."""
        return outlook_from(self._session.row(self._table, {"key": LIQUIDITY}))

    def take_turn(self, seen: Outlook, *, until: datetime) -> bool:
        """Begin to serve the line; whether nobody else has begun since `seen` was read."""
        values: Row = {"until": instant(until)}
        condition = "attribute_not_exists(turn_until)"
        if seen.turn_until is not None:
            values["seen"] = instant(seen.turn_until)
            condition = "turn_until = :seen"
        try:
            self._session.call(
                self._session.client.update_item,
                TableName=self._table,
                Key=to_item({"key": LIQUIDITY}),
                UpdateExpression="SET turn_until = :until",
                ConditionExpression=condition,
                ExpressionAttributeValues=in_expression(values),
            )
        except Refused:
            return False
        return True

    def keep(self, before: Outlook, after: Outlook) -> None:
        """Store what differs between the two, and leave the rest as it is by now."""
        was, now = _row(before), _row(after)
        told = {name: value for name, value in now.items() if value != was[name]}
        kept = {name: value for name, value in told.items() if value is not None}
        gone = [name for name, value in told.items() if value is None]
        if not told:
            return
        sets = "SET " + ", ".join(f"{name} = :{name}" for name in kept) if kept else ""
        removes = "REMOVE " + ", ".join(gone) if gone else ""
        request: UpdateItemInputTypeDef = {
            "TableName": self._table,
            "Key": to_item({"key": LIQUIDITY}),
            "UpdateExpression": f"{sets} {removes}".strip(),
        }
        if kept:
            request["ExpressionAttributeValues"] = in_expression(kept)
        self._session.call(self._session.client.update_item, **request)


def _costs(row: Row) -> dict[Way, Money]:
    """What each way was seen to cost, as far as the row says so."""
    told = {way: perhaps_money(row.get(name)) for way, name in _COSTS.items()}
    return {way: cost for way, cost in told.items() if cost is not None}


def _row(outlook: Outlook) -> Row:
    """Every attribute, `None` where it is not to be there."""
    times = {
        "short_since": outlook.short_since, "seen_at": outlook.seen_at,
        "warned_at": outlook.warned_at, "turn_until": outlook.turn_until,
        "limit_seen_at": outlook.limit_seen_at, "costs_seen_at": outlook.costs_seen_at,
    }  # fmt: skip
    amounts = {"available": outlook.available, "npp_limit": outlook.npp_limit}
    amounts |= {name: outlook.costs.get(way) for way, name in _COSTS.items()}
    row: Row = {name: instant(at) if at else None for name, at in times.items()}
    return row | {name: None if it is None else number(it) for name, it in amounts.items()}

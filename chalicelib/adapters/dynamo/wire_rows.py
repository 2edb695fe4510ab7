"""What is on the wire, in sixteen rows of the control table: each claim is written on one of them.

A row names each attempt that is being sent, one attribute for each, what left the wire last by each
rail, and the pauses that no claim may meet. So a pause needs sixteen writes, a claim asks for no
index, and no row is written by every payout.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.understood import understood
from chalicelib.adapters.dynamo.values import Row, in_expression, instant, moment, to_item
from chalicelib.domain.pause import EVERYTHING, customer_key, keys_of, rail_key
from chalicelib.domain.rails import Rail
from chalicelib.domain.wire import Execution, Passage, Sending, Wire, passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef, UpdateTypeDef

    from chalicelib.domain.step import Step

# The name of the part that a pause refuses, and that of what nothing refuses.
WIRE, LAST = "wire", "last execution"
SHARDS = tuple(f"wire#{number:02d}" for number in range(16))
# What left the wire last of a customer's.
LAST_OF = "sent#"
# What the names of attributes begin with, and in a customer's row that of the pause of theirs.
SENDING, LAST_BY, PAUSED = "sending#", "last#", "paused"


def shard(transaction_id: str) -> str:
    """The row of the wire that a payout is claimed on."""
    return SHARDS[zlib.crc32(transaction_id.encode()) % len(SHARDS)]


def paused_name(key: str) -> str:
    """The attribute of a row of the wire that says that a scope is paused."""
    return f"{PAUSED}#{key}"


def wire_parts(table: str, steps: Sequence[Step]) -> dict[str, TransactWriteItemTypeDef]:
    """What the steps change of the wire: nothing, a claim that a pause refuses, or its end."""
    told = passage(steps)
    if told is None:
        return {}
    if told.entered is not None:
        return {WIRE: _enter(table, told.entered)}
    parts = {WIRE: _leave(table, told)}
    if told.executed is not None:
        values = {"last": _execution_row(told.executed)}
        key = LAST_OF + told.payout.intent.customer_id
        parts[LAST] = _update(table, key, "SET #last = :last", {"#last": "last"}, values)
    return parts


def paused_from(
    row: Mapping[str, object] | None,
    customer: Mapping[str, object] | None,
    customer_id: str,
) -> frozenset[str]:
    """The keys of scopes that are paused, as the wire's row and the customer's tell."""
    keys = (EVERYTHING, *(rail_key(rail) for rail in Rail))
    found = {key for key in keys if paused_name(key) in (row or ())}
    return frozenset(found | ({customer_key(customer_id)} if PAUSED in (customer or ()) else set()))


def wire_from(rows: Iterable[Row]) -> Wire:
    """The wire, of all its rows.

    Raises:
        Corrupt: a row is none of it.
    """
    with understood("a row of the wire"):
        sendings: list[Sending] = []
        last: dict[Rail, Execution] = {}
        for row in rows:
            sendings += [_sending(each) for name, each in row.items() if name.startswith(SENDING)]
            for name in (name for name in row if name.startswith(LAST_BY)):
                rail, found = Rail(name.removeprefix(LAST_BY)), _execution(row[name])
                if rail not in last or last[rail].heard_at < found.heard_at:
                    last[rail] = found
    return Wire(tuple(sendings), last)


def last_from(row: Row | None) -> Execution | None:
    """What left the wire last of a customer's.

    Raises:
        Corrupt: the row does not say.
    """
    with understood(f"the row {row and row.get('key')}"):
        return _execution(row["last"]) if row else None


def _enter(table: str, sending: Sending) -> TransactWriteItemTypeDef:
    everything, rail, _ = keys_of(sending.rail, sending.customer_id)
    names = {
        "#sending": SENDING + sending.transaction_id, "#everything": paused_name(everything),
        "#rail": paused_name(rail),
    }  # fmt: skip
    kept = {
        "transaction_id": sending.transaction_id, "reference": sending.reference,
        "customer_id": sending.customer_id, "rail": str(sending.rail),
        "since": instant(sending.since),
    }  # fmt: skip
    return _update(
        table, shard(sending.transaction_id), "SET #sending = :sending", names, {"sending": kept},
        condition="attribute_not_exists(#everything) AND attribute_not_exists(#rail)",
    )  # fmt: skip


def _leave(table: str, told: Passage) -> TransactWriteItemTypeDef:
    own = told.payout.transaction_id
    names, values, change = {"#sending": SENDING + own}, {}, "REMOVE #sending"
    if told.executed is not None:
        names["#last"] = LAST_BY + told.executed.rail
        values["last"] = _execution_row(told.executed)
        change = "SET #last = :last REMOVE #sending"
    return _update(table, shard(own), change, names, values)


def _update(
    table: str,
    key: str,
    change: str,
    names: dict[str, str],
    values: Row,
    *,
    condition: str = "",
) -> TransactWriteItemTypeDef:
    update: UpdateTypeDef = {
        "TableName": table,
        "Key": to_item({"key": key}),
        "UpdateExpression": change,
        "ExpressionAttributeNames": names,
    }
    if values:
        update["ExpressionAttributeValues"] = in_expression(values)
    if condition:
        update["ConditionExpression"] = condition
    return {"Update": update}


def _execution_row(told: Execution) -> Row:
    return {
        "transaction_id": told.transaction_id, "reference": told.reference,
        "rail": str(told.rail), "started_at": instant(told.started_at),
        "heard_at": instant(told.heard_at), "certain": told.certain,
    }  # fmt: skip


def _sending(row: Row) -> Sending:
    return Sending(
        row["transaction_id"], row["reference"], row["customer_id"], Rail(row["rail"]),
        moment(row["since"]),
    )  # fmt: skip


def _execution(row: Row) -> Execution:
    return Execution(
        row["transaction_id"], row["reference"], Rail(row["rail"]), moment(row["started_at"]),
        moment(row["heard_at"]), certain=row["certain"],
    )  # fmt: skip

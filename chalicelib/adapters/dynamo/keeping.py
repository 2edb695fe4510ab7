"""What becomes of payouts that are archived: small rows, and a time to go for their steps.

A step gets its time only in one transaction with the proof that the payout's row says where it
lies. And the one row of the sweep that archives them.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.parts import new_row, versioned_row
from chalicelib.adapters.dynamo.payout_rows import payout_from
from chalicelib.adapters.dynamo.session import ROW, Refused
from chalicelib.adapters.dynamo.understood import understood
from chalicelib.adapters.dynamo.values import from_item, in_expression, to_item
from chalicelib.domain.archive import Sweep
from chalicelib.domain.errors import Corrupt, Stale

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from mypy_boto3_dynamodb.type_defs import (
        ConditionCheckTypeDef,
        TransactWriteItemTypeDef,
        UpdateTypeDef,
    )

    from chalicelib.adapters.dynamo.client import Tables
    from chalicelib.adapters.dynamo.session import Session
    from chalicelib.adapters.dynamo.values import Row
    from chalicelib.domain.payout import Payout
    from chalicelib.domain.recorded import Recorded

SWEEP = "archive#cursor"
# A transaction has room for a hundred parts, and one is the payout's.
AT_ONCE = 99
PAYOUT = "payout"


def shrink(session: Session, part: TransactWriteItemTypeDef, after: Payout) -> None:
    """Put the small payout, under the condition of its part.

    Raises:
        Stale: the payout is not as it was read.
    """
    try:
        session.call(session.client.put_item, **part["Put"])
    except Refused as refused:
        row = refused.found[ROW]
        if not refused.in_doubt or row is None or payout_from(row) != after:
            raise Stale("The payout is not as it was read.") from refused


def expire(
    session: Session,
    tables: Tables,
    transaction_id: str,
    steps: Sequence[Recorded],
    *,
    at: datetime,
) -> None:
    """Give steps their time, some at once; those that are gone already are left out.

    Raises:
        Stale, Corrupt: as the port says.
    """
    through = steps[-1].sequence
    left = {f"step {each.sequence}": each for each in steps}
    while left:
        some = dict(list(left.items())[:AT_ONCE])
        gone = _expire(session, tables, (transaction_id, through), some, at)
        done = gone or list(some)
        left = {name: each for name, each in left.items() if name not in done}


def _expire(
    session: Session,
    tables: Tables,
    proof: tuple[str, int],
    some: Mapping[str, Recorded],
    at: datetime,
) -> list[str]:
    """All of them or none; the names of those that are gone, where that is why none."""
    transaction_id, through = proof
    parts = {PAYOUT: _is_archived(tables.transactions, transaction_id, through)}
    for name, step in some.items():
        parts[name] = _goes(tables.events, transaction_id, step, at)
    try:
        # Sent again it is the same: a time that is set stays as it is.
        session.transact(parts, recognise=lambda: False)
    except Refused as refused:
        if PAYOUT in refused.found:
            raise Stale("The payout does not say where these steps lie.") from refused
        if any(row is not None for row in refused.found.values()):
            raise Corrupt(f"a step of payout {transaction_id}") from refused
        return list(refused.found)
    return []


def _is_archived(table: str, transaction_id: str, through: int) -> TransactWriteItemTypeDef:
    check: ConditionCheckTypeDef = {
        "TableName": table,
        "Key": to_item({"transaction_id": transaction_id}),
        "ConditionExpression": "archived >= :through",
        "ExpressionAttributeValues": in_expression({"through": through}),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    return {"ConditionCheck": check}


def _goes(
    table: str, transaction_id: str, step: Recorded, at: datetime
) -> TransactWriteItemTypeDef:
    update: UpdateTypeDef = {
        "TableName": table,
        "Key": to_item({"account": transaction_id, "sequence": step.sequence}),
        "UpdateExpression": "SET expires_at = if_not_exists(expires_at, :at)",
        "ConditionExpression": "#hash = :hash",
        "ExpressionAttributeNames": {"#hash": "hash"},
        "ExpressionAttributeValues": in_expression({"at": int(at.timestamp()), "hash": step.hash}),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    return {"Update": update}


class DynamoSweeps:
    """The port `Sweeps` on DynamoDB."""

    def __init__(self, session: Session, table: str) -> None:
        self._session = session
        self._table = table

    def get(self) -> Sweep | None:
        """How far it has come."""
        row = self._session.row(self._table, {"key": SWEEP})
        return sweep_from(row) if row else None

    def save(self, sweep: Sweep) -> Sweep:
        """Keep how far it has come, on top of the version that was read."""
        row = {
            "key": SWEEP, "day": sweep.day.isoformat(), "after": sweep.after,
            "unsettled": sweep.unsettled, "version": sweep.version + 1,
        }  # fmt: skip
        if sweep.version:
            part = versioned_row(self._table, row, version=sweep.version)
        else:
            part = new_row(self._table, row, key="key")
        try:
            self._session.call(self._session.client.put_item, **part["Put"])
        except Refused as refused:
            if not refused.in_doubt or refused.found[ROW] != from_item(to_item(row)):
                raise Stale("Somebody else sweeps.") from refused
        return sweep_from(row)


def sweep_from(row: Row) -> Sweep:
    """How far the sweep has come, by its row.

    Raises:
        Corrupt: the row does not say.
    """
    with understood("the row of the sweep"):
        return Sweep(
            date.fromisoformat(row["day"]), row.get("after", ""), row.get("unsettled", ""),
            int(row["version"]),
        )  # fmt: skip

"""What an approver has agreed to, and credits that wait for one, as rows of the control table.

A credit's request is listed only while it waits, and stays for good.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.credit_rows import credit_columns, credit_from
from chalicelib.adapters.dynamo.parts import new_row, versioned_row
from chalicelib.adapters.dynamo.understood import understood
from chalicelib.adapters.dynamo.values import (
    Row,
    instant,
    moment,
    perhaps_instant,
    perhaps_moment,
)
from chalicelib.domain.approver_day import ApproverDay
from chalicelib.domain.credit_request import CreditRequest, CreditStage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

APPROVER, REQUEST = "approver#", "credit-request#"
# The partition of the index `listing` that holds what waits.
WAITING = "credit-request#waiting"


def day_part(table: str, day: ApproverDay) -> TransactWriteItemTypeDef:
    """Put an approver's day in the place of the one that was read."""
    row = {"key": APPROVER + day.by, "version": day.version, "hours": dict(day.hours)}
    return _next(table, row, day.version)


def day_from(row: Row | None, by: str) -> ApproverDay:
    """An approver's day; an empty one where they never agreed to anything.

    Raises:
        Corrupt: the row is none.
    """
    if row is None:
        return ApproverDay(by)
    with understood(f"the row {row.get('key')}"):
        hours = {hour: int(cents) for hour, cents in row["hours"].items()}
        return ApproverDay(by, int(row["version"]), hours)


def request_part(table: str, request: CreditRequest) -> TransactWriteItemTypeDef:
    """Put a request: a new one, or in the place of the version before."""
    return _next(table, request_row(request), request.version)


def request_row(it: CreditRequest) -> Row:
    """The row of a request."""
    credit = it.credit
    listed: Row = {
        "listing": WAITING,
        "about": REQUEST + credit.customer_id,
        "listed_at": instant(credit.created_at),
    }
    return {
        "key": REQUEST + it.credit_id,
        **credit_columns(credit),
        "lapses_at": instant(it.lapses_at),
        "policy_version": it.policy_version,
        "stage": str(it.stage),
        "version": it.version,
        "decided_by": it.decided_by,
        "decided_at": perhaps_instant(it.decided_at),
        "word": it.word,
        **(listed if it.waits else {}),
    }


def request_from(row: Row) -> CreditRequest:
    """The request of a row.

    Raises:
        Corrupt: the row is none.
    """
    with understood(f"the row {row.get('key')}"):
        return CreditRequest(
            credit_from(row["key"].removeprefix(REQUEST), row),
            lapses_at=moment(row["lapses_at"]),
            policy_version=int(row["policy_version"]),
            stage=CreditStage(row["stage"]),
            version=int(row["version"]),
            decided_by=row.get("decided_by", ""),
            decided_at=perhaps_moment(row.get("decided_at")),
            word=row.get("word", ""),
        )


def _next(table: str, row: Row, version: int) -> TransactWriteItemTypeDef:
    if version == 1:
        return new_row(table, row, key="key")
    return versioned_row(table, row, version=version - 1)

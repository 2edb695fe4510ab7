"""A notice as a row of the control table, found by its day and by what it is about.

The body is compressed. Only what was kept whole comes back as it was: a list leaves bodies out.
"""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.understood import understood
from chalicelib.adapters.dynamo.values import binary, in_expression, instant, moment, to_item
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.notices import Notice

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef, UpdateTypeDef

    from chalicelib.adapters.dynamo.values import Row

NOTICE = "notice"
YES, NO = "yes", "no"


def key_of(notice_id: str) -> Row:
    """The key of a notice's row."""
    return {"key": f"{NOTICE}#{notice_id}"}


def notice_row(notice: Notice) -> Row:
    """The row of a notice; that of a line is listed by what it is about, not by its day."""
    shown = YES if notice.authentic else NO
    listed = "" if notice.part_of else f"{NOTICE}#{sydney_date(notice.received_at).isoformat()}"
    return {
        **key_of(notice.notice_id),
        "listing": listed,
        "about": about(notice.reference) if notice.reference else "",
        "listed_at": instant(notice.received_at),
        "notice_key": notice.key,
        "event_name": notice.event_name,
        "origin": origin(notice.event_name, authentic=notice.authentic),
        "authentic": shown,
        "webhook_id": notice.webhook_id,
        "received_at": instant(notice.received_at),
        "raw": zlib.compress(notice.raw),
        "reference": notice.reference,
        "outcome": notice.outcome,
        "transaction_id": notice.transaction_id,
        "findings": list(notice.findings) or None,
        "part_of": notice.part_of,
        "expires_at": seconds(notice.expires_at) if notice.expires_at else None,
    }


def notice_of(row: Row, *, whole: bool) -> Notice:
    """The notice of a row; its body only if it is wanted `whole`.

    Raises:
        Corrupt: the row is not what a notice can be.
    """
    with understood(f"the row of {row.get('key')}"):
        return _notice(row, whole=whole)


def _notice(row: Row, *, whole: bool) -> Notice:
    until = row.get("expires_at")
    return Notice(
        key=row["notice_key"],
        event_name=row.get("event_name", ""),
        webhook_id=row.get("webhook_id", ""),
        received_at=moment(row["received_at"]),
        raw=zlib.decompress(binary(row["raw"])) if whole else b"",
        reference=row.get("reference", ""),
        outcome=row.get("outcome", ""),
        transaction_id=row.get("transaction_id", ""),
        findings=tuple(row.get("findings", ())),
        authentic=row["authentic"] == YES,
        part_of=row.get("part_of", ""),
        expires_at=None if until is None else datetime.fromtimestamp(int(until), UTC),
    )


def about(reference: str) -> str:
    """The partition of all notices about a reference."""
    return f"{NOTICE}#{reference}"


def origin(event_name: str, *, authentic: bool) -> str:
    """Event and authenticity as one text, for one filter."""
    return f"{YES if authentic else NO}#{event_name}"


def seconds(until: datetime) -> int:
    """A moment as the table's own expiry wants it: whole seconds since 1970."""
    return int(until.timestamp())


def without_body(table: str, notice_id: str) -> UpdateTypeDef:
    """Put nothing in the place of a notice's body, if it is there and has one."""
    return {
        "TableName": table,
        "Key": to_item(key_of(notice_id)),
        "UpdateExpression": "SET #raw = :nothing",
        "ConditionExpression": "attribute_exists(#key) AND #raw <> :nothing",
        "ExpressionAttributeNames": {"#key": "key", "#raw": "raw"},
        "ExpressionAttributeValues": in_expression({"nothing": zlib.compress(b"")}),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def heard_after_all(table: str, notice: Notice) -> TransactWriteItemTypeDef:
    """Say of a notice that was kept before what it did at last."""
    told = {"outcome": notice.outcome}
    told |= {"transaction_id": notice.transaction_id} if notice.transaction_id else {}
    update: UpdateTypeDef = {
        "TableName": table,
        "Key": to_item(key_of(notice.notice_id)),
        "UpdateExpression": "SET " + ", ".join(f"#{name} = :{name}" for name in told),
        "ConditionExpression": "attribute_exists(#key)",
        "ExpressionAttributeNames": {"#key": "key", **{f"#{name}": name for name in told}},
        "ExpressionAttributeValues": in_expression(told),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    return {"Update": update}

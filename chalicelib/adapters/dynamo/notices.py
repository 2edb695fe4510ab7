"""Webhooks that were kept and dead letters that were parked: rows of the control table, no TTL.

Bodies are personal: they are kept whole and compressed, and never leave by a list.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.listing import Index, Wanted, read_page
from chalicelib.adapters.dynamo.parts import new_row
from chalicelib.adapters.dynamo.session import ROW, Refused
from chalicelib.adapters.dynamo.values import Row, from_item, instant, moment, to_item
from chalicelib.ports import Page, Parked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from chalicelib.adapters.dynamo.session import Session
    from chalicelib.domain.notices import DeadLetter, Notice

NOTICE = "notice"
PARKED = "parked"


def transact_keeping(
    session: Session,
    control: str,
    parts: Mapping[str, TransactWriteItemTypeDef],
    notice: Notice | None,
    *,
    recognise: Callable[[], bool],
) -> None:
    """Write the parts, and the notice with them.

    Where nothing but the notice is refused it was kept before, when it could not be applied: then
    the parts are written without it.

    Raises:
        Refused: other parts were.
        StoreUnavailable: whether they were written is not known.
    """
    if notice is not None:
        put = new_row(control, _notice_row(notice), key="key")
        try:
            return session.transact({**parts, NOTICE: put}, recognise=recognise)
        except Refused as refused:
            if set(refused.found) != {NOTICE}:
                raise
    return session.transact(parts, recognise=recognise)


class DynamoNotices:
    """The port `Notices` on DynamoDB."""

    def __init__(self, session: Session, table: str) -> None:
        self._session = session
        self._table = table

    def keep(self, notice: Notice) -> bool:
        """Keep a notice that caused no step; whether it is new (a repeat changes nothing)."""
        return self._put(_notice_row(notice))

    def known(self, key: str) -> bool:
        """Whether a notice of that key was kept."""
        answer = self._session.call(
            self._session.client.get_item,
            TableName=self._table,
            Key=to_item({"key": f"{NOTICE}#{key}"}),
            ConsistentRead=True,
            ProjectionExpression="#key",
            ExpressionAttributeNames={"#key": "key"},
        )
        return "Item" in answer

    def park(self, letter: DeadLetter, *, key: str, at: datetime) -> None:
        """Put a dead letter before a person, without limit of time; again is no failure."""
        self._put(
            {
                "key": f"{PARKED}#{key}",
                "attention_bucket": PARKED,
                "attention_since": instant(at),
                "event_name": letter.event_name,
                "webhook_id": letter.webhook_id,
                "raw": zlib.compress(letter.raw),
                "received_at": instant(letter.received_at),
                "error": letter.error,
                "attempts": letter.attempts,
                "reference": letter.reference,
                "request_id": letter.request_id,
            }
        )

    def parked(self, *, limit: int, position: Mapping[str, str] | None) -> Page[Parked]:
        """Parked dead letters, the oldest first; may lag behind by a moment."""
        index = Index(self._table, "attention", "attention_bucket", "attention_since", "key")
        rows, rest = read_page(
            self._session, index, Wanted([PARKED]), limit=limit, position=position
        )
        return Page([_parked(row) for row in rows], rest)

    def _put(self, row: Row) -> bool:
        """Put a new row; whether it was new. One of ours that got no answer is new, too."""
        part = new_row(self._table, row, key="key")
        try:
            self._session.call(self._session.client.put_item, **part["Put"])
        except Refused as refused:
            return refused.in_doubt and refused.found[ROW] == from_item(to_item(row))
        return True


def _notice_row(notice: Notice) -> Row:
    return {
        "key": f"{NOTICE}#{notice.key}",
        "event_name": notice.event_name,
        "webhook_id": notice.webhook_id,
        "received_at": instant(notice.received_at),
        "raw": zlib.compress(notice.raw),
        "reference": notice.reference,
        "outcome": notice.outcome,
    }


def _parked(row: Row) -> Parked:
    return Parked(
        key=row["key"].removeprefix(f"{PARKED}#"),
        event_name=row.get("event_name", ""),
        error=row.get("error", ""),
        attempts=int(row["attempts"]),
        reference=row.get("reference", ""),
        parked_at=moment(row["attention_since"]),
    )

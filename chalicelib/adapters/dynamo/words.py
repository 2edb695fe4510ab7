"""Counters of unmapped texts: a row of the control table for each, at most `MOST` of them.

Best effort by design. One try, no retries; after a failure nothing is tried for a while, so that a
store in trouble is neither asked more nor waited for. Keyed by the digest of what is kept, which is
masked before it comes here: the digest cannot tell more than the text.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.listing import Wanted, listings, read_page
from chalicelib.adapters.dynamo.readable import page_of
from chalicelib.adapters.dynamo.session import Refused, Session
from chalicelib.adapters.dynamo.values import Row, in_expression, instant, moment, to_item
from chalicelib.ports import Page, Unmapped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from chalicelib.ports import Clock

UNMAPPED = "unmapped"
# Texts that are counted; what comes beyond is let go until somebody has made the table longer.
MOST = 500
# How long nothing is counted after the store failed to.
QUIET = timedelta(minutes=5)


class DynamoWords:
    """The port `Words` on DynamoDB."""

    def __init__(self, session: Session, table: str, *, clock: Clock, most: int = MOST) -> None:
        self._session = session
        self._once = Session(session.client, within=0)
        self._table = table
        self._clock = clock
        self._most = most
        self._quiet_until: float | None = None

    def count(self, text: str, *, example: str, at: datetime) -> None:
        """Count a masked text, or let it be: never raises, and never tries twice."""
        now = self._clock.monotonic()
        if self._quiet_until is not None and now < self._quiet_until:
            return
        try:
            if not self._again(text, example, at):
                self._first(text, example, at)
        except Exception:  # noqa: BLE001 (whatever it was, what is counted here is worth no news)
            self._quiet_until = now + QUIET.total_seconds()

    def page(self, *, limit: int, position: Mapping[str, str] | None) -> Page[Unmapped]:
        """What was counted, the longest known first; may lag."""
        rows, after = read_page(
            self._session, listings(self._table), Wanted([UNMAPPED]), limit=limit, position=position
        )
        return page_of(rows, after, _unmapped_from)

    def _again(self, text: str, example: str, at: datetime) -> bool:
        """Whether it has a row, which then counts one more."""
        try:
            self._once.call(
                self._once.client.update_item,
                TableName=self._table,
                Key=to_item({"key": counted_key(text)}),
                UpdateExpression="SET last_seen = :at, example = :example ADD heard :one",
                ConditionExpression="attribute_exists(heard)",
                ExpressionAttributeValues=in_expression(
                    {"at": instant(at), "example": example, "one": 1}
                ),
            )
        except Refused:
            return False
        return True

    def _first(self, text: str, example: str, at: datetime) -> None:
        """Give it a row, if there are not too many."""
        row = {
            "key": counted_key(text), "text": text, "heard": 1, "example": example,
            "last_seen": instant(at), "listing": UNMAPPED, "listed_at": instant(at),
        }  # fmt: skip
        parts: dict[str, TransactWriteItemTypeDef] = {
            "text": {
                "Put": {
                    "TableName": self._table,
                    "Item": to_item(row),
                    "ConditionExpression": "attribute_not_exists(heard)",
                }
            },
            "all": {
                "Update": {
                    "TableName": self._table,
                    "Key": to_item({"key": UNMAPPED}),
                    "UpdateExpression": "ADD texts :one",
                    "ConditionExpression": "attribute_not_exists(texts) OR texts < :most",
                    "ExpressionAttributeValues": in_expression({"one": 1, "most": self._most}),
                }
            },
        }
        try:
            self._once.transact(parts, recognise=lambda: True)
        except Refused as refused:
            if "text" in refused.found:  # somebody heard it at the same moment
                self._again(text, example, at)


def counted_key(text: str) -> str:
    """The key of the counter of a masked text."""
    return f"{UNMAPPED}#{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def _unmapped_from(row: Row) -> Unmapped:
    return Unmapped(
        row["text"], int(row["heard"]), moment(row["listed_at"]), moment(row["last_seen"]),
        row["example"],
    )  # fmt: skip

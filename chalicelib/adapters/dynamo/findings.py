"""Differences that a person has to understand: rows of the control table, each written once.

A finding is opened once and ends once. With the last of those that hang on a webhook's notice the
notice is let go, and not before.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.listing import Wanted, listings, read_page
from chalicelib.adapters.dynamo.notice_rows import key_of, seconds
from chalicelib.adapters.dynamo.parts import new_row
from chalicelib.adapters.dynamo.session import ROW, Refused
from chalicelib.adapters.dynamo.values import (
    Row,
    in_expression,
    instant,
    moment,
    perhaps_instant,
    perhaps_moment,
    perhaps_money,
    perhaps_number,
    to_item,
)
from chalicelib.domain.errors import Stale
from chalicelib.domain.findings import Finding, Kind
from chalicelib.domain.notices import KEPT
from chalicelib.ports import Found, Page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from chalicelib.adapters.dynamo.session import Session

OPEN, RESOLVED = "finding#open", "finding#resolved"
# Keys that one reading of many rows may name.
AT_ONCE = 100


class DynamoFindings:
    """The port `Findings` on DynamoDB."""

    def __init__(self, session: Session, table: str) -> None:
        self._session = session
        self._table = table

    def open(self, finding: Finding) -> bool:
        """Keep a finding; whether it is new (the same again, open or resolved, changes nothing)."""
        own = str(uuid.uuid4())
        part = new_row(self._table, {**_row(finding), "opened_by": own}, key="key")
        try:
            self._session.call(self._session.client.put_item, **part["Put"])
        except Refused as refused:
            found = refused.found[ROW]
            return refused.in_doubt and found is not None and found.get("opened_by") == own
        return True

    def find(self, finding: Finding) -> Found:
        """Keep what a night has found; one that was resolved before is open again."""
        if self.open(finding):
            return Found.NEW
        try:
            self._session.call(
                self._session.client.put_item,
                TableName=self._table,
                Item=to_item(_row(finding)),
                ConditionExpression="attribute_exists(resolved_at)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except Refused:
            return Found.KNOWN
        return Found.REOPENED

    def get(self, finding_id: str) -> Finding | None:
        """The finding as it is now."""
        row = self._session.row(self._table, _key(finding_id))
        return None if row is None else _finding(row)

    def resolve(self, finding: Finding) -> None:
        """Keep how an open finding ended; again with the same end is no failure."""
        if finding.resolved_at is None:
            raise ValueError("it has not ended")
        try:
            self._session.call(
                self._session.client.put_item,
                TableName=self._table,
                Item=to_item(_row(finding)),
                ConditionExpression="attribute_exists(#key) AND attribute_not_exists(resolved_at)",
                ExpressionAttributeNames={"#key": "key"},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except Refused as refused:
            found = refused.found[ROW]
            if found is None or _finding(found) != finding:
                raise Stale("The finding is not open any more.") from refused
        if finding.notice_id:
            self._let_go(finding.notice_id, finding.resolved_at)

    def page(
        self, *, resolved: bool, limit: int, position: Mapping[str, str] | None
    ) -> Page[Finding]:
        """Open findings, the oldest first, or resolved ones, the newest first; may lag."""
        index = listings(self._table)
        wanted = Wanted([RESOLVED if resolved else OPEN], newest_first=resolved)
        rows, rest = read_page(self._session, index, wanted, limit=limit, position=position)
        return Page([_finding(row) for row in rows], rest)

    def _let_go(self, notice_id: str, at: datetime) -> None:
        """Let a notice expire if nothing hangs on it any more.

        Looked for after the write: of two who resolve at once, the later one sees both.
        """
        row = self._session.row(self._table, key_of(notice_id))
        if row is None or "expires_at" in row or self._any_open(row.get("findings", ())):
            return
        try:
            self._session.call(
                self._session.client.update_item,
                TableName=self._table,
                Key=to_item(key_of(notice_id)),
                UpdateExpression="SET expires_at = :until",
                ConditionExpression="attribute_exists(#key) AND attribute_not_exists(expires_at)",
                ExpressionAttributeNames={"#key": "key"},
                ExpressionAttributeValues=in_expression({"until": seconds(at + KEPT)}),
            )
        except Refused:
            return

    def _any_open(self, ids: Sequence[str]) -> bool:
        for first in range(0, len(ids), AT_ONCE):
            keys = [_key(each) for each in ids[first : first + AT_ONCE]]
            rows = self._session.batch({self._table: keys})[self._table]
            if any("resolved_at" not in row for row in rows):
                return True
        return False


def _key(finding_id: str) -> Row:
    return {"key": f"finding#{finding_id}"}


def _row(finding: Finding) -> Row:
    return {
        **_key(finding.finding_id),
        "listing": OPEN if finding.is_open else RESOLVED,
        "listed_at": instant(finding.resolved_at or finding.found_at),
        "kind": str(finding.kind),
        "subject": finding.subject,
        "found_at": instant(finding.found_at),
        "detail": finding.detail,
        "amount": perhaps_number(finding.amount),
        "resolved_at": perhaps_instant(finding.resolved_at),
        "resolved_by": finding.resolved_by,
        "reason": finding.reason,
        "reference": finding.reference,
        "notice_id": finding.notice_id,
        "ours": finding.ours,
        "theirs": finding.theirs,
    }


def _finding(row: Row) -> Finding:
    return Finding(
        kind=Kind(row["kind"]),
        subject=row["subject"],
        found_at=moment(row["found_at"]),
        detail=row.get("detail", ""),
        amount=perhaps_money(row.get("amount")),
        resolved_at=perhaps_moment(row.get("resolved_at")),
        resolved_by=row.get("resolved_by", ""),
        reason=row.get("reason", ""),
        reference=row.get("reference", ""),
        notice_id=row.get("notice_id", ""),
        ours=row.get("ours", ""),
        theirs=row.get("theirs", ""),
    )

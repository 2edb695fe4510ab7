"""Differences that a person has to understand: rows of the control table.

A finding is opened once. Every change takes the place of the version that it was made from, and of
nothing else, so none is lost. With the last of those that hang on a webhook's notice the notice is
let go, and not before.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.dynamo.finding_rows import (
    OPEN,
    RESOLVED,
    finding_from,
    finding_row,
    key_of,
)
from chalicelib.adapters.dynamo.listing import Wanted, listings, read_page
from chalicelib.adapters.dynamo.notice_rows import key_of as notice_key
from chalicelib.adapters.dynamo.notice_rows import seconds
from chalicelib.adapters.dynamo.parts import new_row
from chalicelib.adapters.dynamo.readable import page_of
from chalicelib.adapters.dynamo.session import ROW, Refused
from chalicelib.adapters.dynamo.values import in_expression, to_item
from chalicelib.domain.casework import reopened
from chalicelib.domain.errors import Stale
from chalicelib.domain.notices import KEPT
from chalicelib.ports import FindingFilter, Found, Page
from chalicelib.ports.findings import ANY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from chalicelib.adapters.dynamo.session import Session
    from chalicelib.adapters.dynamo.values import Row
    from chalicelib.domain.findings import Finding

# Keys that one reading of many rows may name.
AT_ONCE = 100
# How often a night looks again at a finding that people are changing at that moment.
TRIES = 5


class DynamoFindings:
    """The port `Findings` on DynamoDB."""

    def __init__(self, session: Session, table: str) -> None:
        self._session = session
        self._table = table

    def open(self, finding: Finding) -> bool:
        """Keep a finding; whether it is new (the same again, open or resolved, changes nothing)."""
        own = str(uuid.uuid4())
        part = new_row(self._table, {**finding_row(finding), "opened_by": own}, key="key")
        try:
            self._session.call(self._session.client.put_item, **part["Put"])
        except Refused as refused:
            found = refused.found[ROW]
            return refused.in_doubt and found is not None and found.get("opened_by") == own
        return True

    def find(self, finding: Finding) -> Found:
        """Keep what a night has found; one that was resolved before it was seen is open again."""
        for _ in range(TRIES):
            known = self.get(finding.finding_id)
            if known is None:
                if self.open(finding):
                    return Found.NEW
                continue
            again = reopened(known, finding)
            if again is known:
                return Found.KNOWN
            if self._put(known, again) is None:
                return Found.REOPENED
        raise Stale("The finding is changed again and again.")

    def get(self, finding_id: str) -> Finding | None:
        """The finding as it is now."""
        row = self._session.row(self._table, key_of(finding_id))
        return None if row is None else finding_from(row)

    def write(self, finding: Finding) -> None:
        """Keep a change in the place of the version that was read."""
        if self._put(finding, finding) is not None:
            raise Stale("The finding is not as it was read.")

    def resolve(self, finding: Finding) -> None:
        """Keep how an open finding ended; again with the same end is no failure."""
        if finding.resolved_at is None:
            raise ValueError("it has not ended")
        refused = self._put(replace(finding, resolved_at=None), finding)
        if refused is not None:
            found = refused.found[ROW]
            if found is None or finding_from(found) != finding:
                raise Stale("The finding is not open any more, or not as it was read.") from refused
        if finding.notice_id:
            self._let_go(finding.notice_id, finding.resolved_at)

    def page(
        self,
        *,
        resolved: bool,
        limit: int,
        position: Mapping[str, str] | None,
        wanted: FindingFilter = ANY,
    ) -> Page[Finding]:
        """Open findings, the oldest first, or resolved ones, the newest first; may lag."""
        if wanted.kinds is not None and not wanted.kinds:
            return Page([])
        asked = Wanted(
            [RESOLVED if resolved else OPEN],
            newest_first=resolved,
            only=None if wanted.kinds is None else ("kind", sorted(map(str, wanted.kinds))),
            also=("assigned_to", [wanted.assigned_to]) if wanted.assigned_to else None,
            without="assigned_to" if wanted.unassigned else "",
        )
        index = listings(self._table)
        rows, rest = read_page(self._session, index, asked, limit=limit, position=position)
        return page_of(rows, rest, finding_from)

    def _put(self, before: Finding, after: Finding) -> Refused | None:
        """Put a finding in the place of the one that was read; `None`: it is there.

        Whether it is open is a condition of its own: a version of this service that counts no
        changes may have resolved it.
        """
        own = str(uuid.uuid4())
        row = {**finding_row(replace(after, version=before.version + 1)), "written_by": own}
        exists = "attribute_not_exists" if before.is_open else "attribute_exists"
        counted = "version = :version" if before.version else "attribute_not_exists(version)"
        known: Any = {"version": before.version} if before.version else {}
        values: Any = {"ExpressionAttributeValues": in_expression(known)} if known else {}
        try:
            self._session.call(
                self._session.client.put_item,
                TableName=self._table,
                Item=to_item(row),
                ConditionExpression=" AND ".join(
                    ("attribute_exists(#key)", counted, f"{exists}(resolved_at)")
                ),
                ExpressionAttributeNames={"#key": "key"},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **values,
            )
        except Refused as refused:
            found = refused.found[ROW]
            lost = refused.in_doubt and found is not None and found.get("written_by") == own
            return None if lost else refused
        return None

    def _let_go(self, notice_id: str, at: datetime) -> None:
        """Let a notice expire if nothing hangs on it any more.

        Looked for after the write: of two who resolve at once, the later one sees both.
        """
        row = self._session.row(self._table, notice_key(notice_id))
        if row is None or "expires_at" in row or self._any_open(row.get("findings", ())):
            return
        try:
            self._session.call(
                self._session.client.update_item,
                TableName=self._table,
                Key=to_item(notice_key(notice_id)),
                UpdateExpression="SET expires_at = :until",
                ConditionExpression="attribute_exists(#key) AND attribute_not_exists(expires_at)",
                ExpressionAttributeNames={"#key": "key"},
                ExpressionAttributeValues=in_expression({"until": seconds(at + KEPT)}),
            )
        except Refused:
            return

    def _any_open(self, ids: Sequence[str]) -> bool:
        for first in range(0, len(ids), AT_ONCE):
            keys = [key_of(each) for each in ids[first : first + AT_ONCE]]
            rows: list[Row] = self._session.batch({self._table: keys})[self._table]
            if any("resolved_at" not in row for row in rows):
                return True
        return False

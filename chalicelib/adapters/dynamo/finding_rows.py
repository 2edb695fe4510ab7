"""Findings as rows of the control table.

A row that was written by a version before this one has no history and no version: it counts as 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.understood import understood
from chalicelib.adapters.dynamo.values import (
    Row,
    instant,
    moment,
    perhaps_instant,
    perhaps_moment,
    perhaps_money,
    perhaps_number,
)
from chalicelib.domain.findings import Deed, Entry, Finding, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

OPEN, RESOLVED = "finding#open", "finding#resolved"


def key_of(finding_id: str) -> Row:
    """The key of a finding's row."""
    return {"key": f"finding#{finding_id}"}


def finding_row(finding: Finding) -> Row:
    """The row of a finding; one at version 0 is written without any."""
    return {
        **key_of(finding.finding_id),
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
        "assigned_to": finding.assigned_to,
        "history": [_entry_row(each) for each in finding.history] or None,
        "reopened": finding.reopened or None,
        "version": finding.version or None,
    }


def finding_from(row: Row) -> Finding:
    """The finding of a row.

    Raises:
        Corrupt: the row is not what a finding can be.
    """
    with understood(f"the row of {row.get('key')}"):
        return _finding(row)


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
        assigned_to=row.get("assigned_to", ""),
        history=tuple(_entry(each) for each in row.get("history", ())),
        reopened=int(row.get("reopened", 0)),
        version=version_of(row),
    )


def version_of(row: Row) -> int:
    """How often the row was changed by a version of this service that counts."""
    return int(row.get("version", 0))


def _entry_row(entry: Entry) -> Row:
    return {"at": instant(entry.at), "by": entry.by, "deed": str(entry.deed), "text": entry.text}


def _entry(row: Mapping[str, str]) -> Entry:
    return Entry(moment(row["at"]), row["by"], Deed(row["deed"]), row["text"])

"""The report of a night: kept in the archive for people, and told in short.

What was written first stands, for the archive overwrites nothing: a repeat writes only what is
missing. Changes nothing about payouts or findings.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from chalicelib.domain.errors import ArchiveUnavailable, Conflict, QueueUnavailable
from chalicelib.domain.next_steps import owner
from chalicelib.domain.report import Report, names, subject, summary
from chalicelib.domain.report_forms import csv_text, markdown

if TYPE_CHECKING:
    from chalicelib.domain.findings import Finding
    from chalicelib.domain.night import Reconciliation
    from chalicelib.ports import Archive, Clock, Findings, Herald

# Findings of earlier nights that a report repeats.
MOST_OLDER = 100
# How often it is told where it is not known whether it was.
TRIES = 2


def write_report(
    night: Reconciliation, *, findings: Findings, archive: Archive, herald: Herald, clock: Clock
) -> bool:
    """Keep the report of a night's run, and tell it; whether it was told, now or before.

    What is told lies beside it from then on, so it is told again only if that was not known. That
    nobody could be told is no failure: the report is there.

    Raises:
        ArchiveUnavailable: it may not be kept whole; again is safe.
        StoreUnavailable: its findings could not be read; again is safe.
    """
    lies = names(night.day, night.run)
    if archive.get(lies.summary) is not None:
        return True
    report = gathered(night, findings=findings, clock=clock)
    _keep(lies.markdown, markdown(report), "text/markdown; charset=utf-8", archive)
    _keep(lies.csv, csv_text(report), "text/csv; charset=utf-8", archive)
    text = summary(report)
    if not _told(subject(report), text, herald):
        return False
    # It was told: that this cannot be noted down is no reason to tell it once more.
    with suppress(ArchiveUnavailable):
        _keep(lies.summary, text, "text/plain; charset=utf-8", archive)
    return True


def gathered(night: Reconciliation, *, findings: Findings, clock: Clock) -> Report:
    """The night with its findings as they are now, and what is open besides, the oldest first.

    Raises:
        StoreUnavailable: they could not be read.
    """
    known = {each: findings.get(each) for each in night.findings}
    found = [each for each in known.values() if each is not None]
    page = findings.page(resolved=False, limit=MOST_OLDER, position=None)
    return Report(
        night,
        clock.now(),
        found=tuple(sorted(found, key=_place)),
        older=tuple(each for each in page.items if each.finding_id not in known),
        has_more=page.position is not None,
        lost=tuple(own for own, each in known.items() if each is None),
    )


def _place(finding: Finding) -> tuple[str, str, str]:
    return owner(finding.kind).value, finding.kind.value, finding.subject


def _keep(name: str, text: str, kind: str, archive: Archive) -> None:
    """Keep a text, unless one lies there already."""
    with suppress(Conflict):
        archive.put(name, text.encode(), kind=kind)


def _told(about: str, text: str, herald: Herald) -> bool:
    for _ in range(TRIES):
        with suppress(QueueUnavailable):
            herald.tell(about, text)
            return True
    return False

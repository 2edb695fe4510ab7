"""Findings in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.casework import reopened
from chalicelib.domain.errors import Stale
from chalicelib.domain.notices import KEPT
from chalicelib.ports import FindingFilter, Found
from chalicelib.ports.findings import ANY
from tests.fakes.paging import paged

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from chalicelib.domain.findings import Finding
    from chalicelib.ports import Page
    from tests.fakes.state import State


class MemoryFindings:
    """The port `Findings`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def open(self, finding: Finding) -> bool:
        """Keep a finding; whether it is new."""
        with self._state.writing():
            new = finding.finding_id not in self._state.findings
            self._state.findings.setdefault(finding.finding_id, finding)
            return new

    def find(self, finding: Finding) -> Found:
        """Keep what a night has found; one that was resolved before it was seen is open again."""
        with self._state.lock:
            known = self.get(finding.finding_id)
            if known is None:
                self.open(finding)
                return Found.NEW
            again = reopened(known, finding)
            if again is known:
                return Found.KNOWN
            self.write(again)
            return Found.REOPENED

    def get(self, finding_id: str) -> Finding | None:
        """The finding as it is now."""
        with self._state.reading():
            return self._state.findings.get(finding_id)

    def write(self, finding: Finding) -> None:
        """Keep a change in the place of the version that was read."""
        with self._state.writing():
            known = self._state.findings.get(finding.finding_id)
            if known is None or known.version != finding.version:
                raise Stale("The finding is not as it was read.")
            self._keep(finding)

    def resolve(self, finding: Finding) -> None:
        """Keep how it ended; with the last that hangs on a notice the notice is let go."""
        if finding.resolved_at is None:
            raise ValueError("it has not ended")
        with self._state.writing():
            known = self._state.findings.get(finding.finding_id)
            if known is None:
                raise Stale("The finding is not there.")
            if known != finding:
                if not known.is_open or known.version != finding.version:
                    raise Stale("The finding is not open any more, or not as it was read.")
                self._keep(finding)
            self._let_go(finding.notice_id, finding.resolved_at)

    def page(
        self,
        *,
        resolved: bool,
        limit: int,
        position: Mapping[str, str] | None,
        wanted: FindingFilter = ANY,
    ) -> Page[Finding]:
        """Open findings, the oldest first, or resolved ones, the newest first."""
        with self._state.reading():
            found = [
                each
                for each in self._state.findings.values()
                if each.is_open is not resolved and _fits(each, wanted)
            ]
        name = "resolved" if resolved else "open"
        return paged(
            found, _place, name=name, limit=limit, position=position, newest_first=resolved
        )

    def _keep(self, finding: Finding) -> None:
        counted = replace(finding, version=finding.version + 1)
        self._state.findings[finding.finding_id] = counted

    def _let_go(self, notice_id: str, at: datetime) -> None:
        for key, notice in self._state.notices.items():
            hanging = (self._state.findings.get(each) for each in notice.findings)
            if notice.notice_id != notice_id or notice.expires_at is not None:
                continue
            if not any(each is not None and each.is_open for each in hanging):
                self._state.notices[key] = replace(notice, expires_at=at + KEPT)


def _fits(finding: Finding, wanted: FindingFilter) -> bool:
    if wanted.kinds is not None and finding.kind not in wanted.kinds:
        return False
    if wanted.assigned_to and finding.assigned_to != wanted.assigned_to:
        return False
    return not (wanted.unassigned and finding.assigned_to)


def _place(finding: Finding) -> tuple[str, str]:
    at = finding.resolved_at or finding.found_at
    return at.isoformat(timespec="microseconds"), finding.finding_id

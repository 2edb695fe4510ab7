"""What a person has to understand: found in a webhook, kept once, resolved once with a reason.

The same content, told again under another webhook id, is the same finding; other content about the
same reference is another. Moves no money: what follows from a finding, other use cases do.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.findings import Finding, Kind

if TYPE_CHECKING:
    from chalicelib.domain.money import Money
    from chalicelib.domain.notices import Notice
    from chalicelib.ports import Clock, Findings, Notices


def found_in(
    notice: Notice, kind: Kind, reference: str, *, detail: str, amount: Money | None = None
) -> Finding:
    """What is different, as a webhook tells it: about a reference, or else about the webhook."""
    content = notice.key.rsplit("#", 1)[-1][:16]
    return Finding(
        kind=kind,
        subject=f"{reference or notice.event_name or 'bare'}/{content}",
        found_at=notice.received_at,
        detail=detail,
        amount=amount,
        reference=reference,
        notice_id=notice.notice_id,
    )


def hang(finding: Finding, notice: Notice, *, findings: Findings, notices: Notices) -> bool:
    """Open a finding; whether the notice has to stay until it is resolved.

    A repeat need not, once the notice that came first is kept, or the finding resolved.

    Raises:
        StoreUnavailable: whether it is open is not known; again is safe.
    """
    if findings.open(finding):
        return True
    before = findings.get(finding.finding_id) or finding
    if not before.is_open:
        return False
    return before.notice_id == notice.notice_id or notices.get(before.notice_id) is None


def resolve(finding_id: str, *, reason: str, by: str, findings: Findings, clock: Clock) -> Finding:
    """Say how a finding ended; the same again by the same person is no failure.

    Raises:
        NotFound: there is no such finding.
        Conflict: somebody resolved it before, or with another reason.
        StoreUnavailable: it may or may not be written; again is safe.
    """
    finding = findings.get(finding_id)
    if finding is None:
        raise NotFound("finding")
    if finding.is_open:
        finding = replace(finding, resolved_at=clock.now(), resolved_by=by, reason=reason)
    elif (finding.resolved_by, finding.reason) != (by, reason):
        raise Conflict("The finding was resolved before.")
    # Also what is resolved: what its writer did not come to is done now.
    findings.resolve(finding)
    return finding

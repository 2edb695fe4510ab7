"""What a person has to understand: kept once, worked on, and resolved with a reason.

A webhook's content, told again under another webhook id, is the same finding; other content about
the same reference is another. What people do to one at once is done in turn: none overwrites
another. Moves no money: what follows from a finding, other use cases do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from chalicelib.domain import casework
from chalicelib.domain.errors import NotFound, Stale
from chalicelib.domain.findings import Finding, Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.money import Money
    from chalicelib.domain.notices import Notice
    from chalicelib.ports import Clock, Findings, Notices

T = TypeVar("T")
# How often a change is made anew because somebody else was faster.
TRIES = 5


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


def existing(findings: Findings, finding_id: str) -> Finding:
    """The finding as it is now.

    Raises:
        NotFound: there is no such finding.
    """
    finding = findings.get(finding_id)
    if finding is None:
        raise NotFound("finding")
    return finding


def assign(finding_id: str, *, to: str, by: str, findings: Findings, clock: Clock) -> Finding:
    """Hand a finding to somebody (empty: to nobody); the same again changes nothing.

    Raises:
        NotFound: there is no such finding.
        Conflict: it is resolved, or was handed round too often.
        StoreUnavailable: it may or may not be written; again is safe.
    """

    def change() -> Finding:
        finding = existing(findings, finding_id)
        return _keep(finding, casework.assigned(finding, to, by=by, at=clock.now()), findings)

    return in_turn(change)


def comment(finding_id: str, *, text: str, by: str, findings: Findings, clock: Clock) -> Finding:
    """Write something beside a finding; the same words by the same person are written once.

    Raises:
        NotFound: there is no such finding.
        Conflict: there is no room for more.
        StoreUnavailable: it may or may not be written; again is safe.
    """

    def change() -> Finding:
        finding = existing(findings, finding_id)
        return _keep(finding, casework.commented(finding, text, by=by, at=clock.now()), findings)

    return in_turn(change)


def resolve(finding_id: str, *, reason: str, by: str, findings: Findings, clock: Clock) -> Finding:
    """Say how a finding ended; the same again by the same person is no failure.

    Raises:
        NotFound: there is no such finding.
        Conflict: somebody resolved it before, or with another reason.
        StoreUnavailable: it may or may not be written; again is safe.
    """

    def change() -> Finding:
        finding = existing(findings, finding_id)
        ended = casework.resolved(finding, reason, by=by, at=clock.now())
        # Also what is resolved: what its writer did not come to is done now.
        findings.resolve(ended)
        return ended

    return in_turn(change)


def in_turn(change: Callable[[], T]) -> T:
    """What a change comes to that reads first: made anew where somebody else was faster.

    Raises:
        Stale: somebody else was faster again and again.
    """
    for _ in range(TRIES - 1):
        try:
            return change()
        except Stale:
            continue
    return change()


def _keep(before: Finding, after: Finding, findings: Findings) -> Finding:
    """Write what has changed, and only that."""
    if after is not before:
        findings.write(after)
    return after

"""What people and nights do with a finding: assign it, comment on it, resolve it, find it again.

Each gives the finding as it is then, and the same one where nothing changes, so that a repeat is
none. Moves no money, and decides nothing about any.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Conflict
from chalicelib.domain.findings import Deed, Entry

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.findings import Finding

LONGEST_COMMENT = 1000  # characters
MOST_COMMENTS = 100
MOST_ASSIGNMENTS = 100
# Bytes of all comments together: a finding stays well below what the store takes as one row.
MOST_WRITTEN = 200_000
# Former ends that are remembered word for word; `Finding.reopened` counts them all.
MOST_ENDS = 25


def assigned(finding: Finding, to: str, *, by: str, at: datetime) -> Finding:
    """Theirs to look after from now on; empty: nobody's.

    Raises:
        Conflict: it is resolved, or was handed round too often.
    """
    if finding.assigned_to == to:
        return finding
    if not finding.is_open:
        raise Conflict("The finding is resolved.")
    if _count(finding, Deed.ASSIGNED) >= MOST_ASSIGNMENTS:
        raise Conflict(f"A finding is assigned {MOST_ASSIGNMENTS} times at most.")
    entry = Entry(at, by, Deed.ASSIGNED, to)
    return replace(finding, assigned_to=to, history=(*finding.history, entry))


def commented(finding: Finding, text: str, *, by: str, at: datetime) -> Finding:
    """With a comment; the same words of the same person, since it was opened, are one comment.

    Raises:
        Conflict: there is no room for another one.
    """
    if any((each.by, each.text) == (by, text) for each in _since_opened(finding)):
        return finding
    written = sum(len(each.text.encode()) for each in finding.comments) + len(text.encode())
    if len(finding.comments) >= MOST_COMMENTS or written > MOST_WRITTEN:
        raise Conflict(f"A finding has {MOST_COMMENTS} comments at most, and only so many words.")
    return replace(finding, history=(*finding.history, Entry(at, by, Deed.COMMENTED, text)))


def resolved(finding: Finding, reason: str, *, by: str, at: datetime) -> Finding:
    """With its end; the same end again is no failure.

    Raises:
        Conflict: somebody resolved it before, or with another reason.
    """
    if finding.is_open:
        return replace(finding, resolved_at=at, resolved_by=by, reason=reason)
    if (finding.resolved_by, finding.reason) != (by, reason):
        raise Conflict("The finding was resolved before.")
    return finding


def reopened(finding: Finding, again: Finding) -> Finding:
    """What a night has found again: as it sees it now, and open, if it saw it after the end.

    It is as old as it was, stays with whom it was assigned to, and remembers how it had ended.
    """
    ended_at = finding.resolved_at
    if ended_at is None or again.found_at < ended_at:
        return finding
    end = Entry(ended_at, finding.resolved_by, Deed.RESOLVED, finding.reason)
    entry = Entry(again.found_at, "night", Deed.REOPENED)
    return replace(
        again,
        found_at=finding.found_at,
        notice_id=finding.notice_id,
        assigned_to=finding.assigned_to,
        history=(*_with_end(_without_oldest_end(finding), end), entry),
        reopened=finding.reopened + 1,
        version=finding.version,
    )


def whole_history(finding: Finding) -> tuple[Entry, ...]:
    """All that was done about it, how it has ended included."""
    if finding.resolved_at is None:
        return finding.history
    end = Entry(finding.resolved_at, finding.resolved_by, Deed.RESOLVED, finding.reason)
    return _with_end(finding.history, end)


def _with_end(history: tuple[Entry, ...], end: Entry) -> tuple[Entry, ...]:
    """The history with an end in its place: what was written after it stays after it."""
    place = len(history)
    while place and history[place - 1].at > end.at:
        place -= 1
    return (*history[:place], end, *history[place:])


def _count(finding: Finding, deed: Deed) -> int:
    return sum(each.deed is deed for each in finding.history)


def _since_opened(finding: Finding) -> list[Entry]:
    """Comments since it was opened, the last time."""
    found: list[Entry] = []
    for each in finding.history:
        found = [] if each.deed is Deed.REOPENED else [*found, each]
    return [each for each in found if each.deed is Deed.COMMENTED]


def _without_oldest_end(finding: Finding) -> tuple[Entry, ...]:
    """The history, less its oldest end and reopening once there are too many."""
    if _count(finding, Deed.RESOLVED) < MOST_ENDS:
        return finding.history
    history = list(finding.history)
    for deed in (Deed.RESOLVED, Deed.REOPENED):
        del history[next(number for number, each in enumerate(history) if each.deed is deed)]
    return tuple(history)

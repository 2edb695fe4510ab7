"""What a payout remembers of each event: one small function an event.

Status, version, hash and postings are `advance`'s; here are the facts that later decisions and
people need. An event without a function of its own leaves nothing but its step.
"""

from __future__ import annotations

from dataclasses import replace
from functools import singledispatch
from typing import TYPE_CHECKING

from chalicelib.domain.approval import Approval
from chalicelib.domain.errors import Contradiction
from chalicelib.domain.events import (
    Accepted,
    ApprovalAsked,
    Approved,
    Asked,
    Confirmed,
    DeclaredDead,
    Declined,
    Delayed,
    Doubt,
    Escalated,
    Event,
    FileCleared,
    Filed,
    FileDoubted,
    Held,
    Hindrance,
    HoldLifted,
    Lapsed,
    LetGo,
    NeverSent,
    OutOfFunds,
    Reattempted,
    Redrafted,
    Refused,
    Rejected,
    Rerouted,
    ResolutionDismissed,
    ResolutionProposed,
    Returned,
    Started,
    StartedAgain,
    TurnedAway,
    Unanswered,
    Unclear,
)
from chalicelib.domain.file_marks import cleared_of, doubted_by
from chalicelib.domain.hold import Hold
from chalicelib.domain.next_attempt import next_attempt, rerouted, turned
from chalicelib.domain.payout import LIFECYCLE, OPEN, Payout, Status
from chalicelib.domain.resolution import Proposal

if TYPE_CHECKING:
    from chalicelib.domain.money import Money

REJECTION = "rejected"
# While it stands, nothing of the payout is sent.
CONTRADICTION = Contradiction.code
# Doubts that sending again does not cure.
_LASTING = frozenset({Doubt.REFERENCE_EXISTS, Doubt.NOT_UNDERSTOOD})


def remember(event: Event, before: Payout, status: Status) -> Payout:
    """The payout in its next status, with what the event tells."""
    after = replace(before, status=status)
    if status is not before.status:
        after = replace(after, asks=0, asked_at=None, missed=0, proposal=None)
        after = replace(
            after, needs_person=CONTRADICTION if _stays_contradicted(event, before) else ""
        )
    if Held not in LIFECYCLE[status]:
        after = replace(after, held=None)  # it left, or it is over: there is nothing to keep back
    return _told(event, before, after)


def _stays_contradicted(event: Event, before: Payout) -> bool:
    """Two people's decision ends a contradiction; no other change of status does.

    Nor does theirs of the present attempt end the doubt of a file in which an earlier one went.
    """
    decided = isinstance(event, (DeclaredDead, Reattempted)) and not before.in_doubt
    return before.needs_person == CONTRADICTION and not decided


def comes_back(payout: Payout, event: Event) -> Money | None:
    """What an event brings back of a payout that is, or becomes, disputed; `None` if not new."""
    if payout.came_back is not None:
        return None
    if isinstance(event, Returned):
        return payout.intent.amount if event.amount is None else event.amount
    if isinstance(event, Rejected) and payout.error_code != REJECTION:
        return payout.intent.amount
    return None


@singledispatch
def _told(event: Event, before: Payout, after: Payout) -> Payout:  # noqa: ARG001 (one signature)
    return after


@_told.register
def _(event: ApprovalAsked, _before: Payout, after: Payout) -> Payout:
    # What was agreed to before is void: something that was seen has changed.
    return replace(after, needs=event.needs, approvals=(), lapses_at=event.lapses_at)


@_told.register
def _(event: Approved, before: Payout, after: Payout) -> Payout:
    same = tuple(each for each in before.approvals if each.seen == event.seen)
    if any(each.by == event.by for each in same):
        return after
    given = Approval(event.by, event.at, event.seen)
    return replace(after, needs=event.needs, approvals=(*same, given))


@_told.register
def _(event: Declined, before: Payout, after: Payout) -> Payout:
    if before.status is after.status:
        return after
    return replace(after, error_code="declined", error_message=event.reason)


@_told.register
def _(_event: Lapsed, before: Payout, after: Payout) -> Payout:
    if before.status is after.status:
        return after
    return replace(after, error_code="approval_lapsed", error_message="Nobody decided in time.")


@_told.register
def _(event: Started | StartedAgain, _before: Payout, after: Payout) -> Payout:
    return replace(after, sends=after.sends + 1, sent_at=event.at, hindrance="")


@_told.register
def _(event: Filed, _before: Payout, after: Payout) -> Payout:
    # A claim of which nothing left was no sending: its window begins with the bank's word.
    filed = (*after.filed, (after.attempt, event.file_id))
    return replace(after, filed=filed, sent_at=None, hindrance="")


@_told.register
def _(_event: LetGo, _before: Payout, after: Payout) -> Payout:
    return next_attempt(after)


@_told.register
def _(event: Accepted | Confirmed, before: Payout, after: Payout) -> Payout:
    fine = after.status in {Status.PENDING, Status.COMPLETED}
    # News of what no claim is known of: it had left by then, and its window must not wander.
    left_by = max(event.at, before.updated_at) if fine else None
    return replace(
        after,
        sent_at=after.sent_at or left_by,
        monoova_transaction_id=after.monoova_transaction_id or event.monoova_transaction_id,
        fee=event.fee if after.fee is None else after.fee,
        hindrance="" if fine else after.hindrance,
        error_code="" if fine else after.error_code,
    )


@_told.register
def _(event: NeverSent | Delayed, before: Payout, after: Payout) -> Payout:
    again = before.status is Status.QUEUED and isinstance(event, NeverSent)
    if after.status is not Status.QUEUED or again:
        return after
    # A claim of which certainly nothing left was no sending.
    sends = after.sends - (before.status is Status.SENDING)
    return replace(after, hindrance=str(event.reason), delays=after.delays + 1, sends=sends)


@_told.register
def _(event: Refused, before: Payout, after: Payout) -> Payout:
    if after.status is Status.FAILED and before.status is not Status.FAILED:
        return replace(after, error_code=event.refusal, error_message=event.message)
    return _refused_in_doubt(event, after)


@_told.register
def _(event: OutOfFunds | TurnedAway, before: Payout, after: Payout) -> Payout:
    if before.status is not Status.SENDING:
        return _refused_in_doubt(event, after)
    # Nothing left, and nothing will under that reference: what goes out later has its own.
    if isinstance(event, TurnedAway):
        return turned(after, event.rail)
    after = next_attempt(after)
    return replace(after, hindrance=str(Hindrance.FUNDS), delays=after.delays + 1)


def _refused_in_doubt(event: Refused | OutOfFunds | TurnedAway, after: Payout) -> Payout:
    """A refusal that proves nothing of an earlier sending: for a person, where that is open."""
    if after.status is not Status.UNCONFIRMED:
        return after
    why = after.needs_person or "refused_when_in_doubt"
    return replace(after, needs_person=why, error_code=event.refusal)


@_told.register
def _(event: Unclear, _before: Payout, after: Payout) -> Payout:
    if after.status is not Status.UNCONFIRMED:
        return after
    lasting = str(event.doubt) if event.doubt in _LASTING else ""
    return replace(
        after,
        needs_person=after.needs_person or lasting,
        error_code=event.detail or str(event.doubt),
    )


@_told.register
def _(event: Rejected, before: Payout, after: Payout) -> Payout:
    if after.status in {Status.DISPUTED, Status.FAILED, Status.DECLINED, Status.CANCELLED}:
        return replace(after, came_back=after.came_back or comes_back(before, event))
    if after.status is Status.REJECTED and before.status is not Status.REJECTED:
        return replace(after, error_code=REJECTION, error_message=event.reason)
    return after


@_told.register
def _(event: Returned, before: Payout, after: Payout) -> Payout:
    after = replace(after, came_back=after.came_back or comes_back(before, event))
    after = replace(after, return_id=after.return_id or event.return_id)
    if after.status in {Status.RETURNED, Status.DISPUTED} and after.status is not before.status:
        return replace(after, error_code="returned", error_message=event.reason)
    return after


@_told.register
def _(event: Asked, _before: Payout, after: Payout) -> Payout:
    if after.status not in OPEN:
        return after
    missed = 0 if event.found else after.missed + 1
    return replace(after, asks=after.asks + 1, asked_at=event.at, missed=missed)


@_told.register
def _(event: Unanswered, _before: Payout, after: Payout) -> Payout:
    return replace(after, asks=after.asks + 1, asked_at=event.at)


@_told.register
def _(event: Held, before: Payout, after: Payout) -> Payout:
    return replace(after, held=before.held or Hold(event.by, event.at, event.reason))


@_told.register
def _(_event: HoldLifted, _before: Payout, after: Payout) -> Payout:
    return replace(after, held=None)


@_told.register
def _(event: Escalated, _before: Payout, after: Payout) -> Payout:
    if event.why == CONTRADICTION:
        # Of more than a file: that the file's doubt ends does not end this.
        return replace(after, needs_person=CONTRADICTION, in_doubt=())
    return replace(after, needs_person=after.needs_person or event.why)


@_told.register
def _(event: FileDoubted, _before: Payout, after: Payout) -> Payout:
    return doubted_by(after, event.file_id)


@_told.register
def _(event: FileCleared, _before: Payout, after: Payout) -> Payout:
    return cleared_of(after, event.file_id)


@_told.register
def _(event: ResolutionProposed, _before: Payout, after: Payout) -> Payout:
    return replace(after, proposal=Proposal(event.verdict, event.evidence, event.by, event.at))


@_told.register
def _(_event: ResolutionDismissed, _before: Payout, after: Payout) -> Payout:
    return replace(after, proposal=None)


@_told.register
def _(_event: DeclaredDead, _before: Payout, after: Payout) -> Payout:
    return replace(after, error_code="declared_dead", error_message="It was never executed.")


@_told.register
def _(_event: Reattempted, _before: Payout, after: Payout) -> Payout:
    return replace(next_attempt(after), error_code="")


@_told.register
def _(event: Redrafted, _before: Payout, after: Payout) -> Payout:
    return replace(after, redrafted_as=event.redraft)


@_told.register
def _(event: Rerouted, _before: Payout, after: Payout) -> Payout:
    return rerouted(after, event.rail)

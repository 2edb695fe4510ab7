"""The life of a payout: one table, and the values that go through it.

`LIFECYCLE` says what follows from each event in each status, `WHERE` where the money then is.
Repeats and late arrivals are rows. What is not in the table is refused: no outcome is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.events import (
    Accepted,
    ApprovalAsked,
    Approved,
    Asked,
    Cancelled,
    Confirmed,
    DeclaredDead,
    Declined,
    Delayed,
    Escalated,
    Event,
    FileCleared,
    Filed,
    FileDoubted,
    Held,
    HoldLifted,
    Lapsed,
    LetGo,
    NeverSent,
    OutOfFunds,
    Reattempted,
    Redrafted,
    Refused,
    Rejected,
    Released,
    Rerouted,
    ResolutionDismissed,
    ResolutionProposed,
    Returned,
    Started,
    StartedAgain,
    TurnedAway,
    Unanswered,
    Unclear,
    WindowClosed,
)
from chalicelib.domain.ledger import Place
from chalicelib.domain.rails import Rail
from chalicelib.domain.references import unique_reference

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from chalicelib.domain.approval import Approval
    from chalicelib.domain.hold import Hold
    from chalicelib.domain.intent import Intent
    from chalicelib.domain.mark import Mark
    from chalicelib.domain.money import Money
    from chalicelib.domain.resolution import Proposal


class Status(StrEnum):
    """Where a payout is in its life. `SENDING` and `RESENDING` are shown as `Pending`."""

    AWAITING_APPROVAL = "AwaitingApproval"
    QUEUED = "Queued"
    SENDING = "Sending"
    RESENDING = "Resending"
    PENDING = "Pending"
    UNCONFIRMED = "Unconfirmed"
    COMPLETED = "Completed"
    RETURNED = "Returned"
    REJECTED = "Rejected"
    FAILED = "Failed"
    DECLINED = "Declined"
    CANCELLED = "Cancelled"
    DISPUTED = "Disputed"

    @property
    def shown(self) -> str:
        """The status as people see it: being on the wire is our own affair."""
        return "Pending" if self in {Status.SENDING, Status.RESENDING} else str(self)


def _stays(status: Status, *events: type[Event]) -> dict[type[Event], Status]:
    return dict.fromkeys(events, status)


# What the sender of an attempt says in the end, which others may have overtaken.
_REPLIES = (Accepted, Refused, OutOfFunds, TurnedAway, NeverSent, Unclear)
_NEWS_ENDS: dict[type[Event], Status] = {
    Confirmed: Status.COMPLETED,
    Rejected: Status.REJECTED,
    Returned: Status.RETURNED,
}

_ROWS: Mapping[Status, Mapping[type[Event], Status]] = {
    Status.AWAITING_APPROVAL: {
        Released: Status.QUEUED,
        Declined: Status.DECLINED,
        Cancelled: Status.CANCELLED,
        Lapsed: Status.CANCELLED,
        Accepted: Status.PENDING,
        **_NEWS_ENDS,
        **_stays(Status.AWAITING_APPROVAL, ApprovalAsked, Approved, NeverSent, Held, HoldLifted),
    },
    Status.QUEUED: {
        ApprovalAsked: Status.AWAITING_APPROVAL,
        Started: Status.SENDING,
        Filed: Status.SENDING,
        Cancelled: Status.CANCELLED,
        # News of something that we hold for never sent is still news.
        Accepted: Status.PENDING,
        **_NEWS_ENDS,
        **_stays(Status.QUEUED, Delayed, NeverSent, Rerouted, Held, HoldLifted),
    },
    Status.SENDING: {
        Accepted: Status.PENDING,
        Unclear: Status.UNCONFIRMED,
        NeverSent: Status.QUEUED,
        OutOfFunds: Status.QUEUED,
        TurnedAway: Status.QUEUED,
        LetGo: Status.QUEUED,
        Refused: Status.FAILED,
        # News can overtake the reply to our own request.
        **_NEWS_ENDS,
        **_stays(Status.SENDING, Asked, Unanswered),
    },
    Status.RESENDING: {
        Accepted: Status.PENDING,
        # Whatever a second sending meets proves nothing about the first.
        **_stays(Status.UNCONFIRMED, Unclear, NeverSent, Refused, OutOfFunds),
        TurnedAway: Status.UNCONFIRMED,
        **_NEWS_ENDS,
        **_stays(Status.RESENDING, Asked, Unanswered),
    },
    Status.PENDING: {
        **_NEWS_ENDS,
        WindowClosed: Status.COMPLETED,
        **_stays(Status.PENDING, *_REPLIES, Asked, Unanswered),
    },
    Status.UNCONFIRMED: {
        Accepted: Status.PENDING,
        **_NEWS_ENDS,
        StartedAgain: Status.RESENDING,
        DeclaredDead: Status.FAILED,
        Reattempted: Status.QUEUED,
        **_stays(Status.UNCONFIRMED, Unclear, NeverSent, Refused, OutOfFunds, Asked, Unanswered),
        **_stays(Status.UNCONFIRMED, ResolutionProposed, ResolutionDismissed, Held, HoldLifted),
        **_stays(Status.UNCONFIRMED, TurnedAway),
    },
    Status.COMPLETED: {
        Returned: Status.RETURNED,
        **_stays(Status.COMPLETED, *_REPLIES, Confirmed, WindowClosed, Asked),
    },
    Status.RETURNED: {
        # No order is promised: a return is often heard before what it returns.
        **_stays(Status.RETURNED, *_REPLIES, Confirmed, Rejected, Returned, WindowClosed, Asked),
        **_stays(Status.RETURNED, Redrafted),
    },
    Status.REJECTED: {
        Confirmed: Status.DISPUTED,
        **_stays(Status.REJECTED, *_REPLIES, Rejected, Returned, Asked, Redrafted),
    },
    Status.FAILED: {
        # Good news for a payout whose money was given back: two have it now.
        Accepted: Status.DISPUTED,
        Confirmed: Status.DISPUTED,
        **_stays(Status.FAILED, Refused, OutOfFunds, NeverSent, Unclear, Rejected, Returned, Asked),
        **_stays(Status.FAILED, Redrafted, TurnedAway),
    },
    Status.DECLINED: {
        **_stays(Status.DISPUTED, Accepted, Confirmed),
        **_stays(Status.DECLINED, Declined, Rejected, Returned),
    },
    Status.CANCELLED: {
        **_stays(Status.DISPUTED, Accepted, Confirmed),
        **_stays(Status.CANCELLED, Cancelled, Lapsed, Rejected, Returned),
    },
    Status.DISPUTED: {
        # Repeats; and the money may yet come back: into suspense, for a person decides.
        **_stays(Status.DISPUTED, *_REPLIES, Confirmed, Rejected, Returned, WindowClosed, Asked),
    },
}

# Whatever its status, a payout can be put before a person, or be in doubt by a file it went in.
LIFECYCLE: Mapping[Status, Mapping[type[Event], Status]] = {
    to: {**row, **_stays(to, Escalated, FileDoubted, FileCleared)} for to, row in _ROWS.items()
}

WHERE: Mapping[Status, Place] = {
    Status.AWAITING_APPROVAL: Place.HELD,
    Status.QUEUED: Place.HELD,
    Status.SENDING: Place.HELD,
    Status.RESENDING: Place.HELD,
    Status.PENDING: Place.WITH_PROVIDER,
    Status.UNCONFIRMED: Place.HELD,
    Status.COMPLETED: Place.PAID,
    Status.RETURNED: Place.AVAILABLE,
    Status.REJECTED: Place.AVAILABLE,
    Status.FAILED: Place.AVAILABLE,
    Status.DECLINED: Place.AVAILABLE,
    Status.CANCELLED: Place.AVAILABLE,
    # What left is paid; what is missing, or came back in another amount, lies in suspense.
    Status.DISPUTED: Place.PAID,
}

UNSENT = frozenset({Status.AWAITING_APPROVAL, Status.QUEUED})
OPEN = UNSENT | {Status.SENDING, Status.RESENDING, Status.PENDING, Status.UNCONFIRMED}
# Only what was never sent may be cancelled: the statuses whose row says so.
CANCELLABLE = frozenset(status for status, row in LIFECYCLE.items() if Cancelled in row) & OPEN


@dataclass(frozen=True, slots=True)
class Payout:
    """A payout as it is now: the replay of its steps over its intent.

    `version` counts steps, from 1; `last_hash` is that of the latest; `sends` counts claims.
    `asks` counts look-ups since the status last changed, `missed` the latest that found nothing.
    `eve` marks its last step before the Sydney date of the latest. No step tells `archives`, the
    objects that hold its steps up to `archived`, and `revision`, which counts what was taken away.
    `approvals` were given since it was last asked for them; nobody can after `lapses_at`.
    `turns` are the attempts from which on it went by another rail, each with its rail, and `filed`
    those that went in a bank file, each with its id; only by files `in_doubt` is it contradicted,
    where there are any. While it is `held` nobody sends it.
    `redrafted_as` is the payout by which it is paid once more, after it came back.
    """

    intent: Intent
    status: Status
    version: int
    last_hash: str
    updated_at: datetime
    attempt: int = 1
    sends: int = 0
    sent_at: datetime | None = None
    asked_at: datetime | None = None
    asks: int = 0
    missed: int = 0
    hindrance: str = ""
    delays: int = 0
    needs_person: str = ""
    proposal: Proposal | None = None
    monoova_transaction_id: str | None = None
    fee: Money | None = None
    came_back: Money | None = None
    return_id: str = ""
    error_code: str = ""
    error_message: str = ""
    needs: int = 0
    approvals: tuple[Approval, ...] = ()
    lapses_at: datetime | None = None
    held: Hold | None = None
    eve: Mark | None = None
    archives: tuple[str, ...] = ()
    archived: int = 0
    revision: int = 0
    turns: tuple[tuple[int, Rail], ...] = ()
    redrafted_as: str = ""
    filed: tuple[tuple[int, str], ...] = ()
    in_doubt: tuple[str, ...] = ()

    @property
    def transaction_id(self) -> str:
        """The id that the world knows it by."""
        return self.intent.transaction_id

    @property
    def unique_reference(self) -> str:
        """What the provider knows the present attempt by: id and the attempt's number, from 1."""
        return unique_reference(self.transaction_id, self.attempt)

    @property
    def rail(self) -> Rail:
        """How the present attempt goes, or would."""
        return self.rail_of(self.attempt)

    def rail_of(self, attempt: int) -> Rail:
        """How an attempt goes, or went: as it was asked for, until it turned."""
        turned = [rail for number, rail in self.turns if number <= attempt]
        return Rail.DIRECT_ENTRY if self.file_of(attempt) else [self.intent.rail, *turned][-1]

    @property
    def file_id(self) -> str:
        """The bank file that the present attempt went in, if any."""
        return self.file_of(self.attempt)

    def file_of(self, attempt: int) -> str:
        """The bank file that an attempt went in, if any."""
        return dict(self.filed).get(attempt, "")

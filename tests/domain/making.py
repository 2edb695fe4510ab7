"""Payouts and events to test with, all obviously fake."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.domain.advance import advance, begin
from chalicelib.domain.destination import PayoutMethod, SealedDestination
from chalicelib.domain.events import (
    ALL,
    Accepted,
    ApprovalAsked,
    Approved,
    Asked,
    Cancelled,
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
    FileVerdict,
    Held,
    Hindrance,
    HoldLifted,
    Lapsed,
    LetGo,
    NeverSent,
    News,
    OutOfFunds,
    Reattempted,
    Redrafted,
    Refused,
    Rejected,
    Requested,
    Rerouted,
    ResolutionDismissed,
    ResolutionProposed,
    Returned,
    Started,
    StartedAgain,
    TurnedAway,
    Unclear,
    Verdict,
    WindowClosed,
)
from chalicelib.domain.intent import Intent
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Payout, Status
from chalicelib.domain.rails import Rail

if TYPE_CHECKING:
    from collections.abc import Iterable

# A Monday, 12:00 in Sydney.
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
AMOUNT = Money(10_000)
OTHER = Money(4_000)
FEE = Money(11)
# Until when somebody can agree to a payout that waits for that.
UNTIL = NOW + timedelta(hours=72)
ID = "01234567-89ab-8def-8123-456789abcdef"

# What each kind of event tells besides the necessary.
_TOLD: dict[type[Event], dict[str, Any]] = {
    Requested: {"digest": "00"},
    ApprovalAsked: {"needs": 1, "why": "amount", "lapses_at": UNTIL},
    Approved: {"seen": "5e", "needs": 1},
    Declined: {"reason": "not this week"},
    Filed: {"file_id": "file-1"},
    LetGo: {"file_id": "file-1", "why": "given up"},
    FileDoubted: {"file_id": "file-1"},
    FileCleared: {"file_id": "file-1", "verdict": FileVerdict.DEAD},
    Lapsed: {"at": UNTIL},
    Delayed: {"reason": Hindrance.SIGN_IN_REFUSED},
    Started: {"claim_id": "claim"},
    StartedAgain: {"claim_id": "claim"},
    Rerouted: {"rail": Rail.DIRECT_ENTRY},
    Refused: {"refusal": "InvalidTotalAmount"},
    OutOfFunds: {"refusal": "DebitTransactionWillExceedSignInCreditLimit"},
    TurnedAway: {"refusal": "NppCreditBankAccountDetailsAreInvalid", "rail": Rail.DIRECT_ENTRY},
    NeverSent: {"reason": Hindrance.NO_CONNECTION},
    Unclear: {"doubt": Doubt.TIMED_OUT},
    Asked: {"found": True},
    Held: {"reason": "a call from the bank"},
    HoldLifted: {"reason": "the bank was wrong"},
    Escalated: {"why": "open_too_long"},
    ResolutionProposed: {"verdict": Verdict.DEAD, "evidence": "the statement"},
    ResolutionDismissed: {"reason": "not convinced"},
    DeclaredDead: {"evidence": "the statement"},
    Reattempted: {"evidence": "the statement"},
    Redrafted: {"redraft": "another-payout"},
}


def sealed(method: PayoutMethod = PayoutMethod.BANK_ACCOUNT) -> SealedDestination:
    kind = "Email" if method is PayoutMethod.PAY_ID else ""
    return SealedDestination(
        "destination-1", method, kind, "062-*** ***678", "J*** C***", b"sealed"
    )


def intent(rail: Rail = Rail.NPP, **changed: Any) -> Intent:
    plain = {
        "transaction_id": ID, "customer_id": "customer-1", "amount": AMOUNT, "rail": rail,
        "destination": sealed(), "created_at": NOW, "created_by": "olive",
    }  # fmt: skip
    return Intent(**{**plain, **changed})


def event(kind: type[Event], *, later: float = 0, **told: Any) -> Event:
    """An event of a kind, `later` seconds after `NOW`; of attempt 1 where it is news."""
    attempt = {"attempt": 1} if issubclass(kind, News) else {}
    common = {"at": NOW + timedelta(seconds=later), "by": "somebody"}
    return kind(**{**common, **attempt, **_TOLD.get(kind, {}), **told})


def begun(rail: Rail = Rail.NPP, **changed: Any) -> Payout:
    """A payout that was just asked for."""
    return begin(intent(rail, **changed), by="olive").after


def hear_all(payout: Payout, events: Iterable[Event]) -> Payout:
    for each in events:
        payout = advance(payout, each).after
    return payout


# A shortest way to each status.
WAYS: dict[Status, tuple[Event, ...]] = {
    Status.AWAITING_APPROVAL: (event(ApprovalAsked),),
    Status.QUEUED: (),
    Status.SENDING: (event(Started),),
    Status.UNCONFIRMED: (event(Started), event(Unclear)),
    Status.RESENDING: (event(Started), event(Unclear), event(StartedAgain)),
    Status.PENDING: (event(Started), event(Accepted)),
    Status.COMPLETED: (event(Started), event(Accepted), event(Confirmed), event(WindowClosed)),
    Status.RETURNED: (event(Started), event(Accepted), event(Returned)),
    Status.REJECTED: (event(Started), event(Accepted), event(Rejected)),
    Status.FAILED: (event(Started), event(Refused)),
    Status.DECLINED: (event(ApprovalAsked), event(Declined)),
    Status.CANCELLED: (event(Cancelled),),
    Status.DISPUTED: (event(Started), event(Refused), event(Accepted)),
}


def in_status(status: Status, rail: Rail = Rail.NPP) -> Payout:
    """A payout that went the shortest way to a status."""
    payout = hear_all(begun(rail), WAYS[status])
    assert payout.status is status
    return payout


def field_names(kind: type) -> list[str]:
    return [field.name for field in fields(kind)]


NEWS = tuple(kind for kind in ALL if issubclass(kind, News))

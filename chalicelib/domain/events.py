"""All news of a payout, whichever door it came through: one small set of past participles.

The provider's answer, a webhook, the poller, a person: each is one of these before anything else
happens. An event says what happened; what follows from it is `payout.LIFECYCLE`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 (`facts` reads the hints when it runs)

from chalicelib.domain.doubts import Doubt, FileVerdict, Hindrance, Verdict
from chalicelib.domain.money import Money  # noqa: TC001 (the same)
from chalicelib.domain.rails import Rail  # noqa: TC001 (the same)

# The words that events carry are imported from here, too.
__all__ = ["Doubt", "FileVerdict", "Hindrance", "Verdict"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What they all have: when (aware UTC), who (a principal or a door of ours), which request."""

    at: datetime
    by: str
    request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested(Event):
    """A person asked for the payout; `digest` is that of the sealed intent."""

    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalAsked(Event):
    """So many other people have to agree before it is sent; `why` are the codes, by commas."""

    needs: int
    why: str
    lapses_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved(Event):
    """Somebody else agrees to what they saw: `seen` is its digest, `needs` how many must by now."""

    seen: str
    needs: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Released(Event):
    """Enough people have agreed to the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined(Event):
    """Somebody else said no: the money goes back to the balance."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapsed(Event):
    """Nobody decided in time: the money goes back to the balance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delayed(Event):
    """It was not even tried, for now."""

    reason: Hindrance


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerouted(Event):
    """Nothing of its attempt was sent, and its rail is down: it goes by `rail` instead."""

    rail: Rail


@dataclass(frozen=True, slots=True, kw_only=True)
class Started(Event):
    """Claimed by one sender; only the writer of this step may pay. `claim_id` is the sender's."""

    claim_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedAgain(Event):
    """Claimed for sending once more, with the same reference, after asking and the quarantine."""

    claim_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed(Event):
    """Stepped into a bank file that is open: it goes out by the bank, and by nobody else."""

    file_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetGo(Event):
    """Out of a bank file again, which the bank will never pay it by: it is paid anew."""

    file_id: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDoubted(Event):
    """There is word of a bank file that it went in, and that was given up: it may be paid."""

    file_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCleared(Event):
    """Two people have found out what became of that file: it is no more in doubt by it."""

    file_id: str
    verdict: FileVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class News(Event):
    """What the provider said of one attempt (its number is part of the unique reference).

    `file_id` names the bank file that the attempt went in; empty where it went by the provider.
    """

    attempt: int
    file_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted(News):
    """The provider took it and will tell."""

    monoova_transaction_id: str | None = None
    fee: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(News):
    """The provider refused it before anything left; `refusal` is its code."""

    refusal: str
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfFunds(News):
    """Refused for want of funds, before anything left: it goes on as the next attempt."""

    refusal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedAway(News):
    """Refused before anything left, as closed to its rail: it goes on as the next attempt."""

    refusal: str
    rail: Rail


@dataclass(frozen=True, slots=True, kw_only=True)
class NeverSent(News):
    """The request certainly did not reach the provider."""

    reason: Hindrance


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear(News):
    """It may or may not have been executed."""

    doubt: Doubt
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed(News):
    """The payee has it. `amount`, where it is told, must be the payout's."""

    amount: Money | None = None
    monoova_transaction_id: str | None = None
    fee: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected(News):
    """The payee's bank did not take it; the money is back. `amount` as in `Confirmed`."""

    amount: Money | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned(News):
    """Money came back: an NPP return or a Direct Entry dishonour. No amount means all of it."""

    amount: Money | None = None
    reason: str = ""
    return_id: str = ""  # the provider's name of the return, where it has one


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(News):
    """We asked, and learnt nothing new; `found` says whether the provider knows the reference."""

    found: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered(News):
    """We asked, and the provider did not answer: nothing is learnt, and others get their turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowClosed(News):
    """Direct Entry: the account's transactions of every day of the window show no return."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled(Event):
    """A person withdrew what was never sent."""

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(Event):
    """A person keeps it back: nobody sends it until the hold is lifted."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLifted(Event):
    """A person lets it go on again, from where it was held."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated(Event):
    """It waits for a person; `why` is shown on the attention list."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionProposed(Event):
    """A first person proposes a verdict, with evidence; a second decides."""

    verdict: Verdict
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolutionDismissed(Event):
    """A second person does not agree with the proposal."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredDead(Event):
    """A second person agrees that it was never executed: the money is released."""

    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reattempted(Event):
    """A second person agrees that it was never executed: it is paid under a new reference."""

    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Redrafted(Event):
    """It came back, and is paid once more by another payout, whose id `redraft` is."""

    redraft: str


ALL: tuple[type[Event], ...] = (
    Requested, ApprovalAsked, Approved, Released, Declined, Lapsed, Delayed, Rerouted, Started,
    StartedAgain, Accepted, Refused, OutOfFunds, TurnedAway, NeverSent, Unclear, Confirmed,
    Rejected, Returned, Asked, Unanswered, WindowClosed, Cancelled, Escalated, Held, HoldLifted,
    ResolutionProposed, ResolutionDismissed, DeclaredDead, Reattempted, Redrafted, Filed, LetGo,
    FileDoubted, FileCleared,
)  # fmt: skip

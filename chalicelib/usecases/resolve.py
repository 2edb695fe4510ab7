"""Two people decide what asking cannot find: one proposes with evidence, another one agrees.

Agreeing asks the provider once more: what it knows after all is heard instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.advance import advance
from chalicelib.domain.errors import Conflict, Forbidden, NotPossible, SignInRefused
from chalicelib.domain.events import (
    DeclaredDead,
    Reattempted,
    ResolutionDismissed,
    ResolutionProposed,
    Verdict,
)
from chalicelib.domain.payout import Status
from chalicelib.usecases.ask import find
from chalicelib.usecases.hear import existing, hear

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.patience import Patience
    from chalicelib.domain.payout import Payout
    from chalicelib.domain.resolution import Proposal
    from chalicelib.ports import Clock, Gate, Payouts, Provider


def propose(
    transaction_id: str,
    *,
    verdict: Verdict,
    evidence: str,
    by: str,
    request_id: str,
    payouts: Payouts,
    clock: Clock,
) -> Payout:
    """Propose how an unconfirmed payout ends; the evidence goes before a second person.

    The same person's same proposal again changes nothing.

    Raises:
        NotFound: no such payout.
        NotPossible: it is not unconfirmed.
        Conflict: there is a proposal already, or the payout moved meanwhile.
    """
    payout = existing(payouts, transaction_id)
    before = payout.proposal
    if before is not None:
        if (before.by, before.verdict, before.evidence) == (by, verdict, evidence):
            return payout
        raise Conflict("There is a proposal already; it must be dismissed first.")
    event = ResolutionProposed(
        at=clock.now(), by=by, request_id=request_id, verdict=verdict, evidence=evidence
    )
    return payouts.write(advance(payout, event))


def dismiss(
    transaction_id: str, *, reason: str, by: str, request_id: str, payouts: Payouts, clock: Clock
) -> Payout:
    """Take a proposal away.

    Raises:
        NotFound: no such payout.
        Conflict: there is no proposal.
    """
    payout = existing(payouts, transaction_id)
    _proposal(payout)
    event = ResolutionDismissed(at=clock.now(), by=by, request_id=request_id, reason=reason)
    return payouts.write(advance(payout, event))


def agree(
    transaction_id: str,
    *,
    verdict: Verdict,
    by: str,
    request_id: str,
    payouts: Payouts,
    provider: Provider,
    gate: Gate,
    clock: Clock,
    patience: Patience,
    time_left: Callable[[], float],
) -> Payout:
    """Carry out a proposal, as a second person who is neither its author nor the payout's maker.

    `verdict` is what that person has read: another proposal may have taken its place.

    Raises:
        NotFound: no such payout.
        Forbidden: proposed, or asked for, by the same person.
        Conflict: no such proposal; the quarantine is not over; or the provider knows the payout
            after all, which is heard.
        ProviderUnavailable: the provider could not be asked, or may not be.
    """
    payout = existing(payouts, transaction_id)
    proposal = _proposal(payout)
    if by in {proposal.by, payout.intent.created_by}:
        raise Forbidden("Somebody else than its maker and its proposer has to agree.")
    if proposal.verdict != verdict:
        raise Conflict("Something else is proposed by now: it has to be read first.")
    if not patience.quarantine_over(payout, clock.now()):
        raise Conflict("A request may still be in flight: the quarantine is not over.")
    if gate.closed():
        raise SignInRefused("The provider refused our key; no call goes out.")
    news = find(payout, provider=provider, clock=clock, time_left=time_left)
    if news is not None:
        heard = hear(payout, news, payouts=payouts).payout
        raise Conflict(f"The provider knows it after all: the payout is {heard.status.shown}.")
    now = clock.now()
    event = (
        DeclaredDead(at=now, by=by, request_id=request_id, evidence=proposal.evidence)
        if proposal.verdict == Verdict.DEAD
        else Reattempted(at=now, by=by, request_id=request_id, evidence=proposal.evidence)
    )
    # Written on exactly what was looked at: a payout that moved since is not decided upon.
    return payouts.write(advance(payout, event))


def _proposal(payout: Payout) -> Proposal:
    if payout.status is not Status.UNCONFIRMED:
        raise NotPossible(payout.status.shown, "resolved")
    if payout.proposal is None:
        raise Conflict("Nothing is proposed for this payout.")
    return payout.proposal

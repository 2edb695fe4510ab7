"""Agree to a payout that waits for it, or say no: once, bound to what was seen, by somebody else.

The last word that is needed releases the payout and claims it for sending in the same write.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.advance import advance
from chalicelib.domain.approval import (
    ADDER,
    MAKER,
    Seen,
    enough,
    lapsed,
    seen_of,
    wants_reason,
    why_not,
    why_not_there,
)
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.claims import Claims
from chalicelib.domain.errors import (
    Conflict,
    CustomerErased,
    CustomerStopped,
    Fault,
    Forbidden,
    NotPossible,
    RuleBroken,
    Stale,
    StoreUnavailable,
)
from chalicelib.domain.events import Approved, Declined, Delayed, Released, Started
from chalicelib.domain.payout import Status
from chalicelib.domain.refusals import ApprovalLapsed, ApproverLimit, SeenChanged
from chalicelib.domain.twins import twin_key
from chalicelib.ports import Question
from chalicelib.usecases.admit import hindrance_of
from chalicelib.usecases.cancel import refuse_contradicted
from chalicelib.usecases.hear import TRIES, existing, hear
from chalicelib.usecases.send import deliver

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.approver_day import ApproverDay
    from chalicelib.domain.customer import Customer
    from chalicelib.domain.payout import Payout
    from chalicelib.domain.step import Step
    from chalicelib.ports import Clock, Desk, Opening, Payouts, Provider, Vault


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody says to what waits; `seen` is the digest of what they saw."""

    by: str
    roles: frozenset[str]
    request_id: str
    seen: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """The payout afterwards, and whether the same person had said the same before."""

    payout: Payout
    replayed: bool


@dataclass(frozen=True, slots=True)
class Look:
    """A payout as there is to see now, with what was read for it.

    `proven` where a payment has reached its destination before.
    """

    payout: Payout
    customer: Customer
    opening: Opening
    seen: Seen
    proven: bool


def look(payout: Payout, *, payouts: Payouts, clock: Clock) -> Look:
    """What there is to see of a payout now.

    Raises:
        Conflict: its customer does not exist any more.
    """
    intent = payout.intent
    opening = payouts.opening(Question(
        transaction_id=payout.transaction_id, customer_id=intent.customer_id,
        by=intent.created_by, day=sydney_date(clock.now()),
        twin=twin_key(intent.customer_id, intent.amount, intent.reference),
    ))  # fmt: skip
    if opening.customer is None:
        raise Conflict("The customer does not exist any more.")
    proven = intent.destination.destination_id in opening.habits.proven
    now = opening.payout or payout
    seen = seen_of(now, opening.customer, opening.policy, proven=proven)
    return Look(now, opening.customer, opening, seen, proven)


def approve(
    transaction_id: str,
    word: Word,
    *,
    payouts: Payouts,
    desk: Desk,
    provider: Provider,
    vault: Vault,
    clock: Clock,
    time_left: Callable[[], float],
) -> Decided:
    """Agree to just what was seen; send it if that is enough.

    Raises:
        NotFound: no such payout.
        Forbidden: its maker, who added its destination, or who may not agree to anything.
        NotPossible, ApprovalLapsed: it does not wait to be agreed to (any more).
        SeenChanged: it is not as it was seen; nothing is agreed to.
        CustomerStopped, CustomerErased, Conflict: it could not be sent.
        RuleBroken: a reason is wanted.
        ApproverLimit: more than one person may agree to within 24 hours.
        StoreUnavailable, VaultUnavailable: it may or may not be written; again is safe.
    """
    for _ in range(TRIES):
        now = look(existing(payouts, transaction_id), payouts=payouts, clock=clock)
        payout = now.payout
        if any((each.by, each.seen) == (word.by, word.seen) for each in payout.approvals):
            return Decided(payout, replayed=True)
        _refuse(payout, word, clock)
        _refuse_unseen(now, word)
        _refuse_there(now, word)
        day = _day(now, word, desk, clock)
        claimed_at = clock.monotonic()
        destination = vault.unseal(payout.intent.destination, customer_id=now.customer.customer_id)
        steps = _steps(now, word, clock)
        try:
            written = payouts.write(*steps, claims=Claims(desk=day))
        except Stale:
            continue
        if isinstance(steps[-1].event, Started):
            written = deliver(
                written, destination, claimed_at=claimed_at,
                payouts=payouts, provider=provider, clock=clock, time_left=time_left,
            )  # fmt: skip
        return Decided(written, replayed=False)
    raise StoreUnavailable("too many others decide at once")


def decline(transaction_id: str, word: Word, *, payouts: Payouts, clock: Clock) -> Payout:
    """Say no: the money goes back to the balance; again changes nothing.

    Raises:
        NotFound: no such payout.
        Forbidden: its maker, who may cancel it, or somebody who may not decide.
        NotPossible: it does not wait to be agreed to (any more).
        Conflict: the provider said something of it that cannot be true of what was never sent.
    """
    payout = existing(payouts, transaction_id)
    _refuse_who(payout, word, "Whoever asked for it cancels it, and cannot decline it.")
    event = Declined(at=clock.now(), by=word.by, request_id=word.request_id, reason=word.reason)
    return hear(payout, event, payouts=payouts, refuses=refuse_contradicted).payout


def _refuse(payout: Payout, word: Word, clock: Clock) -> None:
    """Refuse what no look at anything else could allow."""
    _refuse_who(payout, word, "Somebody else than its maker has to agree.")
    if payout.status is not Status.AWAITING_APPROVAL:
        raise NotPossible(payout.status.shown, "approved")
    refuse_contradicted(payout)
    if lapsed(payout.lapses_at, clock.now()):
        raise ApprovalLapsed


def _refuse_who(payout: Payout, word: Word, own: str) -> None:
    why = why_not(word.by, word.roles, payout.intent.created_by)
    if why:
        raise Forbidden(own if why == MAKER else "Only an approver or an admin decides.")


def _refuse_unseen(now: Look, word: Word) -> None:
    """Refuse what could not be sent, or is not what was seen."""
    if now.customer.erasure is not None:
        raise CustomerErased
    if now.customer.stopped:
        raise CustomerStopped
    if now.seen.digest != word.seen:
        raise SeenChanged
    if wants_reason(now.seen.why) and not word.reason:
        why = "is needed: say why it is right all the same"
        raise RuleBroken([Fault("/reason", "reason_needed", why)], "A reason is needed.")


def _refuse_there(now: Look, word: Word) -> None:
    """Refuse a destination that a second person has to look at, to whoever is none."""
    why = why_not_there(word.by, now.seen, now.customer)
    if why == ADDER:
        raise Forbidden("Somebody else than who added its destination has to agree.")
    if why:
        raise Conflict("Its destination was removed meanwhile: it cannot be agreed to any more.")


def _day(now: Look, word: Word, desk: Desk, clock: Clock) -> ApproverDay:
    most = now.opening.policy.approvals.approver_day
    day = desk.day(word.by).more(now.payout.intent.amount, clock.now(), most)
    if day is None:
        raise ApproverLimit
    return day


def _steps(now: Look, word: Word, clock: Clock) -> list[Step]:
    """The word, and what follows from it: nothing yet, or its release and sending, or waiting."""
    at, by, request_id = clock.now(), word.by, word.request_id
    given = Approved(
        at=at, by=by, request_id=request_id, seen=word.seen, needs=now.seen.needs,
        reason=word.reason,
    )  # fmt: skip
    steps = [advance(now.payout, given)]
    if not enough(steps[-1].after, now.seen):
        return steps
    steps.append(advance(steps[-1].after, Released(at=at, by=by, request_id=request_id)))
    if steps[-1].after.held:
        return steps  # agreed to, and kept back all the same
    hindrance = hindrance_of(now.opening, now.payout.rail, at)
    last = (
        Started(at=at, by=by, request_id=request_id, claim_id=clock.new_id())
        if hindrance is None
        else Delayed(at=at, by=by, request_id=request_id, reason=hindrance)
    )
    return [*steps, advance(steps[-1].after, last)]

"""Ask for a payout: consider it, hold the money and claim it in one write, send it.

The payout is its own idempotency record: the same key finds it, as it is now, for ever.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain import asked, rate
from chalicelib.domain.advance import advance, begin
from chalicelib.domain.errors import (
    Conflict,
    Fault,
    KeyTaken,
    NotFound,
    RuleBroken,
    Stale,
)
from chalicelib.domain.events import ApprovalAsked, Delayed, Started
from chalicelib.domain.identifiers import derived_id
from chalicelib.domain.order import KEY
from chalicelib.domain.refusals import AlreadyRedrafted, TooFast
from chalicelib.usecases.admit import hindrance_of, refuse_crowd
from chalicelib.usecases.consider import Asking, consider, question_of
from chalicelib.usecases.send import deliver

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.order import Limits, Order
    from chalicelib.domain.payout import Payout
    from chalicelib.domain.rate import Quota, Token
    from chalicelib.domain.step import Step
    from chalicelib.ports import Clock, Opening, Payouts, Provider, Vault
    from chalicelib.usecases.consider import Plan

# How often it is considered anew when somebody took of the same allowance first.
TRIES = 10


@dataclass(frozen=True, slots=True)
class Placed:
    """The payout that an order became, and whether it was there before.

    `quota` is what is left to the principal; of a replay nothing is taken, nor told.
    """

    payout: Payout
    replayed: bool
    quota: Quota | None = None


def request(
    order: Order,
    *,
    key: str,
    by: str,
    request_id: str,
    limits: Limits,
    payouts: Payouts,
    provider: Provider,
    vault: Vault,
    clock: Clock,
    time_left: Callable[[], float],
    drafted: bool = False,
) -> Placed:
    """Create a payout and send it, or find the one that the key made before.

    Where the policy wants other people to agree first, or it is `drafted` by a principal that may
    only draft, it waits for them.

    Raises:
        NotFound: no such customer.
        RuleBroken: rules of ours, all of them; or the key was used for another order.
        KeyTaken: the key is somebody else's.
        TooFast: the principal asks for too many in too short a time.
        Conflict: the customer's payouts are stopped; or others were first again and again.
        StoreUnavailable, VaultUnavailable: not known to be stored; the same key may be used again.
        TooManyWait: nothing goes out at present, and as many wait as may; nothing was stored.
    """
    return place(
        order, Asking(derived_id("payout", key), by, drafted), request_id=request_id, limits=limits,
        payouts=payouts, provider=provider, vault=vault, clock=clock, time_left=time_left,
    )  # fmt: skip


def place(
    order: Order,
    asking: Asking,
    *,
    request_id: str,
    limits: Limits,
    payouts: Payouts,
    provider: Provider,
    vault: Vault,
    clock: Clock,
    time_left: Callable[[], float],
    original: Callable[[], Step | None] = lambda: None,
) -> Placed:
    """As `request`, under an id that is known. `original` makes the step of what it replaces.

    A schedule that asks takes nothing of anybody's rate.

    Raises:
        NotFound, RuleBroken, KeyTaken, TooFast, Conflict: as `request`; and what `original` raises.
        StoreUnavailable, VaultUnavailable: as `request`.
    """
    by = asking.by

    def once() -> Placed:
        opening = payouts.opening(question_of(order, asking, clock.now()))
        if opening.payout is not None:
            return _replay(opening.payout, order, by)
        claimed_at = clock.monotonic()
        token = _token(asking, opening, clock)
        replaced = original()
        plan = consider(
            order, asking, opening, limits=limits, payouts=payouts, vault=vault, clock=clock
        )
        first = begin(plan.intent, by=by, request_id=request_id)
        second = _second(plan, opening, clock, request_id=request_id)
        refuse_crowd(second, limits, payouts)
        claims = replace(plan.decision.claims, token=token, original=replaced, woken=asking.woken)
        written = payouts.write(first, advance(first.after, second), claims=claims)
        if not isinstance(second, Started):
            return Placed(written, replayed=False, quota=_quota(token))
        sent = deliver(
            written, plan.destination, claimed_at=claimed_at,
            payouts=payouts, provider=provider, clock=clock, time_left=time_left,
        )  # fmt: skip
        return Placed(sent, replayed=False, quota=_quota(token))

    for _ in range(TRIES):
        try:
            return once()
        except (NotFound, Conflict, RuleBroken, TooFast) as refused:
            # No refusal without another look: the same key may have won in the meantime, and what
            # is missing now, it has taken. The opening is several reads, and no picture of one
            # moment.
            winner = payouts.get(asking.transaction_id)
            if winner is not None:
                return _replay(winner, order, by)
            if not isinstance(refused, Stale):
                raise
    raise Conflict("Others were first again and again: send the same request once more.")


def _token(asking: Asking, opening: Opening, clock: Clock) -> Token | None:
    """What a request takes of its principal's rate.

    Raises:
        TooFast: there is nothing left of it.
    """
    if asking.woken is not None:
        return None
    token = rate.token(asking.by, clock.now(), opening.policy.rates, opening.pace)
    rate.check(token)
    return token


def _quota(token: Token | None) -> Quota | None:
    return rate.quota(token) if token else None


def _second(
    plan: Plan, opening: Opening, clock: Clock, *, request_id: str
) -> ApprovalAsked | Delayed | Started:
    """The step after the first: before other people, waiting, or claimed for sending at once."""
    at, by, thought = plan.intent.created_at, plan.intent.created_by, plan.decision.assessment
    if thought.needs:
        lapses_at = at + timedelta(hours=opening.policy.approvals.hours)
        return ApprovalAsked(
            at=at, by=by, request_id=request_id, needs=thought.needs, why=",".join(thought.why),
            lapses_at=lapses_at,
        )  # fmt: skip
    hindrance = hindrance_of(opening, plan.intent.rail, at)
    if hindrance is not None:
        return Delayed(at=at, by=by, request_id=request_id, reason=hindrance)
    return Started(at=at, by=by, request_id=request_id, claim_id=clock.new_id())


def _replay(payout: Payout, order: Order, by: str) -> Placed:
    differing = asked.differing(payout.transaction_id, payout.intent.asked, order.told)
    if KEY in differing:
        raise AlreadyRedrafted(payout.transaction_id)
    if payout.intent.created_by != by:
        raise KeyTaken("The idempotency key belongs to another principal's payout.")
    if differing:
        faults = [
            Fault(f"/{name}", "idempotency_key_reused", "differs from what the key was used for")
            for name in differing
        ]
        raise RuleBroken(faults, "The idempotency key was used for another payout.")
    return Placed(payout, replayed=True)

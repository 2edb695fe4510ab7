"""Send a payout, once: claim it first, for only the writer of that step may pay.

Never sends without a claim, nor on one that has grown old. The first use of a rail or destination
is put to the provider first, which moves nothing: where it has something against it, nothing more
is done. A time-out is not an error here but an event; where its outcome cannot be stored, the claim
is, and the poller asks.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from chalicelib.domain.advance import advance
from chalicelib.domain.errors import Conflict, Contradiction, StoreUnavailable
from chalicelib.domain.events import (
    Asked,
    Escalated,
    Hindrance,
    NeverSent,
    OutOfFunds,
    Started,
    StartedAgain,
)
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.payout import Status
from chalicelib.usecases.hear import existing, hear

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.destination import Destination
    from chalicelib.domain.events import News
    from chalicelib.domain.payout import Payout
    from chalicelib.ports import Clock, Payouts, Provider, Vault

# Seconds on the monotonic clock after which a claim is no longer acted upon.
CLAIM_LIFE = 20.0
# Seconds of them that asking beforehand may take.
LONGEST_VALIDATION = 8.0
SENDER = "sender"


def send(
    payout: Payout,
    *,
    by: str,
    payouts: Payouts,
    provider: Provider,
    vault: Vault,
    clock: Clock,
    time_left: Callable[[], float],
) -> Payout:
    """Send a queued payout, or one that was just asked for, not found, and may be sent again.

    Raises:
        Stale: somebody else has claimed it.
        Conflict: what we heard of it cannot be true together, or the customer is stopped.
        VaultUnavailable, StoreUnavailable: nothing was sent.
    """
    if not payout.intent.destination.ciphertext:
        raise Conflict("Where it would go is not kept any more: it cannot be sent.")
    if payout.needs_person == CONTRADICTION:
        raise Conflict("What was heard of it cannot all be true: a person has to look first.")
    destination = vault.unseal(payout.intent.destination, customer_id=payout.intent.customer_id)
    claimed_at = clock.monotonic()
    now = clock.now()
    if payout.status is Status.UNCONFIRMED:
        # The look-up that allows it is part of the record.
        asked = advance(payout, Asked(at=now, by=by, attempt=payout.attempt, found=False))
        again = advance(asked.after, StartedAgain(at=now, by=by, claim_id=clock.new_id()))
        claimed = payouts.write(asked, again)
    else:
        claimed = payouts.write(advance(payout, Started(at=now, by=by, claim_id=clock.new_id())))
    return deliver(
        claimed, destination, claimed_at=claimed_at,
        payouts=payouts, provider=provider, clock=clock, time_left=time_left,
    )  # fmt: skip


def deliver(
    claimed: Payout,
    destination: Destination,
    *,
    claimed_at: float,
    payouts: Payouts,
    provider: Provider,
    clock: Clock,
    time_left: Callable[[], float],
) -> Payout:
    """Pay what this process has claimed at `claimed_at` (monotonic), and hear the answer."""
    until = claimed_at + CLAIM_LIFE
    within = min(time_left(), until - clock.monotonic())
    news = _objection(claimed, destination, provider=provider, within=within)
    within = min(time_left(), until - clock.monotonic())
    if news is None and within > 0:
        news = provider.pay(claimed, destination, within=within)
    if news is None:
        news = NeverSent(
            at=clock.now(), by=SENDER, attempt=claimed.attempt, reason=Hindrance.OUT_OF_TIME
        )
    heard = claimed
    with suppress(StoreUnavailable):
        heard = _heard(claimed, news, payouts=payouts, clock=clock)
        if isinstance(news, OutOfFunds):
            # A hint, so that others do not overtake; nothing rests on it.
            payouts.note_shortage(at=news.at)
    return heard


def _objection(
    claimed: Payout, destination: Destination, *, provider: Provider, within: float
) -> News | None:
    """What the provider has against the first use of a rail or destination, before anything left.

    Not of what is sent again: whatever is said of that proves nothing about the first sending.
    """
    route, first = claimed.intent.route, claimed.status is Status.SENDING
    rerouted = claimed.rail is not claimed.intent.rail
    if within <= 0 or not first or not (rerouted or (route is not None and route.first_use)):
        return None
    return provider.validate(claimed, destination, within=min(within, LONGEST_VALIDATION))


def _heard(claimed: Payout, news: News, *, payouts: Payouts, clock: Clock) -> Payout:
    """The payout after its answer; an answer that cannot be true puts it before a person."""
    try:
        return hear(claimed, news, payouts=payouts).payout
    except Contradiction as contradiction:
        now = existing(payouts, claimed.transaction_id)
        alarm = Escalated(at=clock.now(), by=SENDER, why=contradiction.code)
        return hear(now, alarm, payouts=payouts).payout

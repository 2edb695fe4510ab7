"""Send a payout, once: claim it first, for only the writer of that step may pay.

Never sends without a claim, nor on one that has grown old. The first use of a rail or destination
is put to the provider first, which moves nothing: where it has something against it, nothing more
is done. Nor is it of a redraft while what that replaces may be alive. A time-out is not an error
here but an event; where its outcome cannot be stored, the claim is, and the poller asks.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from chalicelib.domain.advance import advance
from chalicelib.domain.errors import Conflict, StoreUnavailable
from chalicelib.domain.events import (
    Asked,
    Hindrance,
    NeverSent,
    OutOfFunds,
    Started,
    StartedAgain,
)
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.payout import Status
from chalicelib.usecases.hear import hear_or_alarm
from chalicelib.usecases.originals import doubt_of_originals

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
# Seconds of them in which a redraft's originals are asked about.
LONGEST_QUESTIONS = 6.0
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
    news: News | None = _doubt(
        claimed, claimed_at=claimed_at, payouts=payouts, provider=provider, clock=clock,
        time_left=time_left,
    )  # fmt: skip
    if news is None:
        within = min(time_left(), until - clock.monotonic())
        news = _objection(claimed, destination, provider=provider, within=within)
    within = min(time_left(), until - clock.monotonic())
    if news is None and within > 0:
        news = provider.pay(claimed, destination, within=within)
    if news is None:
        news = _never(claimed, Hindrance.OUT_OF_TIME, clock)
    heard = claimed
    with suppress(StoreUnavailable):
        heard = hear_or_alarm(claimed, news, by=SENDER, payouts=payouts, clock=clock)
        if isinstance(news, OutOfFunds):
            # A hint, so that others do not overtake; nothing rests on it.
            payouts.note_shortage(at=news.at)
    return heard


def _doubt(
    claimed: Payout,
    *,
    claimed_at: float,
    payouts: Payouts,
    provider: Provider,
    clock: Clock,
    time_left: Callable[[], float],
) -> NeverSent | None:
    """That a redraft is not sent now, for what it replaces may be alive; of no other payout."""
    until = claimed_at + LONGEST_QUESTIONS
    why = doubt_of_originals(
        claimed, by=SENDER, payouts=payouts, provider=provider, clock=clock,
        time_left=lambda: min(time_left(), until - clock.monotonic()),
    )  # fmt: skip
    return _never(claimed, why, clock) if why else None


def _never(claimed: Payout, why: Hindrance, clock: Clock) -> NeverSent:
    return NeverSent(at=clock.now(), by=SENDER, attempt=claimed.attempt, reason=why)


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

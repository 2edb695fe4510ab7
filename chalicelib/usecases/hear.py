"""Hear an event: advance the payout, write the step; where somebody was faster, read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from chalicelib.domain.advance import advance
from chalicelib.domain.errors import Contradiction, NotFound, Stale, StoreUnavailable
from chalicelib.domain.events import Escalated

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.events import Event, News
    from chalicelib.domain.notices import Notice
    from chalicelib.domain.payout import Payout
    from chalicelib.ports import Clock, Payouts

# Each lost race means that somebody else's step was written: ten in a row are no race any more.
TRIES = 10


class Heard(NamedTuple):
    """The payout afterwards, and whether the event changed it (else no notice was written)."""

    payout: Payout
    changed: bool


def hear(
    payout: Payout,
    event: Event,
    *,
    payouts: Payouts,
    notice: Callable[[Payout], Notice] | None = None,
    refuses: Callable[[Payout], None] = lambda _payout: None,
) -> Heard:
    """Apply an event to a payout that the caller already holds.

    `notice` is what is written with the step, given the payout after it.
    `refuses` raises where the caller must not do it to the payout as it is read at last.

    Raises:
        NotPossible, Contradiction: the payout's life has no such move now.
        StoreUnavailable: it may or may not be written; hearing it again is safe.
    """
    for _ in range(TRIES):
        refuses(payout)
        step = advance(payout, event)
        if not step.changes:
            return Heard(payout, changed=False)
        try:
            kept = notice(step.after) if notice else None
            return Heard(payouts.write(step, notice=kept), changed=True)
        except Stale:
            payout = existing(payouts, payout.transaction_id)
    raise StoreUnavailable("too many others write this payout")


def hear_or_alarm(payout: Payout, news: News, *, by: str, payouts: Payouts, clock: Clock) -> Payout:
    """The payout after news of it; what cannot be true puts it before a person.

    Raises:
        StoreUnavailable: it may or may not be written; hearing it again is safe.
    """
    try:
        return hear(payout, news, payouts=payouts).payout
    except Contradiction as contradiction:
        now = existing(payouts, payout.transaction_id)
        alarm = Escalated(at=clock.now(), by=by, why=contradiction.code)
        return hear(now, alarm, payouts=payouts).payout


def existing(payouts: Payouts, transaction_id: str) -> Payout:
    """The payout of that id.

    Raises:
        NotFound: there is none.
    """
    payout = payouts.get(transaction_id)
    if payout is None:
        raise NotFound("payout")
    return payout

"""Withdraw a payout that was never sent; anything else is refused, for it may have left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.errors import Conflict
from chalicelib.domain.events import Cancelled
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.usecases.hear import existing, hear

if TYPE_CHECKING:
    from chalicelib.domain.payout import Payout
    from chalicelib.ports import Clock, Payouts


def cancel(
    transaction_id: str, *, reason: str, by: str, request_id: str, payouts: Payouts, clock: Clock
) -> Payout:
    """Cancel a queued payout and give the money back to the balance; again changes nothing.

    Raises:
        NotFound: no such payout.
        NotPossible: it was sent, or it ended otherwise.
        Conflict: the provider said something of it that cannot be true of what was never sent.
    """
    payout = existing(payouts, transaction_id)
    event = Cancelled(at=clock.now(), by=by, request_id=request_id, reason=reason)
    return hear(payout, event, payouts=payouts, refuses=refuse_contradicted).payout


def refuse_contradicted(payout: Payout) -> None:
    """Refuse to decide what may have left, as it is read at the last moment.

    Raises:
        Conflict: what was heard of it cannot all be true.
    """
    if payout.needs_person == CONTRADICTION:
        raise Conflict("What was heard of it cannot all be true: a person has to look first.")

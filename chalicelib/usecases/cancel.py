"""Withdraw a payout that was never sent; anything else is refused, for it may have left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.events import Cancelled
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
    """
    event = Cancelled(at=clock.now(), by=by, request_id=request_id, reason=reason)
    return hear(existing(payouts, transaction_id), event, payouts=payouts).payout

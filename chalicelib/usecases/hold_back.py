"""Keep one payout back, and let it go on: until then nobody sends it, whatever it was about to do.

Refuses what is on the wire, or has ended: that cannot be kept back any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.events import Held, HoldLifted
from chalicelib.usecases.hear import existing, hear

if TYPE_CHECKING:
    from chalicelib.domain.payout import Payout
    from chalicelib.ports import Clock, Payouts


def hold(
    transaction_id: str, *, reason: str, by: str, request_id: str, payouts: Payouts, clock: Clock
) -> Payout:
    """Keep a payout back that is not on the wire; what is held already stays as it is.

    An unconfirmed one is not sent again, and goes on being asked about.

    Raises:
        NotFound: no such payout.
        NotPossible: it is being sent, was taken by the provider, or has ended.
        StoreUnavailable: it may or may not be held; again is safe.
    """
    event = Held(at=clock.now(), by=by, request_id=request_id, reason=reason)
    return hear(existing(payouts, transaction_id), event, payouts=payouts).payout


def lift(
    transaction_id: str, *, reason: str, by: str, request_id: str, payouts: Payouts, clock: Clock
) -> Payout:
    """Let a held payout go on from where it was held; what is not held stays as it is.

    It is not sent here: the poller does that in its turn.

    Raises:
        NotFound, NotPossible, StoreUnavailable: as of `hold`.
    """
    event = HoldLifted(at=clock.now(), by=by, request_id=request_id, reason=reason)
    return hear(existing(payouts, transaction_id), event, payouts=payouts).payout

"""Which payouts are due now: what one run of the poller can attend to, the longest due first.

The index may lag and only says whom to look at. What cannot be read, or only waits until its
customer's payouts go on, takes nobody else's place.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from chalicelib.domain.errors import CustomerStopped
from chalicelib.domain.payout import Status
from chalicelib.usecases.worry import code_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.calendar import Calendar
    from chalicelib.domain.patience import Patience
    from chalicelib.domain.payout import Payout
    from chalicelib.ports import Clock, Payouts

# Payouts of one run; more are due again at once.
MOST = 500
# Of what the index shows, looked at for them.
MOST_LOOKED_AT = 2000
# Of those that wait until one customer's payouts go on.
MOST_OF_STOPPED = 20


def due_now(
    *,
    payouts: Payouts,
    clock: Clock,
    calendar: Calendar,
    patience: Patience,
    has_time: Callable[[], bool],
    told: Counter[str],
) -> list[Payout]:
    """Those that are due, as they are now.

    Raises:
        StoreUnavailable: the index cannot be read.
    """
    found: list[Payout] = []
    stopped: Counter[str] = Counter()
    for transaction_id in islice(payouts.due(clock.now()), MOST_LOOKED_AT):
        if len(found) == MOST:
            break
        if not has_time():
            told["left_for_next_time"] += 1
            break
        payout = read_one(transaction_id, payouts, told)
        due = patience.due(payout, calendar) if payout else None
        if payout is None or due is None or due > clock.now():
            continue
        if payout.status is Status.QUEUED and payout.needs_person == CustomerStopped.code:
            stopped[payout.intent.customer_id] += 1
            if stopped[payout.intent.customer_id] > MOST_OF_STOPPED:
                continue
        found.append(payout)
    return found


def read_one(transaction_id: str, payouts: Payouts, told: Counter[str]) -> Payout | None:
    """The payout as it is now; `None` where it is gone, or cannot be read: that is counted."""
    try:
        return payouts.get(transaction_id)
    except Exception as error:  # noqa: BLE001 (whatever it was, it costs this payout only)
        told[code_of(error)] += 1
        return None

"""Pay once more what came back, corrected: a new payout, linked to its original both ways.

It is asked for as any payout is, and all rules are looked at again. That its original is unpaid,
and has no other redraft, is a condition of the one write that makes it: not only of what was read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.advance import advance
from chalicelib.domain.errors import Stale
from chalicelib.domain.events import Redrafted
from chalicelib.domain.redraft import order_of, redraft_id
from chalicelib.usecases.consider import Asking
from chalicelib.usecases.hear import existing
from chalicelib.usecases.request import place

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.order import Limits
    from chalicelib.domain.redraft import Correction
    from chalicelib.domain.step import Step
    from chalicelib.ports import Clock, Customers, Payouts, Provider, Vault
    from chalicelib.usecases.request import Placed


def redraft(
    transaction_id: str,
    correction: Correction,
    *,
    key: str,
    by: str,
    request_id: str,
    limits: Limits,
    payouts: Payouts,
    customers: Customers,
    provider: Provider,
    vault: Vault,
    clock: Clock,
    time_left: Callable[[], float],
    drafted: bool = False,
) -> Placed:
    """Make the one redraft of a payout and send it, or find the one that the key made before.

    Raises:
        NotFound: no such payout.
        NotPossible: its money is not back with the customer.
        AlreadyRedrafted: another key made its redraft.
        BeforeAPerson, OriginalDisputed: it, or one before it, may have been paid.
        RuleBroken, KeyTaken, TooFast, Conflict: as for any payout.
        StoreUnavailable, VaultUnavailable: not known to be stored; the same key may be used again.
    """
    original = existing(payouts, transaction_id)
    customer = customers.get(original.intent.customer_id)
    asking = Asking(redraft_id(transaction_id), by, drafted)

    def redrafted() -> Step:
        event = Redrafted(
            at=clock.now(), by=by, request_id=request_id, redraft=asking.transaction_id
        )
        step = advance(existing(payouts, transaction_id), event)
        if not step.changes:
            raise Stale("Its redraft has been made since it was looked for.")
        return step

    return place(
        order_of(original, correction, customer, key), asking, request_id=request_id, limits=limits,
        payouts=payouts, provider=provider, vault=vault, clock=clock, time_left=time_left,
        original=redrafted,
    )  # fmt: skip

"""Say what would become of an order, and store nothing: for people before they ask, and bots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.errors import Conflict, RuleBroken
from chalicelib.domain.preview import Preview
from chalicelib.domain.ways import arrival
from chalicelib.usecases.admit import hindrance_of
from chalicelib.usecases.consider import Asking, consider, question_of

if TYPE_CHECKING:
    from chalicelib.domain.order import Limits, Order
    from chalicelib.ports import Clock, Payouts, Vault


def preview(
    order: Order, *, by: str, drafted: bool, limits: Limits, payouts: Payouts, vault: Vault,
    clock: Clock,
) -> Preview:  # fmt: skip
    """What asking for the order now would come to.

    Raises:
        NotFound: no such customer.
        StoreUnavailable, VaultUnavailable: it could not be considered.
    """
    asking = Asking(clock.new_id(), by, drafted)
    now = clock.now()
    opening = payouts.opening(question_of(order, asking, now))
    try:
        plan = consider(
            order, asking, opening, limits=limits, payouts=payouts, vault=vault, clock=clock
        )
    except RuleBroken as broken:
        return Preview(faults=tuple(broken.faults))
    except Conflict as conflict:
        return Preview(stopped=conflict.code)
    intent = plan.intent
    when = arrival(intent.rail, intent.created_at, limits.routing.calendar)
    return Preview(intent=intent, hindrance=hindrance_of(opening, intent.rail, now), arrival=when)

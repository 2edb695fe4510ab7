"""Say what would become of an order, and store nothing: for people before they ask, and bots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.customer import Erasing
from chalicelib.domain.destination import SealedDestination
from chalicelib.domain.errors import Conflict, RuleBroken
from chalicelib.domain.events import Delayed
from chalicelib.domain.headroom import headroom
from chalicelib.domain.order import destination_of
from chalicelib.domain.preview import Preview
from chalicelib.domain.refusals import TooManyWait
from chalicelib.domain.ways import arrival
from chalicelib.usecases.admit import hindrance_of, refuse_crowd
from chalicelib.usecases.consider import (
    Asking,
    existing_in,
    question_of,
    refuse_unpayable,
    weigh,
)

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.customer import Customer
    from chalicelib.domain.headroom import Headroom
    from chalicelib.domain.order import Limits, Order
    from chalicelib.ports import Clock, Opening, Payouts, Vault


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
    customer = existing_in(opening)
    stopped = _why_stopped(customer)
    left = _left(order, by, opening, customer, now)
    if customer.erasure is not None and customer.erasure.stage is not Erasing.ASKED:
        return Preview(stopped=stopped, left=left)  # there is nothing left to consider
    try:
        plan = weigh(
            order, asking, opening, customer, limits=limits, payouts=payouts, vault=vault,
            clock=clock,
        )  # fmt: skip
    except RuleBroken as broken:
        return Preview(faults=tuple(broken.faults), stopped=stopped, left=left)
    intent = plan.intent
    hindrance = hindrance_of(opening, intent.rail, now)
    if hindrance is not None and not plan.decision.assessment.needs:
        try:
            refuse_crowd(Delayed(at=now, by=by, reason=hindrance), limits, payouts)
        except TooManyWait as crowd:
            stopped = stopped or crowd.code
    when = arrival(intent.rail, intent.created_at, limits.routing.calendar)
    return Preview(intent=intent, stopped=stopped, hindrance=hindrance, arrival=when, left=left)


def _why_stopped(customer: Customer) -> str:
    """The code of why nothing new is taken for the customer."""
    try:
        refuse_unpayable(customer)
    except Conflict as conflict:
        return conflict.code
    return ""


def _left(
    order: Order, by: str, opening: Opening, customer: Customer, now: datetime
) -> tuple[Headroom, ...]:
    """What the limits of the day have left; a destination that is not known is not verified."""
    sealed = destination_of(order, customer)
    verified = (
        isinstance(sealed, SealedDestination) and customer.standing(sealed.destination_id).verified
    )
    return headroom(
        customer_id=order.customer_id, by=by, day=sydney_date(now), verified=verified,
        limits=opening.policy.limits, spent=opening.spent,
    )  # fmt: skip

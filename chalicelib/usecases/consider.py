"""Consider an order: every rule at once, and then the whole of what would be stored and sent.

Stores nothing. What a race could make untrue is claimed with the write, or considered anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.customer import Erasing
from chalicelib.domain.decision import Case, Decision, Known, decide
from chalicelib.domain.detour import around
from chalicelib.domain.errors import (
    CustomerErased,
    CustomerStopped,
    Fault,
    InsufficientFunds,
    NotFound,
    RuleBroken,
)
from chalicelib.domain.intent import Intent
from chalicelib.domain.order import Conditions, candidates, destination_of, faults_of
from chalicelib.domain.rails import Rail
from chalicelib.domain.twins import is_repeat, still_counts, twin_key
from chalicelib.domain.ways import choose
from chalicelib.ports import Question

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.claims import Woken
    from chalicelib.domain.customer import Customer
    from chalicelib.domain.destination import Destination, SealedDestination
    from chalicelib.domain.order import Limits, Order
    from chalicelib.domain.ways import Choice
    from chalicelib.ports import Clock, Opening, Payouts, Vault


@dataclass(frozen=True, slots=True)
class Asking:
    """Whose order it is; `drafted` where they may only draft, as a bot.

    `woken` where a schedule asks on their behalf: then `own` are its payouts before, of which this
    is no duplicate.
    """

    transaction_id: str
    by: str
    drafted: bool = False
    woken: Woken | None = None
    own: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be stored, and the plain destination that it would be sent to."""

    intent: Intent
    destination: Destination
    decision: Decision


def question_of(order: Order, asking: Asking, now: datetime) -> Question:
    """What considering an order asks of the store."""
    return Question(
        transaction_id=asking.transaction_id, customer_id=order.customer_id, by=asking.by,
        day=sydney_date(now), twin=twin_key(order.customer_id, order.amount, order.reference),
    )  # fmt: skip


def consider(
    order: Order, asking: Asking, opening: Opening, *, limits: Limits, payouts: Payouts,
    vault: Vault, clock: Clock,
) -> Plan:  # fmt: skip
    """The plan for an order, if no rule forbids it and its customer may be paid.

    Raises:
        NotFound: no such customer.
        CustomerErased, CustomerStopped: nothing new is done for them.
        RuleBroken: every rule that it breaks.
        VaultUnavailable, StoreUnavailable: it could not be considered.
    """
    customer = existing_in(opening)
    refuse_unpayable(customer)
    return weigh(
        order, asking, opening, customer, limits=limits, payouts=payouts, vault=vault, clock=clock
    )


def weigh(
    order: Order, asking: Asking, opening: Opening, customer: Customer, *, limits: Limits,
    payouts: Payouts, vault: Vault, clock: Clock,
) -> Plan:  # fmt: skip
    """The plan for an order, if no rule forbids it, whether or not its customer may be paid now.

    Raises:
        RuleBroken: every rule that it breaks.
        VaultUnavailable, StoreUnavailable: it could not be considered.
    """
    now = clock.now()
    sealed = destination_of(order, customer)
    faults = faults_of(order, customer, limits)
    if isinstance(sealed, Fault):
        # Some ways are forbidden whichever destination is meant.
        raise RuleBroken([*faults, *_chosen(order, None, opening, limits, now).faults, sealed])
    decision = _decided(order, asking, opening, customer, sealed, payouts=payouts, now=now)
    destination = vault.unseal(sealed, customer_id=customer.customer_id)
    choice = _chosen(
        order, destination, opening, limits, now, waits=bool(decision.assessment.needs)
    )
    faults += [*choice.faults, *decision.faults]
    if faults:
        raise _broken(faults)
    first_use = opening.habits.is_first_use(choice.rail, sealed.destination_id)
    intent = Intent(
        transaction_id=asking.transaction_id, customer_id=customer.customer_id,
        amount=order.amount, rail=choice.rail, destination=sealed, created_at=now,
        created_by=asking.by, reference=order.reference, description=order.description,
        remitter_name=limits.remitter_name, asked=order.told, assessment=decision.assessment,
        drawn=decision.drawn, route=replace(choice.route, first_use=first_use),
        fallbacks=choice.others, redraft_of=order.redraft_of,
    )  # fmt: skip
    return Plan(intent, destination, decision)


def _chosen(
    order: Order, to: Destination | None, opening: Opening, limits: Limits, now: datetime,
    *, waits: bool = False,
) -> Choice:  # fmt: skip
    """The way to go; what `waits` for others may find its rail well again by then."""
    routing = limits.routing
    costs = {**routing.costs, **opening.costs}
    given = Conditions(now, routing.calendar, costs, opening.npp_limit)
    wish, ways = order.wish(routing.usual), candidates(order, to, given)
    choice = choose(wish, ways)
    if waits or wish.fast:
        return choice
    paused = {rail for rail in Rail if opening.stops(rail)}
    return around(choice, ways, opening.circuits, now, paused)


def existing_in(opening: Opening) -> Customer:
    """The customer that was read.

    Raises:
        NotFound: there is none.
    """
    if opening.customer is None:
        raise NotFound("customer")
    return opening.customer


def refuse_unpayable(customer: Customer) -> None:
    """Refuse whoever is being forgotten, or whose payouts are stopped.

    Raises:
        CustomerErased, CustomerStopped: nothing new is done for them.
    """
    if customer.erasure is not None:
        raise CustomerErased(final=customer.erasure.stage is not Erasing.ASKED)
    if customer.stopped:
        raise CustomerStopped


def _decided(
    order: Order, asking: Asking, opening: Opening, customer: Customer, sealed: SealedDestination,
    *, payouts: Payouts, now: datetime,
) -> Decision:  # fmt: skip
    case = Case(
        asking.transaction_id, order.customer_id, order.amount, order.reference, asking.by, now,
        drafted=asking.drafted,
    )  # fmt: skip
    known = Known(
        opening.policy, customer.standing(sealed.destination_id), opening.habits, opening.spent,
        opening.twin, repeated=_is_paid(opening, asking, payouts, now),
    )  # fmt: skip
    return decide(case, known)


def _is_paid(opening: Opening, asking: Asking, payouts: Payouts, now: datetime) -> bool:
    """Whether the payout before of its kind was paid, or may yet be: read only if it counts."""
    twin = opening.twin
    own = twin is not None and twin.transaction_id in asking.own
    if twin is None or own or not is_repeat(twin, now, opening.policy.duplicate_days):
        return False
    before = payouts.get(twin.transaction_id)
    if before is not None and not asking.own.isdisjoint(before.intent.redraft_of):
        return False
    return still_counts(before)


def _broken(faults: list[Fault]) -> RuleBroken:
    """All faults at once; a missing balance alone keeps its own code."""
    if [fault.code for fault in faults] == [InsufficientFunds.code]:
        return InsufficientFunds()
    return RuleBroken(faults)

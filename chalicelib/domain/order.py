"""What a person asks for, and what may be asked for at all, whoever asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalicelib.domain import rails
from chalicelib.domain.destination import BankAccount
from chalicelib.domain.errors import Fault, InsufficientFunds
from chalicelib.domain.rails import Rail
from chalicelib.domain.ways import (
    Candidate,
    Routing,
    Strategy,
    Urgency,
    Way,
    Wish,
    arrival,
    way_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from chalicelib.domain.calendar import Calendar
    from chalicelib.domain.customer import Customer
    from chalicelib.domain.destination import Destination, PayoutMethod, SealedDestination
    from chalicelib.domain.money import Money

# In what was said of an order: the digest of its key, where its id does not follow from that.
KEY = "idempotency_key"


@dataclass(frozen=True, slots=True)
class Order:
    """What a person asks for. Destination and rail may be left to us, the rail by a strategy.

    `redraft_of` are the payouts that came back before it, the latest first; of such a one `said` is
    how it was asked for.
    """

    customer_id: str
    amount: Money
    method: PayoutMethod
    destination_id: str = ""
    rail: Rail | None = None
    reference: str = ""
    description: str = ""
    strategy: Strategy | None = None
    urgency: Urgency | None = None
    redraft_of: tuple[str, ...] = ()
    said: tuple[tuple[str, str], ...] = ()

    @property
    def told(self) -> tuple[tuple[str, str], ...]:
        """The order field by field, for telling a replay from another order."""
        return self.said or (
            ("customer_id", self.customer_id),
            ("amount", str(self.amount)),
            ("payout_method", str(self.method)),
            ("destination_id", self.destination_id),
            ("rail", str(self.rail or "")),
            ("reference", self.reference),
            ("description", self.description),
            ("strategy", str(self.strategy or "")),
            ("urgency", str(self.urgency or "")),
        )

    def wish(self, usual: Strategy | None) -> Wish:
        """How it is to go; `usual` is by what where it says nothing of it, `None`: over NPP."""
        if self.rail is not None:
            return Wish(self.rail)
        said = self.strategy is not None or self.urgency is not None
        strategy = self.strategy or (Strategy.BY_URGENCY if said else usual)
        urgent = strategy is Strategy.BY_URGENCY and self.urgency is Urgency.URGENT
        return Wish(strategy=strategy, urgent=urgent, said=said)


@dataclass(frozen=True, slots=True)
class Limits:
    """The business's limits for one payout, the name that its payees see, how ways are chosen.

    So many may wait for a rail, or the sign-in, as `most_waiting` says.
    """

    least: Money
    most: Money
    remitter_name: str = ""
    routing: Routing = field(default_factory=Routing)
    most_waiting: int = 1000


@dataclass(frozen=True, slots=True)
class Conditions:
    """Under which a way is looked for: when, at what costs, and the most that NPP takes, if known.

    The last two are hints.
    """

    at: datetime
    calendar: Calendar
    costs: Mapping[Way, Money]
    npp_most: Money | None = None


def destination_of(order: Order, customer: Customer) -> SealedDestination | Fault:
    """The destination that the order names, or the customer's default for its method."""
    if order.destination_id:
        named = customer.destination(order.destination_id)
        if named is None:
            return Fault("/destination_id", "unknown_destination", "is not the customer's")
        if named.method is not order.method:
            return Fault("/destination_id", "other_method", f"is not a {order.method}")
        return named
    default = customer.default(order.method)
    if default is None:
        return Fault("/payout_method", "no_destination", f"the customer has no {order.method}")
    return default


def faults_of(order: Order, customer: Customer, limits: Limits) -> list[Fault]:
    """What is wrong with the amount, whichever way it goes."""
    faults = []
    if order.amount < limits.least:
        faults.append(Fault("/amount", "below_minimum", f"must be at least {limits.least}"))
    if order.amount > limits.most:
        faults.append(Fault("/amount", "above_limit", f"must be at most {limits.most}"))
    if order.amount > customer.available:
        faults.extend(InsufficientFunds().faults)
    return faults


def candidates(order: Order, to: Destination | None, now: Conditions) -> list[Candidate]:
    """The ways to such a destination, and the one that is named, each with what forbids it.

    Where it is not known which destination is meant (`to`), whichever of its kind.
    """
    found = []
    for rail in Rail:
        if rail is order.rail or not rails.why_not(rail, order.method):
            way = way_of(rail, order.method)
            faults = (*_limits_of(rail, order, now), *_reach(rail, order, to))
            when = arrival(rail, now.at, now.calendar)
            found.append(Candidate(way, rail, now.costs[way], when, faults))
    return found


def _limits_of(rail: Rail, order: Order, now: Conditions) -> list[Fault]:
    """What of it the rail does not carry."""
    faults = []
    if rail is Rail.NPP and now.npp_most is not None and order.amount > now.npp_most:
        most = f"the provider takes at most {now.npp_most} over NPP"
        faults.append(Fault("/amount", "above_provider_limit", most))
    if why := rails.why_not_description(rail, order.description):
        faults.append(Fault("/description", "rail_cannot_carry", why))
    if why := rails.why_not_reference(rail, order.reference):
        faults.append(Fault("/reference", "rail_cannot_carry", why))
    return faults


def _reach(rail: Rail, order: Order, to: Destination | None) -> list[Fault]:
    """Why the rail does not get there."""
    why = rails.why_not(rail, order.method)
    if rail is Rail.DIRECT_ENTRY and isinstance(to, BankAccount):
        why = to.why_not_direct_entry()
    return [Fault("/rail", "rail_cannot_reach", why)] if why else []

"""What a person asks for, and what may be asked for at all, whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain import rails
from chalicelib.domain.errors import Fault, InsufficientFunds

if TYPE_CHECKING:
    from chalicelib.domain.customer import Customer
    from chalicelib.domain.destination import PayoutMethod, SealedDestination
    from chalicelib.domain.money import Money
    from chalicelib.domain.rails import Rail


@dataclass(frozen=True, slots=True)
class Order:
    """What a person asks for. Destination and rail may be left to us."""

    customer_id: str
    amount: Money
    method: PayoutMethod
    destination_id: str = ""
    rail: Rail | None = None
    reference: str = ""
    description: str = ""

    @property
    def told(self) -> tuple[tuple[str, str], ...]:
        """The order field by field, for telling a replay from another order."""
        return (
            ("customer_id", self.customer_id),
            ("amount", str(self.amount)),
            ("payout_method", str(self.method)),
            ("destination_id", self.destination_id),
            ("rail", str(self.rail or "")),
            ("reference", self.reference),
            ("description", self.description),
        )


@dataclass(frozen=True, slots=True)
class Limits:
    """The business's limits for one payout, and the name that its payees see.

    `npp_most` is the provider's own limit for one payment over NPP, where it is known.
    """

    least: Money
    most: Money
    remitter_name: str = ""
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


def faults_of(order: Order, rail: Rail, customer: Customer, limits: Limits) -> list[Fault]:
    """What is wrong with amount and texts."""
    faults = []
    if order.amount < limits.least:
        faults.append(Fault("/amount", "below_minimum", f"must be at least {limits.least}"))
    if order.amount > limits.most:
        faults.append(Fault("/amount", "above_limit", f"must be at most {limits.most}"))
    if rail is rails.Rail.NPP and limits.npp_most is not None and order.amount > limits.npp_most:
        most = f"the provider takes at most {limits.npp_most} over NPP"
        faults.append(Fault("/amount", "above_provider_limit", most))
    if order.amount > customer.available:
        faults.extend(InsufficientFunds().faults)
    if why := rails.why_not_description(rail, order.description):
        faults.append(Fault("/description", "rail_cannot_carry", why))
    if why := rails.why_not_reference(rail, order.reference):
        faults.append(Fault("/reference", "rail_cannot_carry", why))
    return faults

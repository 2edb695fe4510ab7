"""Ask for a payout: decide, hold the money and claim it in one write, send it.

The payout is its own idempotency record: the same key finds it, as it is now, for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain import asked, rails
from chalicelib.domain.advance import advance, begin
from chalicelib.domain.destination import PayoutMethod
from chalicelib.domain.errors import (
    Conflict,
    CustomerErased,
    CustomerStopped,
    Fault,
    InsufficientFunds,
    KeyTaken,
    NotFound,
    RuleBroken,
)
from chalicelib.domain.events import Delayed, Hindrance, Started
from chalicelib.domain.identifiers import derived_id
from chalicelib.domain.payout import Intent
from chalicelib.domain.rails import Rail
from chalicelib.usecases.send import deliver

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.customer import Customer
    from chalicelib.domain.destination import BankAccount, Destination, SealedDestination
    from chalicelib.domain.money import Money
    from chalicelib.domain.payout import Payout
    from chalicelib.ports import Clock, Opening, Payouts, Provider, Vault


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
    """The business's limits for one payout, and the name that its payees see."""

    least: Money
    most: Money
    remitter_name: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """The payout that an order became, and whether it was there before."""

    payout: Payout
    replayed: bool


def request(
    order: Order,
    *,
    key: str,
    by: str,
    request_id: str,
    limits: Limits,
    payouts: Payouts,
    provider: Provider,
    vault: Vault,
    clock: Clock,
    time_left: Callable[[], float],
) -> Placed:
    """Create a payout and send it, or find the one that the key made before.

    Raises:
        NotFound: no such customer.
        RuleBroken: rules of ours, all of them; or the key was used for another order.
        KeyTaken: the key is somebody else's.
        Conflict: the customer's payouts are stopped.
        StoreUnavailable, VaultUnavailable: not known to be stored; the same key may be used again.
    """
    transaction_id = derived_id("payout", key)
    opening = payouts.opening(transaction_id, order.customer_id)
    if opening.payout is not None:
        return _replay(opening.payout, order, by)
    claimed_at = clock.monotonic()
    try:
        intent, destination = _decide(
            order, opening.customer, transaction_id, by, limits=limits, vault=vault, clock=clock
        )
        first = begin(intent, by=by, request_id=request_id)
        second = _second(intent, clock, request_id=request_id, hindrance=_hindrance(opening))
        written = payouts.write(first, advance(first.after, second))
    except (NotFound, Conflict, RuleBroken):
        # No refusal without another look: the same key may have won in the meantime, and what is
        # missing now, it has taken. The opening is several reads, and no picture of one moment.
        winner = payouts.get(transaction_id)
        if winner is None:
            raise
        return _replay(winner, order, by)
    if isinstance(second, Delayed):
        return Placed(written, replayed=False)
    sent = deliver(
        written, destination, claimed_at=claimed_at,
        payouts=payouts, provider=provider, clock=clock, time_left=time_left,
    )  # fmt: skip
    return Placed(sent, replayed=False)


def _hindrance(opening: Opening) -> Hindrance | None:
    """Why it is not even tried: the gate is closed, or others wait for funds before it."""
    if opening.gate_closed:
        return Hindrance.SIGN_IN_REFUSED
    return Hindrance.FUNDS if opening.short_of_funds else None


def _second(
    intent: Intent, clock: Clock, *, request_id: str, hindrance: Hindrance | None
) -> Delayed | Started:
    """The step after the first: claimed for sending at once, or waiting."""
    at, by = intent.created_at, intent.created_by
    if hindrance is not None:
        return Delayed(at=at, by=by, request_id=request_id, reason=hindrance)
    return Started(at=at, by=by, request_id=request_id, claim_id=clock.new_id())


def _replay(payout: Payout, order: Order, by: str) -> Placed:
    if payout.intent.created_by != by:
        raise KeyTaken("The idempotency key belongs to another principal's payout.")
    differing = asked.differing(payout.transaction_id, payout.intent.asked, order.told)
    if differing:
        faults = [
            Fault(f"/{name}", "idempotency_key_reused", "differs from what the key was used for")
            for name in differing
        ]
        raise RuleBroken(faults, "The idempotency key was used for another payout.")
    return Placed(payout, replayed=True)


def _decide(
    order: Order,
    customer: Customer | None,
    transaction_id: str,
    by: str,
    *,
    limits: Limits,
    vault: Vault,
    clock: Clock,
) -> tuple[Intent, Destination]:
    """Every rule, then the intent and the plain destination that it will be sent to."""
    if customer is None:
        raise NotFound("customer")
    if customer.erasure is not None:
        raise CustomerErased
    if customer.stopped:
        raise CustomerStopped
    rail = order.rail or Rail.NPP
    sealed = _destination(order, customer)
    faults = [*_amount_faults(order, customer, limits), *_text_faults(order, rail)]
    if isinstance(sealed, Fault):
        raise RuleBroken([*faults, sealed])
    if why := rails.why_not(rail, sealed.method):
        faults.append(Fault("/rail", "rail_cannot_reach", why))
    destination = vault.unseal(sealed, customer_id=customer.customer_id)
    if rail is Rail.DIRECT_ENTRY and sealed.method is PayoutMethod.BANK_ACCOUNT:
        account: BankAccount = destination  # type: ignore[assignment]
        if why := account.why_not_direct_entry():
            faults.append(Fault("/rail", "rail_cannot_reach", why))
    if faults:
        raise _broken(faults)
    intent = Intent(
        transaction_id=transaction_id, customer_id=customer.customer_id, amount=order.amount,
        rail=rail, destination=sealed, created_at=clock.now(), created_by=by,
        reference=order.reference, description=order.description,
        remitter_name=limits.remitter_name, asked=order.told,
    )  # fmt: skip
    return intent, destination


def _broken(faults: list[Fault]) -> RuleBroken:
    """All faults at once; a missing balance alone keeps its own code."""
    if [fault.code for fault in faults] == [InsufficientFunds.code]:
        return InsufficientFunds()
    return RuleBroken(faults)


def _destination(order: Order, customer: Customer) -> SealedDestination | Fault:
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


def _amount_faults(order: Order, customer: Customer, limits: Limits) -> list[Fault]:
    faults = []
    if order.amount < limits.least:
        faults.append(Fault("/amount", "below_minimum", f"must be at least {limits.least}"))
    if order.amount > limits.most:
        faults.append(Fault("/amount", "above_limit", f"must be at most {limits.most}"))
    if order.amount > customer.available:
        faults.extend(InsufficientFunds().faults)
    return faults


def _text_faults(order: Order, rail: Rail) -> list[Fault]:
    faults = []
    if why := rails.why_not_description(rail, order.description):
        faults.append(Fault("/description", "rail_cannot_carry", why))
    if why := rails.why_not_reference(rail, order.reference):
        faults.append(Fault("/reference", "rail_cannot_carry", why))
    return faults

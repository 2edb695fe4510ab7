"""Keep customers; the balance is never edited here. Their destinations are `destinations.py`'s.

That a customer has to be told of a change is part of the same write (`tell.py` tells them).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chalicelib.domain.change import Change, What
from chalicelib.domain.customer import Customer
from chalicelib.domain.errors import Conflict, CustomerErased, KeyTaken, Stale
from chalicelib.domain.standing import Standing
from chalicelib.usecases.destinations import (
    refuse_another,
    refuse_more_than_most,
    untold,
    with_destination,
)
from chalicelib.usecases.edits import edited_unless_erasing, existing
from chalicelib.usecases.sharing import counted, meet, places, with_count

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.destination import Destination
    from chalicelib.ports import Clock, Customers, Vault


@dataclass(frozen=True, slots=True)
class Profile:
    """A customer as a person describes them; the first destination of a method is its default."""

    name: str
    email: str
    destinations: tuple[Destination, ...] = ()

    def __repr__(self) -> str:
        return f"Profile({len(self.destinations)} destinations)"


@dataclass(frozen=True, slots=True)
class Registered:
    """A customer, and whether the key had registered them before."""

    customer: Customer
    replayed: bool


def register(
    profile: Profile,
    *,
    customer_id: str,
    destination_ids: Callable[[int], str],
    by: str,
    customers: Customers,
    vault: Vault,
    clock: Clock,
) -> Registered:
    """Register a customer with balance zero; an id that exists is the same request again.

    Before they can be paid, all others who are paid at the same places know of them.

    Raises:
        KeyTaken: the id's key was used for a customer of another name, e-mail or destination.
        CustomerErased: ... or for one who is forgotten, or about to be.
        RuleBroken: more destinations than one may have.
        VaultUnavailable, StoreUnavailable: safe to try again with the same key.
    """
    refuse_more_than_most(len(profile.destinations))
    now = clock.now()
    customer = Customer(customer_id, profile.name, profile.email, now, now)
    for number, destination in enumerate(profile.destinations):
        own = destination_ids(number)
        sealed = vault.seal(destination, customer_id=customer_id, destination_id=own)
        standing = Standing(own, now, by, place=vault.place(destination))
        customer = with_destination(customer, sealed, standing)
    if customers.get(customer_id) is None:
        for place in places(customer):
            others = meet(place, customer_id, customers=customers, clock=clock)
            customer = with_count(customer, place, others)
        try:
            customers.add(customer)
        except Stale:
            pass
        else:
            after = counted(customer, customers=customers, clock=clock)
            return Registered(after, replayed=False)
    return _registered_before(profile, customer_id, destination_ids, customers, vault, clock)


def _registered_before(
    profile: Profile,
    customer_id: str,
    destination_ids: Callable[[int], str],
    customers: Customers,
    vault: Vault,
    clock: Clock,
) -> Registered:
    before = existing(customers, customer_id)
    if before.erasure is not None:
        raise CustomerErased
    if (before.name, before.email) != (profile.name, profile.email):
        raise KeyTaken("The idempotency key was used for another customer.")
    for number, destination in enumerate(profile.destinations):
        refuse_another(before, destination_ids(number), destination, vault)
    return Registered(counted(before, customers=customers, clock=clock), replayed=True)


def change(
    customer_id: str, *, name: str | None, email: str | None, customers: Customers, clock: Clock
) -> Customer:
    """Change name or e-mail; what is `None` stays. The address before is told of another one.

    Raises:
        NotFound: no such customer.
        Conflict: they have not been told of many changes yet; so below.
    """

    def edit(customer: Customer) -> Customer:
        changed = replace(
            customer,
            name=customer.name if name is None else name,
            email=customer.email if email is None else email,
        )
        if changed.email == customer.email:
            return changed
        return untold(
            changed, Change(What.EMAIL, clock.now(), customer.version + 1, customer.email)
        )

    return edited_unless_erasing(customer_id, edit, customers=customers, clock=clock)


def stop(customer_id: str, *, by: str, customers: Customers, clock: Clock) -> Customer:
    """Pay a customer nothing from now on, what waits included; one who is stopped stays so.

    Raises:
        NotFound: no such customer.
        CustomerErased: they are erased, or about to be.
    """

    def edit(customer: Customer) -> Customer:
        return replace(customer, stopped=customer.stopped or f"{by} stopped them")

    return edited_unless_erasing(customer_id, edit, customers=customers, clock=clock)


def resume(customer_id: str, *, customers: Customers, clock: Clock) -> Customer:
    """Let a customer be paid again whose payouts were stopped.

    Raises:
        NotFound: no such customer.
        Conflict: they are not stopped.
    """

    def edit(customer: Customer) -> Customer:
        if not customer.stopped:
            raise Conflict("The customer's payouts are not stopped.")
        return replace(customer, stopped="")

    return edited_unless_erasing(customer_id, edit, customers=customers, clock=clock)

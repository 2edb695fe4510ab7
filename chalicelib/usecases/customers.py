"""Keep customers and their destinations; the balance is never edited here.

A destination is immutable: to change one is to add another and remove the first. Removing one
does not touch payouts that were already asked for: they carry it themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chalicelib.domain.customer import MOST_DESTINATIONS, Customer
from chalicelib.domain.errors import (
    Conflict,
    CustomerErased,
    Fault,
    KeyTaken,
    NotFound,
    RuleBroken,
    Stale,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chalicelib.domain.destination import Destination, SealedDestination
    from chalicelib.ports import Clock, Customers, Vault

TRIES = 10


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
    customers: Customers,
    vault: Vault,
    clock: Clock,
) -> Registered:
    """Register a customer with balance zero; an id that exists is the same request again.

    Raises:
        KeyTaken: the id's key was used for a customer of another name, e-mail or destination.
        CustomerErased: ... or for one who is forgotten, or about to be.
        RuleBroken: more destinations than one may have.
        VaultUnavailable, StoreUnavailable: safe to try again with the same key.
    """
    _refuse_more_than_most(len(profile.destinations))
    now = clock.now()
    customer = Customer(customer_id, profile.name, profile.email, now, now)
    for number, destination in enumerate(profile.destinations):
        sealed = vault.seal(
            destination, customer_id=customer_id, destination_id=destination_ids(number)
        )
        customer = _with(customer, sealed)
    try:
        customers.add(customer)
    except Stale:
        before = existing(customers, customer_id)
        if before.erasure is not None:
            raise CustomerErased from None
        if (before.name, before.email) != (profile.name, profile.email):
            raise KeyTaken("The idempotency key was used for another customer.") from None
        for number, destination in enumerate(profile.destinations):
            _refuse_another(before, destination_ids(number), destination, vault)
        return Registered(before, replayed=True)
    return Registered(customer, replayed=False)


def change(
    customer_id: str, *, name: str | None, email: str | None, customers: Customers, clock: Clock
) -> Customer:
    """Change name or e-mail; what is `None` stays.

    Raises:
        NotFound: no such customer.
    """

    def edit(customer: Customer) -> Customer:
        return replace(
            customer,
            name=customer.name if name is None else name,
            email=customer.email if email is None else email,
        )

    return _edit(customer_id, edit, customers=customers, clock=clock)


def add_destination(
    customer_id: str,
    destination: Destination,
    *,
    destination_id: str,
    customers: Customers,
    vault: Vault,
    clock: Clock,
) -> Customer:
    """Add a destination; an id that is there already changes nothing.

    Raises:
        NotFound: no such customer.
        KeyTaken: the id's key was used for another destination.
        RuleBroken: the customer has as many as one may have.
        VaultUnavailable: the key service does not answer.
    """
    sealed = vault.seal(destination, customer_id=customer_id, destination_id=destination_id)

    def edit(customer: Customer) -> Customer:
        if customer.destination(destination_id):
            _refuse_another(customer, destination_id, destination, vault)
            return customer
        _refuse_more_than_most(len(customer.destinations) + 1)
        return _with(customer, sealed)

    return _edit(customer_id, edit, customers=customers, clock=clock)


def remove_destination(
    customer_id: str, destination_id: str, *, customers: Customers, clock: Clock
) -> Customer:
    """Remove a destination; the oldest other one of its method becomes the default.

    Raises:
        NotFound: no such customer or destination.
    """

    def edit(customer: Customer) -> Customer:
        removed = _own(customer, destination_id)
        left = tuple(d for d in customer.destinations if d.destination_id != destination_id)
        defaults = {m: d for m, d in customer.defaults if d != destination_id}
        heir = next((d for d in left if d.method is removed.method), None)
        if heir is not None:
            defaults.setdefault(removed.method, heir.destination_id)
        return replace(customer, destinations=left, defaults=tuple(defaults.items()))

    return _edit(customer_id, edit, customers=customers, clock=clock)


def make_default(
    customer_id: str, destination_id: str, *, customers: Customers, clock: Clock
) -> Customer:
    """Pay this destination where a payout names its method only.

    Raises:
        NotFound: no such customer or destination.
    """

    def edit(customer: Customer) -> Customer:
        chosen = _own(customer, destination_id)
        defaults = {**dict(customer.defaults), chosen.method: destination_id}
        return replace(customer, defaults=tuple(defaults.items()))

    return _edit(customer_id, edit, customers=customers, clock=clock)


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

    return _edit(customer_id, edit, customers=customers, clock=clock)


def existing(customers: Customers, customer_id: str) -> Customer:
    """The customer of that id.

    Raises:
        NotFound: there is none.
    """
    customer = customers.get(customer_id)
    if customer is None:
        raise NotFound("customer")
    return customer


def _edit(
    customer_id: str,
    edit: Callable[[Customer], Customer],
    *,
    customers: Customers,
    clock: Clock,
) -> Customer:
    def unless_erasing(customer: Customer) -> Customer:
        if customer.erasure is not None:
            raise CustomerErased
        return edit(customer)

    return edited(customer_id, unless_erasing, customers=customers, clock=clock)


def edited(
    customer_id: str,
    edit: Callable[[Customer], Customer],
    *,
    customers: Customers,
    clock: Clock,
) -> Customer:
    """The customer after an edit, made again on what is there whenever somebody was faster.

    Raises:
        NotFound: no such customer.
        Stale: too many others edit them.
    """
    for _ in range(TRIES):
        before = existing(customers, customer_id)
        after = edit(before)
        if after == before:
            return before
        after = replace(after, version=before.version + 1, updated_at=clock.now())
        try:
            customers.edit(after, version=before.version)
        except Stale:
            continue
        return after
    raise Stale("too many others edit this customer")


def _refuse_another(
    customer: Customer, destination_id: str, destination: Destination, vault: Vault
) -> None:
    """A key that named one payee must never come to name another."""
    sealed = customer.destination(destination_id)
    if sealed and vault.unseal(sealed, customer_id=customer.customer_id) != destination:
        raise KeyTaken("The idempotency key was used for another destination.")


def _refuse_more_than_most(count: int) -> None:
    if count > MOST_DESTINATIONS:
        most = f"a customer has at most {MOST_DESTINATIONS} destinations"
        raise RuleBroken([Fault("", "too_many_destinations", most)])


def _with(customer: Customer, sealed: SealedDestination) -> Customer:
    defaults = dict(customer.defaults)
    defaults.setdefault(sealed.method, sealed.destination_id)
    destinations: Sequence[SealedDestination] = (*customer.destinations, sealed)
    return replace(customer, destinations=tuple(destinations), defaults=tuple(defaults.items()))


def _own(customer: Customer, destination_id: str) -> SealedDestination:
    found = customer.destination(destination_id)
    if found is None:
        raise NotFound("destination")
    return found

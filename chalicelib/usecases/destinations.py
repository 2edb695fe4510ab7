"""Keep a customer's destinations, and how each stands: who added it, when, who else is paid there.

A destination is immutable: to change one is to add another and remove the first. Removing one
does not touch payouts that were already asked for: they carry it themselves. That the customer has
to be told of a change is part of the same write (`tell.py` tells them).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.change import MOST_UNTOLD, Change, What, of_destination
from chalicelib.domain.customer import MOST_DESTINATIONS, Customer
from chalicelib.domain.errors import Conflict, Fault, KeyTaken, NotFound, RuleBroken
from chalicelib.domain.standing import Standing
from chalicelib.usecases.edits import edited_unless_erasing
from chalicelib.usecases.sharing import leave, meet, places

if TYPE_CHECKING:
    from chalicelib.domain.destination import Destination, SealedDestination
    from chalicelib.ports import Clock, Customers, Vault

_ANOTHER = "The idempotency key was used for another destination."


def add_destination(
    customer_id: str,
    destination: Destination,
    *,
    destination_id: str,
    by: str,
    customers: Customers,
    vault: Vault,
    clock: Clock,
) -> Customer:
    """Add a destination; an id that is there already changes nothing.

    Before it can be paid, all others who are paid at the same place know of it.

    Raises:
        NotFound: no such customer.
        KeyTaken: the id's key was used for another destination.
        RuleBroken: the customer has as many as one may have.
        Conflict: somebody removes it at the same time, or many changes were not told yet.
        VaultUnavailable: the key service does not answer.
    """
    sealed = vault.seal(destination, customer_id=customer_id, destination_id=destination_id)
    standing = Standing(
        destination_id, clock.now(), by, changed=True, place=vault.place(destination)
    )

    def announce(customer: Customer) -> Customer:
        if customer.destination(destination_id):
            refuse_another(customer, destination_id, destination, vault)
            return customer
        refuse_more_than_most(len(customer.destinations) + 1)
        if customer.standing(destination_id).place not in {"", standing.place}:
            raise KeyTaken(_ANOTHER)
        return with_standing(customer, standing)

    def add(customer: Customer) -> Customer:
        if customer.destination(destination_id):
            return customer
        if customer.standing(destination_id).place != standing.place:
            raise Conflict("Somebody is removing that destination.")
        refuse_more_than_most(len(customer.destinations) + 1)
        others = customers.sharing(standing.place) - {customer_id}
        after = with_destination(customer, sealed, replace(standing, shared=len(others)))
        return _of(What.ADDED, after, sealed, clock)

    customer = edited_unless_erasing(customer_id, announce, customers=customers, clock=clock)
    if place := customer.standing(destination_id).place:
        meet(place, customer_id, customers=customers, clock=clock)
    return edited_unless_erasing(customer_id, add, customers=customers, clock=clock)


def remove_destination(
    customer_id: str, destination_id: str, *, customers: Customers, clock: Clock
) -> Customer:
    """Remove a destination; the oldest other one of its method becomes the default.

    What is known of it goes last, once nobody counts it any more: the same again goes on.

    Raises:
        NotFound: no such customer or destination.
    """

    def edit(customer: Customer) -> Customer:
        if customer.destination(destination_id) is None and _place(customer, destination_id):
            return customer
        removed = _own(customer, destination_id)
        left = tuple(d for d in customer.destinations if d.destination_id != destination_id)
        defaults = {m: d for m, d in customer.defaults if d != destination_id}
        heir = next((d for d in left if d.method is removed.method), None)
        if heir is not None:
            defaults.setdefault(removed.method, heir.destination_id)
        after = replace(customer, destinations=left, defaults=tuple(defaults.items()))
        after = _of(What.REMOVED, after, removed, clock)
        if heir is not None and customer.default(removed.method) == removed:
            after = _of(What.DEFAULT, after, heir, clock)
        return (
            after if _place(customer, destination_id) else without_standing(after, destination_id)
        )

    customer = edited_unless_erasing(customer_id, edit, customers=customers, clock=clock)
    place = _place(customer, destination_id)
    if not place:
        return customer
    if place not in places(without_standing(customer, destination_id)):
        leave(place, customer_id, customers=customers, clock=clock)
    return edited_unless_erasing(
        customer_id, lambda now: without_standing(now, destination_id),
        customers=customers, clock=clock,
    )  # fmt: skip


def make_default(
    customer_id: str, destination_id: str, *, customers: Customers, clock: Clock
) -> Customer:
    """Pay this destination where a payout names its method only.

    Raises:
        NotFound: no such customer or destination.
    """

    def edit(customer: Customer) -> Customer:
        chosen = _own(customer, destination_id)
        if customer.default(chosen.method) == chosen:
            return customer
        defaults = {**dict(customer.defaults), chosen.method: destination_id}
        after = replace(customer, defaults=tuple(defaults.items()))
        return _of(What.DEFAULT, after, chosen, clock)

    return edited_unless_erasing(customer_id, edit, customers=customers, clock=clock)


def refuse_another(
    customer: Customer, destination_id: str, destination: Destination, vault: Vault
) -> None:
    """Refuse another payee under a key that named one before.

    Raises:
        KeyTaken: it is another.
    """
    sealed = customer.destination(destination_id)
    if sealed and vault.unseal(sealed, customer_id=customer.customer_id) != destination:
        raise KeyTaken(_ANOTHER)


def refuse_more_than_most(count: int) -> None:
    """Refuse more destinations than one customer may have.

    Raises:
        RuleBroken: they are.
    """
    if count > MOST_DESTINATIONS:
        most = f"a customer has at most {MOST_DESTINATIONS} destinations"
        raise RuleBroken([Fault("", "too_many_destinations", most)])


def with_destination(customer: Customer, sealed: SealedDestination, standing: Standing) -> Customer:
    """The customer with one destination more, the first of its method its default."""
    defaults = dict(customer.defaults)
    defaults.setdefault(sealed.method, sealed.destination_id)
    destinations = (*customer.destinations, sealed)
    after = replace(customer, destinations=destinations, defaults=tuple(defaults.items()))
    return with_standing(after, standing)


def with_standing(customer: Customer, standing: Standing) -> Customer:
    """The customer with that in the place of what was known of the destination."""
    others = without_standing(customer, standing.destination_id).standings
    return replace(customer, standings=(*others, standing))


def without_standing(customer: Customer, destination_id: str) -> Customer:
    """The customer, nothing being known of that destination."""
    left = tuple(each for each in customer.standings if each.destination_id != destination_id)
    return replace(customer, standings=left)


def untold(customer: Customer, change: Change) -> Customer:
    """The customer with a change that they have to be told of.

    Raises:
        Conflict: many wait to be told already.
    """
    if len(customer.untold) >= MOST_UNTOLD:
        raise Conflict("The customer has not been told of many changes before: try again later.")
    return replace(customer, untold=(*customer.untold, change))


def _of(what: What, customer: Customer, sealed: SealedDestination, clock: Clock) -> Customer:
    """With the change of a destination to be told."""
    version = customer.version + 1
    return untold(
        customer, of_destination(what, sealed, at=clock.now(), version=version, to=customer.email)
    )


def _place(customer: Customer, destination_id: str) -> str:
    return customer.standing(destination_id).place


def _own(customer: Customer, destination_id: str) -> SealedDestination:
    found = customer.destination(destination_id)
    if found is None:
        raise NotFound("destination")
    return found

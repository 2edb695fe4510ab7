"""Customers and where they are paid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.api import schemas, shapes, views
from chalicelib.api.filters import Listing
from chalicelib.api.operation import Call, Key, Reply
from chalicelib.api.schemas import Nothing
from chalicelib.domain.errors import CustomerErased
from chalicelib.domain.identifiers import derived_id
from chalicelib.entrance import door
from chalicelib.usecases import customers, destinations, tell
from chalicelib.usecases.branches import learn_branches
from chalicelib.usecases.edits import existing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.customer import Customer
    from chalicelib.domain.destination import Destination
    from chalicelib.wiring import World


def telling(w: World) -> tell.Means:
    """What it takes to tell a customer of a change."""
    return tell.Means(w.customers, w.courier, w.findings, w.clock, w.limits.remitter_name)


def _told(customer: Customer, call: Call[Any], w: World) -> Customer:
    return tell.tell_at_once(customer, telling(w), time_left=call.time_left)


def _banked(customer: Customer, plain: Mapping[str, Destination], w: World) -> Customer:
    return learn_branches(
        customer, plain, directory=w.bsb_directory, customers=w.customers, clock=w.clock
    )


@door("GET /customers", Listing, shapes.CustomerPage)
def list_customers(call: Call[Listing], w: World) -> Reply:
    """List customers, newest first."""
    some = w.customers.page(limit=call.said.limit, position=call.position)
    return call.page([views.customer(each) for each in some.items], some.position)


@door("GET /customers/{customer_id}", Nothing, shapes.CustomerView)
def show_customer(_: Call[Nothing], w: World, customer_id: str) -> Reply:
    """Show a customer."""
    return Reply(views.customer(existing(w.customers, customer_id)))


@door("GET /customers/{customer_id}/destinations", Nothing, shapes.DestinationPage)
def list_destinations(_: Call[Nothing], w: World, customer_id: str) -> Reply:
    """List a customer's destinations, masked."""
    customer = views.customer(existing(w.customers, customer_id))
    return Reply(shapes.DestinationPage(data=customer.payout_destinations, next_cursor=None))


def _registered(call: Call[schemas.NewCustomer], w: World) -> Reply:
    customer = existing(w.customers, derived_id("customer", call.key))
    if customer.erasure is not None:
        raise CustomerErased
    return Reply(views.customer(customer))


def _added_id(customer_id: str, key: str) -> str:
    """The id of a destination that is added under a key, and no id that was ever given before.

    The version before remembered no keys: by the same one another account would come under the id
    of a destination that was removed, and that payments have reached.
    """
    return derived_id("added destination", f"{customer_id}/{key}")


def _added(call: Call[schemas.NewDestination], w: World, customer_id: str) -> Reply:
    customer = existing(w.customers, customer_id)
    destination_id = _added_id(customer_id, call.key)
    return Reply(views.destination_of(customer, destination_id))


def _owner(_: Call[Nothing], w: World, customer_id: str, destination_id: str) -> Reply:  # noqa: ARG001 (the path has both)
    return Reply(views.customer(existing(w.customers, customer_id)))


def _as_they_are(_: Call[Nothing], w: World, customer_id: str) -> Reply:
    return Reply(views.customer(existing(w.customers, customer_id)))


@door("POST /customers", schemas.NewCustomer, shapes.CustomerView, 201, key=Key.OPTIONAL,
      again=_registered)  # fmt: skip
def create_customer(call: Call[schemas.NewCustomer], w: World) -> Reply:
    """Register a customer."""
    customer_id = derived_id("customer", call.key or w.clock.new_id())
    registered = customers.register(
        customers.Profile(call.said.customer_name, call.said.email, call.said.destinations()),
        customer_id=customer_id, by=call.by, customers=w.customers, vault=w.vault, clock=w.clock,
        destination_ids=lambda number: derived_id("destination", f"{customer_id}/{number}"),
    )  # fmt: skip
    plain = {
        derived_id("destination", f"{customer_id}/{number}"): destination
        for number, destination in enumerate(call.said.destinations())
    }
    customer = _banked(registered.customer, plain, w)
    return Reply(views.customer(customer), replayed=registered.replayed)


@door("PATCH /customers/{customer_id}", schemas.CustomerChange, shapes.CustomerView)
def change_customer(call: Call[schemas.CustomerChange], w: World, customer_id: str) -> Reply:
    """Change a customer's name or e-mail."""
    changed = customers.change(
        customer_id, name=call.said.customer_name, email=call.said.email,
        customers=w.customers, clock=w.clock,
    )  # fmt: skip
    return Reply(views.customer(_told(changed, call, w)))


@door("POST /customers/{customer_id}/destinations", schemas.NewDestination,
      shapes.OwnDestinationView, 201, key=Key.OPTIONAL, again=_added,
      refuses={422})  # fmt: skip
def add_destination(call: Call[schemas.NewDestination], w: World, customer_id: str) -> Reply:
    """Add a destination to a customer."""
    destination_id = _added_id(customer_id, call.key or w.clock.new_id())
    customer = destinations.add_destination(
        customer_id, call.said.destination(), destination_id=destination_id, by=call.by,
        customers=w.customers, vault=w.vault, clock=w.clock,
    )  # fmt: skip
    customer = _banked(customer, {destination_id: call.said.destination()}, w)
    return Reply(views.destination_of(_told(customer, call, w), destination_id))


@door("DELETE /customers/{customer_id}/destinations/{destination_id}", Nothing,
      shapes.CustomerView, key=Key.OPTIONAL, again=_owner)  # fmt: skip
def drop_destination(call: Call[Nothing], w: World, customer_id: str, destination_id: str) -> Reply:
    """Remove a destination; payouts that were asked for before keep theirs."""
    customer = destinations.remove_destination(
        customer_id, destination_id, customers=w.customers, clock=w.clock
    )
    return Reply(views.customer(_told(customer, call, w)))


@door("PUT /customers/{customer_id}/destinations/{destination_id}/default", Nothing,
      shapes.CustomerView, key=Key.OPTIONAL, again=_owner)  # fmt: skip
def make_default(call: Call[Nothing], w: World, customer_id: str, destination_id: str) -> Reply:
    """Pay this destination where a payout names its method only."""
    customer = destinations.make_default(
        customer_id, destination_id, customers=w.customers, clock=w.clock
    )
    return Reply(views.customer(_told(customer, call, w)))


@door("POST /customers/{customer_id}/stop", Nothing, shapes.CustomerView,
      key=Key.OPTIONAL, again=_as_they_are)  # fmt: skip
def stop_customer(call: Call[Nothing], w: World, customer_id: str) -> Reply:
    """Pay a customer nothing, also of what waits, until an admin lets them be paid again."""
    stopped = customers.stop(customer_id, by=call.by, customers=w.customers, clock=w.clock)
    return Reply(views.customer(stopped))


@door("POST /customers/{customer_id}/resume", Nothing, shapes.CustomerView,
      key=Key.OPTIONAL, again=_as_they_are)  # fmt: skip
def resume_customer(_: Call[Nothing], w: World, customer_id: str) -> Reply:
    """Let a customer be paid again whose payouts were stopped."""
    resumed = customers.resume(customer_id, customers=w.customers, clock=w.clock)
    return Reply(views.customer(resumed))

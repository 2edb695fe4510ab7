"""Customers and where they are paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api import schemas, shapes, views
from chalicelib.api.filters import Listing
from chalicelib.api.identity import ADMINS, MAKERS, READERS
from chalicelib.api.operation import Call, Key, Reply
from chalicelib.api.schemas import Nothing
from chalicelib.domain.identifiers import derived_id
from chalicelib.entrance import door
from chalicelib.usecases import customers

if TYPE_CHECKING:
    from chalicelib.wiring import World


@door("GET /customers", READERS, Listing, shapes.CustomerPage)
def list_customers(call: Call[Listing], w: World) -> Reply:
    """List customers, newest first."""
    some = w.customers.page(limit=call.said.limit, position=call.position)
    return call.page([views.customer(each) for each in some.items], some.position)


@door("GET /customers/{customer_id}", READERS, Nothing, shapes.CustomerView)
def show_customer(_: Call[Nothing], w: World, customer_id: str) -> Reply:
    """Show a customer."""
    return Reply(views.customer(customers.existing(w.customers, customer_id)))


@door("GET /customers/{customer_id}/destinations", READERS, Nothing, shapes.DestinationPage)
def list_destinations(_: Call[Nothing], w: World, customer_id: str) -> Reply:
    """List a customer's destinations, masked."""
    customer = views.customer(customers.existing(w.customers, customer_id))
    return Reply(shapes.DestinationPage(data=customer.payout_destinations, next_cursor=None))


@door("POST /customers", MAKERS, schemas.NewCustomer, shapes.CustomerView, 201, key=Key.OPTIONAL)
def create_customer(call: Call[schemas.NewCustomer], w: World) -> Reply:
    """Register a customer."""
    customer_id = derived_id("customer", call.key)
    registered = customers.register(
        customers.Profile(call.said.customer_name, call.said.email, call.said.destinations()),
        customer_id=customer_id, customers=w.customers, vault=w.vault, clock=w.clock,
        destination_ids=lambda number: derived_id("destination", f"{customer_id}/{number}"),
    )  # fmt: skip
    return Reply(views.customer(registered.customer), replayed=registered.replayed)


@door("PATCH /customers/{customer_id}", MAKERS, schemas.CustomerChange, shapes.CustomerView)
def change_customer(call: Call[schemas.CustomerChange], w: World, customer_id: str) -> Reply:
    """Change a customer's name or e-mail."""
    changed = customers.change(
        customer_id, name=call.said.customer_name, email=call.said.email,
        customers=w.customers, clock=w.clock,
    )  # fmt: skip
    return Reply(views.customer(changed))


@door("POST /customers/{customer_id}/destinations", MAKERS, schemas.NewDestination,
      shapes.OwnDestinationView, 201, key=Key.OPTIONAL, refuses={422})  # fmt: skip
def add_destination(call: Call[schemas.NewDestination], w: World, customer_id: str) -> Reply:
    """Add a destination to a customer."""
    destination_id = derived_id("destination", f"{customer_id}/{call.key}")
    customer = customers.add_destination(
        customer_id, call.said.destination(), destination_id=destination_id,
        customers=w.customers, vault=w.vault, clock=w.clock,
    )  # fmt: skip
    return Reply(views.destination_of(customer, destination_id))


@door("DELETE /customers/{customer_id}/destinations/{destination_id}", MAKERS, Nothing,
      shapes.CustomerView)  # fmt: skip
def drop_destination(_: Call[Nothing], w: World, customer_id: str, destination_id: str) -> Reply:
    """Remove a destination; payouts that were asked for before keep theirs."""
    return Reply(views.customer(customers.remove_destination(
        customer_id, destination_id, customers=w.customers, clock=w.clock
    )))  # fmt: skip


@door("PUT /customers/{customer_id}/destinations/{destination_id}/default", MAKERS, Nothing,
      shapes.CustomerView)  # fmt: skip
def make_default(_: Call[Nothing], w: World, customer_id: str, destination_id: str) -> Reply:
    """Pay this destination where a payout names its method only."""
    return Reply(views.customer(customers.make_default(
        customer_id, destination_id, customers=w.customers, clock=w.clock
    )))  # fmt: skip


@door("POST /customers/{customer_id}/resume", ADMINS, Nothing, shapes.CustomerView)
def resume_customer(_: Call[Nothing], w: World, customer_id: str) -> Reply:
    """Let a customer be paid again whose payouts were stopped."""
    resumed = customers.resume(customer_id, customers=w.customers, clock=w.clock)
    return Reply(views.customer(resumed))

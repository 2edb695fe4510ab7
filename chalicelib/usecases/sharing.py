"""Know which customers are paid at the same place: each of them is told how many others there are.

Nothing is refused by that: it makes a payout wait for a second person. So the order of the writes
is such that whoever is interrupted has told too many rather than too few, and the same request
again goes on. Customers who are being forgotten are told nothing any more.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.errors import NotFound
from chalicelib.usecases.edits import edited

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.domain.customer import Customer
    from chalicelib.ports import Clock, Customers


def meet(place: str, customer_id: str, *, customers: Customers, clock: Clock) -> int:
    """Name a customer as paid there, and tell all who are; how many others they are.

    Where as many are named as may be, they know of enough others.
    """
    named = customers.share(place, customer_id)
    if customer_id in named:
        _tell(place, named, customers, clock)
    return len(named - {customer_id})


def leave(place: str, customer_id: str, *, customers: Customers, clock: Clock) -> None:
    """Name a customer no longer as paid there, and tell all who still are."""
    customers.unshare(place, customer_id)
    _tell(place, customers.sharing(place), customers, clock)


def counted(customer: Customer, *, customers: Customers, clock: Clock) -> Customer:
    """The customer, told of everybody who came meanwhile."""
    for place in places(customer):
        others = len(customers.sharing(place) - {customer.customer_id})
        if with_count(customer, place, others) != customer:
            customer = _told(customer.customer_id, place, others, customers, clock)
    return customer


def places(customer: Customer) -> list[str]:
    """Where a customer is paid, as those places are known by, each once."""
    return list(dict.fromkeys(each.place for each in customer.standings if each.place))


def with_count(customer: Customer, place: str, others: int) -> Customer:
    """The customer, their destinations at that place shared with so many others."""
    return replace(
        customer,
        standings=tuple(
            replace(each, shared=others) if each.place == place else each
            for each in customer.standings
        ),
    )


def _tell(place: str, everybody: Iterable[str], customers: Customers, clock: Clock) -> None:
    named = sorted(everybody)
    for customer_id in named:
        try:
            _told(customer_id, place, len(named) - 1, customers, clock)
        except NotFound:
            continue  # whose registration was interrupted


def _told(
    customer_id: str, place: str, others: int, customers: Customers, clock: Clock
) -> Customer:
    def edit(now: Customer) -> Customer:
        return now if now.erasure else with_count(now, place, others)

    return edited(customer_id, edit, customers=customers, clock=clock)

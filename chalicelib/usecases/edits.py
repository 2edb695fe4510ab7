"""Edit a customer: read, change, store on top of what was read; again if somebody was faster."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.errors import CustomerErased, NotFound, Stale

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.customer import Customer
    from chalicelib.ports import Clock, Customers

TRIES = 10


def existing(customers: Customers, customer_id: str) -> Customer:
    """The customer of that id.

    Raises:
        NotFound: there is none.
    """
    customer = customers.get(customer_id)
    if customer is None:
        raise NotFound("customer")
    return customer


def edited_unless_erasing(
    customer_id: str,
    edit: Callable[[Customer], Customer],
    *,
    customers: Customers,
    clock: Clock,
) -> Customer:
    """The customer after an edit that nobody may make any more who is being forgotten.

    Raises:
        NotFound, Stale: as `edited` says.
        CustomerErased: they are erased, or about to be.
    """

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

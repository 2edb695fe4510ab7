"""Legal holds: while one is set, nobody can forget the customer. Who, when and why stay known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.customer import MOST_HOLDS, Customer, Erasing, Hold
from chalicelib.domain.erasure import refuse_naming
from chalicelib.domain.errors import CustomerErased, NotFound
from chalicelib.usecases.edits import edited

if TYPE_CHECKING:
    from chalicelib.ports import Clock, Customers


def place_hold(
    customer_id: str, *, reason: str, by: str, customers: Customers, clock: Clock
) -> Customer:
    """Forbid to forget a customer; the same person's same word again changes nothing.

    An erasure that was asked for and has destroyed nothing yet waits until the hold is lifted.

    Raises:
        NotFound: no such customer.
        RuleBroken: the reason names the customer.
        CustomerErased: it is too late.
    """

    def edit(customer: Customer) -> Customer:
        refuse_naming(reason, customer)
        if customer.erasure is not None and customer.erasure.stage is not Erasing.ASKED:
            raise CustomerErased
        last = customer.holds[-1] if customer.held else None
        if last is not None and (last.by, last.reason) == (by, reason):
            return customer
        return _with(customer, Hold(placed=True, by=by, at=clock.now(), reason=reason))

    return edited(customer_id, edit, customers=customers, clock=clock)


def lift_hold(
    customer_id: str, *, reason: str, by: str, customers: Customers, clock: Clock
) -> Customer:
    """Allow again to forget a customer; lifted before, it changes nothing.

    Raises:
        NotFound: no such customer, or they never had a hold.
        RuleBroken: the reason names the customer.
    """

    def edit(customer: Customer) -> Customer:
        refuse_naming(reason, customer)
        if not customer.holds:
            raise NotFound("legal hold")
        if not customer.held:
            return customer
        return _with(customer, Hold(placed=False, by=by, at=clock.now(), reason=reason))

    return edited(customer_id, edit, customers=customers, clock=clock)


def _with(customer: Customer, hold: Hold) -> Customer:
    return replace(customer, holds=(*customer.holds, hold)[-MOST_HOLDS:])

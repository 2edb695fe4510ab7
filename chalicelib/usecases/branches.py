"""Learn which bank and branch a new destination belongs to, to be shown with it.

Where that cannot be learnt or written nothing is shown: never a reason to refuse a destination.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Conflict, NotFound, Unavailable
from chalicelib.usecases.destinations import with_standing
from chalicelib.usecases.edits import edited

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.customer import Customer
    from chalicelib.domain.destination import Destination
    from chalicelib.ports import BsbDirectory, Clock, Customers


def learn_branches(
    customer: Customer, destinations: Mapping[str, Destination], *, directory: BsbDirectory,
    customers: Customers, clock: Clock,
) -> Customer:  # fmt: skip
    """The customer with the branches of new destinations, by their ids, as far as they are known.

    The directory is asked while the plain value is at hand: a sealed one is never opened for this.
    """
    found = {own: directory.branch(plain) for own, plain in destinations.items()}
    known = {own: branch for own, branch in found.items() if branch is not None}

    def edit(now: Customer) -> Customer:
        for own, branch in known.items():
            standing = now.standing(own)
            if now.destination(own) and now.erasure is None and standing.branch != branch:
                now = with_standing(now, replace(standing, branch=branch))
        return now

    if edit(customer) != customer:
        with suppress(Conflict, NotFound, Unavailable):
            return edited(customer.customer_id, edit, customers=customers, clock=clock)
    return customer

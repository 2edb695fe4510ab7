"""What starting and confirming a check have in common: their means, and telling what became of it.

What a check has come to is written beside its destination in the customer's row, where payouts are
decided on; whoever comes next writes it where somebody was interrupted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chalicelib.domain.account_check import as_of
from chalicelib.domain.errors import NotFound
from chalicelib.usecases.destinations import with_standing
from chalicelib.usecases.edits import edited, existing

if TYPE_CHECKING:
    from datetime import timedelta

    from chalicelib.domain.account_check import AccountCheck, KeptCheck
    from chalicelib.domain.customer import Customer
    from chalicelib.domain.destination import SealedDestination
    from chalicelib.domain.names import Distance
    from chalicelib.ports import AccountChecks, Clock, Customers, Vault, Verifier

# Tries at a write that others keep changing, before it is given up.
TRIES = 10
# Seconds: what must be left for a call to be worth it, and what is kept back for storing after it.
LEAST, RESERVE = 5, 2


@dataclass(frozen=True, slots=True)
class Means:
    """What checking takes. `lasts` is how long a code is waited for."""

    checks: AccountChecks
    verifier: Verifier
    customers: Customers
    vault: Vault
    clock: Clock
    distance: Distance
    lasts: timedelta


def own(customer_id: str, destination_id: str, means: Means) -> tuple[Customer, SealedDestination]:
    """A customer, and the destination of theirs.

    Raises:
        NotFound: there is no such customer or destination.
    """
    customer = existing(means.customers, customer_id)
    sealed = customer.destination(destination_id)
    if sealed is None:
        raise NotFound("destination")
    return customer, sealed


def latest_of(destination_id: str, means: Means) -> KeptCheck:
    """The latest check of a destination.

    Raises:
        NotFound: it was never checked.
    """
    kept = means.checks.current(destination_id)
    if kept is None:
        raise NotFound("verification")
    return kept


def told_of(kept: KeptCheck, means: Means) -> AccountCheck:
    """The check as it is now, written beside its destination where that is not known yet.

    What is written is read after the customer was, so that an older check never takes the place of
    a newer one.
    """
    destination_id = kept.check.destination_id

    def edit(customer: Customer) -> Customer:
        latest = means.checks.current(destination_id)
        own = customer.destination(destination_id) is not None and customer.erasure is None
        if latest is None or not own:
            return customer
        before = customer.standing(destination_id)
        if before.check == latest.check:
            return customer
        return with_standing(customer, replace(before, check=latest.check))

    edited(kept.customer_id, edit, customers=means.customers, clock=means.clock)
    return as_of(kept.check, means.clock.now())

"""Destroy what is decided to be forgotten: every payout, then the customer's row; and certify it.

Each of the three can be done again, by anybody, from wherever it was left. Decides nothing: whether
somebody may be forgotten is decided before.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.erasure import (
    certificate,
    certificate_name,
    erased,
    erasure_of,
    forgotten_customer,
    may_be_forgotten,
    remembers,
)
from chalicelib.domain.errors import Conflict, Stale
from chalicelib.usecases.edits import edited, existing
from chalicelib.usecases.sharing import leave, places

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.customer import Customer, Erasure
    from chalicelib.ports import Archive, Clock, Customers
    from chalicelib.usecases.forget import Memory

# Seconds that one payout, or the certificate, may need at the worst.
RESERVE = 5.0
TYPE = "application/json"


class Run:
    """The ports of one run, and its time."""

    def __init__(
        self,
        customers: Customers,
        memory: Memory,
        archive: Archive,
        clock: Clock,
        time_left: Callable[[], float],
    ) -> None:
        self.customers = customers
        self.memory = memory
        self.archive = archive
        self.clock = clock
        self.time_left = time_left


def destroy(customer_id: str, run: Run) -> int | None:
    """Forget every payout of theirs; how many they are, or `None` where some are left."""
    count, left = 0, False
    for listed in run.memory.of_customer(customer_id):
        if run.time_left() < RESERVE:
            return None
        count += 1
        # A row without anything personal was written last.
        if may_be_forgotten(listed) and not remembers(listed):
            continue
        try:
            left = not run.memory.forget(listed.transaction_id).done or left
        except Stale:
            left = True
    return None if left else count


def uncounted(customer: Customer, run: Run) -> None:
    """Count a customer no longer among those who are paid at a place; their row says at which."""
    for place in places(customer):
        leave(place, customer.customer_id, customers=run.customers, clock=run.clock)


def emptied(customer_id: str, erasure: Erasure, payouts: int, run: Run) -> Customer:
    """The row without anything personal; of two who come so far, the first one counts."""
    run.memory.forget_more(customer_id)
    uncounted(existing(run.customers, customer_id), run)

    def empty(now: Customer) -> Customer:
        if now.erased:
            return now
        count = len(now.destinations)
        done = erased(erasure, payouts=payouts, destinations=count, at=run.clock.now())
        return forgotten_customer(now, done)

    return edited(customer_id, empty, customers=run.customers, clock=run.clock)


def certified(customer_id: str, erasure: Erasure, run: Run) -> Customer:
    """Keep the certificate, and say so in the row. One that lies there already stands."""
    name, content = certificate_name(customer_id), certificate(customer_id, erasure)
    proven = erasure
    try:
        run.archive.put(name, content, kind=TYPE)
    except Conflict:
        # It was certified before, and a backup has forgotten that.
        content = run.archive.get(name) or content
        proven = erasure_of(name, content)
    digest = hashlib.sha256(content).hexdigest()
    told = replace(proven, certificate=digest, reason=erasure.reason)
    return edited(
        customer_id, lambda now: replace(now, erasure=told), customers=run.customers,
        clock=run.clock,
    )  # fmt: skip

"""Tell customers of changes of where they are paid: at least once, and none after they are erased.

What has to be told lies in the customer's row since the change itself; it goes from there only
once the message was taken, or tried for days and put before a person. Killed in between, the next
run tells it again.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from chalicelib.domain import change
from chalicelib.domain.errors import Corrupt, MailUnavailable, PayoutError, Stale, Unavailable
from chalicelib.domain.findings import Finding, Kind
from chalicelib.usecases.edits import TRIES, existing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chalicelib.domain.change import Change
    from chalicelib.domain.customer import Customer
    from chalicelib.ports import Clock, Courier, Customers, Findings

# Seconds that one customer's messages may take.
RESERVE = 11


@dataclass(frozen=True, slots=True)
class Means:
    """What telling takes; `business` is the name by which customers know it, or empty."""

    customers: Customers
    courier: Courier
    findings: Findings
    clock: Clock
    business: str


def tell_at_once(customer: Customer, means: Means, *, time_left: Callable[[], float]) -> Customer:
    """Tell one customer, if that can be done now; else the schedule will. Never fails."""
    if time_left() < RESERVE:
        return customer
    try:
        return _tell(customer, means, Counter())
    except (Unavailable, Stale):
        return customer


def tell(means: Means, *, time_left: Callable[[], float]) -> Counter[str]:
    """Tell everybody who has not been told yet; counts what became of their changes."""
    told: Counter[str] = Counter()
    for customer_id in means.customers.untold():
        if time_left() < RESERVE:
            told["tellings_left"] += 1
            break
        try:
            _tell(existing(means.customers, customer_id), means, told)
        except PayoutError as error:
            told[error.code] += 1
        except Corrupt:
            told["corrupt"] += 1
    return told


def _tell(customer: Customer, means: Means, told: Counter[str]) -> Customer:
    """Tell them of everything, address by address; the customer without what is done with.

    Raises:
        MailUnavailable: some of it may be told; the rest waits.
        Stale, StoreUnavailable: it was told, and will be again.
    """
    for to, some in groupby(sorted(customer.untold, key=_address), _address):
        if customer.erasure is not None:
            break
        changes = list(some)
        told[_sent(customer, to, changes, means)] += len(changes)
        customer = _done(customer, changes, means.customers)
    return customer


def _address(it: Change) -> str:
    return it.to


def _sent(customer: Customer, to: str, changes: Sequence[Change], means: Means) -> str:
    """Send a message of some changes; what became of them."""
    if not means.courier.reaches_people:
        return "changes_told_nobody"
    try:
        means.courier.send(to, change.subject(changes), change.text(changes, means.business))
    except MailUnavailable:
        if not all(change.is_too_old(each, means.clock.now()) for each in changes):
            raise
        means.findings.open(_untold(customer, changes, means.clock))
        return "changes_given_up"
    return "changes_told"


def _untold(customer: Customer, changes: Sequence[Change], clock: Clock) -> Finding:
    """What a person has to do instead; the same for the same changes, without the address."""
    version = min(each.version for each in changes)
    what = ",".join(sorted({str(each.what) for each in changes}))
    return Finding(
        Kind.CUSTOMER_UNTOLD, f"{customer.customer_id}/{version}", clock.now(), detail=what
    )


def _done(customer: Customer, changes: Sequence[Change], customers: Customers) -> Customer:
    """The customer without these changes; nothing else of them is touched."""
    for _ in range(TRIES):
        rest = tuple(each for each in customer.untold if each not in changes)
        if rest == customer.untold:
            return customer
        after = replace(customer, untold=rest, version=customer.version + 1)
        try:
            customers.edit(after, version=customer.version)
        except Stale:
            customer = existing(customers, customer.customer_id)
            continue
        return after
    raise Stale("too many others edit this customer")

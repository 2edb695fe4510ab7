"""Customers, treasury, notices and gate in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain import ledger
from chalicelib.domain.errors import NotFound, Stale
from chalicelib.domain.funding import Credit, Receipt
from chalicelib.ports import Page, Parked
from tests.fakes.paging import paged

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from chalicelib.domain.customer import Customer, Funds
    from chalicelib.domain.funding import Entry
    from chalicelib.domain.money import Money
    from chalicelib.domain.notices import DeadLetter, Notice
    from chalicelib.ports import Clock
    from tests.fakes.state import State


class MemoryCustomers:
    """The port `Customers`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def get(self, customer_id: str) -> Customer | None:
        """The customer as it is now."""
        with self._state.reading():
            return self._state.customers.get(customer_id)

    def add(self, customer: Customer) -> None:
        """Store a new customer without money."""
        if customer.available:
            raise ValueError("a new customer has no money")
        with self._state.writing():
            if customer.customer_id in self._state.customers:
                raise Stale("The customer's id is taken.")
            self._state.customers[customer.customer_id] = customer

    def edit(self, customer: Customer, *, version: int) -> None:
        """Store all but key, age and balance, as version + 1."""
        with self._state.writing():
            stored = self._state.customers.get(customer.customer_id)
            if stored is None or stored.version != version:
                raise Stale("The customer is not as it was read.")
            self._state.customers[customer.customer_id] = replace(
                customer,
                version=version + 1,
                available=stored.available,
                created_at=stored.created_at,
            )

    def page(self, *, limit: int, position: Mapping[str, str] | None) -> Page[Customer]:
        """Customers, newest first."""
        with self._state.reading():
            found = list(self._state.customers.values())
        return paged(
            found, _age, name="customers", limit=limit, position=position, newest_first=True
        )


class MemoryTreasury:
    """The port `Treasury`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def funds(self) -> Funds:
        """The funds as they are now."""
        with self._state.reading():
            return self._state.funds

    def write(self, entry: Entry, *, notice: Notice | None = None) -> None:
        """All of it or nothing; what is written already is success."""
        if entry.after.version != entry.before.version + 1 or not ledger.balanced(entry.postings):
            raise ValueError("an unsound entry")
        with self._state.writing():
            if any(each.after == entry.after for each in self._state.entries):
                return
            self._check(entry)
            self._state.funds = entry.after
            self._state.entries.append(entry)
            if isinstance(entry.cause, Receipt):
                self._state.receipts[entry.cause.receipt_id] = entry.cause
            else:
                self._give(entry.cause)
            if notice is not None:
                self._state.notices.setdefault(notice.key, notice)

    def credit(self, credit_id: str) -> Credit | None:
        """A credit made before."""
        with self._state.reading():
            return self._state.credits.get(credit_id)

    def received(self, receipt_id: str) -> Money | None:
        """What was received before under that id."""
        with self._state.reading():
            found = self._state.receipts.get(receipt_id)
        return found.amount if found else None

    def _check(self, entry: Entry) -> None:
        cause = entry.cause
        known = (
            cause.receipt_id in self._state.receipts
            if isinstance(cause, Receipt)
            else cause.credit_id in self._state.credits
        )
        if known or entry.before.version != self._state.funds.version:
            raise Stale("The funds are not as they were read, or that was entered before.")
        if isinstance(cause, Credit) and cause.customer_id not in self._state.customers:
            raise NotFound("customer")

    def _give(self, credit: Credit) -> None:
        self._state.credits[credit.credit_id] = credit
        customer = self._state.customers[credit.customer_id]
        richer = replace(customer, available=customer.available + credit.amount)
        self._state.customers[credit.customer_id] = richer


class MemoryNotices:
    """The port `Notices`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def keep(self, notice: Notice) -> bool:
        """Keep a notice; whether it is new."""
        with self._state.writing():
            new = notice.key not in self._state.notices
            self._state.notices.setdefault(notice.key, notice)
            return new

    def known(self, key: str) -> bool:
        """Whether a notice of that key was kept."""
        with self._state.reading():
            return key in self._state.notices

    def park(self, letter: DeadLetter, *, key: str, at: datetime) -> None:
        """Put a dead letter before a person; again is no failure."""
        with self._state.writing():
            self._state.parked.setdefault(key, (at, letter))

    def parked(self, *, limit: int, position: Mapping[str, str] | None) -> Page[Parked]:
        """Parked dead letters, the oldest first."""
        with self._state.reading():
            found = [
                Parked(key, letter.event_name, letter.error, letter.attempts, letter.reference, at)
                for key, (at, letter) in self._state.parked.items()
            ]
        return paged(found, _parked_since, name="parked", limit=limit, position=position)


class MemoryGate:
    """The port `Gate`."""

    def __init__(
        self, state: State, *, clock: Clock, wait: timedelta = timedelta(minutes=65)
    ) -> None:
        self._state = state
        self._clock = clock
        self._wait = wait

    def closed(self) -> bool:
        """Whether no call may go out now."""
        with self._state.reading():
            until = self._state.closed_until
            return until is not None and until > self._clock.now()

    def close(self) -> None:
        """Shut it; a longer closing stays."""
        until = self._clock.now() + self._wait
        with self._state.writing():
            self._state.closed_until = max(until, self._state.closed_until or until)

    def open(self, *, by: str) -> None:
        """Open it, on a person's word."""
        if not by:
            raise ValueError("a person has a name")
        with self._state.writing():
            self._state.closed_until = None


def _age(customer: Customer) -> tuple[str, str]:
    return customer.created_at.isoformat(timespec="microseconds"), customer.customer_id


def _parked_since(parked: Parked) -> tuple[str, str]:
    return parked.parked_at.isoformat(timespec="microseconds"), parked.key

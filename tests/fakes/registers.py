"""Customers, treasury and gate in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.places import MOST
from chalicelib.domain.errors import CustomerErased, NotFound, Stale
from chalicelib.domain.funding import Credit, Receipt, movement_id, refuse_unsound
from chalicelib.domain.receipts import Banked, Stage
from chalicelib.domain.receipts import State as Became
from tests.fakes.paging import paged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from chalicelib.domain.credit_request import Consent
    from chalicelib.domain.customer import Customer, Funds
    from chalicelib.domain.funding import Cause, Entry
    from chalicelib.domain.money import Money
    from chalicelib.domain.notices import Notice
    from chalicelib.domain.settlement import Settlement
    from chalicelib.ports import Clock, Page
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
            found, _turn, name="customers", limit=limit, position=position, newest_first=True
        )

    def sharing(self, place: str) -> frozenset[str]:
        """Ids of those who are paid at a place."""
        with self._state.reading():
            return self._state.places.get(place, frozenset())

    def share(self, place: str, customer_id: str) -> frozenset[str]:
        """Name a customer as one of those, once, unless they are very many."""
        with self._state.writing():
            known = self._state.places.get(place, frozenset())
            if len(known) < MOST:
                known = self._state.places[place] = known | {customer_id}
            return known

    def unshare(self, place: str, customer_id: str) -> None:
        """Name a customer no longer as one of those."""
        with self._state.writing():
            known = self._state.places.get(place, frozenset())
            self._state.places[place] = known - {customer_id}

    def known(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of the ids that are customers'."""
        with self._state.reading():
            return frozenset(ids) & self._state.customers.keys()

    def erasing(self) -> Iterator[str]:
        """Ids of those whose erasure is asked for and not certified yet."""
        with self._state.reading():
            found = [each for each in self._state.customers.values() if _on_the_way(each)]
        return (each.customer_id for each in sorted(found, key=_age))

    def untold(self) -> Iterator[str]:
        """Ids of those who have not been told of a change, the longest waiting first."""
        with self._state.reading():
            found = [each for each in self._state.customers.values() if each.untold]
        found.sort(key=lambda each: (each.untold[0].at, each.customer_id))
        return (each.customer_id for each in found)


class MemoryTreasury:
    """The port `Treasury`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def funds(self) -> Funds:
        """The funds as they are now."""
        with self._state.reading():
            return self._state.funds

    def write(
        self,
        *entries: Entry,
        notice: Notice | None = None,
        settlement: Settlement | None = None,
        consent: Consent | None = None,
    ) -> None:
        """All of it or nothing; what is written already is success."""
        refuse_unsound(entries)
        with self._state.writing():
            if any(each.after == entries[-1].after for each in self._state.entries):
                return
            self._check(entries, settlement)
            if consent is not None:
                self._state.check_next(consent.request)
                self._state.check_day(consent.day)
                self._state.approver_days[consent.day.by] = consent.day
                self._state.credit_requests[consent.request.credit_id] = consent.request
            self._state.funds = entries[-1].after
            self._state.entries.extend(entries)
            for entry in entries:
                self._cause(entry.cause)
            if settlement is not None:
                own = settlement.settlement_id
                self._state.settlements[own] = (settlement, self._state.settlements[own][1])
            if notice is not None:
                self._state.keep_with_step(notice)

    def credit(self, credit_id: str) -> Credit | None:
        """A credit made before."""
        with self._state.reading():
            return self._state.credits.get(credit_id)

    def received(self, receipt_id: str) -> Money | None:
        """What was received before under that id."""
        with self._state.reading():
            found = self._state.receipts.get(receipt_id)
        return found.amount if found else None

    def came_back(self, receipt: Receipt) -> bool:
        """Whether a payout has heard just that money as its return."""
        with self._state.reading():
            found = self._state.movements.get(movement_id(receipt.receipt_id))
        return found is not None and found.amount == receipt.amount

    def _check(self, entries: Sequence[Entry], settlement: Settlement | None) -> None:
        stored = self._state.settlements.get(settlement.settlement_id) if settlement else None
        moved_on = settlement and (not stored or stored[0].version != settlement.version - 1)
        if entries[0].before.version != self._state.funds.version or moved_on:
            raise Stale("The funds or the settlement are not as they were read.")
        if any(self._happened(entry.cause) for entry in entries):
            raise Stale("That was entered before, or is a return.")
        for cause in (entry.cause for entry in entries):
            if isinstance(cause, Credit) and cause.customer_id not in self._state.customers:
                raise NotFound("customer")
            if isinstance(cause, Credit) and settlement is None:
                self._refuse_erasing(cause.customer_id)

    def _refuse_erasing(self, customer_id: str) -> None:
        if self._state.customers[customer_id].erasure is not None:
            raise CustomerErased

    def _happened(self, cause: Cause) -> bool:
        if isinstance(cause, Receipt):
            return cause.receipt_id in self._state.receipts or self.came_back(cause)
        if isinstance(cause, Credit):
            return cause.credit_id in self._state.credits
        return self._state.movements[cause.return_id].stage is not Stage.HEARD

    def _cause(self, cause: Cause) -> None:
        if isinstance(cause, Receipt):
            self._state.receipts[cause.receipt_id] = cause
            self._state.banked[cause.receipt_id] = Banked(cause)
        elif isinstance(cause, Credit):
            self._give(cause)
        else:
            before = self._state.banked[cause.receipt_id]
            self._state.banked[cause.receipt_id] = replace(before, state=Became.RETURNED)
            heard = self._state.movements[cause.return_id]
            self._state.movements[cause.return_id] = replace(heard, stage=Stage.TAKEN)

    def _give(self, credit: Credit) -> None:
        self._state.credits[credit.credit_id] = credit
        customer = self._state.customers[credit.customer_id]
        richer = replace(customer, available=customer.available + credit.amount)
        self._state.customers[credit.customer_id] = richer


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


def _on_the_way(customer: Customer) -> bool:
    return customer.erasure is not None and not customer.erasure.certificate


def _turn(customer: Customer) -> tuple[str, str]:
    """Newest first, and last of all whoever is being forgotten."""
    at, customer_id = _age(customer)
    return f"{int(not _on_the_way(customer))} {at}", customer_id


def _age(customer: Customer) -> tuple[str, str]:
    return customer.created_at.isoformat(timespec="microseconds"), customer.customer_id

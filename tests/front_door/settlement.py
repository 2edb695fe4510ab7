"""A settlement of many rows: announced by HTTP, paid by webhook, allocated by a process that dies.

It acts and reads; the tests say what ought to be true.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from chalicelib.domain.funding import Credit
from local.client import new_key
from tests.kills import ledgers

if TYPE_CHECKING:
    from tests.front_door.town import Customer, Town

PAYEES = ["Jo Citizen"]


@dataclass
class Allocation:
    """A settlement and whose it is: a row for each entry, by the customer and the cents."""

    town: Town
    reference: str
    customers: list[Customer]
    rows: list[tuple[Customer, int]]
    settlement_id: str = ""

    @property
    def total(self) -> Decimal:
        """What will have to come."""
        return Decimal(sum(cents for _, cents in self.rows)).scaleb(-2)

    def announce(self) -> dict[str, Any]:
        """Expect it, with its rows as a CSV."""
        lines = [
            f"{customer.customer_id},{Decimal(cents).scaleb(-2)}" for customer, cents in self.rows
        ]
        today = self.town.now().date()
        body = {
            "date": today.isoformat(), "amount": str(self.total), "reference": self.reference,
            "csv": "\n".join(["customer_id,amount", *lines, ""]),
        }  # fmt: skip
        made = self.town.as_("admin").need(201, "POST", "/settlements", body, key=new_key())
        self.settlement_id = made["settlement_id"]
        return made

    def now(self) -> dict[str, Any]:
        """How far it has come."""
        return self.town.get(f"/settlements/{self.settlement_id}")

    def owed(self) -> dict[str, Decimal]:
        """What each customer has to have got out of it."""
        cents = Counter[str]()
        for customer, amount in self.rows:
            cents[customer.customer_id] += amount
        return {each: Decimal(amount).scaleb(-2) for each, amount in cents.items()}

    def balances(self) -> dict[str, Decimal]:
        """What each of them has available."""
        return {each.customer_id: self.town.balance(each) for each in self.customers}

    def credits(self) -> Counter[tuple[str, int]]:
        """How often each customer was given which amount, by the books as they are stored."""
        ours = ledgers.read(self.town.whole.cloud)
        named = {each.customer_id for each in self.customers}
        return Counter(
            (given.customer_id, given.amount.cents)
            for given in ours.causes.values()
            if isinstance(given, Credit) and given.customer_id in named
        )


def drawn(town: Town, *, rows: int, customers: int, seed: int) -> Allocation:
    """A settlement with so many rows for so many new customers."""
    chance = random.Random(seed)  # noqa: S311 (repeatable is what it has to be)
    people = [town.customer(PAYEES) for _ in range(customers)]
    owed = [(chance.choice(people), chance.randrange(1, 50_00)) for _ in range(rows)]
    return Allocation(town, f"FDMS {seed:06d} {rows}", people, owed)

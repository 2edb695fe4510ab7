"""A working day of a made-up business, on the virtual clock, drawn from a seed.

Payouts of every ending and expected settlements by both rails, a few in each quarter of an hour.
It only acts; what ought to be true in the evening is the tests' to say.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.front_door.settlement import Allocation

if TYPE_CHECKING:
    import random

    from tests.front_door.town import Customer, Town

QUARTER = 15 * 60  # seconds
# A payee's name, the rail, and what our books have to say of such a payout in the evening.
KINDS = (
    ("Jo Citizen", "NPP", "Completed"),
    ("Sim Silent", "NPP", "Completed"),
    ("Sim Pending", "NPP", "Completed"),
    ("Sim Reject ACCOUNT CLOSED", "NPP", "Rejected"),
    ("Sim Return ACCOUNT CLOSED", "NPP", "Returned"),
    ("Jo Citizen", "DirectEntry", "Pending"),
)
PAYEES = sorted({name for name, _, _ in KINDS})
FUNDS = 8000_00  # cents of each customer in the morning


@dataclass
class Day:
    """What was asked for: each payout with the status it has to have, each settlement's money."""

    town: Town
    chance: random.Random
    customers: list[Customer] = field(default_factory=list)
    wanted: dict[str, str] = field(default_factory=dict)
    received: Decimal = Decimal(0)
    settlements: int = 0

    def begin(self) -> None:
        """The morning of a working day, two customers, a settlement that gives them money."""
        self.town.next_morning(before_friday=True)
        self.customers = [self.town.customer(PAYEES) for _ in range(2)]
        first = self._settled([(customer, FUNDS) for customer in self.customers], "NPP")
        self.town.until(lambda: first.now()["stage"] == "Settled", first.now)

    def quarter(self, payouts: int, receipts: int) -> None:
        """A quarter of an hour with so many of both."""
        for kind in self.chance.choices(KINDS, k=payouts):
            self._pay(*kind)
        for _ in range(receipts):
            owed = [(self.chance.choice(self.customers), self._cents())]
            self._settled(owed, self.chance.choice(("NPP", "DE")))
        self.town.pass_time(QUARTER)

    def unfinished(self) -> Counter[str]:
        """How many payouts and settlements are not yet what they have to be."""
        told = {each["transaction_id"]: each for each in self.town.every("/payouts", "operator")}
        left = Counter(
            f"{told[made]['status']} instead of {status}"
            for made, status in self.wanted.items()
            if told[made]["status"] != status
        )
        stages = Counter(each["stage"] for each in self.town.every("/settlements"))
        return left + Counter(
            {f"{stage} settlements": n for stage, n in stages.items() if stage != "Settled"}
        )

    def _settled(self, owed: list[tuple[Customer, int]], rail: str) -> Allocation:
        """A settlement is expected, and its money comes."""
        self.settlements += 1
        reference = f"FDMS {self.town.now():%Y%m%d} {self.settlements:04d}"
        expected = Allocation(self.town, reference, [each for each, _ in owed], owed)
        expected.announce()
        self.town.control.receive(str(expected.total), rail=rail, description=reference)
        self.received += expected.total
        return expected

    def _pay(self, payee: str, rail: str, status: str) -> None:
        customer = self.chance.choice(self.customers)
        amount = str(Decimal(self._cents()).scaleb(-2))
        made: dict[str, Any] = self.town.pay(customer, payee, amount, rail=rail)
        self.wanted[made["transaction_id"]] = status

    def _cents(self) -> int:
        return self.chance.randrange(1_00, 90_00)

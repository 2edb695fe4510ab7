"""Faults planted in a day, each with the one finding that a night has to make of it.

Each strikes something of its own, so that none hides another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.dynamo.values import from_item, to_item
from chalicelib.domain.findings import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from tests.nights.life import Life, Made


@dataclass
class Garden:
    """What was planted: the kind and the subject of each finding that has to be made of it."""

    life: Life
    planted: dict[tuple[str, str], date] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    def plant(self, *names: str) -> None:
        """Plant faults in today, each in a completed payout of today where it needs one."""
        spoilt = self._unspoilt()
        for name in names:
            kind, subject = FAULTS[name](self, spoilt)
            self.planted[kind.value, subject] = self.life.today

    @property
    def control(self) -> Any:
        """The simulated provider's own doors."""
        return self.life.town.control

    @property
    def table(self) -> str:
        """The table of payouts."""
        return str(self.life.town.tables.transactions)

    def row(self, made: Made) -> Any:
        """A payout as it is stored."""
        key = to_item({"transaction_id": made.transaction_id})
        answer = self.life.town.dynamo.get_item(TableName=self.table, Key=key, ConsistentRead=True)
        return from_item(answer["Item"])

    def _unspoilt(self) -> Iterator[Made]:
        """Payouts of today that are complete on both sides, from the latest on."""
        for made in reversed(self.life.made):
            if made.on != self.life.today or made.rail != "NPP":
                continue
            if made.body["customer_id"] == self.life.quiet["customer_id"]:
                continue
            if made.payee == "Jo Citizen" and self.row(made)["status"] == "Completed":
                yield made


def _foreign_debit(garden: Garden, _some: Iterator[Made]) -> tuple[Kind, str]:
    number = garden.control.foreign("debit", "77.70", fee="0.33")
    return Kind.UNEXPLAINED_DEBIT, str(number)


def _foreign_payment(garden: Garden, _some: Iterator[Made]) -> tuple[Kind, str]:
    number = garden.control.foreign("debit", "55.50", uniqueReference="SOMEBODY-ELSES-1")
    return Kind.UNEXPLAINED_DEBIT, str(number)


def _foreign_credit(garden: Garden, _some: Iterator[Made]) -> tuple[Kind, str]:
    return Kind.UNEXPLAINED_CREDIT, str(garden.control.foreign("credit", "12.34"))


def _other_amount(garden: Garden, some: Iterator[Made]) -> tuple[Kind, str]:
    made = next(some)
    garden.control.amend(made.reference, amount=str(Decimal(made.cents + 100).scaleb(-2)))
    return Kind.AMOUNT_DIFFERS, made.reference


def _wrong_fee(garden: Garden, some: Iterator[Made]) -> tuple[Kind, str]:
    made = next(some)
    garden.control.amend(made.reference, fee="0.50")
    return Kind.FEE_DIFFERS, made.reference


def _twice(garden: Garden, some: Iterator[Made]) -> tuple[Kind, str]:
    made = next(some)
    garden.control.repeat(made.reference)
    return Kind.PAID_TWICE, made.reference


def _lie(garden: Garden, some: Iterator[Made]) -> tuple[Kind, str]:
    made = next(some)
    garden.control.lie(made.reference, "Rejected")
    return Kind.STATUS_DIFFERS, made.reference


def _vanished(garden: Garden, some: Iterator[Made]) -> tuple[Kind, str]:
    made = next(some)
    garden.control.vanish(made.reference)
    return Kind.MISSING_THERE, made.reference


def _removed(garden: Garden, some: Iterator[Made]) -> tuple[Kind, str]:
    made = next(some)
    garden.life.town.dynamo.lose(garden.table, made.transaction_id)
    garden.removed.append(made.transaction_id)
    return Kind.MISSING_HERE, made.reference


def _changed_here(garden: Garden, some: Iterator[Made]) -> tuple[Kind, str]:
    made = next(some)
    row = garden.row(made) | {"amount": 1}
    garden.life.town.dynamo.put_item(TableName=garden.table, Item=to_item(row))
    garden.changed.append(made.transaction_id)
    return Kind.AMOUNT_DIFFERS, made.reference


def _bent(garden: Garden, _some: Iterator[Made]) -> tuple[Kind, str]:
    garden.control.bend("9.99")
    return Kind.BALANCE_DIFFERS, garden.life.today.isoformat()


FAULTS: dict[str, Callable[[Garden, Iterator[Made]], tuple[Kind, str]]] = {
    "foreign debit": _foreign_debit,
    "foreign payment": _foreign_payment,
    "foreign credit": _foreign_credit,
    "other amount": _other_amount,
    "wrong fee": _wrong_fee,
    "twice": _twice,
    "lie": _lie,
    "vanished": _vanished,
    "removed": _removed,
    "changed here": _changed_here,
    "bent": _bent,
}

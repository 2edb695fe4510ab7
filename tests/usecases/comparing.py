"""One day of a business that is compared with what the provider tells, doctored as a test likes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.workbench import SqliteWorkbench
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.night import Line, Reconciliation, Stage, Told
from chalicelib.usecases.reconcile import compare_day
from tests.fakes.provider import FEE
from tests.usecases.nights import DAY, D, Nights
from tests.usecases.world import order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from chalicelib.domain.findings import Finding
    from chalicelib.domain.payout import Payout

OPENING = Money(1_000_000)


@dataclass
class Ledger:
    """The port `DayBook`: what the scripted provider executed, as statuses and lines.

    `tell` and `book` may change what is told; balances are made anew from the lines, unless
    `balance` says what one is to be. `calls` names what was asked.
    """

    world: Nights
    tell: Callable[[list[Told]], list[Told]] = list
    book: Callable[[list[Line]], list[Line]] = list
    balance: Callable[[int, Money], Money] = lambda _order, true: true
    calls: list[str] = field(default_factory=list)

    def statuses(self, first: date, last: date, *, within: float) -> Iterator[Told]:
        assert within > 0
        self.calls.append("statuses")
        told = [
            Told(each.reference, each.word)
            for each in self.world.provider.executions
            if first <= sydney_date(each.at) <= last
        ]
        yield from self.tell(told)

    def lines(self, first: date, last: date, *, within: float) -> Iterator[Line]:
        assert within > 0
        self.calls.append("lines")
        lines: list[Line] = []
        for each in self.world.provider.executions:
            on = sydney_date(each.at)
            lines.append(line(each.reference, each.transaction_id, on, debit=each.amount))
            lines.append(line(each.reference, each.transaction_id, on, debit=FEE, is_fee=True))
            if each.back is not None:
                lines.append(line(each.reference, f"{each.transaction_id}0", on, credit=each.back))
        true = OPENING
        for place, told in enumerate(sorted(self.book(lines), key=lambda one: one.on)):
            true = true - told.debit + told.credit
            if first <= told.on <= last:
                yield replace(told, order=place, balance=self.balance(place, true))


def line(
    reference: str, name: str, on: date = D, *, debit: Money = ZERO, credit: Money = ZERO,
    is_fee: bool = False,
) -> Line:  # fmt: skip
    """A line; its place and balance are made by the ledger."""
    kind = "Fee" if is_fee else "Payment"
    return Line(0, on, kind, is_fee, reference, name, debit, credit, ZERO)


class Comparing(Nights):
    """A business whose day D is compared early on the next one."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger = Ledger(self)
        self.ports["day_book"] = self.ledger
        self.saved: list[Reconciliation] = []

    def pay(self, number: int = 1, word: str = "Complete", **more: Any) -> Payout:
        """A payout that went out now, of which the provider says that word."""
        made = self.request(order(**more), key=str(number) * 16)
        payout = self.payout(made.payout.transaction_id)
        self.provider.settle(payout.unique_reference, word)
        return payout

    def payout(self, transaction_id: str) -> Payout:  # type: ignore[override] # one of many here
        found = self.store.payouts.get(transaction_id)
        assert found is not None
        return found

    def compare(
        self, day: date = D, *, before: Reconciliation | None = None,
        night: Reconciliation | None = None,
    ) -> Reconciliation:  # fmt: skip
        """The stage, from the beginning or from where a night stands."""
        fresh = Reconciliation(day, 1, self.clock.now(), stage=Stage.COMPARED)
        names = ("changes", "payouts", "receipts", "findings", "day_book", "clock", "time_left")
        return compare_day(
            night or fresh, before=before, workbench=SqliteWorkbench(), save=self._save,
            checks=self.store.account_checks,
            **self._ports(*names),
        )  # fmt: skip

    def found(self) -> list[Finding]:
        """Open findings, by kind and subject."""
        findings = self.store.state.findings.values()
        return sorted(findings, key=lambda each: (each.kind, each.subject))

    def kinds(self) -> list[str]:
        return [str(each.kind) for each in self.found()]

    def _save(self, night: Reconciliation) -> Reconciliation:
        self.saved.append(night)
        return replace(night, version=night.version + 1)


def business() -> Comparing:
    """Money came in days ago; it is Friday, eleven o'clock."""
    world = Comparing()
    world.open_for_business()
    world.now(D, 11)
    return world


def next_morning(world: Comparing) -> Comparing:
    world.now(D + DAY, 3)
    return world

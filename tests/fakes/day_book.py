"""The provider's side of a day, out of the scripted provider's own books."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import ProviderUnavailable
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.night import Line, Told
from tests.fakes.provider import FEE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tests.fakes.provider import Execution, FakeProvider


class FakeDayBook:
    """The port `DayBook`. `more` are lines of others; `calls` counts what was asked."""

    def __init__(self, provider: FakeProvider) -> None:
        self._provider = provider
        self.opening = Money(1_000_000)
        self.more: list[Line] = []
        self.calls = 0

    def statuses(self, first: date, last: date, *, within: float) -> Iterator[Told]:
        """What became of each execution of those dates."""
        self._ask(within)
        for each in self._provider.executions:
            if first <= sydney_date(each.at) <= last:
                yield Told(each.reference, each.word)

    def lines(self, first: date, last: date, *, within: float) -> Iterator[Line]:
        """Its debit, its fee, and what came back of it, with the running balance."""
        self._ask(within)
        balance, order = self.opening, 0
        for execution in self._provider.executions:
            for debit, credit, is_fee in _moves(execution):
                order += 1
                balance = balance - debit + credit
                line = Line(
                    order, sydney_date(execution.at), "fee" if is_fee else "payment", is_fee,
                    execution.reference, execution.transaction_id, debit, credit, balance,
                )  # fmt: skip
                if first <= line.on <= last:
                    yield line
        yield from (each for each in self.more if first <= each.on <= last)

    def _ask(self, within: float) -> None:
        self.calls += 1
        if self._provider.down or within <= 0:
            raise ProviderUnavailable("The provider does not answer.")


def _moves(execution: Execution) -> Iterator[tuple[Money, Money, bool]]:
    yield execution.amount, ZERO, False
    yield FEE, ZERO, True
    if execution.back is not None:
        yield ZERO, execution.back, False

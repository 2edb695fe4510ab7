"""What the account will hold in the coming days, as far as that is known: sums, never promises.

Counts what comes in at the end of its day and what goes out at its beginning, so it errs on the
side of a warning. Settlements whose day is over are not counted upon.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import days
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.settlement import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from chalicelib.domain.liquidity import FloatRules
    from chalicelib.domain.settlement import Settlement


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount, and how many things make it up."""

    amount: Money = ZERO
    count: int = 0

    def plus(self, amount: Money) -> Sum:
        """With one more."""
        return Sum(self.amount + amount, self.count + 1)


@dataclass(frozen=True, slots=True)
class Expected:
    """What is to come in on a Sydney date."""

    on: date
    sum: Sum


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the forecast. `lowest` and `available` are `None` where nobody knows a beginning.

    `fees` are what the payments of the day are likely to cost; `lowest` is what is left when all
    that is to go out has gone, `available` what is there once the day's money has come, too.
    """

    on: date
    expected: Money
    scheduled: Sum
    fees: Money
    lowest: Money | None
    available: Money | None


@dataclass(frozen=True, slots=True)
class Shortage:
    """What there is to warn of: a code, the date, and how much there will be."""

    code: str
    on: date
    available: Money | None


def expected_by_day(settlements: Iterable[Settlement]) -> tuple[Expected, ...]:
    """What has not come yet of the settlements, by date, the earliest first."""
    sums: dict[date, Sum] = {}
    for each in settlements:
        outstanding = each.amount - each.received
        if each.stage is Stage.EXPECTED and outstanding > ZERO:
            sums[each.due_on] = sums.get(each.due_on, Sum()).plus(outstanding)
    return tuple(Expected(on, sums[on]) for on in sorted(sums))


def forecast(
    available: Money | None,
    span: tuple[date, date],
    *,
    expected: Iterable[Expected],
    scheduled: Mapping[date, Sum],
    rules: FloatRules,
) -> tuple[Day, ...]:
    """Each day from the first to the last, both included."""
    coming = {each.on: each.sum.amount for each in expected}
    made = []
    for on in days(*span):
        out, into = scheduled.get(on, Sum()), coming.get(on, ZERO)
        fees = Money(rules.fee.cents * out.count)
        lowest = None if available is None else available - out.amount - fees
        available = None if lowest is None else lowest + into
        made.append(Day(on, into, out, fees, lowest, available))
    return tuple(made)


def shortage(
    forecast: Sequence[Day], *, available: Money | None, waiting: bool, rules: FloatRules
) -> Shortage | None:
    """The first thing to warn of: the reserve before what is merely little.

    A day counts by its lowest point. Where nobody knows what there is, payouts that wait for funds
    are warning enough.
    """
    today = forecast[0].on
    if available is None:
        return Shortage("waiting_for_funds", today, None) if waiting else None
    points = [(today, available), *((day.on, day.lowest) for day in forecast)]
    known = [(on, left) for on, left in points if left is not None]
    for code, limit in (("below_reserve", rules.reserve), ("funds_low", rules.warning)):
        for on, left in known:
            if left < limit:
                return Shortage(code, on, left)
    return None

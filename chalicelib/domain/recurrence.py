"""Calendar rules: on which Sydney dates something recurs, each date by its number from 1.

A date follows from the rule, the start and the number alone, never from the date before it, so
that nothing that moves one date moves the next. Knows nothing of what is done on them.
"""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from chalicelib.domain.calendar import Calendar

DAY = timedelta(days=1)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LAST = -1
# What may be said of each: the fourth weekday and 15 business days are there in every month.
MOST_WEEKS, MOST_MONTHS, MOST_BUSINESS_DAYS, MOST_WEEKDAYS = 52, 24, 15, 4


@dataclass(frozen=True, slots=True)
class Once:
    """On the start, and never again."""

    def on(self, _number: int, start: date, _calendar: Calendar) -> date:
        """The date of a number."""
        return start


@dataclass(frozen=True, slots=True)
class Daily:
    """On every date."""

    def on(self, number: int, start: date, _calendar: Calendar) -> date:
        """The date of a number."""
        return start + (number - 1) * DAY


@dataclass(frozen=True, slots=True)
class Weekly:
    """On some weekdays (0 is Monday, in order) of every so many weeks.

    Weeks begin on Monday, and are counted from that of the first date on or after the start.
    """

    weekdays: tuple[int, ...]
    every: int = 1

    def on(self, number: int, start: date, _calendar: Calendar) -> date:
        """The date of a number."""
        first = min(start + (each - start.weekday()) % 7 * DAY for each in self.weekdays)
        index = self.weekdays.index(first.weekday()) + number - 1
        weeks, place = divmod(index, len(self.weekdays))
        return first + (7 * self.every * weeks + self.weekdays[place] - first.weekday()) * DAY


@dataclass(frozen=True, slots=True)
class MonthlyOnDay:
    """On a day of every so many months; on the month's last where it has no such day."""

    day: int
    every: int = 1

    def on(self, number: int, start: date, calendar: Calendar) -> date:
        """The date of a number."""
        return _in_months(self, number, start, calendar)

    def within(self, year: int, month: int, _calendar: Calendar) -> date:
        """The date in a month."""
        return date(year, month, min(self.day, _length(year, month)))


@dataclass(frozen=True, slots=True)
class MonthlyOnWeekday:
    """On the first to fourth, or the last (-1), of a weekday in every so many months."""

    nth: int
    weekday: int
    every: int = 1

    def on(self, number: int, start: date, calendar: Calendar) -> date:
        """The date of a number."""
        return _in_months(self, number, start, calendar)

    def within(self, year: int, month: int, _calendar: Calendar) -> date:
        """The date in a month."""
        if self.nth == LAST:
            last = date(year, month, _length(year, month))
            return last - (last.weekday() - self.weekday) % 7 * DAY
        first = date(year, month, 1)
        return first + ((self.weekday - first.weekday()) % 7 + 7 * (self.nth - 1)) * DAY


@dataclass(frozen=True, slots=True)
class MonthlyOnBusinessDay:
    """On the first to fifteenth, or the last (-1), business day of every so many months."""

    nth: int
    every: int = 1

    def on(self, number: int, start: date, calendar: Calendar) -> date:
        """The date of a number."""
        return _in_months(self, number, start, calendar)

    def within(self, year: int, month: int, calendar: Calendar) -> date:
        """The date in a month."""
        if self.nth == LAST:
            return calendar.on_or_before(date(year, month, _length(year, month)))
        return calendar.after(date(year, month, 1) - DAY, self.nth)


Monthly: TypeAlias = MonthlyOnDay | MonthlyOnWeekday | MonthlyOnBusinessDay
Rule: TypeAlias = Once | Daily | Weekly | Monthly
# By the names that people and rows say; not to be changed.
RULES: dict[str, type[Rule]] = {
    "once": Once,
    "daily": Daily,
    "weekly": Weekly,
    "monthly_on_day": MonthlyOnDay,
    "monthly_on_weekday": MonthlyOnWeekday,
    "monthly_on_business_day": MonthlyOnBusinessDay,
}
NAMES = {kind: name for name, kind in RULES.items()}


def _in_months(rule: Monthly, number: int, start: date, calendar: Calendar) -> date:
    """Months are counted from the first whose date is not before the start."""
    here = start.year * 12 + start.month - 1
    passed = rule.within(start.year, start.month, calendar) < start
    year, month = divmod(here + passed + (number - 1) * rule.every, 12)
    return rule.within(year, month + 1, calendar)


def _length(year: int, month: int) -> int:
    return months.monthrange(year, month)[1]

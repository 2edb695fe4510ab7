"""Calendar rules at the edge: one shape for each, told apart by `type`.

Form and bounds only; on which dates they fall, `domain/recurrence.py` says.
"""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic import WithJsonSchema as Published

from chalicelib.api.fields import refusal
from chalicelib.api.schemas import Said
from chalicelib.domain import recurrence
from chalicelib.domain.recurrence import (
    MOST_BUSINESS_DAYS,
    MOST_MONTHS,
    MOST_WEEKDAYS,
    MOST_WEEKS,
    WEEKDAYS,
    Rule,
)

Weekday = Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
Weeks = Annotated[int, Field(ge=1, le=MOST_WEEKS)]
Months = Annotated[int, Field(ge=1, le=MOST_MONTHS)]


def _nth(most: int) -> Any:  # noqa: ANN401 (an annotation)
    def check(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise refusal("wrong_type", "must be a whole number")
        if value not in {recurrence.LAST, *range(1, most + 1)}:
            raise refusal("out_of_range", f"must be from 1 to {most}, or -1 for the last")
        return value

    numbers = [recurrence.LAST, *range(1, most + 1)]
    return Annotated[int, BeforeValidator(check), Published({"type": "integer", "enum": numbers})]


class OnceRule(Said):
    """On the start, and never again."""

    type: Literal["once"]

    def rule(self) -> Rule:
        """The rule as the domain knows it."""
        return recurrence.Once()


class DailyRule(Said):
    """On every date."""

    type: Literal["daily"]

    def rule(self) -> Rule:
        """The rule as the domain knows it."""
        return recurrence.Daily()


class WeeklyRule(Said):
    """On weekdays of every so many weeks, counted from the week of the first of its dates."""

    type: Literal["weekly"]
    weekdays: Annotated[list[Weekday], Field(min_length=1, max_length=7)]
    every: Weeks | None = Field(default=None, description="Weeks; 1 if absent.")

    def rule(self) -> Rule:
        """The rule as the domain knows it."""
        days = tuple(sorted({WEEKDAYS.index(each) for each in self.weekdays}))
        return recurrence.Weekly(days, self.every or 1)


class MonthDayRule(Said):
    """On a day of every so many months; on the last of one that has no such day."""

    type: Literal["monthly_on_day"]
    day: Annotated[int, Field(ge=1, le=31)]
    every: Months | None = Field(default=None, description="Months; 1 if absent.")

    def rule(self) -> Rule:
        """The rule as the domain knows it."""
        return recurrence.MonthlyOnDay(self.day, self.every or 1)


class MonthWeekdayRule(Said):
    """On the nth, or the last, of a weekday in every so many months."""

    type: Literal["monthly_on_weekday"]
    nth: _nth(MOST_WEEKDAYS)  # type: ignore[valid-type] # made by a function
    weekday: Weekday
    every: Months | None = Field(default=None, description="Months; 1 if absent.")

    def rule(self) -> Rule:
        """The rule as the domain knows it."""
        return recurrence.MonthlyOnWeekday(self.nth, WEEKDAYS.index(self.weekday), self.every or 1)


class MonthBusinessDayRule(Said):
    """On the nth, or the last, business day of every so many months."""

    type: Literal["monthly_on_business_day"]
    nth: _nth(MOST_BUSINESS_DAYS)  # type: ignore[valid-type] # made by a function
    every: Months | None = Field(default=None, description="Months; 1 if absent.")

    def rule(self) -> Rule:
        """The rule as the domain knows it."""
        return recurrence.MonthlyOnBusinessDay(self.nth, self.every or 1)


AnyRule = Annotated[
    OnceRule | DailyRule | WeeklyRule | MonthDayRule | MonthWeekdayRule | MonthBusinessDayRule,
    Field(discriminator="type"),
]

"""The days on which RITS, and so every Australian bank, does not settle, weekends aside.

It keeps fewer holidays than the states do: Labour Day and days of mourning are business days.
A holiday that falls on a weekend counts on its substitute day, too: where RITS should settle then
after all, a window closes a day late, never early.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

KEPT = frozenset(
    {
        "new year's day",
        "australia day",
        "good friday",
        "easter monday",
        "anzac day",
        "king's birthday",
        "queen's birthday",
        "christmas day",
        "boxing day",
    }
)


def rits_holiday(day: date) -> bool:
    """Whether RITS is closed on a date for a holiday (of New South Wales, where it lives)."""
    return day in _holidays(day.year)


@cache
def _holidays(year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415 (dear, and needed by Direct Entry only)

    found = holidays.country_holidays("AU", subdiv="NSW", years=year, language="en_AU")
    return frozenset(day for day, names in found.items() if _kept(names))


def _kept(names: str) -> bool:
    """Several holidays may share a day, their names in one text."""
    return any(name.replace("(observed)", "").strip().lower() in KEPT for name in names.split(";"))

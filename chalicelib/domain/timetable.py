"""When something is to be paid: a calendar rule, its bounds, and what to do about days off.

The date that a rule names and the date of paying are kept apart: an occurrence that is moved for a
holiday moves no other. Refuses what would never be, or never could be paid; says everything at
once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import moment_of
from chalicelib.domain.errors import Fault
from chalicelib.domain.rails import Rail
from chalicelib.domain.recurrence import Daily, Once

if TYPE_CHECKING:
    from chalicelib.domain.calendar import Calendar
    from chalicelib.domain.recurrence import Rule

# Staff are there, and nobody's risk rules think the hour odd.
USUAL_TIME = time(9)
# Until when anything may be planned: calendars here count no further.
LAST_YEAR = 2099


class Adjustment(StrEnum):
    """What becomes of a date on which banks do not settle."""

    FOLLOWING = "following"  # the next business day
    PRECEDING = "preceding"  # the business day before
    MODIFIED_FOLLOWING = "modified_following"  # the next one, unless it is another month's
    NONE = "none"  # it stays: NPP runs always


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One of many, by its number: the rule's date, the date of paying, and the moment of it."""

    number: int
    on: date
    pays_on: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Timetable:
    """`at` is Sydney's time of day. It ends after `until` or `count`, whichever comes first."""

    rule: Rule
    start: date
    adjustment: Adjustment = Adjustment.FOLLOWING
    at: time = USUAL_TIME
    until: date | None = None
    count: int | None = None

    def occurrence(self, number: int, calendar: Calendar) -> Occurrence | None:
        """The occurrence of a number; `None` once it is over."""
        most = 1 if isinstance(self.rule, Once) else self.count
        on = self.rule.on(number, self.start, calendar)
        over = most is not None and number > most
        if over or on.year > LAST_YEAR or (self.until is not None and on > self.until):
            return None
        pays_on = adjusted(on, self.adjustment, calendar)
        return Occurrence(number, on, pays_on, moment_of(pays_on, self.at))

    def coming(self, number: int, many: int, calendar: Calendar) -> list[Occurrence]:
        """So many occurrences from a number on, or fewer where it ends before."""
        found = (self.occurrence(each, calendar) for each in range(number, number + many))
        return [each for each in found if each is not None]

    def ahead(self, number: int, now: datetime, calendar: Calendar) -> Occurrence | None:
        """The first occurrence from a number on that is still to come; `None` if none is."""
        while (found := self.occurrence(number, calendar)) is not None and found.at <= now:
            number += 1
        return found

    @property
    def told(self) -> tuple[tuple[str, str], ...]:
        """What was asked for, field by field, for telling a replay from another request."""
        return (
            ("rule", repr(self.rule)),
            ("start", str(self.start)),
            ("adjustment", str(self.adjustment)),
            ("time", self.at.isoformat()),
            ("until", str(self.until or "")),
            ("count", str(self.count or "")),
        )


def usual_adjustment(rule: Rule) -> Adjustment:
    """What holds where nobody names one."""
    return Adjustment.NONE if isinstance(rule, Daily) else Adjustment.FOLLOWING


def adjusted(on: date, adjustment: Adjustment, calendar: Calendar) -> date:
    """The date of paying for a rule's date."""
    if adjustment is Adjustment.NONE:
        return on
    if adjustment is Adjustment.PRECEDING:
        return calendar.on_or_before(on)
    later = calendar.on_or_after(on)
    if adjustment is Adjustment.MODIFIED_FOLLOWING and later.month != on.month:
        return calendar.on_or_before(on)
    return later


def faults_of(it: Timetable, rail: Rail | None, now: datetime, calendar: Calendar) -> list[Fault]:
    """Why it would never be, never could be paid, or would pay what nobody meant."""
    faults = []
    first = it.occurrence(1, calendar)
    if it.until is not None and it.until < it.start:
        faults.append(Fault("/until", "end_before_start", "must not be before the start"))
    elif first is None:
        faults.append(Fault("/start", "never_occurs", "no date of the rule lies within its bounds"))
    elif first.at <= now:
        why = f"its first payment, on {first.pays_on}, would not lie ahead"
        faults.append(Fault("/start", "already_past", why))
    if isinstance(it.rule, Daily) and it.adjustment is not Adjustment.NONE:
        why = "several dates would be paid on one business day: name the weekdays instead"
        faults.append(Fault("/adjustment", "dates_would_collide", why))
    if rail is Rail.DIRECT_ENTRY:
        faults += _direct_entry_faults(it, first, calendar)
    return faults


def _direct_entry_faults(
    it: Timetable, first: Occurrence | None, calendar: Calendar
) -> list[Fault]:
    if it.adjustment is Adjustment.NONE:
        why = "Direct Entry settles on business days only"
        return [Fault("/adjustment", "rail_needs_business_days", why)]
    if first is not None and calendar.leaves_on(first.at) != first.pays_on:
        why = "Direct Entry is closed by then: it would leave on the next business day"
        return [Fault("/time", "after_cut_off", why)]
    return []

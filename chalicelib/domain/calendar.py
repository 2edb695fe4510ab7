"""Sydney's days and the days on which banks settle.

Which dates are holidays is told from outside (`adapters/holidays.py`); nothing here knows a year.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.payout import Payout

SYDNEY = ZoneInfo("Australia/Sydney")
# The provider's cut-off, where the settings name no other.
CUT_OFF = 20
# A bank's, for files that people bring: earlier than that of the large ones, so that none is dated
# for a day on which its bank takes it no more.
BANK_CUT_OFF = 16
# How long before it a claim may reach the provider after it: a request's life and both clocks.
DOUBT = timedelta(minutes=5)


def sydney_date(moment: datetime) -> date:
    """The date that Sydney's wall clock shows at an aware moment."""
    return moment.astimezone(SYDNEY).date()


def start_of(day: date) -> datetime:
    """The moment (UTC) at which a Sydney date begins."""
    return datetime.combine(day, time.min, SYDNEY).astimezone(UTC)


def moment_of(day: date, at: time) -> datetime:
    """The moment (UTC) at which Sydney's wall clock shows a time of a date.

    An hour that a day has twice is the first of the two; one that it has not is told by the clock
    of before the change, so that it is a moment of that date all the same.
    """
    return datetime.combine(day, at, SYDNEY).astimezone(UTC)


def days(first: date, last: date) -> list[date]:
    """Every date from the first to the last, both included."""
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Business days: Monday to Friday but for the holidays on which RITS does not settle.

    `cut_off` is Sydney's hour from which a direct credit waits for the next one's batches, and
    `bank_cut_off` that of the bank that is given files.
    """

    is_holiday: Callable[[date], bool]
    cut_off: int = CUT_OFF
    bank_cut_off: int = BANK_CUT_OFF

    @property
    def banks(self) -> Calendar:
        """The same days, with the cut-off of the bank that is given files."""
        return replace(self, cut_off=self.bank_cut_off)

    def of(self, payout: Payout) -> Calendar:
        """The one that a payout goes by: the bank's where it is in a file."""
        return self.banks if payout.file_id else self

    def is_business_day(self, day: date) -> bool:
        """Whether banks settle on it."""
        return day.weekday() < 5 and not self.is_holiday(day)

    def after(self, day: date, count: int) -> date:
        """The `count`-th business day after a date."""
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_business_day(day)
        return day

    def on_or_after(self, day: date) -> date:
        """The date itself where it is a business day, else the next one that is."""
        return day if self.is_business_day(day) else self.after(day, 1)

    def on_or_before(self, day: date) -> date:
        """The date itself where it is a business day, else the latest before it that is."""
        while not self.is_business_day(day):
            day -= timedelta(days=1)
        return day

    def last_day_of_window(self, sent_at: datetime, count: int) -> date:
        """The last Sydney date on which a direct credit sent then can come back."""
        return self.after(self.leaves_on(sent_at), count)

    def leaves_on(self, sent_at: datetime) -> date:
        """The business day whose batches take a direct credit claimed then, at the latest.

        Just before the cut-off that is the next day: a window may close late, but never early.
        """
        local = (sent_at + DOUBT).astimezone(SYDNEY)
        if local.hour < self.cut_off and self.is_business_day(local.date()):
            return local.date()
        return self.after(local.date(), 1)

    def cut_off_today(self, now: datetime) -> datetime | None:
        """The moment (UTC) until which a claim makes today's batches; `None` where it is over."""
        local = now.astimezone(SYDNEY)
        hour = time(self.cut_off)
        last = datetime.combine(local.date(), hour, SYDNEY).astimezone(UTC) - DOUBT
        return last if now < last and self.is_business_day(local.date()) else None

    def expected_by(self, sent_at: datetime) -> date:
        """The date by which payees usually have it, the next business day; nobody's promise."""
        return self.after(self.leaves_on(sent_at), 1)

    def window_closes(self, sent_at: datetime, count: int) -> datetime:
        """The moment (UTC) at which that date is over in Sydney."""
        return start_of(self.last_day_of_window(sent_at, count) + timedelta(days=1))


def _never(_day: date) -> bool:
    return False


# For whoever knows of no holidays: the days that are none anyway.
WEEKENDS = Calendar(_never)

"""The provider's dates: Sydney local time without an offset, in the several forms that it uses.

Also its business days: the days on which the interbank settlement system (RITS) settles.
Refuses nothing but nonsense: what cannot be read is None, and the caller knows the code for that.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

SYDNEY = ZoneInfo("Australia/Sydney")
# RITS keeps fewer days than the states do: on Labour Day it settles.
KEPT = (
    "New Year's Day",
    "Australia Day",
    "Good Friday",
    "Easter Monday",
    "Anzac Day",
    "King's Birthday",
    "Christmas Day",
    "Boxing Day",
)


def sydney(at: datetime) -> datetime:
    """The local time in Sydney, naive, as the provider writes it."""
    return at.astimezone(SYDNEY).replace(tzinfo=None)


def today(at: datetime) -> date:
    """The date in Sydney at that moment."""
    return sydney(at).date()


def seconds_form(at: datetime) -> str:
    """`2019-07-22T14:21:50`: rows of the account and of statements."""
    return sydney(at).isoformat(timespec="seconds")


def millis_form(at: datetime) -> str:
    """`2020-01-13T14:21:50.553`: inbound direct credits."""
    return sydney(at).isoformat(timespec="milliseconds")


def hundredths_form(at: datetime) -> str:
    """`2019-07-22T14:21:50.55`: the moment of a rejection."""
    return millis_form(at)[:-1]


def midnight_form(at: datetime) -> str:
    """`2019-07-22T00:00:00`: a date in the clothes of a time."""
    return f"{today(at).isoformat()}T00:00:00"


def day_first_form(at: datetime) -> str:
    """`20/10/2020 12:00:01 AM`: money that came in by NPP."""
    return sydney(at).strftime("%d/%m/%Y %I:%M:%S %p")


def month_first_form(at: datetime) -> str:
    """`11/14/2019 3:41:05 PM`: subscriptions and their report."""
    local = sydney(at)
    day = f"{local.month}/{local.day}/{local.year}"
    return f"{day} {local.hour % 12 or 12}{local.strftime(':%M:%S %p')}"


def read_moment(text: object) -> datetime | None:
    """An ISO date or date-time in Sydney, naive, or None."""
    if not isinstance(text, str):
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read.replace(tzinfo=None)


def read_day(text: object) -> date | None:
    """A date in Sydney, from `yyyy-MM-dd` or an ISO date-time, or None."""
    read = read_moment(text)
    return read.date() if read else None


def instant(local: datetime) -> datetime:
    """The UTC moment of a naive Sydney time."""
    return local.replace(tzinfo=SYDNEY).astimezone(UTC)


def start_of(day: date) -> datetime:
    """The UTC moment at which a day begins in Sydney."""
    return instant(datetime.combine(day, time.min))


def is_business_day(day: date) -> bool:
    """Whether RITS settles on that day."""
    return day.weekday() < 5 and day not in _closed_days(day.year)


def business_day_after(day: date, number: int) -> date:
    """The business day that is `number` business days after `day`."""
    while number > 0:
        day += timedelta(days=1)
        number -= is_business_day(day)
    return day


@lru_cache(maxsize=16)
def _closed_days(year: int) -> frozenset[date]:
    # Imported when first needed: it takes longer than everything else together.
    import holidays  # noqa: PLC0415

    days = holidays.country_holidays("AU", subdiv="NSW", years=year)
    kept = tuple(name.casefold() for name in KEPT)
    return frozenset(day for day, name in days.items() if name.casefold().startswith(kept))

"""The provider's dates: Sydney local time, in the several forms that have been seen.

Never the last word on anything: what cannot be read, or lies ahead, gives way to our own clock.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time

from chalicelib.domain.calendar import SYDNEY

_TIME = r"(?:[ T]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?(?: ?([AaPp])\.?[Mm]\.?)?)?"
_SLASHED = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})" + _TIME)
_YEAR_FIRST = re.compile(r"([0-9]{4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,2})" + _TIME)
# The provider's software calls "never" the year 1.
EARLIEST = 2000


def moment(text: object, *, day_first: bool = False, later: bool = False) -> datetime | None:
    """The moment (UTC) that a date of the provider's means; `None` where it means none.

    Year first where it is, ISO or not; then the other forms: of `02/03/2026`, which of the two is
    the day is `day_first`'s to say, unless only the other reading exists. One hour of April is
    there twice, when Sydney's clocks go back: which of the two is `later`'s to say.
    """
    if not isinstance(text, str) or len(text) > 40:
        return None
    text = text.strip()
    local = _iso(text) or _year_first(text) or _slashed(text, day_first=day_first)
    if local is None or local.year < EARLIEST or local.year > 9000:
        return None
    if local.tzinfo is None:
        local = local.replace(tzinfo=SYDNEY, fold=int(later))
    return local.astimezone(UTC)


def heard(text: object, at: datetime) -> datetime:
    """When something happened that we hear of `at`: its own moment, if it has one and it is past.

    Midnight is no moment but a date in the clothes of one, and tells less than our own clock.
    """
    told = _past(text, at)
    return at if told is None or told.astimezone(SYDNEY).time() == time.min else told


def received(text: object, at: datetime, *, day_first: bool) -> datetime:
    """When money arrived that we hear of `at`; midnight will do, the date being what counts."""
    return _past(text, at, day_first=day_first) or at


def _past(text: object, at: datetime, *, day_first: bool = False) -> datetime | None:
    """The moment that it means, if it is past at `at`: of two, the nearer, for news is new.

    The provider's clock may be a little ahead of ours, so the nearer one may not be past.
    """
    meant = (moment(text, day_first=day_first, later=later) for later in (True, False))
    nearest = min(filter(None, meant), key=lambda told: abs(told - at), default=None)
    return None if nearest is None or nearest > at else nearest


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _slashed(text: str, *, day_first: bool) -> datetime | None:
    parts = _SLASHED.fullmatch(text)
    if parts is None:
        return None
    one, other, year = (int(part) for part in parts.groups()[:3])
    for day, month in ((one, other), (other, one)) if day_first else ((other, one), (one, other)):
        local = _local((year, month, day), parts)
        if local is not None:
            return local
    return None


def _year_first(text: str) -> datetime | None:
    parts = _YEAR_FIRST.fullmatch(text)
    if parts is None:
        return None
    year, month, day = (int(part) for part in parts.groups()[:3])
    return _local((year, month, day), parts)


def _local(day: tuple[int, int, int], parts: re.Match[str]) -> datetime | None:
    hour, minute, second = (int(part or 0) for part in parts.groups()[3:6])
    try:
        return datetime(*day, _hour(hour, parts[7]), minute, second)  # noqa: DTZ001 (Sydney's, above)
    except ValueError:
        return None


def _hour(hour: int, half: str | None) -> int:
    """The hour of the day; 25 where there is no such hour."""
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        return 25
    return hour % 12 + (12 if half in "Pp" else 0)

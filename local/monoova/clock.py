"""Virtual time: the real clock plus an offset that only ever grows.

Refuses to run backwards, for books that are dated out of order prove nothing.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def utc_now() -> datetime:
    """The real time."""
    return datetime.now(UTC)


def micros(at: datetime) -> int:
    """An aware moment as whole microseconds since 1970, which is how it is stored."""
    return (at - EPOCH) // MICROSECOND


def moment(stored: int) -> datetime:
    """The moment that `micros` stored."""
    return EPOCH + stored * MICROSECOND


class VirtualClock:
    """The simulator's time. Everything dated, due or locked is so by this clock."""

    def __init__(
        self,
        offset: timedelta = timedelta(0),
        *,
        real: Callable[[], datetime] = utc_now,
    ) -> None:
        self._offset = offset
        self._real = real
        self._lock = threading.Lock()

    @property
    def offset(self) -> timedelta:
        """How far ahead of the real clock it is."""
        return self._offset

    def now(self) -> datetime:
        """The virtual time, aware, in UTC."""
        return self._real() + self._offset

    def advance(self, by: timedelta) -> timedelta:
        """Moves time forward and gives back the new offset.

        Raises:
            ValueError: it would run backwards, or past the end of the calendar.
        """
        with self._lock:
            if by < timedelta(0):
                raise ValueError("time does not run backwards")
            if self._offset + by > timedelta(days=36500):
                raise ValueError("a century ahead is far enough")
            self._offset += by
            return self._offset

    def reset(self) -> None:
        """Back to the real time; only together with empty books."""
        with self._lock:
            self._offset = timedelta(0)

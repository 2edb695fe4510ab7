"""A clock that stands still until it is moved, and names that follow each other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

# A Monday, 12:00 in Sydney.
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class FakeClock:
    """The port `Clock`. Two clocks of different `series` never make the same name."""

    def __init__(self, now: datetime = START, *, series: int = 0) -> None:
        self._now = now
        self._spent = 0.0
        self._series = series
        self._numbers = count(1)

    def now(self) -> datetime:
        """Wall time, aware, UTC."""
        return self._now

    def monotonic(self) -> float:
        """Seconds that `advance` has let pass."""
        return self._spent

    def new_id(self) -> str:
        """The next name, of 36 characters like any of ours."""
        return f"00000000-0000-4000-8{self._series:03d}-{next(self._numbers):012d}"

    def advance(self, span: timedelta | float) -> datetime:
        """Let time pass, in seconds or as a span; returns the time afterwards."""
        passed = span if isinstance(span, timedelta) else timedelta(seconds=span)
        self._now += passed
        self._spent += passed.total_seconds()
        return self._now

    def set(self, now: datetime) -> None:
        """Put the wall time, as a clock that is corrected; spans do not notice."""
        self._now = now

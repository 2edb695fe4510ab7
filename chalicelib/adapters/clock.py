"""Time: the machine's, or, on a laptop, that of the provider's simulator.

Spans are always the machine's own: only dates are simulated. Names are random, and long enough.
"""

from __future__ import annotations

import time
import uuid
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from chalicelib.adapters import exact_json

if TYPE_CHECKING:
    from collections.abc import Callable

# Real seconds for which a simulated offset is taken to be unchanged.
FRESH = 0.2
# Real seconds that a laptop may stand still for before the clock is said not to answer.
PATIENCE = 5.0
_SECOND = Decimal(1_000_000)


class SystemClock:
    """The `Clock` port on the machine's clocks."""

    def now(self) -> datetime:
        """Wall time, aware, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never go back, for spans within one process."""
        return time.monotonic()

    def new_id(self) -> str:
        """A name that nobody else will ever make: a random UUID."""
        return str(uuid.uuid4())


class FollowingClock(SystemClock):
    """A clock whose dates are ahead of the machine's by what somebody else's clock says.

    `ask` gives that offset and may fail: the last one known holds on, and zero before any.
    """

    def __init__(
        self, ask: Callable[[], timedelta], *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._ask = ask
        self._monotonic = monotonic
        self._offset = timedelta(0)
        self._asked_at: float | None = None

    def now(self) -> datetime:
        """Wall time of the clock that it follows."""
        return super().now() + self._followed()

    def _followed(self) -> timedelta:
        moment = self._monotonic()
        if self._asked_at is None or moment - self._asked_at > FRESH:
            with suppress(OSError, ValueError):  # else it stays as it was
                self._offset = self._ask()
            self._asked_at = moment
        return self._offset


def offset_at(url: str) -> Callable[[], timedelta]:
    """The question to a clock at `url`, which answers `{"now", "offset_seconds"}`.

    Raises (when it is asked):
        OSError: it does not answer.
        ValueError: it does not answer that.
    """
    import requests  # noqa: PLC0415 (only a laptop follows another clock)

    session = requests.Session()
    session.trust_env = False

    def ask() -> timedelta:
        answer = session.get(url, timeout=PATIENCE, allow_redirects=False)
        return offset_from(answer.content)

    return ask


def offset_from(raw: bytes) -> timedelta:
    """The offset that such an answer tells.

    Raises:
        ValueError: it tells none.
    """
    seconds: object = exact_json.read_object(raw).get("offset_seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, (int, Decimal)):
        raise ValueError("not a number")  # noqa: TRY004 (one kind of error: it tells no offset)
    exact = Decimal(seconds)
    if not -(10**11) < exact < 10**11:
        raise ValueError("too large")
    return timedelta(microseconds=int(exact * _SECOND))


def clock_for(url: str | None) -> SystemClock:
    """The clock that follows `url`, or the machine's where there is none."""
    return FollowingClock(offset_at(url)) if url else SystemClock()

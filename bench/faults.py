"""What goes wrong, when, and what time it is: the same for everybody who is compared.

One seed rolls the faults of the provider's calls, of its look-ups and of the store's calls from
three dice, so that the third call to the provider meets the same fault on every side.
"""

from __future__ import annotations

import random
from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING

from tests.fakes.clock import START, FakeClock

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

ONE_IN = 8
LAMBDA_SECONDS = 29.0  # API Gateway waits no longer
POLLER_SECONDS = 60.0
QUICK = 0.05  # seconds that a call takes which nothing befalls


class Fault(StrEnum):
    """What befalls one call."""

    CRASH_BEFORE = "the process dies before the call"
    CRASH_AFTER = "the process dies after the call"
    LOST_REQUEST = "the request is lost: a time-out, and nothing was done"
    LOST_REPLY = "the reply is lost: a time-out, and it was done"
    ERROR_AFTER = "an HTTP 500, and it was done"
    LAMBDA_TIMEOUT = "it was done, and Lambda's time is over before the answer"


class Crash(BaseException):
    """The process is gone: no `except Exception` runs any more, the caller gets a 502 or 504."""


class Dice:
    """The faults of one schedule. `rate` is one in so many calls; 0 is none at all."""

    def __init__(self, seed: int, one_in: int = ONE_IN) -> None:
        self._seed = seed
        self._one_in = one_in
        self._by_place: dict[str, random.Random] = {}
        self.struck: Counter[str] = Counter()

    def roll(self, place: str) -> Fault | None:
        """What befalls the next call to that place."""
        if not self._one_in:
            return None
        chance = self._by_place.get(place)
        if chance is None:
            chance = self._by_place[place] = random.Random(f"{self._seed}/{place}")  # noqa: S311 (no secret)
        struck = chance.randrange(self._one_in) == 0
        fault = chance.choice(list(Fault))  # rolled in any case: the dice stay in step
        if not struck:
            return None
        self.struck[fault] += 1
        return fault


class BenchClock(FakeClock):
    """Virtual time; `moved` hears of each new time, for code that looks at the machine's clock."""

    def __init__(self, moved: Callable[[datetime], object] | None = None) -> None:
        super().__init__()
        self._moved = moved
        if moved is not None:
            moved(START)

    def advance(self, span: timedelta | float) -> datetime:
        """Let time pass."""
        now = super().advance(span)
        if self._moved is not None:
            self._moved(now)
        return now


class Invocation:
    """One Lambda invocation after the other: how much time it has left, and its end.

    It is also the context that Lambda hands to a handler.
    """

    function_name = "payouts"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:ap-southeast-2:123456789012:function:payouts"
    aws_request_id = "00000000-0000-4000-8000-000000000000"

    def __init__(self, clock: BenchClock) -> None:
        self.clock = clock
        self._ends = 0.0

    def begin(self, seconds: float = LAMBDA_SECONDS) -> None:
        """A new invocation."""
        self._ends = self.clock.monotonic() + seconds

    def left(self) -> float:
        """Seconds until Lambda ends it."""
        return max(0.0, self._ends - self.clock.monotonic())

    def get_remaining_time_in_millis(self) -> int:
        """The same, as Lambda says it."""
        return int(self.left() * 1000)

    def spend(self, seconds: float) -> None:
        """Let time pass within it.

        Raises:
            Crash: it was more than there is.
        """
        left = self.left()
        self.clock.advance(min(left, seconds))
        if seconds >= left:
            raise Crash

    def time_out(self) -> None:
        """Let Lambda's time run out.

        Raises:
            Crash: always.
        """
        self.spend(self.left())

"""Virtual time, and invocations of our code that run on it, one at a time.

An invocation is a greenlet: it runs until it waits for something, and goes on when the moment has
come. Nothing here sleeps or looks at a real clock, so a week takes milliseconds and is always the
same.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, Any

from greenlet import getcurrent, greenlet

if TYPE_CHECKING:
    from collections.abc import Callable


MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0  # seconds


class Killed(BaseException):
    """The process is gone: no `except` of ours runs any more."""


class Timeline:
    """Seconds since the week began, and what is to happen when."""

    def __init__(self) -> None:
        self.now = 0.0
        self.broken: Exception | None = None
        self._coming: list[tuple[float, int, Callable[[], object]]] = []
        self._numbers = count()

    def at(self, moment: float, action: Callable[[], object]) -> None:
        """Have something happen at a moment; in the past means now."""
        heappush(self._coming, (max(moment, self.now), next(self._numbers), action))

    def after(self, seconds: float, action: Callable[[], object]) -> None:
        """Have something happen in so many seconds."""
        self.at(self.now + seconds, action)

    def run(self, until: float) -> None:
        """Let everything happen up to a moment; what is `broken` by then is raised at once."""
        coming = self._coming
        self._stop_if_broken()
        while coming and coming[0][0] <= until:
            self.now, _, action = heappop(coming)
            action()
            self._stop_if_broken()
        self.now = max(self.now, until)

    def _stop_if_broken(self) -> None:
        if self.broken is not None:
            raise self.broken

    def run_in_turn(self, choose: Callable[[list[int]], int]) -> None:
        """Let everything happen that is at hand, in an order that is chosen, whatever the time.

        `choose` is given the numbers of what is at hand, the oldest first, and gives the place of
        one. What an invocation of ours goes on with has a new number each time.
        """
        coming = self._coming
        while coming:
            coming.sort(key=lambda each: each[1])
            place = choose([number for _, number, _ in coming])
            _, _, action = coming.pop(place)
            self.now += 0.001
            action()
            if self.broken is not None:
                raise self.broken

    def forget(self) -> None:
        """Nothing of what was to come will happen."""
        self._coming.clear()

    def next_at(self) -> float | None:
        """When something happens next."""
        return self._coming[0][0] if self._coming else None


class Invocation:
    """One call of our code: what it is called, what it does, how long it may live.

    `ended` is told what came of it: `("returned", value)`, `("raised", error)`, `("killed", None)`.
    """

    def __init__(
        self,
        timeline: Timeline,
        name: str,
        deed: Callable[[], Any],
        *,
        seconds: float,
        ended: Callable[[str, Any], object],
    ) -> None:
        self.name = name
        # How many payouts were stored when it last looked at the store.
        self.looked_at = 0
        # What the provider said that the account holds, less what it has sent since, in cents.
        self.purse: int | None = None
        self.asked_at = 0.0
        self.deadline = timeline.now + seconds
        self._timeline = timeline
        self._deed = deed
        self._ended = ended
        self._greenlet = greenlet(self._run)

    def start(self) -> None:
        """Run until it first waits."""
        self._greenlet.switch()

    def pause(self, seconds: float) -> None:
        """Wait; an invocation whose time is over does not wake up.

        Raises:
            Killed: its time is over.
        """
        woken = self._timeline.now + seconds
        self._timeline.at(min(woken, self.deadline), self._greenlet.switch)
        getcurrent().parent.switch()
        if woken > self.deadline:
            raise Killed

    @property
    def time_left(self) -> float:
        """Seconds that it may still live."""
        return self.deadline - self._timeline.now

    def _run(self) -> None:
        try:
            told, value = "returned", self._deed()
        except Killed:
            told, value = "killed", None
        except Exception as error:  # noqa: BLE001 (whoever called it judges)
            told, value = "raised", error
        self._ended(told, value)

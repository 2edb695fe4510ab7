"""The provider's post: every webhook that it sends, what becomes of it, and its report of that.

A webhook is tried, tried once more after half a minute, and then never again unless it is asked
for. Whether what is sent again keeps its number is the provider's habit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from tests.simulation.faults import Fate
    from tests.simulation.story import Silence
    from tests.simulation.timeline import Timeline

SYDNEY = ZoneInfo("Australia/Sydney")
URL = "https://payouts.example/webhooks/monoova/"
UNKNOWN = "WebhookNotificationNotFound"
# Seconds after which the provider tries to deliver a webhook once more.
RETRIES = (30.0,)
# The share of lost webhooks of which somebody on the way says that they had arrived.
SWALLOWED = 0.2

# Delivers a webhook (event, body, its number), and is told what came of it.
Deliver = Callable[[str, bytes, int, Callable[[str, Any], None]], None]


@dataclass
class Sent:
    """One notification. `root` is the number of the first of which this one is a copy."""

    number: int
    root: int
    event: str
    raw: bytes
    told_at: float
    tried_at: float
    attempts: int = 0
    code: int = 0


class Post:
    """What the provider sent. `losing` is the share of webhooks that it loses."""

    def __init__(
        self,
        timeline: Timeline,
        began: datetime,
        fate: Fate,
        story: Silence,
        numbers: Iterator[int],
        deliver: Deliver,
    ) -> None:
        self._timeline = timeline
        self._began = began
        self._fate = fate
        self._story = story
        self._numbers = numbers
        self._deliver = deliver
        self.sent: dict[int, Sent] = {}
        # What was never acknowledged, by the number that it had first.
        self.undelivered: dict[int, tuple[str, bytes]] = {}
        self.hold = False
        self._held: list[Sent] = []
        self.losing = 0.06
        self.keeps_number = True
        self.lost: set[int] = set()
        # Told of each webhook that did not arrive.
        self.missed: Callable[[], None] = _unheard
        self.asked_again: set[int] = set()

    def send(self, event: str, raw: bytes) -> None:
        """Send a webhook, as chance will have it."""
        number = next(self._numbers)
        self.undelivered[number] = (event, raw)
        self._go(self._new(number, number, event, raw))

    def release(self) -> None:
        """Deliver what was held back."""
        self.hold, held, self._held = False, self._held, []
        for each in held:
            self._try(each, 0)

    def lose_held(self) -> None:
        """What was held back never arrives."""
        self.hold, held, self._held = False, self._held, []
        for each in held:
            self._tried(each)
            self.lost.add(each.root)

    def take(self) -> tuple[str, bytes]:
        """The one that was held back; it is not sent any more."""
        (it,) = self._held
        self.hold, self._held = False, []
        del self.undelivered[it.root]
        return it.event, it.raw

    def again(self, number: int) -> bool:
        """Send one again; whether there is one of that number."""
        first = self.sent.get(number)
        if first is None:
            return False
        self.asked_again.add(first.root)
        self._story.tell("monoova", f"sends {first.event} {number} again")
        if not self.keeps_number:
            first = self._new(next(self._numbers), first.root, first.event, first.raw)
        self._go(first)
        return True

    def report(self, day: str, skip: int, take: int) -> list[dict[str, Any]]:
        """What it told on a Sydney date."""
        of_day = [each for each in self.sent.values() if self.day_of(each) == day and each.attempts]
        return [self._line(each) for each in of_day[skip : skip + take]]

    def day_of(self, each: Sent) -> str:
        """The Sydney date on which it was told first."""
        return self._local(each.told_at)[:10]

    def healed(self) -> int:
        """How many were lost, and arrived because they were asked for."""
        return sum(number not in self.undelivered for number in self.lost & self.asked_again)

    def _new(self, number: int, root: int, event: str, raw: bytes) -> Sent:
        now = self._timeline.now
        self.sent[number] = Sent(number, root, event, raw, now, now)
        return self.sent[number]

    def _go(self, it: Sent) -> None:
        self._story.tell("monoova", f"sends webhook {it.event} as number {it.number}")
        chance = self._fate.chance
        if self.hold:
            self._held.append(it)
            return
        if self._fate.calm:
            self._try(it, 0)
            return
        roll = chance.random()
        if roll < self.losing:
            self._lose(it)
            return
        delay = chance.choice([0.01, 0.2, 0.2, 2.0, 2.0, 90.0, 5000.0])
        for _ in range(2 if roll > 0.9 else 1):
            self._timeline.after(delay, lambda: self._try(it, 0))
            delay += chance.choice([0.01, 30.0, 7000.0])

    def _lose(self, it: Sent) -> None:
        self._tried(it)
        self.lost.add(it.root)
        if it.attempts == 1 and self._fate.chance.random() < SWALLOWED:
            it.code = 200
        self.missed()
        self._story.tell("monoova", f"webhook {it.event} {it.number} is lost", code=it.code)

    def _try(self, it: Sent, attempt: int) -> None:
        if attempt and it.root not in self.undelivered:
            return
        self._tried(it)

        def ended(told: str, _value: Any) -> None:
            if told == "returned":
                it.code = 200
                self.undelivered.pop(it.root, None)
                return
            it.code = it.code if it.code == 200 else 500
            if attempt < len(RETRIES):
                self._timeline.after(RETRIES[attempt], lambda: self._try(it, attempt + 1))
            elif it.root in self.undelivered:
                self.lost.add(it.root)
                self.missed()

        self._deliver(it.event, it.raw, it.number, ended)

    def _tried(self, it: Sent) -> None:
        now = self._timeline.now
        if not it.attempts:
            it.told_at = now
        it.attempts += 1
        it.tried_at = now

    def _line(self, it: Sent) -> dict[str, Any]:
        return {
            "webhookId": it.number,
            "eventName": it.event,
            "dateTime": self._local(it.told_at),
            "lastRetryDateTime": self._local(it.tried_at),
            "retryCount": max(it.attempts - 1, 0),
            "status": "Sent" if it.code == 200 else "Error",
            "lastResponseCode": it.code,
            "url": URL + it.event,
        }

    def _local(self, at: float) -> str:
        moment = (self._began + timedelta(seconds=at)).astimezone(SYDNEY)
        return moment.strftime("%Y-%m-%dT%H:%M:%S")


def _unheard() -> None:
    """Nobody listens yet."""

"""The poller's schedule: every minute, of which only those are played in which there is work.

With clocks that differ a payout may be due to nobody yet: looked at ever more seldom then.
"""

from __future__ import annotations

from datetime import datetime
from operator import methodcaller
from typing import TYPE_CHECKING, Any

from tests.simulation.timeline import HOUR, MINUTE

if TYPE_CHECKING:
    from random import Random

    from tests.simulation.books import Life
    from tests.simulation.business import Business

NEVER = float("inf")
# The longest that is left out: the provider's report is read of the last days only.
LONGEST = 16 * HOUR


class Clockwork:
    """Calls the poller while it is `running`."""

    def __init__(self, business: Business, chance: Random) -> None:
        self._business = business
        self._chance = chance
        self._timeline = business.timeline
        self.running = True
        self._idle = 0
        self._repaired_at = 0.0
        self._next_tick = NEVER
        business.books.watchers.append(self._look)
        business.books.tills.arrived = self._soon
        business.post.missed = self._later

    def start(self) -> None:
        """Begin, with a first run in which all goes well: the business is not of yesterday."""
        self._poll(whole=True)
        self._plan(self._timeline.now + LONGEST)

    def _look(self, own: str, life: Life) -> None:
        """A payout has changed: the poller's turn comes."""
        if life.open_until and own not in self._business.standing.since:
            due = self._seconds(life.open_until)
            self._plan(max(due, self._timeline.now) + self._chance.uniform(0, MINUTE))

    def _soon(self) -> None:
        """Something came in, or was said of it."""
        if self.running and self._business.settles:
            self._plan(self._timeline.now + self._chance.choice([0.0, 1.0, MINUTE]))

    def money_comes(self) -> None:
        """The provider has more money of ours."""
        self._plan(self._timeline.now + self._chance.choice([1.0, MINUTE]))

    def _later(self) -> None:
        """A webhook did not arrive, which is to be found out."""
        self._plan(self._timeline.now + self._chance.uniform(5, 30) * MINUTE)

    def _plan(self, moment: float) -> None:
        if self.running and moment < self._next_tick:
            self._next_tick = moment
            self._timeline.at(moment, lambda: self._tick(moment))

    def _tick(self, moment: float) -> None:
        if not self.running or moment != self._next_tick:
            return
        self._poll()
        if self._chance.random() < 0.08:
            self._timeline.after(self._chance.choice([0.0, 0.01, 1.0]), self._poll)
        self._next_tick = NEVER
        now, due = self._timeline.now, self._next_due()
        pause = MINUTE * (1 << min(self._idle, 4))
        if due is not None:
            self._plan(max(due, now + pause))
        if self._business.missing:
            self._plan(now + 11 * MINUTE * self._chance.choice([1, 1, 4, 16]))
        if self._business.standing.since:
            # Somebody in the line is always due; in most minutes there is no more money.
            self._plan(now + self._chance.choice([MINUTE, HOUR, 3 * HOUR]))
        self._plan(now + LONGEST)

    def _poll(self, *, whole: bool = False) -> None:
        def ended(_told: str, value: Any) -> None:
            self._idle = 0 if value else self._idle + 1

        business, now = self._business, self._timeline.now
        settles = business.settles or business.books.tills.unattended()
        repairs = whole or bool(business.missing) or now - self._repaired_at >= LONGEST / 2
        if repairs:
            self._repaired_at = now
        deed = methodcaller("tick", settles=settles, repairs=repairs)
        business.invoke("poll", "poll", deed, ended)

    def _next_due(self) -> float | None:
        lives, standing = self._business.books.lives.items(), self._business.standing.since
        dues = [life.open_until for own, life in lives if life.open_until and own not in standing]
        return self._seconds(min(dues)) if dues else None

    def _seconds(self, moment: str) -> float:
        return (datetime.fromisoformat(moment) - self._business.began).total_seconds()

"""Sam, who plans payouts for later, and the clock that wakes them: late, twice, or killed.

Now and then nobody wakes anything for days. What was missed then is not paid in a burst.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import partial
from operator import methodcaller
from typing import TYPE_CHECKING, Any

from tests.simulation.books import Broken
from tests.simulation.diary import Diary, Plan
from tests.simulation.people import SAFE_AGAIN
from tests.simulation.post import SYDNEY
from tests.simulation.timeline import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable
    from datetime import date
    from random import Random

    from tests.simulation.business import Business
    from tests.simulation.people import People

NEVER = float("inf")
# A date has an hour twice, or lacks one, in two weeks of three.
TIMES = (time(0, 10), time(2, 30), time(9), time(9), time(16, 45), time(23, 50))
WEEKDAYS = ((0, 2, 4), (1,), (5,), (3, 6), (0, 1, 2, 3, 4))
_TRIES = 6


class Planners:
    """Whoever plans, and who wakes what is planned."""

    name = "planners"

    def __init__(self, business: Business, people: People, chance: Random) -> None:
        self._business, self._people, self._chance = business, people, chance
        self._timeline = business.timeline
        self.at_work = True
        self.diary = Diary(business)
        self.told: Counter[str] = self.diary.told
        self.diary.changed = self._look
        # Until when nobody wakes anything; and the next time that somebody does.
        self._away_until, self._next = 0.0, NEVER
        self._in_vain = 0

    def plan(self, span: float) -> None:
        """Lay out a week: some schedules, what is changed of them, and days on which all sleep."""
        chance, at = self._chance, self._timeline.at
        for number in range(chance.choice([1, 2, 3, 4])):
            asked = chance.uniform(10, span * 0.4)
            at(asked, partial(self._ask, number, _TRIES))
        if chance.random() < 0.3:
            at(chance.uniform(span * 0.3, span * 0.8), partial(self.diary.lower, 3_000))
        if chance.random() < 0.4:
            began = chance.uniform(DAY / 2, span * 0.4)
            until = began + chance.choice([9 * HOUR, 2 * DAY, 4 * DAY, 4 * DAY])
            at(began, partial(self._sleep, until))

    def go_home(self) -> None:
        """What is due is woken; then nothing more comes of anything."""
        self.at_work, self._away_until = False, 0.0
        for later in (1.0, 11 * MINUTE, 30 * MINUTE - 1):
            self._timeline.after(later, self._wake)
        self._timeline.after(30 * MINUTE, self._end_all)
        self._timeline.after(40 * MINUTE, self._end_all)

    def end_well(self) -> None:
        """All that came was paid once, or a person was told why not.

        Raises:
            Broken: it is not so.
        """
        for own, row in self.diary.rows.items():
            if row["state"]["S"] != "ended":
                raise Broken(f"the schedule {own} was cancelled, and goes on")
        self.diary.end_well()

    # Sam.

    def _ask(self, number: int, tries: int) -> None:
        wanted = self._wanted(number)
        self.diary.add(wanted)
        self._ask_for(wanted, tries)
        chance, after = self._chance, self._timeline.after
        own = wanted.schedule_id
        for _ in range(chance.choice([0, 0, 1, 2])):
            rested = chance.uniform(HOUR, 4 * DAY)
            after(rested, partial(self._change, "rest", own))
            if chance.random() < 0.8:
                resumed = rested + chance.choice([0.01, MINUTE, 5 * HOUR, 1.2 * DAY])
                after(resumed, partial(self._change, "go_on_with", own))
        if chance.random() < 0.15:
            after(chance.uniform(DAY, 5 * DAY), partial(self._change, "end_schedule", own))

    def _wanted(self, number: int) -> Plan:
        chance = self._chance
        return Plan(
            f"key-of-a-schedule-{number:04d}",
            f"customer-{chance.randrange(self._people.customers)}",
            chance.choice([chance.randrange(100, 2_000), chance.randrange(2_000, 9_000)]),
            self._today() + timedelta(days=chance.choice([0, 1, 1, 2])), chance.choice(TIMES),
            chance.choice([1, 1, 2, 3, 6]), chance.choice([(), chance.choice(WEEKDAYS)]),
        )  # fmt: skip

    def _today(self) -> date:
        moment = self._business.began + timedelta(seconds=self._timeline.now)
        return moment.astimezone(SYDNEY).date()

    def _ask_for(self, wanted: Plan, tries: int) -> None:
        if not (tries and self.at_work):
            return

        def ended(told: str, value: Any) -> None:
            if told == "returned" and value.schedule.schedule_id not in self.diary.rows:
                self._business.break_with(Broken(f"{wanted.key} was answered, and is not stored"))
            if told == "killed" or type(value).__name__ in SAFE_AGAIN:
                later = self._chance.choice([1.0, MINUTE, HOUR])
                self._timeline.after(later, partial(self._ask_for, wanted, tries - 1))

        self._call("plan", methodcaller("plan_later", wanted), ended)

    def _change(self, verb: str, own: str) -> None:
        if own in self.diary.rows and self.at_work:
            self._call(verb, methodcaller(verb, own), _whatever)

    def _end_all(self) -> None:
        """All that was due was woken by now, and whatever waits has its reason.

        Raises:
            Broken: something is still due.
        """
        for own, row in self.diary.rows.items():
            if self.diary.is_due(own):
                self._business.break_with(Broken(f"the schedule {own} is due, and sleeps on"))
            if row["state"]["S"] != "ended":
                self._call("end_schedule", methodcaller("end_schedule", own), _whatever)

    # Who wakes it.

    def _look(self) -> None:
        """A schedule has changed: perhaps it is the next to be woken."""
        self._in_vain = 0
        self._plan_next(self._chance.uniform(0, MINUTE))

    def _plan_next(self, pause: float) -> None:
        began = self._business.began
        active = (row for row in self.diary.rows.values() if row["state"]["S"] == "active")
        for row in active:
            due = (datetime.fromisoformat(row["wakes_at"]["S"]) - began).total_seconds()
            self._plan(max(due, self._timeline.now) + pause)

    def _plan(self, moment: float) -> None:
        moment = max(moment, self._away_until)
        if self.at_work and moment < self._next:
            self._next = moment
            self._timeline.at(moment, partial(self._tick, moment))

    def _tick(self, moment: float) -> None:
        if moment != self._next or not self.at_work:
            return
        self._wake()
        if self._chance.random() < 0.2:
            self._timeline.after(self._chance.choice([0.0, 0.01, 1.0]), self._wake)
        self._next = NEVER
        # By a clock that is behind nothing is due yet; and not all that is begun is ended.
        self._plan_next(MINUTE * (1 << min(self._in_vain, 4)))
        self._in_vain += 1

    def _wake(self) -> None:
        self._business.invoke("wake", "wake", methodcaller("wake"), _whatever)

    def _sleep(self, until: float) -> None:
        self._away_until, self._next = until, NEVER
        self._look()

    def _call(self, name: str, deed: Any, ended: Callable[[str, Any], None]) -> None:
        self._business.invoke("api", name, deed, ended)


def _whatever(_told: str, _value: Any) -> None:
    """Who is refused lets it be; who was not answered finds out."""

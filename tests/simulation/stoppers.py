"""People who pause, hold, release and resume, most of them in the middle of a burst.

What they stop must not be sent, and once they let it go on it must not be forgotten.
"""

from __future__ import annotations

from functools import partial
from operator import methodcaller
from typing import TYPE_CHECKING, Any

from chalicelib.domain.identifiers import derived_id
from chalicelib.domain.payout import Status
from tests.simulation.books import Broken
from tests.simulation.brakes import Brakes
from tests.simulation.bursts import plan_burst
from tests.simulation.people import SAFE_AGAIN
from tests.simulation.timeline import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable
    from random import Random

    from tests.simulation.books import Life
    from tests.simulation.business import Business
    from tests.simulation.people import People

_KEPT = {Status.AWAITING_APPROVAL, Status.QUEUED, Status.UNCONFIRMED}
_TRIES = 6
# Reasons for a person that do not keep a payout from being sent.
_HARMLESS = {"", "open_too_long"}


class Stoppers:
    """Anna, Ben and Paul, and what they were told; each pauses and ends the others' pauses."""

    name = "stoppers"

    def __init__(self, business: Business, people: People, chance: Random) -> None:
        self._business, self._people, self._chance = business, people, chance
        self._timeline = business.timeline
        self.at_work = True
        self.brakes = Brakes(business)
        self.told: Counter[str] = self.brakes.told
        self._paused: dict[str, str] = {}
        self._sat_out: set[str] = set()
        business.books.watchers.append(self._see)

    def plan(self, span: float) -> None:
        """Lay out a week: pauses, most of them in bursts, some of them over each other.

        None beside the version before, which knows none: there people hold single payouts.
        """
        chance = self._chance
        if self._business.beside:
            return
        for number in range(chance.choice([1, 1, 2, 3])):
            moment = chance.uniform(HOUR, span * 0.75)
            if chance.random() < 0.8:
                plan_burst(
                    self._business, self._people, chance, moment=moment,
                    many=chance.randrange(3, 8), within=chance.choice([0.0, 1.0, MINUTE]),
                )  # fmt: skip
            for again in range(chance.choice([1, 1, 2])):
                own = derived_id("pause", f"{number}/{again}")
                later = moment + chance.choice([0.0, 0.004, 0.05, 0.7, 2.4, 20.0, MINUTE])
                self._timeline.at(later, partial(self._pause, own, self._scope(), _TRIES))

    def go_home(self) -> None:
        """Nobody stops anything any more, and all goes on: again once what was late has come."""
        self.at_work = False
        for later in (0.0, 10 * MINUTE, HOUR):
            self._timeline.after(later, self._end_all)

    def end_well(self) -> None:
        """What was kept has gone on.

        Raises:
            Broken: something is still kept.
        """
        if standing := self.brakes.standing():
            raise Broken(f"the pauses {standing} stand for ever")
        if self.brakes.held:
            raise Broken(f"{sorted(self.brakes.held)} are held for ever")
        books = self._business.books
        gone = {each.life for each in self._business.provider.executions}
        for own in self._sat_out:
            life = books.lives[own]
            why = life.row.get("needs_person", {"S": ""})["S"]
            stays = life.status is Status.QUEUED and life.customer_id not in books.stopped
            if stays and why in _HARMLESS:
                raise Broken(f"{own} was kept, and did not go on")
            self.told["payouts that sat a pause out"] += 1
            self.told["payouts that sat a pause out and went"] += own in gone

    def _scope(self) -> tuple[str, str]:
        chance = self._chance
        customer = f"customer-{chance.randrange(self._people.customers)}"
        return chance.choice(
            [
                ("everything", ""), ("everything", ""), ("rail", "NPP"), ("rail", "DirectEntry"),
                ("customer", customer),
            ]
        )  # fmt: skip

    def _see(self, own: str, life: Life) -> None:
        chance, waits = self._chance, life.row.get("hindrance", {"S": ""})["S"]
        if life.status is Status.QUEUED and waits == "paused":
            self._sat_out.add(own)
        if self.at_work and life.status in _KEPT and chance.random() < 0.1:
            later = chance.choice([0.0, 0.01, 5.0, 3 * MINUTE])
            self._timeline.after(later, partial(self._hold, own))

    # Pauses.

    def _pause(self, own: str, scope: tuple[str, str], tries: int) -> None:
        if not (tries and self.at_work):
            return
        by = self._paused.setdefault(own, self._chance.choice(["anna", "ben", "paul"]))

        def ended(told: str, value: Any) -> None:
            if told == "returned":
                self._answered(value)
                if value.pause.pause_id == own:
                    self.told["pauses"] += 1
                    self._plan_looks(own)
            elif _is_safe_again(told, value):
                later = self._chance.choice([0.5, 5.0, MINUTE])
                self._timeline.after(later, partial(self._pause, own, scope, tries - 1))

        self._call("pause", methodcaller("pause", own, scope, by=by), ended)
        later = self._chance.choice([MINUTE, 20 * MINUTE, 3 * HOUR, 3 * HOUR, 0.8 * DAY])
        self._timeline.after(later, partial(self._end, own))

    def _plan_looks(self, own: str) -> None:
        """They look until it proves that nothing goes out any more, and once more later."""

        def ended(told: str, value: Any) -> None:
            if told != "returned":
                return
            self._answered(value)
            if value.pause.is_in_force and not value.proof.final:
                self._timeline.after(2 * MINUTE, look)

        def look() -> None:
            if self.at_work:
                self._call("look at a pause", methodcaller("show_pause", own), ended)

        for later in (self._chance.uniform(1, 90), self._chance.uniform(0, HOUR)):
            self._timeline.after(later, look)

    def _answered(self, shown: Any) -> None:
        try:
            self.brakes.answered(shown)
        except Broken as broken:
            self._business.break_with(broken)

    def _end(self, own: str) -> None:
        """Somebody ends it; now and then the one who asked for it tries to."""
        row = self.brakes.pauses.get(own)
        if row is None or "lifted_at" in row:
            return
        asked = row["by"]["S"]
        other = self._chance.choice([each for each in ("anna", "ben", "paul") if each != asked])
        by = asked if self.at_work and self._chance.random() < 0.2 else other

        def ended(told: str, value: Any) -> None:
            if told == "returned" and by == asked:
                self._business.break_with(Broken(f"{by} ended their own pause"))
            if told == "returned":
                self.told["pauses ended"] += 1
            elif by == asked or _is_safe_again(told, value):
                later = self._chance.choice([5.0, 20 * MINUTE, 3 * HOUR])
                self._timeline.after(later, partial(self._end, own))

        self._call("end a pause", methodcaller("end_pause", own, by=by), ended)

    def _end_all(self) -> None:
        for own in self.brakes.pauses:
            self._end(own)
        for own in sorted(self.brakes.held):
            self._lift(own)

    # Holds.

    def _hold(self, own: str) -> None:
        if not self.at_work:
            return
        self._call("hold", methodcaller("hold", own, by="olive"), _whatever)
        later = self._chance.choice([1.0, MINUTE, 40 * MINUTE, 5 * HOUR, DAY])
        self._timeline.after(later, partial(self._lift, own))

    def _lift(self, own: str) -> None:
        """Somebody lifts it, again where that did not do."""
        if own not in self.brakes.held:
            return
        self._call("lift", methodcaller("lift", own, by="anna"), _whatever)
        self._timeline.after(20 * MINUTE, partial(self._lift, own))

    def _call(self, name: str, deed: Any, ended: Callable[[str, Any], None]) -> None:
        self._business.invoke("api", name, deed, ended)


def _whatever(_told: str, _value: Any) -> None:
    """Who is refused lets it be; who was not answered finds out."""


def _is_safe_again(told: str, value: Any) -> bool:
    return told == "killed" or type(value).__name__ in SAFE_AGAIN

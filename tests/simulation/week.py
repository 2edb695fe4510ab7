"""One week from one number: what is laid out, how it runs, and what must be true at its end.

The number decides everything: the provider's habits, how much goes wrong, who does what when, and
whether the version before is still running beside ours.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from tests.simulation.actors import Actor, who_else
from tests.simulation.approvers import Approvers
from tests.simulation.books import Broken
from tests.simulation.business import Business
from tests.simulation.clockwork import Clockwork
from tests.simulation.coming_in import check_what_came_in
from tests.simulation.desk import Desk
from tests.simulation.ending import end_well
from tests.simulation.faults import Fault, RandomFate
from tests.simulation.filing import who_files
from tests.simulation.keeping import Keeping
from tests.simulation.monoova import ENOUGH
from tests.simulation.nights import Nights
from tests.simulation.people import People
from tests.simulation.redrafters import Redrafters
from tests.simulation.regimes import QUARANTINE, Regime, drawn
from tests.simulation.rollout import Rollout
from tests.simulation.tally import tally
from tests.simulation.timeline import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# The first has no daylight saving to end or begin in it, the others have, in Sydney.
MONDAYS = (
    datetime(2026, 3, 2, 1, 0, tzinfo=UTC),
    datetime(2026, 3, 30, 1, 0, tzinfo=UTC),
    datetime(2026, 9, 28, 1, 0, tzinfo=UTC),
)
FAULTS = tuple(fault for fault in Fault if fault is not Fault.NONE)
# What weeks are made of that are to show what happens without either defence.
HARD = (Fault.LATE, Fault.LOSE_REPLY, Fault.LOSE_REQUEST)
# The share of the weeks in which nights are run: they take as long as all the rest.
NIGHTLY = 0.25
# Of those, the share in which payouts are archived; of those, in which somebody is forgotten.
KEEPING, ERASING = 0.4, 0.5
RATES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4)
# The share of the weeks in which other people have to agree to what is large.
AGREEING = 0.3
# The share in which what came back is paid once more.
REDRAFTING = 0.4


@dataclass
class Outcome:
    """What came of a week. `broken` is the invariant that did not hold; empty where all did."""

    seed: int
    regime: Regime
    broken: str = ""
    counts: Counter[str] = field(default_factory=Counter)


def play(seed: int, story: Callable[[str], None] | None = None, *, files: bool = False) -> Outcome:
    """Run the week of a number; `files` has files for the bank in it."""
    chance = Random(seed)  # noqa: S311 (no secret)
    random.seed(seed)  # the jitter of our own pauses
    regime = drawn(chance)
    week = _Week(seed, regime, chance, story, files=files)
    outcome = Outcome(seed, regime)
    try:
        week.run()
    except Broken as broken:
        if regime.covered:
            outcome.broken = str(broken)
        outcome.counts["weeks that are not covered, and broke"] += not regime.covered
    outcome.counts.update(week.counts())
    return outcome


def _some(faults: Sequence[Fault], chance: Random) -> frozenset[Fault]:
    """All of them, or a few."""
    many = chance.choice([1, 2, 3, 5, len(faults)])
    return frozenset(chance.sample(faults, min(many, len(faults))))


class _Week:
    def __init__(
        self, seed: int, regime: Regime, chance: Random, story: Callable[[str], None] | None,
        *, files: bool,
    ) -> None:  # fmt: skip
        self._seed, self._chance, self._regime = seed, chance, regime
        rate = chance.choice(RATES)
        self._fate = RandomFate(
            Random(seed ^ 0x5EED),  # noqa: S311 (no secret)
            rate,
            chance.choice([rate, 0.25, 0.5]) if regime.covered else 0.5,
            _some(FAULTS if regime.covered else HARD, chance),
            doubles_payments=regime.habits.refuses_for is None,
            calm=True,
        )
        self._rollout = Rollout(seed, chance)
        self._business = Business(
            self._fate, regime.habits, self._rollout.codes, began=chance.choice(MONDAYS),
            longest_flight=regime.longest_flight, skewed=chance.random() < 0.6,
            witnessed=regime.covered, story=story,
        )  # fmt: skip
        self._business.provider.refusals = chance.choice([0.0, 0.0, 0.1])
        self._people = People(self._business, chance, telephones=QUARANTINE in regime.breaks)
        self._clockwork = Clockwork(self._business, chance)
        self._desk = Desk(self._business, chance)
        self._tops = 0
        self._expects = False
        # A chance of their own: a week without them is what it always was.
        own = Random(seed ^ 0x416)  # noqa: S311 (no secret)
        self._nights: Nights | None = None
        self._keeping: Keeping | None = None
        if regime.covered and not files and own.random() < NIGHTLY:
            self._nights = Nights(self._business, own)
        if self._nights and own.random() < KEEPING:
            self._keeping = Keeping(self._business, own, erases=own.random() < ERASING)
        own = Random(seed ^ 0xA92EE)  # noqa: S311 (no secret)
        self._approvers: Approvers | None = None
        if own.random() < AGREEING:
            self._approvers = Approvers(self._business, own)
        own = Random(seed ^ 0x2ED2AF)  # noqa: S311 (no secret)
        self._redrafters: Redrafters | None = None
        if regime.covered and own.random() < REDRAFTING:
            self._redrafters = Redrafters(self._business, own)
        self._actors: list[Actor] = []
        if regime.covered:
            self._actors = who_else(seed, self._business, self._people)
            self._actors += who_files(
                seed, self._business, self._people, nights=self._nights is not None, files=files
            )
        self._take_habits()
        self._business.story.tell(
            "week", f"{seed}: a provider that {regime.habits.name}", rate=self._fate.rate,
            breaks=", ".join(sorted(regime.breaks)) or "nothing",
            code="+".join(code.name for code in self._rollout.codes),
        )  # fmt: skip

    def _take_habits(self) -> None:
        """What the provider and its post are like, and the money that it has of ours.

        What the provider executes against its own word no night could explain, and no redraft
        allows for.
        """
        chance, business = self._chance, self._business
        post, provider = business.post, business.provider
        post.losing = chance.choice([0.06, 0.06, 0.06, 0.33])
        post.keeps_number = chance.random() < 0.5
        provider.tells_twice = chance.random() < 0.4
        self._expects = chance.random() < 0.35
        business.settles = self._expects or provider.tells_twice
        own = Random(self._seed ^ 0x70A7)  # noqa: S311 (no secret)
        others = self._nights or self._redrafters or business.bank_book
        alone = not (others or provider.tells_twice)
        if self._regime.covered and alone and own.random() < 0.2:
            provider.broken_word.chance, provider.refusals = own, 0.4
        if chance.random() < 0.25:
            provider.balance = chance.randrange(2_000, 20_000)
            provider.uses_up = chance.random() < 0.5
            business.reserve = chance.choice([0, 1_500])

    def run(self) -> None:
        chance, business, people = self._chance, self._business, self._people
        timeline = business.timeline
        customers = chance.randrange(1, 4)
        people.open_for_business(customers)
        self._clockwork.start()
        self._fate.calm = False
        people.plan(7 * DAY, chance.randrange(2, 8), customers)
        if self._expects:
            people.acquirer.plan(7 * DAY, customers)
        if chance.random() < 0.5:
            self._desk.plan(7 * DAY)
        self._plan_outages()
        for more in (self._nights, self._keeping, *self._actors):
            if more:
                more.plan(7 * DAY)
        self._rollout.plan(business)
        timeline.run(7 * DAY)
        self._fate.calm = True
        self._go_home()
        end_well(business, self._desk)
        check_what_came_in(business, people.acquirer)
        self._nothing_is_lost()
        for each in (self._redrafters, *self._actors, self._nights):
            if each:
                each.end_well()
        if self._keeping:
            self._keeping.end_well(people)
        timeline.run(timeline.now)  # what was broken last is seen, too

    def _nothing_is_lost(self) -> None:
        for wish in self._people.wishes:
            if wish.answered and wish.transaction_id not in self._business.books.lives:
                raise Broken(f"{wish.key} was lost")

    def _go_home(self) -> None:
        self._people.go_home()
        for more in (
            self._nights, self._keeping, self._approvers, self._redrafters, *self._actors,
        ):  # fmt: skip
            if more:
                more.go_home()
        self._desk.at_work = self._clockwork.running = False

    def _plan_outages(self) -> None:
        chance, fate = self._chance, self._fate
        provider, timeline = self._business.provider, self._business.timeline
        if chance.random() < 0.3:
            began, rate = chance.uniform(0, 6 * DAY), fate.rate

            def storm(to: float) -> None:
                fate.rate = to

            timeline.at(began, lambda: storm(0.9))
            timeline.at(began + 10 * MINUTE, lambda: storm(rate))
        if chance.random() < 0.15:
            began = chance.uniform(0, 6 * DAY)
            timeline.at(began, lambda: setattr(provider, "down", True))
            timeline.at(began + HOUR, lambda: setattr(provider, "down", False))

        if provider.balance < ENOUGH:
            for _ in range(chance.choice([1, 2, 3])):
                cents = chance.randrange(3_000, 40_000)
                timeline.at(chance.uniform(DAY / 2, 7 * DAY), partial(self._top_up, cents))

    def _top_up(self, cents: int) -> None:
        self._business.provider.balance += cents
        if self._nights:
            # Else nobody could explain where it came from.
            self._tops += 1
            self._people.acquirer.receive(f"T{self._tops}", cents, "")
        self._clockwork.money_comes()

    def counts(self) -> Counter[str]:
        """What there is to tell of it, liveness first."""
        business, counts = self._business, Counter(weeks=1)
        counts[f"weeks of a provider that {self._regime.habits.name}"] += 1
        if not self._regime.covered:
            counts["weeks that are not covered"] += 1
            counts["not covered: executed twice"] += business.told["executed more than once"]
            return counts
        counts.update(tally(business, self._people, self._desk))
        counts["weeks beside the version before"] += self._rollout.is_mixed
        counts["weeks rolled back"] += self._rollout.rolls_back
        counts["weeks with approvers"] += self._approvers is not None
        for more in (self._nights, self._keeping, self._redrafters, *self._actors):
            if more:
                counts[f"weeks with {more.name}"] += 1
                counts.update(more.told)
        return counts

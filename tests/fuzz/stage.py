"""Where inputs are tried: the world, a door to it, ears, and what holds of every answer.

An input is asked, and what must not be said of any of them is looked for in its answer and in
everything that was written meanwhile.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from chalicelib import wiring
from tests.fuzz.door import Asked, Door, misfit
from tests.fuzz.ears import Ears
from tests.fuzz.exposure import may_show
from tests.fuzz.furnishing import furnished
from tests.fuzz.leaks import Searcher
from tests.long_runs import Told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.api.client import Answer
    from tests.fuzz.world import World

SEARCHER = Searcher()
MOST_SHOWN = 400


class Asks(Protocol):
    """A way in."""

    def ask(self, asked: Asked) -> Answer:
        """What is answered."""
        ...


@dataclass
class Outcome:
    """What came of one input: counts by name, and what must not have happened."""

    number: int
    asked: Asked
    made_of: str
    answers: list[tuple[str, Answer]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)

    def story(self) -> str:
        """All of it, to be read; long texts cut."""
        asked = self.asked
        lines = [f"Number {self.number}: {self.made_of}", f"  {asked.method} {_cut(asked.target)}"]
        lines += [f"  {name}: {_cut(value)}" for name, value in asked.headers.items()]
        lines += [f"  body, {asked.packing.value}: {_cut(repr(asked.body or b''))}"]
        lines += [f"{what} -> {each.status} {_cut(each.text)}" for what, each in self.answers]
        lines += [f"written: {_cut(each)}" for each in self.written]
        lines += [f"counted: {name} {count}" for name, count in sorted(self.counts.items())]
        lines += [f"FOUND {each}" for each in self.findings] or ["Nothing was found."]
        return "\n".join(lines)


@dataclass
class Stage:
    """A furnished world with a door."""

    world: World
    ears: Ears
    door: Asks

    def ask(
        self, asked: Asked, outcome: Outcome, what: str = "asked", *,
        besides: frozenset[str] = frozenset(),
    ) -> Answer:  # fmt: skip
        """Ask, and put to the outcome all that is wrong with the answer, whatever was asked.

        `besides` are values that may be shown here for a reason of the caller's.
        """
        answer = self.door.ask(asked)
        outcome.answers.append((what, answer))
        found = outcome.findings
        if answer.status >= 500:
            found.append(f"{what}: {asked.method} {_cut(asked.target)} answered {answer.status}")
        if wrong := misfit(asked, answer):
            found.append(f"{what}: {wrong}")
        shown = "\n".join([answer.text, *(f"{k}: {v}" for k, v in answer.headers.items())])
        for leak in sorted(SEARCHER.find(shown) - may_show(asked, answer) - besides):
            found.append(f"{what}: {leak} in the answer {answer.status} to {_cut(asked.target)}")
        self.listen(outcome, what)
        return answer

    def listen(self, outcome: Outcome, what: str) -> None:
        """Search what was written since the last time: nothing planted may be there."""
        text = self.ears.heard()
        outcome.written.append(text)
        outcome.findings += [
            f"{what}: {leak} in a line that was written" for leak in sorted(SEARCHER.find(text))
        ]


@contextmanager
def stage(door: Callable[[], Asks] = Door) -> Iterator[Stage]:
    """A stage for as long as the block lasts; afterwards the process knows it no more."""
    world = furnished()
    wiring.use(world)
    try:
        with Ears() as ears:
            yield Stage(world, ears, door())
    finally:
        wiring._current.clear()


def told(outcomes: Iterator[Outcome], name: str) -> Told:
    """What came of some inputs, for a long run's summary: how to see a failure again."""
    sum_up = Told()
    for each in outcomes:
        sum_up.counts.update(each.counts)
        sum_up.failures += [
            f"{name} --first {each.number} --total 1: {finding[:MOST_SHOWN]}"
            for finding in each.findings
        ]
    return sum_up


def _cut(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}… ({len(text)} characters)"

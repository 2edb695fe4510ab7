"""Run mutants: each in a copy of its own until somebody notices, a few at a time.

First of all the code as it is has to pass every named test, or "caught" would mean nothing. A
mutant that nobody notices, that does not fit the code, or that is no sensible code is a failure.
"""

from __future__ import annotations

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from tests.mutants.copies import Copy, Told
from tests.mutants.mutant import staleness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.mutants.copies import Project
    from tests.mutants.mutant import Mutant

# Seconds that the weeks of one mutant may take.
SECONDS_FOR_WEEKS = 900.0
# Seconds in which all named tests have to pass without any mutant.
SECONDS_FOR_ALL = 900.0


class NotSound(Exception):
    """The code as it is fails a named test. Says which."""


class Outcome(StrEnum):
    """What became of a mutant; all but the first are failures."""

    CAUGHT = "caught"
    SURVIVED = "SURVIVED"
    STALE = "STALE"
    SENSELESS = "SENSELESS"
    UNDECIDED = "UNDECIDED"


class Catchers(StrEnum):
    """Who is asked."""

    FIRST = "first"  # the simulation where it is named, then the tests, until one notices
    TESTS = "tests"  # the named tests alone
    SIMULATION = "simulation"  # the simulation alone, of every mutant


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant, who noticed or why nobody did, and how many seconds it took."""

    mutant: Mutant
    outcome: Outcome
    told: str
    seconds: float = 0.0


@dataclass(frozen=True)
class Runner:
    """Who is asked, how many weeks at most, in how many copies at a time."""

    project: Project
    catchers: Catchers = Catchers.FIRST
    weeks: int = 10_000
    processes: int = 2

    def run(
        self, mutants: Sequence[Mutant], done: Callable[[Verdict], None] = lambda _verdict: None
    ) -> list[Verdict]:
        """The verdict on each, in their order; `done` hears of each as it is given.

        Raises:
            NotSound: a named test fails without any mutant.
        """
        stale = [self._stale(mutant) for mutant in mutants]
        for verdict in filter(None, stale):
            done(verdict)
        fit = [mutant for mutant, verdict in zip(mutants, stale, strict=True) if not verdict]
        verdicts = {verdict.mutant.name: verdict for verdict in stale if verdict}
        with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
            for verdict in self._judged(fit, Path(folder)):
                done(verdict)
                verdicts[verdict.mutant.name] = verdict
        return [verdicts[mutant.name] for mutant in mutants]

    def _stale(self, mutant: Mutant) -> Verdict | None:
        why = staleness(mutant, self.project.root)
        return Verdict(mutant, Outcome.STALE, why) if why else None

    def _judged(self, mutants: list[Mutant], folder: Path) -> Iterator[Verdict]:
        if not mutants:
            return
        count = min(self.processes, len(mutants))
        with ThreadPoolExecutor(count) as pool:
            roots = [folder / str(number) for number in range(count)]
            copies = list(pool.map(lambda root: Copy(self.project, root), roots))
            try:
                self._must_be_sound(pool, mutants, copies)
                free: SimpleQueue[Copy] = SimpleQueue()
                for copy in copies:
                    free.put(copy)
                yield from pool.map(lambda mutant: self._judge(mutant, free), mutants)
            finally:
                for copy in copies:
                    copy.stop()

    def _must_be_sound(
        self, pool: ThreadPoolExecutor, mutants: list[Mutant], copies: list[Copy]
    ) -> None:
        """All named tests pass without any mutant; each copy runs a part of them."""
        if self.catchers is Catchers.SIMULATION:
            return
        tests = sorted({test for mutant in mutants for test in mutant.tests})
        parts = [tuple(tests[number :: len(copies)]) for number in range(len(copies))]
        asked = pool.map(lambda copy, part: copy.test(part, seconds=SECONDS_FOR_ALL), copies, parts)
        for told in asked:
            if told.verdict != "passed":
                raise NotSound(f"{told.by} {told.why}".strip())

    def _judge(self, mutant: Mutant, free: SimpleQueue[Copy]) -> Verdict:
        copy = free.get()
        began = time.monotonic()
        try:
            with copy.broken_by(mutant):
                outcome, told = self._caught(mutant, copy)
        finally:
            free.put(copy)
        return Verdict(mutant, outcome, told, time.monotonic() - began)

    def _caught(self, mutant: Mutant, copy: Copy) -> tuple[Outcome, str]:
        """Ask one catcher after the other, until one notices or is no use."""
        missed = []
        for ask in self._asked(mutant):
            told = ask(copy)
            if told.verdict == "failed":
                return Outcome.CAUGHT, told.by
            if told.verdict != "passed":
                outcome = Outcome.SENSELESS if told.verdict == "senseless" else Outcome.UNDECIDED
                return outcome, f"{told.by} {told.why}".strip()
            missed.append(told.why or "the named tests pass")
        return Outcome.SURVIVED, "; ".join(missed)

    def _asked(self, mutant: Mutant) -> Iterator[Callable[[Copy], Told]]:
        weeks = self.catchers is Catchers.SIMULATION or mutant.by_simulation
        if weeks and self.catchers is not Catchers.TESTS:
            yield lambda copy: copy.simulate(self.weeks, SECONDS_FOR_WEEKS)
        if mutant.tests and self.catchers is not Catchers.SIMULATION:
            yield lambda copy: copy.test(mutant.tests)

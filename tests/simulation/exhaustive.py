"""Every fault at every call of a scene, alone and in every pair: `make exhaustive`.

The second of a pair comes after the first: at every call that the first has left, or brought.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.simulation.books import Broken
from tests.simulation.faults import CAN, Fault, Kind
from tests.simulation.money_scenes import SCENES
from tests.simulation.monoova import REFUSES, REPEATS, Habits
from tests.simulation.scenes import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

Plan = dict[int, Fault]
PROVIDERS = (REPEATS, REFUSES)
# A query, the one before it, and the one after it.
ALIKE = 3


@dataclass(frozen=True)
class Run:
    """One run: what was planned, what was called, and what did not hold (empty: nothing)."""

    plan: Plan
    calls: tuple[tuple[Kind, str], ...]
    broken: str


def played(scene: str, plan: Plan, habits: Habits) -> Run:
    """Play a scene with these faults, then let everything come to its end."""
    stage = Stage(plan, habits)
    broken = ""
    try:
        SCENES[scene].before(stage)
        stage.act(SCENES[scene].deed)
        calls = tuple(stage.fate.asked)
        stage.end()
    except Broken as error:
        broken, calls = str(error), tuple(stage.fate.asked)
    return Run(plan, calls, broken)


def alone(scene: str, habits: Habits) -> Iterator[Run]:
    """The scene as it goes well, then every fault at every call of it."""
    well = played(scene, {}, habits)
    yield well
    for plan in _plans(well.calls, 0, habits):
        yield played(scene, plan, habits)


def pairs(scene: str, first: Run, habits: Habits, *, thin: bool = False) -> Iterator[Run]:
    """Every second fault after a first one; `thin` leaves out the calls that are alike."""
    ((number, _),) = first.plan.items()
    for plan in _plans(first.calls, number + 1, habits):
        if thin and is_alike(first, next(iter(plan))):
            continue
        yield played(scene, {**first.plan, **plan}, habits)


def is_alike(run: Run, number: int) -> bool:
    """Whether a call is one of many alike: a query of an index between two others.

    The poller asks for bucket after bucket. Each commit plays the first and the last of them only.
    """
    asked = [kind for kind, _ in run.calls[max(0, number - 1) : number + 2]]
    return len(asked) == ALIKE and set(asked) == {Kind.INDEX}


def everything(scene: str, habits: Habits) -> Iterator[Run]:
    """All of a scene: nothing, each fault, each pair."""
    for run in alone(scene, habits):
        yield run
        if run.plan:
            yield from pairs(scene, run, habits)


def _plans(calls: tuple[tuple[Kind, str], ...], start: int, habits: Habits) -> Iterator[Plan]:
    for number, (kind, _) in enumerate(calls):
        if number < start:
            continue
        for fault in CAN[kind]:
            if fault is Fault.DOUBLE and kind is Kind.PAY and habits.refuses_for is not None:
                continue  # a doubled request is the provider's to refuse
            yield {number: fault}


def main() -> int:
    """Play what was asked for; 1 where an invariant did not hold, else 0."""
    made = argparse.ArgumentParser(prog="exhaustive", description=__doc__)
    made.add_argument("--scene", choices=sorted(SCENES), action="append", help="only this one")
    scenes = made.parse_args().scene or list(SCENES)
    logging.disable(logging.CRITICAL)
    failed = 0
    for scene in scenes:
        for habits in PROVIDERS:
            began, counts = time.perf_counter(), Counter[int]()
            for run in everything(scene, habits):
                counts[len(run.plan)] += 1
                if run.broken:
                    failed += 1
                    print(f"FAILED {scene}, {habits.name}, {run.plan}: {run.broken}")
            took = time.perf_counter() - began
            print(
                f"{scene}, {habits.name}: {counts[1]} faults, {counts[2]} pairs, {took:.1f} s",
                flush=True,
            )
    print(f"{failed} broken")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""All mutants, or some: `python -m tests.mutants`; 1 where one is not caught, else 0."""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tests.long_runs import at_least
from tests.mutants.catalogue import MUTANTS, PAYOUTS
from tests.mutants.running import Catchers, NotSound, Outcome, Runner

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.mutants.mutant import Mutant
    from tests.mutants.running import Verdict

# Columns of a table that goes into a file.
WIDE = 260


def main() -> int:
    """Run what was asked for, and print what came of it."""
    made = _parser()
    asked = made.parse_args()
    mutants = _wanted(MUTANTS, asked.only)
    if not mutants:
        made.error(f"no mutant has {asked.only!r} in its name, file or rule: --list shows them all")
    if asked.list:
        for mutant in mutants:
            print(f"{mutant.name}\n    {mutant.file}: {mutant.rule}")
        return 0
    try:
        return _run(mutants, Runner(PAYOUTS, asked.by, asked.weeks, asked.processes))
    except KeyboardInterrupt:
        print("Stopped: nothing is left running.")
        return 130


def _run(mutants: Sequence[Mutant], runner: Runner) -> int:
    began = time.monotonic()
    with _bar() as bar:
        task = bar.add_task("mutants", total=len(mutants))
        try:
            verdicts = runner.run(mutants, lambda verdict: _told(bar, task, verdict))
        except NotSound as unsound:
            print(f"Nothing was tried: the code as it is fails a named test.\n{unsound}")
            return 1
    Console(width=None if sys.stdout.isatty() else WIDE).print(table(verdicts))
    alive = [verdict for verdict in verdicts if verdict.outcome is not Outcome.CAUGHT]
    for verdict in alive:
        print(f"{verdict.outcome}: {verdict.mutant.name}\n    {verdict.told}")
    by_weeks = sum(verdict.told.startswith("simulation") for verdict in verdicts)
    by_tests = len(verdicts) - len(alive) - by_weeks
    print(
        f"{len(verdicts)} mutants: {by_tests} caught by tests, {by_weeks} by the simulation, ",
        end="",
    )
    print(f"{len(alive)} not caught, in {time.monotonic() - began:.0f} seconds")
    return 1 if alive else 0


def table(verdicts: Sequence[Verdict]) -> Table:
    """Mutant, the rule that it breaks, who noticed, seconds."""
    made = Table(title="Mutants of the rules of money", box=SIMPLE)
    for heading in ("mutant", "rule", "caught by"):
        made.add_column(heading, no_wrap=True)
    made.add_column("seconds", justify="right")
    for verdict in verdicts:
        caught = verdict.outcome is Outcome.CAUGHT
        who = function(verdict.told) if caught else str(verdict.outcome)
        made.add_row(verdict.mutant.name, verdict.mutant.rule, who, f"{verdict.seconds:.1f}")
    return made


def function(told: str) -> str:
    """The function of a node id, without file and parameters; anything else as it is."""
    return told.split("[", 1)[0].rpartition("::")[2]


def _told(bar: Progress, task: object, verdict: Verdict) -> None:
    bar.advance(task)  # type: ignore[arg-type] # rich's own number of it
    if verdict.outcome is not Outcome.CAUGHT:
        bar.console.print(f"{verdict.outcome}: {verdict.mutant.name}", markup=False)


def _wanted(mutants: Sequence[Mutant], word: str) -> list[Mutant]:
    word = word.lower()
    return [each for each in mutants if word in f"{each.name} {each.file} {each.rule}".lower()]


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="mutants", description=__doc__)
    made.add_argument("--only", default="", metavar="WORD", help="in name, file or rule")
    made.add_argument("--list", action="store_true", help="show them and run nothing")
    made.add_argument("--processes", type=at_least(1), default=2, help="how many at a time")
    made.add_argument("--weeks", type=at_least(1), default=10_000, help="simulated at most")
    made.add_argument(
        "--by", type=Catchers, choices=list(Catchers), default=Catchers.FIRST,
        help="who is asked: the first that notices, the named tests, the simulation of every one",
    )  # fmt: skip
    return made


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=Console(file=sys.stderr),
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())

"""Long runs of many seeds: in parallel, in parts, with a bar and a summary; stopped, they go on.

A run is a range of whole numbers. What came of each chunk of them is a line of a file beside the
local cloud's state, named after the code that was run: other code starts anew. A failure does not
stop a run; it is told at the end, and the run has failed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from local.state import default_root

ROOT = Path(__file__).resolve().parent.parent
CODE = (
    "app.py", ".chalice/*.json", "bench/**/*.py", "chalicelib/**/*.py", "local/**/*.py",
    "tests/**/*.py", "tests/simulation/before.zip",
)  # fmt: skip
MOST_SHOWN = 20


@dataclass
class Told:
    """What came of some numbers: counts by name, and a line for each failure."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def add(self, other: Told) -> None:
        """Put another part's to it."""
        self.counts.update(other.counts)
        self.failures += other.failures


# From the first number and how many: at most a chunk of them. A function of a module.
Work = Callable[[int, int], Told]


@dataclass(frozen=True)
class LongRun:
    """`total` numbers from `first` on, `chunk` at a time, in `processes`, for `minutes` at most."""

    name: str
    total: int
    chunk: int
    first: int = 0
    processes: int = 2
    minutes: float = 55.0
    folder: Path = field(default_factory=lambda: default_root() / "long-runs")

    @cached_property
    def file(self) -> Path:
        """Where it stands, by the code that it runs."""
        name = f"{self.name}-{self.first}-{self.total}-{self.chunk}-{fingerprint()}.jsonl"
        return self.folder / name

    def chunks(self) -> Iterator[tuple[int, int]]:
        """First number and count of each."""
        end = self.first + self.total
        for start in range(self.first, end, self.chunk):
            yield start, min(self.chunk, end - start)


def fingerprint() -> str:
    """Eight digits that any change of the code, the tests and the benches would change."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in CODE for path in ROOT.glob(pattern)):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:8]


def go_on(run: LongRun, work: Work) -> tuple[Told, int]:
    """Run what is left of it, as long as it may; what came of it so far, and how many are done."""
    done = _done(run.file)
    told, count = Told(), 0
    for (_, size), part in done.items():
        told.add(part)
        count += size
    left = [chunk for chunk in run.chunks() if chunk not in done]
    run.folder.mkdir(parents=True, exist_ok=True)
    with _bar() as bar, run.file.open("a") as file:
        task = bar.add_task(run.name, total=run.total, completed=count, failed=len(told.failures))
        for (first, size), part in _worked(left, run, work):
            line = {"first": first, "count": size, "counts": part.counts, "failures": part.failures}
            file.write(json.dumps(line) + "\n")
            file.flush()
            told.add(part)
            count += size
            bar.update(task, completed=count, failed=len(told.failures))
    return told, count


def main(
    run: LongRun, work: Work, *, more: Callable[[Counter[str]], list[str]] = lambda _: []
) -> int:
    """Go on with a run and print where it stands; 1 where something failed, else 0.

    `more` makes further lines of the counts.
    """
    began = time.monotonic()
    before = sum(size for _, size in _done(run.file))
    try:
        told, count = go_on(run, work)
    except KeyboardInterrupt:
        print("\nStopped: the same command goes on from here.")
        return 130
    took = max(time.monotonic() - began, 0.001)
    print(f"\n{run.name}: {count:,} of {run.total:,} done", end="")
    print(f" ({count - before:,} now, {(count - before) / took:,.1f} a second)")
    for name, number in sorted(told.counts.items()):
        print(f"  {name:<64} {number:>14,}")
    for line in more(told.counts):
        print(f"  {line}")
    print(f"  {'failures':<64} {len(told.failures):>14,}")
    for failure in told.failures[:MOST_SHOWN]:
        print(f"  FAILED {failure}")
    if count < run.total:
        print("Not finished: the same command goes on from here.")
    return 1 if told.failures else 0


def parser(description: str, *, total: int, chunk: int) -> argparse.ArgumentParser:
    """The settings that all long runs have. Impossible ones are refused with a message."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--total", type=at_least(1), default=total, help="how many numbers")
    made.add_argument("--first", type=at_least(0), default=0, help="the first number")
    made.add_argument("--chunk", type=at_least(1), default=chunk, help="how many at a time")
    made.add_argument("--minutes", type=_minutes, default=55.0, help="stop after so many")
    made.add_argument("--processes", type=at_least(1), default=os.cpu_count() or 1)
    return made


def run_from(name: str, told: argparse.Namespace) -> LongRun:
    """The run that the settings describe."""
    return LongRun(
        name, total=told.total, chunk=told.chunk, first=told.first,
        processes=told.processes, minutes=told.minutes,
    )  # fmt: skip


def at_least(least: int) -> Callable[[str], int]:
    """A reader of whole numbers, with a message for people."""

    def read(text: str) -> int:
        try:
            value = int(text.replace("_", "").replace(",", ""))
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number") from None
        if value < least:
            raise argparse.ArgumentTypeError(f"{value} is less than {least}")
        return value

    return read


def _minutes(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of minutes") from None
    if not 0 < value <= 24 * 60:
        raise argparse.ArgumentTypeError("between 0 and 1440 minutes")
    return value


def _done(file: Path) -> dict[tuple[int, int], Told]:
    """The chunks that a file holds; a line that was cut off by a kill counts for nothing."""
    done: dict[tuple[int, int], Told] = {}
    for line in file.read_text().splitlines() if file.exists() else ():
        try:
            told = json.loads(line)
        except ValueError:
            continue
        part = Told(Counter(told["counts"]), told["failures"])
        done[told["first"], told["count"]] = part
    return done


def _worked(
    chunks: list[tuple[int, int]], run: LongRun, work: Work
) -> Iterator[tuple[tuple[int, int], Told]]:
    """What came of each chunk, as they end; none is begun after the time is over."""
    deadline = time.monotonic() + run.minutes * 60
    left = iter(chunks)
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(run.processes, mp_context=spawn) as pool:
        running: dict[Future[Told], tuple[int, int]] = {}
        while True:
            while len(running) < 2 * run.processes and time.monotonic() < deadline:
                chunk = next(left, None)
                if chunk is None:
                    break
                running[pool.submit(work, *chunk)] = chunk
            if not running:
                return
            ended, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in ended:
                yield running.pop(future), future.result()


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
        TextColumn("{task.fields[failed]} failed"), TimeElapsedColumn(),
        console=Console(file=sys.stderr),
    )  # fmt: skip

"""What a night costs: `python -m bench.reconcile [--payouts 10000] [--runs 5]`.

The real use case on the real adapters (the provider's answers parsed from bytes, the index's rows
from DynamoDB's form), without sockets. Beside it the same payouts polled one by one. Each run is a
process of its own, so that memory is its own; the table shows medians. Five amounts are wrong, so
that there is something to find. From 100,000 payouts on everything is generated while it is read,
and the night is handed on in the middle once.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING, Any, cast

from bench.generated_day import DAY, NIGHT, Provider, Table
from chalicelib.adapters.dynamo.changes import DynamoChanges
from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.monoova.client import Monoova
from chalicelib.adapters.monoova.day_book import MonoovaDayBook
from chalicelib.adapters.monoova.payments import PaymentForm
from chalicelib.adapters.workbench import SqliteWorkbench
from chalicelib.domain.night import Reconciliation, Stage
from chalicelib.ports import Found
from chalicelib.usecases.ask import find
from chalicelib.usecases.reconcile import compare_day

if TYPE_CHECKING:
    from datetime import date, datetime

WRONG = frozenset(range(7, 5000, 1000))
GENERATED = 100_000
ROW = "{:24}{:>12}{:>12}{:>14}{:>10}{:>12}{:>14}"
HEAD = ("", "calls", "pages", "reads by key", "writes", "CPU s", "memory MB")


class Clock:
    """It is three in the morning, and stays so."""

    def now(self) -> datetime:
        """The moment."""
        return NIGHT

    def monotonic(self) -> float:
        """Real seconds."""
        return time.monotonic()

    def new_id(self) -> str:
        """Nobody asks."""
        return "id"


class Findings:
    """Counts what is written."""

    def __init__(self) -> None:
        self.writes = 0

    def find(self, _finding: object) -> Found:
        """Keep it."""
        self.writes += 1
        return Found.NEW


class Nothing:
    """No receipts, no returns, no account checks."""

    def started_on(self, _day: date) -> list[object]:
        """None."""
        return []

    def of_days(self, _first: date, _last: date) -> list[object]:
        """None."""
        return []

    def movement(self, _name: str) -> None:
        """None."""

    get = movement


def night(count: int) -> dict[str, Any]:
    """Compare the day, and measure."""
    generated = count >= GENERATED
    table, findings = Table(count), Findings()
    provider = Provider(count, wrong=WRONG, ready=not generated)
    saves = handed = 0
    began = time.monotonic()
    halfway = {"time": False}

    def save(told: Reconciliation) -> Reconciliation:
        nonlocal saves
        saves += 1
        halfway["time"] = generated and int(told.position[:8], 16) * 2 > count and not handed
        return replace(told, version=told.version + 1)

    def time_left() -> float:
        return 0.0 if halfway["time"] else 900.0

    told = Reconciliation(DAY, 1, NIGHT, stage=Stage.COMPARED)
    memory, cpu = _memory(), time.process_time()
    while told.stage is Stage.COMPARED:
        told = compare_day(
            told, before=None, changes=DynamoChanges(Session(cast("Any", table)), "transactions"),
            payouts=cast("Any", table), receipts=cast("Any", Nothing()),
            checks=cast("Any", Nothing()),
            findings=cast("Any", findings),
            day_book=MonoovaDayBook(cast("Any", provider), account="1", clock=Clock()),
            workbench=SqliteWorkbench(), clock=Clock(), time_left=time_left, save=save,
        )  # fmt: skip
        if halfway["time"]:
            handed, halfway["time"] = handed + 1, False
    return {
        "cpu": time.process_time() - cpu, "memory": _memory() - memory,
        "calls": provider.calls, "pages": table.pages, "reads": table.reads,
        "writes": findings.writes + saves, "handed": handed, "entry": table.entry_bytes,
        "agreed": told.counts["agreed"], "payouts": told.counts["payouts"],
        "found": told.counts.get("findings", 0), "seconds": time.monotonic() - began,
    }  # fmt: skip


def poll(count: int) -> dict[str, Any]:
    """Read each payout, and ask for it by its reference: nothing less would tell."""
    table, provider = Table(count), Provider(0, ready=True)
    client = Monoova(cast("Any", provider), form=PaymentForm(account="1"), clock=Clock())
    memory, cpu = _memory(), time.process_time()
    for number in range(count):
        payout = table.get(f"{number:08x}-0000-4000-8000-{number:012x}")
        find(payout, provider=client, clock=Clock(), time_left=lambda: 900.0)
    return {
        "cpu": time.process_time() - cpu, "memory": _memory() - memory, "calls": provider.calls,
        "pages": 0, "reads": table.reads, "writes": 0,
    }  # fmt: skip


def main() -> None:
    """Run both sides in turn, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payouts", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--one", choices=("night", "poll"), help="measure once, and print JSON")
    told = parser.parse_args()
    if told.one:
        print(json.dumps({"night": night, "poll": poll}[told.one](told.payouts)))
        return
    few = told.payouts < GENERATED
    sides = ("night", "poll") if few else ("night",)
    runs: dict[str, list[dict[str, Any]]] = {side: [] for side in sides}
    for _ in range(told.runs if few else 1):
        for side in sides:
            runs[side].append(_apart(side, told.payouts))
    print(f"{told.payouts} payouts of a day; medians of {len(runs['night'])} runs\n")
    print(ROW.format(*HEAD))
    for side, name in (("night", "the night"), ("poll", "polled one by one")):
        if side in runs:
            print(_row(name, runs[side]))
    last = runs["night"][-1]
    print(
        f"\nThe night: {last['agreed']} of {last['payouts']} agreed, {last['found']} findings, "
        f"handed on {last['handed']} times, {last['seconds']:.1f} s; "
        f"an index entry counts {last['entry']} bytes."
    )


def _row(name: str, runs: list[dict[str, Any]]) -> str:
    middle = {key: median(run[key] for run in runs) for key in runs[0]}
    counted = [f"{middle[key]:.0f}" for key in ("calls", "pages", "reads", "writes")]
    return ROW.format(name, *counted, f"{middle['cpu']:.2f}", f"{middle['memory']:.1f}")


def _apart(side: str, count: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.reconcile", "--one", side, "--payouts", str(count)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 (ourselves)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _memory() -> float:
    """The most memory that this process ever had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()

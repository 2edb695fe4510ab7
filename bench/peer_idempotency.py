"""Payouts behind Powertools' idempotency utility and behind ours: the same faults, side by side.

    python -m bench.peer_idempotency --schedules 1000 --seed 0

A schedule is one intent to pay: one client that asks up to five times with the same key, one
provider, one DynamoDB, and the faults that its seed rolls. docs/peer-idempotency.md says how to
read it.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from bench.bank import Kind
from bench.client import PAUSES, UNSOUND_ONE_IN
from bench.counted import OURS, Cost, Count, cost, counted
from bench.faults import ONE_IN, Fault
from bench.powertools import Variant
from tests.long_runs import at_least

NAMES = [*Variant.__members__, OURS]
HEADINGS = ["A", "B", "C", "D", "ours"]
WARM_PAYOUTS = 200
NOTES = """\
Each column meets the same seeds: a fault in one of {one_in} calls to DynamoDB and to the provider,
a client that asks up to {tries} times with the same key ({pauses} s apart), one payee
in {unsound} whom the provider refuses. Ours has its poller besides, which asks until all has ended,
for 26 hours at most. A to D are the same handler on the real library, set up as its
documentation recommends (key and principal chosen, body validated, Lambda context registered,
records kept for ten years), with:
  A  a reference of its own for each call, as in the library's example;
  B  a reference made of the key, and any 400 read as a refusal;
  C  the same, and "reference exists" read as success;
  D  the same, and "no answer" stored as unknown instead of raised.

The library does what it says: it stores the first result under a key and keeps two invocations
apart. It frees the key when the handler raises, and lets an unfinished record go when the
invocation's time is over, so that it can be tried again: right wherever trying again is harmless.
Whether a payment may be sent again it leaves to the handler, and who asks what became of it, too.
Where the provider refuses repeated references, C never pays twice either: there the difference is
that ours asks by itself, and keeps a payout in doubt open instead of believing the next answer.
"""


@dataclass(frozen=True)
class Row:
    """A line of the table: a name, and a column's figure."""

    name: str
    field: str
    is_bad: bool = False  # anything but nought is a payment or an answer that is wrong


ROWS = (
    Row("payees who can be paid", "wanted"),
    Row("  paid exactly once", "once"),
    Row("  executed more than once", "twice", is_bad=True),
    Row("  never executed though wanted", "never", is_bad=True),
    Row("payees refused, and not paid", "refused"),
    Row('told "failed", but paid', "failed_but_paid", is_bad=True),
    Row('told "paid", but not', "paid_but_not", is_bad=True),
    Row("client knows no outcome in the end", "unknown"),
    Row("  of these paid", "unknown_and_paid"),
    Row("open after 26 hours", "waiting"),
    Row("  of these before a person", "person"),
)
MEANS = (
    Row("DynamoDB calls of the requests", "store_calls"),
    Row("requests to pay", "payments"),
    Row("questions to the provider", "questions"),
    Row("DynamoDB calls of a poller of its own", "poller_calls"),
)


def table_of(kind: Kind, counts: list[Count]) -> Table:
    """One kind of provider: a row for each figure, a column for each side."""
    table = Table(title=f"A provider that {kind}", title_justify="left")
    table.add_column(f"of {counts[0].schedules:,} schedules")
    for heading in HEADINGS:
        table.add_column(heading, justify="right")
    for row in ROWS:
        values = [getattr(count, row.field) for count in counts]
        table.add_row(row.name, *(_cell(value, is_bad=row.is_bad) for value in values))
    table.add_section()
    for row in MEANS:
        means = [getattr(count, row.field) / count.schedules for count in counts]
        table.add_row(f"{row.name}, each", *(f"{mean:.2f}" for mean in means))
    return table


def _cell(value: int, *, is_bad: bool) -> str:
    return f"[bold red]{value:,}[/]" if is_bad and value else f"{value:,}"


def table_of_costs(costs: list[Cost]) -> Table:
    """What a payout takes of the processor, with neither network nor encryption."""
    table = Table(title="A payout without a fault, warm, in memory", title_justify="left")
    table.add_column(f"microseconds, of {len(costs[0].micros)} repetitions")
    for heading in HEADINGS:
        table.add_column(heading, justify="right")
    table.add_row("median", *(f"{each.median:,.0f}" for each in costs))
    table.add_row(
        "least and most", *(f"{min(each.micros):,.0f}-{max(each.micros):,.0f}" for each in costs)
    )
    return table


def notes(one_in: int) -> str:
    """What is compared, and what each side is meant for."""
    pauses = ", ".join(f"{each:.0f}" for each in PAUSES)
    told = NOTES.format(one_in=one_in, tries=len(PAUSES) + 1, pauses=pauses, unsound=UNSOUND_ONE_IN)
    return "\n".join([told, "The faults, each as likely as the others:", *_listed(), ""])


def _listed() -> list[str]:
    return [f"  {fault}" for fault in Fault]


def arguments(given: list[str] | None) -> argparse.Namespace:
    """What the command line says; what makes no sense is refused with a message."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.peer_idempotency", description=(__doc__ or "").split("\n")[0]
    )
    add = parser.add_argument
    add("--schedules", type=at_least(1), default=1000, help="for each side and provider (1000)")
    add("--seed", type=at_least(0), default=0, help="of the first schedule (0)")
    add("--one-in", type=at_least(1), default=ONE_IN, help=f"calls with a fault ({ONE_IN})")
    add("--repetitions", type=at_least(1), default=5, help="of the measurement of time (5)")
    return parser.parse_args(given)


def main(given: list[str] | None = None) -> int:
    """The exit status: 1 where ours paid twice or told a wrong outcome, else 0."""
    told = arguments(given)
    console = Console(width=100, highlight=False)
    console.print(notes(told.one_in), markup=False)
    seeds = range(told.seed, told.seed + told.schedules)
    wrong = 0
    for kind in Kind:
        counts = [counted(name, kind, seeds, told.one_in) for name in NAMES]
        console.print(table_of(kind, counts))
        ours = counts[-1]
        wrong += ours.twice + ours.failed_but_paid + ours.paid_but_not
    costs = [cost(name, WARM_PAYOUTS, told.repetitions) for name in NAMES]
    console.print(table_of_costs(costs))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

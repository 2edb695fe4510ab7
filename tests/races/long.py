"""`python -m tests.races.long`: the races with the numbers that nobody waits for on each commit.

A number is a block of one scenario, in a town of its own. A stopped run goes on where it was.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from tests.kills.starter import end_with_starter
from tests.long_runs import Told, at_least, main, parser, run_from

if TYPE_CHECKING:
    import argparse

# Rounds of one block.
KEYS, OVERDRAWS, DECISIONS = 100, 10, 100


class Sizes(NamedTuple):
    """How much of everything."""

    threads: int
    processes: int
    rounds: int
    parallel: int
    overdraws: int
    webhooks: int
    decisions: int

    def blocks(self) -> list[tuple[str, int]]:
        """Scenario and rounds of each block."""
        return [
            *_parts("same key", self.rounds, KEYS),
            *_parts("overdraw", self.overdraws, OVERDRAWS),
            *_parts("webhooks", self.webhooks, self.webhooks or 1),
            *_parts("decisions", self.decisions, DECISIONS),
        ]


def _parts(name: str, total: int, most: int) -> list[tuple[str, int]]:
    return [(name, min(most, total - start)) for start in range(0, total, most)]


def work(first: int, count: int, *, sizes: Sizes) -> Told:
    """So many blocks, from the first on."""
    end_with_starter()
    told = Told()
    for name, rounds in sizes.blocks()[first : first + count]:
        try:
            told.add(block(name, rounds, sizes))
        except Exception as error:  # noqa: BLE001 (a long run goes on, and tells it at its end)
            told.failures.append(f"{name}: it ended with {type(error).__name__}: {error}")
    return told


def block(name: str, rounds: int, sizes: Sizes) -> Told:
    """One block, and both books at its end."""
    # Imported here: each process of clients would import it, too.
    from tests.races import decisions, overdraw, same_key, webhooks  # noqa: PLC0415
    from tests.races.town import built  # noqa: PLC0415

    threads, processes = sizes.threads, sizes.processes
    with built() as town:
        if name == "same key":
            told = same_key.run(town, rounds=rounds, threads=threads, processes=processes)
        elif name == "overdraw":
            told = overdraw.run(town, rounds=rounds, parallel=sizes.parallel, processes=processes)
        elif name == "webhooks":
            told = webhooks.run(
                town, others=rounds - 1, times=rounds, threads=threads, processes=processes
            )
        else:
            told = decisions.run(town, payouts=rounds, threads=threads, processes=processes)
        books = town.compare()
        told.failures += [f"{name}: {each}" for each in books.failures]
    return told


def sizes_of(told: argparse.Namespace) -> Sizes:
    """The settings, as they were told."""
    return Sizes(
        told.threads, told.client_processes, told.rounds, told.parallel, told.overdraws,
        told.webhooks, told.decisions,
    )  # fmt: skip


def run() -> int:
    """The exit status: 0 if everything held."""
    settings = parser("Races of many clients at real doors.", total=1, chunk=1)
    add = settings.add_argument
    add("--threads", type=at_least(2), default=64, help="clients")
    add("--client-processes", type=at_least(2), default=4, help="that the clients are spread over")
    add("--rounds", type=at_least(0), default=1000, help="of one key by all clients")
    add("--parallel", type=at_least(2), default=100, help="payouts of 60 %% of one balance")
    add("--overdraws", type=at_least(0), default=50, help="customers to overdraw, in turn")
    add("--webhooks", type=at_least(0), default=10_000, help="how often one, among one less")
    add("--decisions", type=at_least(0), default=1000, help="payouts to decide on, of each kind")
    # A block takes the whole machine.
    settings.set_defaults(total=None, processes=1)
    told = settings.parse_args()
    sizes = sizes_of(told)
    for name, number in (("--threads", sizes.threads), ("--parallel", sizes.parallel)):
        if number % sizes.processes:
            settings.error(f"{name} {number} cannot be shared by {sizes.processes} processes")
    there = len(sizes.blocks()) - told.first
    if there < 1 or (told.total or 1) > there:
        settings.error(f"there are {len(sizes.blocks())} blocks in all, counted from 0")
    told.total = told.total or there
    name = "races-" + "-".join(map(str, sizes))
    return main(run_from(name, told), partial(work, sizes=sizes))


if __name__ == "__main__":
    sys.exit(run())

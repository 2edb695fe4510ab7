"""Random sequences on many stores, in their long form: `python -m tests.contracts.long`.

Each process starts an engine of its own and keeps it. A chunk is drawn from its first number, so
that `--first N --total M --chunk M` draws it again. A sequence that fails does not stop the rest.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from functools import cache
from multiprocessing.util import Finalize
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, seed, settings

from local.engines import engines
from tests.contracts.contest import Contests, Different
from tests.contracts.sequences import LONG, run
from tests.long_runs import Told, main, parser, run_from

TOTAL, CHUNK = 100_000, 250


@cache
def endpoint() -> str:
    """This process's own engine, which ends with it."""
    stack = ExitStack()
    Finalize(None, stack.close, exitpriority=10)
    folder = stack.enter_context(TemporaryDirectory(prefix="contracts-"))
    return stack.enter_context(engines(Path(folder))).aws


def work(first: int, count: int) -> Told:
    """Run so many sequences, drawn from the first number."""
    told = Told()
    with Contests(endpoint()) as contests:

        @seed(first)
        @settings(
            max_examples=count,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(LONG)
        def agree(turns):
            told.counts["sequences"] += 1
            try:
                run(contests.world(), turns)
            except Different as difference:
                told.failures.append(f"drawn from {first}: {difference}; turns: {turns}")

        agree()
        told.counts.update({f"calls of {name}": n for name, n in contests.counts.items()})
    return told


if __name__ == "__main__":
    given_settings = parser(__doc__.splitlines()[0], total=TOTAL, chunk=CHUNK).parse_args()
    sys.exit(main(run_from("contracts", given_settings), work))

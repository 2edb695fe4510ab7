"""`python -m tests.kills.long`: kills by the thousand, in chunks of a fresh world each.

A number is a kill. A stopped run goes on where it was, and a failure names the chunk that is to be
run again. The same seed makes the same choices, though not at the same microsecond.
"""

from __future__ import annotations

import sys
from functools import partial

from tests.long_runs import at_least, main, parser, run_from

TOTAL, CHUNK = 1_000, 50


def run() -> int:
    """The exit status: 0 if everything held."""
    # Imported here: each process that is killed would import it, too.
    from tests.kills.run import kill_many  # noqa: PLC0415

    settings = parser("Kill the app, the poller and the reprocessor.", total=TOTAL, chunk=CHUNK)
    settings.add_argument("--seed", type=at_least(0), default=1, help="of every choice made")
    told = settings.parse_args()
    print(f"seed {told.seed}", file=sys.stderr)
    work = partial(kill_many, seed=told.seed)
    return main(run_from(f"kills-seed-{told.seed}", told), work)


if __name__ == "__main__":
    sys.exit(run())

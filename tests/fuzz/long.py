"""The long forms of the fuzz: a million webhooks, a hundred thousand calls, in parts.

    python -m tests.fuzz.long webhooks [--total 1000000] [--minutes 55] [--processes 2]
    python -m tests.fuzz.long api [--total 100000]
    python -m tests.fuzz.long webhooks --first 424 --total 1

The last form tries one number and prints the input, the answers, what was written and what was
found, to be read. A run that was stopped goes on where it was.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.fuzz import calls, webhooks
from tests.long_runs import main, parser, run_from

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from tests.fuzz.stage import Outcome
    from tests.long_runs import Work

WORK: dict[str, Work] = {webhooks.NAME: webhooks.work, calls.NAME: calls.work}
TOTALS = {webhooks.NAME: 1_000_000, calls.NAME: 100_000}
CHUNKS = {webhooks.NAME: 5_000, calls.NAME: 1_000}


def settings(arguments: Sequence[str]) -> tuple[str, argparse.Namespace]:
    """Which of the two, and the settings of its run; impossible ones end with a message."""
    what = arguments[0] if arguments else ""
    if what not in WORK:
        told = f"the first word is one of {', '.join(WORK)}, not {what!r}"
        sys.exit(f"python -m tests.fuzz.long: {told}" if what not in {"-h", "--help"} else __doc__)
    about = f"Fuzz {what}: each number is one input."
    made = parser(about, total=TOTALS[what], chunk=CHUNKS[what])
    made.prog = f"python -m tests.fuzz.long {what}"
    return what, made.parse_args(arguments[1:])


def one(what: str, number: int) -> Outcome:
    """What came of one number."""
    if what == webhooks.NAME:
        with webhooks.trying() as tried:
            return tried.run(number)
    with calls.trying() as asked:
        return asked.run(number)


def run(arguments: Sequence[str]) -> int:
    """Do what is asked for; 1 where something was found, else 0."""
    what, told = settings(arguments)
    if told.total == 1:
        outcome = one(what, told.first)
        print(outcome.story().encode("utf-8", "backslashreplace").decode())
        return 1 if outcome.findings else 0
    return main(run_from(f"fuzz-{what}", told), WORK[what])


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))

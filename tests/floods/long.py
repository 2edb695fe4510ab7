"""`python -m tests.floods.long`: floods of 10,000 webhooks; a number is a seed.

A stopped run goes on where it was.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

from tests.floods.flood import SIZE, work
from tests.long_runs import at_least, main, parser, run_from

if TYPE_CHECKING:
    from collections import Counter


def rates(counts: Counter[str]) -> list[str]:
    """How quick it was."""
    seconds = max(counts["milliseconds"], 1) / 1000
    handled = sum(number for name, number in counts.items() if name.startswith("answered"))
    return [f"{handled / seconds:,.0f} webhooks a second, redriving and parking included"]


def run() -> int:
    """The exit status: 0 if everything held."""
    settings = parser("Floods of webhooks with poison, at the app's functions.", total=4, chunk=1)
    settings.add_argument("--size", type=at_least(1), default=SIZE, help="webhooks of a flood")
    told = settings.parse_args()
    return main(run_from(f"floods-{told.size}", told), partial(work, size=told.size), more=rates)


if __name__ == "__main__":
    sys.exit(run())

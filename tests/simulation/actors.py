"""Who else acts in a week: people and troubles of some weeks, each by chance of its own.

A week without them is what it was before there were any.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Protocol

from tests.simulation.stoppers import Stoppers

if TYPE_CHECKING:
    from collections import Counter

    from tests.simulation.business import Business
    from tests.simulation.people import People

# The share of the weeks in which people pause, hold, release and resume.
STOPPING = 0.3


class Actor(Protocol):
    """Somebody, or something, that only some weeks have; `told` counts what it did."""

    name: str
    told: Counter[str]

    def plan(self, span: float) -> None:
        """Lay out a week of so many seconds."""
        ...

    def go_home(self) -> None:
        """Nothing more is begun, and whatever keeps others is ended."""
        ...

    def end_well(self) -> None:
        """Everything has come to its end.

        Raises:
            Broken: an invariant does not hold.
        """
        ...


def who_else(seed: int, business: Business, people: People) -> list[Actor]:
    """Those of a week that the promise covers."""
    found: list[Actor] = []
    own = Random(seed ^ 0x5709)  # noqa: S311 (no secret)
    if own.random() < STOPPING:
        found.append(Stoppers(business, people, own))
    return found

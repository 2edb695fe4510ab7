"""Who else acts in a week: people and troubles of some weeks, each by chance of its own.

A week without them is what it was before there were any.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Protocol

from tests.simulation.outages import Outages
from tests.simulation.planners import Planners
from tests.simulation.stoppers import Stoppers

if TYPE_CHECKING:
    from collections import Counter

    from tests.simulation.business import Business
    from tests.simulation.people import People

# The share of the weeks in which people pause, hold, release and resume.
STOPPING = 0.2
# The share in which the provider, or a rail, is away long enough for circuits to open.
AWAY = 0.15
# The share in which payouts are planned for later.
PLANNING = 0.2


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
    if business.beside:
        return found  # the version before knows no circuit and no schedule
    own = Random(seed ^ 0x0FF)  # noqa: S311 (no secret)
    if own.random() < AWAY:
        found.append(Outages(business, people, own))
    own = Random(seed ^ 0x5C4E)  # noqa: S311 (no secret)
    if own.random() < PLANNING:
        found.append(Planners(business, people, own))
    return found

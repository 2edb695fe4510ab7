"""Which versions of our code run when: one alone, ours beside the version before, or a rollback.

A rollback leaves the version before alone with all that ours has written, until ours comes again.
"""

from __future__ import annotations

from functools import partial
from random import Random
from typing import TYPE_CHECKING

from tests.simulation.code import before, present
from tests.simulation.timeline import DAY, HOUR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.simulation.business import Business
    from tests.simulation.code import Code

# The share of the weeks in which the version before runs; of those, in which it comes back.
BESIDE, ROLLED_BACK = 0.25, 0.5


class Rollout:
    """What a week begins with, and what is deployed in it."""

    def __init__(self, seed: int, chance: Random) -> None:
        self._chance = chance
        self.codes: Sequence[Code] = [present()]
        if chance.random() < BESIDE:
            self.codes = [present(), before()]
        # A chance of its own: a week of one version is what it always was.
        self._own = Random(seed ^ 0xBAC)  # noqa: S311 (no secret)
        self.is_mixed = len(self.codes) > 1
        self.rolls_back = self.is_mixed and self._own.random() < ROLLED_BACK

    def plan(self, business: Business) -> None:
        """Lay out a week: in the end there is ours alone."""
        chance, own = self._chance, self._own
        ours, at = partial(business.deploy, [present()]), business.timeline.at
        at(chance.uniform(DAY, 6 * DAY), ours)
        if self.is_mixed:
            # Another rail, of which the version before knows nothing, is to be met.
            business.provider.refusals = own.choice([0.05, 0.1, 0.2])
        if self.rolls_back:
            began = own.uniform(HOUR, 5 * DAY)
            at(began, ours)
            at(began + HOUR, partial(business.deploy, [before()]))
            at(own.uniform(began + 2 * HOUR, 6 * DAY), partial(business.deploy, self.codes))
            at(6 * DAY, ours)

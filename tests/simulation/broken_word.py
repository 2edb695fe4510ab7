"""A provider that executes what it has refused: against its own word, so nobody can prevent it.

Only of what goes by another rail by then: elsewhere it would be a refusal that nothing followed.
What it comes to must be before a person, or right; the weeks hold it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.simulation.timeline import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.simulation.monoova import SimulatedMonoova


class BrokenWord:
    """Without a `chance` it breaks its word only where it is told to.

    `has_turned` tells whether a payout goes by another rail; `references` are what it executed
    against its word.
    """

    def __init__(self, provider: SimulatedMonoova) -> None:
        self._provider = provider
        self.chance: Random | None = None
        self.has_turned: Callable[[str], bool] = lambda _life: False
        self.references: set[str] = set()

    def broken_for(self, life: str) -> bool:
        """Whether it has broken its word with a payout."""
        return any(reference[:36] == life for reference in self.references)

    def breaks(self, reference: str, cents: int) -> None:
        """Execute what was refused, unless that was done before."""
        if not any(each.reference == reference for each in self._provider.executions):
            self.references.add(reference)
            self._provider.execute_after_all(reference, cents)

    def refused(self, reference: str, cents: int) -> None:
        """Something was refused: perhaps it is executed later."""
        chance = self.chance
        if chance is None or chance.random() < 0.5:
            return

        def execute() -> None:
            if self.has_turned(reference[:36]):
                self.breaks(reference, cents)

        later = chance.choice([1.0, 20.0, 3 * MINUTE, HOUR, 2 * DAY])
        self._provider.timeline.after(later, execute)

"""What a week takes away: the habits of its provider, and how long a request may be under way.

Two defences hold a second payment off; a week breaks none, one or both of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.simulation.monoova import (
    FORGETS,
    KNOWS_LINES_ONLY,
    KNOWS_STATUS_ONLY,
    LAGS,
    REFUSES,
    REPEATS,
    Habits,
)
from tests.simulation.timeline import HOUR, MINUTE

# A request that is under way for longer than the quarantine.
FOR_HOURS = 3 * HOUR


@dataclass(frozen=True)
class Regime:
    """What a week takes away. `breaks` names which of the two defences do not hold in it."""

    habits: Habits
    longest_flight: float
    breaks: frozenset[str]

    @property
    def covered(self) -> bool:
        """Whether the promise covers it: at least one of the two defences holds."""
        return len(self.breaks) < 2


SHORT = 9 * MINUTE
REFUSAL, QUARANTINE = "refusal of repeats", "quarantine with a truthful look-up"
REGIMES: tuple[tuple[int, Regime], ...] = (
    (24, Regime(REFUSES, SHORT, frozenset())),
    (23, Regime(REPEATS, SHORT, frozenset({REFUSAL}))),
    (4, Regime(KNOWS_LINES_ONLY, SHORT, frozenset({REFUSAL}))),
    (4, Regime(KNOWS_STATUS_ONLY, SHORT, frozenset({REFUSAL}))),
    (15, Regime(FORGETS, SHORT, frozenset({REFUSAL}))),
    (14, Regime(LAGS, SHORT, frozenset({QUARANTINE}))),
    (13, Regime(REFUSES, FOR_HOURS, frozenset({QUARANTINE}))),
    (3, Regime(REPEATS, FOR_HOURS, frozenset({REFUSAL, QUARANTINE}))),
)


def regime_of(seed: int) -> Regime:
    """What the week of a number takes away."""
    return drawn(Random(seed))  # noqa: S311 (no secret)


def drawn(chance: Random) -> Regime:
    """The first thing that chance decides of a week."""
    return chance.choices([each for _, each in REGIMES], [weight for weight, _ in REGIMES])[0]

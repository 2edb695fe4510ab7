"""One value of a Hypothesis strategy, from a seed: the same value in every process.

Hypothesis' own run begins with the simplest input and adds constants from whatever modules happen
to be loaded; a number has to name one input anywhere, so this draws directly. It does not shrink:
the tests that use Hypothesis as it is meant do.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, TypeVar

from hypothesis.control import BuildContext
from hypothesis.errors import StopTest, UnsatisfiedAssumption
from hypothesis.internal.conjecture.data import ConjectureData
from hypothesis.internal.conjecture.providers import HypothesisProvider

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

T = TypeVar("T")
TRIES = 10


class Undrawn(Exception):
    """The strategy gave nothing, however often it was asked."""


class Provider(HypothesisProvider):
    """Draws by chance alone."""

    def _maybe_draw_constant(self, *_: object, **__: object) -> None:
        return None


def drawn(strategy: SearchStrategy[T], seed: str) -> T:
    """A value.

    Raises:
        Undrawn: the strategy gives none.
    """
    for attempt in range(TRIES):
        chance = Random(f"{seed} {attempt}")  # noqa: S311 (to be replayed)
        data = ConjectureData(random=chance, provider=Provider)
        try:
            with BuildContext(data, is_final=False, wrapped_test=drawn):
                return data.draw(strategy)
        except (StopTest, UnsatisfiedAssumption):
            continue
    raise Undrawn(seed)

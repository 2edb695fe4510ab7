"""A week that is played once, and looked at by many tests in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chalicelib import wiring
from tests.api.town import town_of
from tests.local.monoova_bench import simulated
from tests.nights.life import Life

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def life() -> Iterator[Life]:
    """A town with an empty account, for a whole module."""
    with simulated(opening=0) as bench, town_of(bench) as town:
        yield Life(town, seed=1)
    wiring._current.clear()

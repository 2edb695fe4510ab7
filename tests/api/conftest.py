"""The doors over a house of fakes, for each test a new one."""

from collections.abc import Iterator

import pytest

from chalicelib import wiring
from tests.api.client import Api
from tests.api.house import House
from tests.local.monoova_bench import Bench, simulated


@pytest.fixture
def house() -> Iterator[House]:
    """The house; the process forgets it afterwards."""
    yield House()
    wiring._current.clear()


@pytest.fixture
def api(house: House) -> Api:
    """A client at its doors."""
    return Api(house)


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    """The simulated provider, its account empty."""
    with simulated(opening=0) as made:
        yield made

"""The doors over a house of fakes, for each test a new one."""

from collections.abc import Iterator

import pytest

from chalicelib import wiring
from tests.api.client import Api
from tests.api.house import House


@pytest.fixture
def house() -> Iterator[House]:
    """The house; the process forgets it afterwards."""
    yield House()
    wiring._current.clear()


@pytest.fixture
def api(house: House) -> Api:
    """A client at its doors."""
    return Api(house)

"""Stacks for the tests here: one for all tests of a module."""

from __future__ import annotations

import pytest

from tests.front_door.town import standing


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """A stack in which every event is subscribed."""
    with standing(tmp_path_factory.mktemp("town")) as made:
        yield made

"""A simulated provider for each module of tests, and ears for its webhooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.local.monoova_bench import Bench, Listener, listening, simulated

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def house() -> Iterator[Bench]:
    """The provider, running; a test refreshes it."""
    with simulated() as bench:
        yield bench


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Somebody who hears webhooks."""
    with listening() as ear:
        yield ear

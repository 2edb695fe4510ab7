"""A business with payouts that wait: before its bank file is made, sealed, and given out."""

from __future__ import annotations

import pytest

from tests.usecases.filing import Town


@pytest.fixture
def town():
    return Town()


@pytest.fixture
def sealed(town):
    town.export()
    return town


@pytest.fixture
def out(sealed):
    sealed.out()
    return sealed

"""Payouts in doubt, and providers that do not show all that they did."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fakes.provider import (
    TIMED_OUT_UNPAID,
)
from tests.usecases.world import World, order

QUARANTINE = timedelta(minutes=30)
BOTH = pytest.mark.parametrize("refuses_repeats", [True, False])


def unconfirmed(*replies, refuses_repeats=True, **changed):
    world = World(refuses_repeats=refuses_repeats).open_for_business()
    world.provider.will(*(replies or [TIMED_OUT_UNPAID]))
    world.request(order(**changed))
    return world


class Forgetful:
    """A provider whose look-up by reference does not know what its own ledger shows."""

    def __init__(self, provider):
        self._provider = provider

    def __getattr__(self, name):
        return getattr(self._provider, name)

    def status(self, payout, *, within):
        self._provider.status(payout, within=within)


class Unstated(Forgetful):
    """A provider whose statements lack what it did."""

    def status(self, payout, *, within):
        return self._provider.status(payout, within=within)

    def statement(self, day, *, within):  # noqa: ARG002 (a port)
        return {}


class Blind(Forgetful):
    """A provider that shows nothing at all of what it did, yet."""

    def entries(self, first, last, *, within):  # noqa: ARG002 (a port)
        return []

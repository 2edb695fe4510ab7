"""A provider that dies and comes back under the load of fifty workers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.breaker import AT_ONCE, FIRST_OUT, PROVIDER, REST, State
from chalicelib.domain.payout import Status
from tests.races.circuits import Town

WORKERS, POLLERS = 50, 5
pytestmark = pytest.mark.timeout(240)


def state(town: Town) -> State:
    circuit = town.crowd[0].breaker.board(fresh=True).of(PROVIDER)
    return circuit.state(town.clock.now())


def test_fifty_workers_try_once_in_each_round_and_pay_each_payout_once():
    town = Town(WORKERS)
    assert town.round(pollers=0) == WORKERS
    town.pause(timedelta(minutes=10))

    town.bank.dead = True
    met = town.round(pollers=0, asks=4)
    assert state(town) is State.OPEN
    # Whoever was on the way when it opened has met it, and nobody else.
    assert AT_ONCE <= met <= AT_ONCE + WORKERS
    assert town.round(pollers=POLLERS) == 0, "it rests"

    for _ in range(4):
        town.pause(REST)
        assert state(town) is State.HALF_OPEN
        assert town.round(pollers=POLLERS) == 1, "one probe among all of them"
        assert state(town) is State.OPEN

    town.bank.dead = False
    town.pause(REST)
    before = len(town.bank.executions)
    waiting = town.crowd[0].payouts.count_stranded(10_000)
    town.round(pollers=WORKERS)
    assert state(town) is State.CLOSED
    out = len(town.bank.executions) - before
    # Each run lets its few out; who had met the dead provider is due by itself.
    assert 1 <= out <= WORKERS * FIRST_OUT + met, "no stampede"
    assert town.crowd[0].payouts.count_stranded(10_000) >= waiting - WORKERS * FIRST_OUT

    for _ in range(15):
        town.pause(timedelta(minutes=5))
        town.round(pollers=2)
    town.pause(timedelta(hours=2))
    town.round(pollers=POLLERS, asks=0)
    assert {each.status for each in town.payouts()} == {Status.PENDING}
    town.compare()

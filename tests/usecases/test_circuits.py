"""What people see and do of the circuits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.breaker import NAMES, PROVIDER, State
from chalicelib.domain.errors import NotFound, StoreUnavailable
from chalicelib.usecases.circuits import TRIES, open_by_hand, reset, standing
from tests.usecases.world import DIRECT_ENTRY, NPP, Between, World, order


@pytest.fixture
def world():
    return World(breaks=True).open_for_business()


def by_hand(world, name="npp", reason="told", circuits=None):
    return open_by_hand(
        name, reason=reason, by="ada", circuits=circuits or world.store.circuits, clock=world.clock
    )


def look(world, most=1000):
    return standing(circuits=world.store.circuits, payouts=world.store.payouts, most=most)


def test_how_all_stand_and_how_many_wait_for_each(world):
    by_hand(world, PROVIDER)
    for number, rail in enumerate([NPP, NPP, DIRECT_ENTRY]):
        world.request(order(rail=rail), key=f"key of payout {number:04}")
    shown = look(world)
    assert [each.name for each in shown.circuits] == list(NAMES)
    assert shown.waiting == {"npp": 2, "direct_entry": 1, PROVIDER: 3}
    assert look(world, most=2).waiting[PROVIDER] == 2


def test_opened_and_reset_once_each(world):
    opened = by_hand(world)
    assert by_hand(world, reason="again") == opened
    closed = reset("npp", reason="-", by="bob", circuits=world.store.circuits, clock=world.clock)
    assert closed.state(world.clock.now()) is State.CLOSED
    assert closed.version == 2
    again = reset("npp", reason="-", by="bob", circuits=world.store.circuits, clock=world.clock)
    assert again == closed


def test_there_is_no_other_circuit(world):
    with pytest.raises(NotFound):
        by_hand(world, "telex")
    assert not world.store.state.board.circuits


@pytest.mark.parametrize("times", [1, TRIES - 1, TRIES])
def test_it_is_changed_on_top_of_what_others_did(world, times):
    left = [times]

    def overtake(before, _after):
        left[0] -= 1
        if left[0] >= 0:
            now = world.store.state.board.of(before.name)
            board = world.store.state.board.put(replace(now, version=now.version + 1))
            world.store.state.board = board

    circuits = Between(world.store.circuits, keep=overtake)
    if times == TRIES:
        with pytest.raises(StoreUnavailable):
            by_hand(world, circuits=circuits)
    else:
        assert by_hand(world, circuits=circuits).by_hand

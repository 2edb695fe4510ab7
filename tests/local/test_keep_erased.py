"""The tool that erases again what a restored backup has brought back."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from local import keep_erased
from tests.usecases.forgetting import forget, remembered, with_a_past


def test_it_makes_a_whole_round_and_says_what_it_met():
    world = with_a_past()
    customers, payouts = dict(world.store.state.customers), dict(world.store.state.payouts)
    forget(world)
    checks = world.store.account_checks
    w: Any = SimpleNamespace(**world.ports, account_checks=checks, clock=world.clock)
    assert keep_erased.again(w) == {"erased_looked_at": 1}
    world.store.state.customers, world.store.state.payouts = customers, payouts
    told = keep_erased.again(w)
    assert told == {"erased_looked_at": 1, "erased_again": 2}
    assert keep_erased.lines(told) == "erased_again: 2\nerased_looked_at: 1"
    assert remembered(world) == []
    assert keep_erased.lines(keep_erased.again(w)) == "erased_looked_at: 1"
    assert keep_erased.lines({}) == "nobody"

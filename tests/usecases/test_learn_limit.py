"""The provider's own limit of one payment over NPP: learnt now and then, kept to without a call."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import RuleBroken, StoreUnavailable
from chalicelib.domain.liquidity import LIMIT_FRESH, Outlook
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Status
from chalicelib.domain.rails import Rail
from chalicelib.usecases.learn_limit import LEAST, learn_limit
from tests.fakes.provider import REFUSED
from tests.usecases.world import ACCOUNT, AMOUNT, World, order

CENT = Money(1)


def learn(world: World) -> Counter[str]:
    return learn_limit(**world._ports("provider", "gate", "liquidity", "clock", "time_left"))


def limited(most: Money | None) -> World:
    world = World().open_for_business()
    world.provider.balance, world.provider.npp_limit = Money(10_000_000), most
    assert learn(world) == Counter()
    return world


def limit(world: World) -> Money | None:
    return world.store.state.outlook.npp_limit


@pytest.mark.parametrize("most", [AMOUNT, None], ids=["just as much", "none that is told"])
def test_what_is_within_the_providers_limit_is_paid(most):
    world = limited(most)
    assert world.request().payout.status is Status.PENDING


def test_a_cent_more_over_npp_is_refused_before_anything_is_held_and_a_preview_says_so():
    world = limited(AMOUNT - CENT)
    with pytest.raises(RuleBroken) as refused:
        world.request()
    (fault,) = refused.value.faults
    assert (fault.pointer, fault.code) == ("/amount", "above_provider_limit")
    assert str(AMOUNT - CENT) in fault.detail
    assert world.preview().faults == (fault,)
    assert not world.provider.requests
    world.check_equal()


def test_direct_entry_has_another_limit():
    world = limited(AMOUNT - CENT)
    wanted = replace(order(), method=ACCOUNT.method, rail=Rail.DIRECT_ENTRY)
    assert world.request(wanted).payout.status is Status.PENDING


def test_it_is_asked_for_once_an_hour():
    world = limited(Money(500))
    world.provider.npp_limit = Money(700)
    provider = world.meanwhile("provider")
    world.clock.advance(LIMIT_FRESH - timedelta(milliseconds=1))
    learn(world)
    assert (limit(world), provider.calls) == (Money(500), [])
    world.clock.advance(0.001)
    learn(world)
    learn(world)
    assert (limit(world), provider.calls) == (Money(700), ["financials"])


@pytest.mark.parametrize("told", [Money(0), Money(-1), None])
def test_a_limit_of_nothing_is_none(told):
    world = limited(told)
    assert limit(world) is None
    assert world.store.state.outlook.limit_seen_at == world.clock.now()


def test_without_an_account_to_ask_about_there_is_none_and_nobody_asks_again_at_once():
    world = World().open_for_business()
    learn(world)
    assert world.store.state.outlook == Outlook(limit_seen_at=world.clock.now())


def test_what_else_was_seen_of_the_account_stays():
    world = World().open_for_business()
    world.provider.balance = Money(900)
    world.store.payouts.note_shortage(at=world.clock.now())
    learn(world)
    assert world.store.state.outlook.short_since == world.clock.now()


def test_a_provider_that_is_away_is_counted_and_what_was_known_stays():
    world = limited(Money(500))
    world.clock.advance(LIMIT_FRESH)
    world.provider.down = True
    assert learn(world) == Counter(provider_unavailable=1)
    assert limit(world) == Money(500)


def test_behind_a_closed_gate_or_without_time_nobody_asks():
    world = World().open_for_business()
    provider = world.meanwhile("provider")
    world.seconds_left = LEAST - 0.1
    learn(world)
    world.seconds_left = LEAST
    world.store.gate.close()
    learn(world)
    assert provider.calls == []


def test_a_store_that_cannot_keep_it_harms_nobody():
    world = World().open_for_business()

    def away(*_: object) -> None:
        raise StoreUnavailable("away")

    world.meanwhile("liquidity", keep=away)
    assert learn(world) == Counter()
    assert world.store.state.outlook == Outlook()


def test_what_the_provider_refuses_all_the_same_has_failed():
    world = limited(AMOUNT)
    world.provider.will(REFUSED)
    assert world.request().payout.status is Status.FAILED
    world.check_equal()

"""Payouts that go by cost or by urgency: the way is chosen once, and stored with the reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.destination import PayoutMethod
from chalicelib.domain.errors import Corrupt, RuleBroken, StoreUnavailable
from chalicelib.domain.liquidity import COSTS_FRESH
from chalicelib.domain.money import Money
from chalicelib.domain.rails import Rail
from chalicelib.domain.ways import Routing, Strategy, Urgency, Way
from chalicelib.usecases.learn_costs import LEAST, MOST, learn_costs, usual_costs
from tests.usecases.world import LIMITS, World, order

CHEAP_BATCHES = {Way.PAY_ID: Money(30), Way.ACCOUNT: Money(25), Way.DIRECT_ENTRY: Money(13)}


def learn(world):
    return learn_costs(**world._ports("payouts", "liquidity", "clock", "time_left"))


def previewed(world, asked):
    return world.preview(asked).intent


def business(**changed):
    world = World(**changed).open_for_business()
    world.store.state.outlook = replace(world.store.state.outlook, costs=CHEAP_BATCHES)
    return world


def test_a_payout_goes_the_way_that_was_chosen_and_says_why_for_ever():
    world = business()
    payout = world.request(order(urgency=Urgency.NORMAL)).payout
    assert payout.intent.rail is Rail.DIRECT_ENTRY
    assert [each.rail for each in world.provider.executions] == [Rail.DIRECT_ENTRY]
    assert payout.intent.route.reason.startswith("Direct Entry: not urgent, saves 0.12, arrives ")
    assert payout.intent.route.fee == Money(13)
    world.store.state.outlook = replace(world.store.state.outlook, costs={})
    world.clock.advance(timedelta(days=3))
    assert world.payout.intent.route == payout.intent.route


def test_what_names_nothing_goes_over_npp_unless_the_business_usually_does_otherwise():
    world = business()
    assert world.request().payout.intent.rail is Rail.NPP
    world.limits = replace(LIMITS, routing=Routing(usual=Strategy.CHEAPEST))
    again = world.request(key="another key of mine").payout
    assert again.intent.rail is Rail.DIRECT_ENTRY


def test_the_fees_of_the_settings_count_until_another_one_was_seen():
    world = World().open_for_business()
    assert world.request(order(strategy=Strategy.CHEAPEST)).payout.intent.rail is Rail.NPP
    costs = {**Routing().costs, Way.DIRECT_ENTRY: Money(1)}
    world.limits = replace(LIMITS, routing=Routing(costs=costs))
    asked = order(strategy=Strategy.CHEAPEST)
    assert previewed(world, asked).rail is Rail.DIRECT_ENTRY
    seen = {Way.DIRECT_ENTRY: Money(99)}
    world.store.state.outlook = replace(world.store.state.outlook, costs=seen)
    assert previewed(world, asked).rail is Rail.NPP


@pytest.mark.parametrize(
    ("first", "then", "named"),
    [
        ({}, {"strategy": Strategy.CHEAPEST}, "/strategy"),
        ({"strategy": Strategy.CHEAPEST}, {}, "/strategy"),
        ({"urgency": Urgency.NORMAL}, {"urgency": Urgency.URGENT}, "/urgency"),
        ({"urgency": Urgency.NORMAL}, {"rail": Rail.DIRECT_ENTRY}, "/rail"),
    ],
)
def test_the_same_key_with_another_strategy_is_another_request(first, then, named):
    world = business()
    world.request(order(**first))
    with pytest.raises(RuleBroken) as refused:
        world.request(order(**then))
    assert named in {fault.pointer for fault in refused.value.faults}
    assert world.request(order(**first)).replayed


def test_a_payout_of_the_time_before_strategies_is_found_again_by_the_same_request():
    world = business()
    payout = world.request().payout
    asked = tuple(pair for pair in payout.intent.asked if pair[0] not in {"strategy", "urgency"})
    before = replace(payout, intent=replace(payout.intent, asked=asked, route=None))
    world.store.state.payouts[payout.transaction_id] = before
    assert world.request().replayed
    with pytest.raises(RuleBroken):
        world.request(order(urgency=Urgency.NORMAL))


# What was charged.


def test_the_fees_that_were_charged_of_late_are_learnt_once_an_hour():
    world = World().open_for_business()
    world.request(order(rail=Rail.DIRECT_ENTRY))
    assert learn(world) == {}
    outlook = world.store.state.outlook
    assert outlook.costs == {Way.DIRECT_ENTRY: Money(12)}
    world.request(order(method=PayoutMethod.PAY_ID), key="another key of mine")
    world.clock.advance(COSTS_FRESH - timedelta(seconds=1))
    assert learn(world) == {}
    assert world.store.state.outlook == outlook
    world.clock.advance(1)
    learn(world)
    assert world.store.state.outlook.costs == {Way.DIRECT_ENTRY: Money(12), Way.PAY_ID: Money(12)}


def test_a_way_that_nobody_went_of_late_costs_what_it_did():
    world = business()
    world.clock.advance(timedelta(days=3))
    learn(world)
    assert world.store.state.outlook.costs == CHEAP_BATCHES


def test_of_several_fees_the_usual_one_counts_and_of_two_the_later():
    world = World().open_for_business()
    one = world.request(order(amount=Money(1))).payout
    some = [replace(one, fee=fee) for fee in (Money(9), Money(7), Money(8), Money(7), None)]
    assert usual_costs(some) == {Way.ACCOUNT: Money(7)}
    assert usual_costs(some[:2]) == {Way.ACCOUNT: Money(9)}
    assert usual_costs([]) == {}


def test_without_time_nothing_is_looked_at():
    world = World().open_for_business()
    world.request()
    world.seconds_left = LEAST - 1
    listed = world.meanwhile("payouts")
    assert learn(world) == {}
    assert not listed.calls
    world.seconds_left = LEAST
    learn(world)
    assert world.store.state.outlook.costs == {Way.ACCOUNT: Money(12)}


def test_the_newest_of_two_days_are_looked_at_and_only_so_many():
    world = World().open_for_business()
    asked = []
    world.meanwhile("payouts", page=lambda wanted, **how: asked.append((wanted, how)))
    learn(world)
    (wanted, how), = asked  # fmt: skip
    assert (wanted.last - wanted.first).days == 1
    assert wanted.last == date(2026, 3, 2)
    assert how == {"limit": MOST, "position": None}


def test_a_row_that_cannot_be_read_costs_an_hour_and_nothing_else():
    world = World().open_for_business()
    world.request()

    def unreadable(*_told, **_how):
        raise Corrupt("a row")

    world.meanwhile("payouts", page=unreadable)
    assert learn(world) == {"costs_not_learnt": 1}
    assert learn(world) == {}
    world.clock.advance(COSTS_FRESH)
    assert learn(world) == {"costs_not_learnt": 1}


def test_what_cannot_be_kept_is_learnt_the_next_time():
    world = World().open_for_business()
    world.request()

    def away():
        raise StoreUnavailable("away")

    world.once("liquidity", "keep", away)
    learn(world)
    assert world.store.state.outlook.costs == {}
    learn(world)
    assert world.store.state.outlook.costs == {Way.ACCOUNT: Money(12)}

"""While a rail is down: new payouts go another way at once, those that wait for it turn to it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.approval import seen_of
from chalicelib.domain.breaker import PROVIDER
from chalicelib.domain.errors import Corrupt
from chalicelib.domain.events import Hindrance
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Status
from chalicelib.domain.ways import Urgency
from tests.fakes.provider import NOT_CONNECTED, SIGN_IN_REFUSED
from tests.usecases.test_breaker import by_hand, multiplied, reset
from tests.usecases.test_pauses import BY_BATCH, BY_NPP, EVERYTHING, THEIRS, paused, resumed
from tests.usecases.world import DIRECT_ENTRY, NPP, World, order

KEY = "another-key-{:04}"
ONE = order(amount=Money(100))
URGENT = order(amount=Money(100), urgency=Urgency.URGENT)


@pytest.fixture
def world():
    return World(breaks=True).open_for_business()


def ask(world, number, wanted=ONE):
    return world.request(wanted, key=KEY.format(number)).payout


def now(world, payout):
    return world.store.state.payouts[payout.transaction_id]


def waiting(world, number=1):
    """A payout that never left, for the provider was away; it is back, and NPP is not."""
    world.provider.will(NOT_CONNECTED)
    payout = ask(world, number)
    assert payout.status is Status.QUEUED
    by_hand(world)
    world.poll_after(70)
    assert now(world, payout).hindrance == Hindrance.RAIL_DOWN
    return payout


def test_a_new_payout_goes_by_the_next_rail_at_once(world):
    by_hand(world)
    payout = ask(world, 1)
    assert (payout.status, payout.rail, payout.turns) == (Status.PENDING, DIRECT_ENTRY, ())
    assert "NPP is down since" in payout.intent.route.reason
    assert world.preview(ONE).intent.rail is DIRECT_ENTRY
    assert world.preview(ONE).hindrance is None


def test_what_is_urgent_or_named_waits_for_its_rail(world):
    by_hand(world)
    for number, wanted in enumerate((URGENT, order(amount=Money(100), rail=NPP))):
        payout = ask(world, number, wanted)
        assert (payout.rail, payout.hindrance) == (NPP, Hindrance.RAIL_DOWN)
        world.poll_after(40)
        world.poll_after(40)
        assert now(world, payout).rail is NPP


def test_with_the_provider_away_it_waits_as_it_was_asked_for(world):
    by_hand(world, PROVIDER)
    payout = ask(world, 1)
    assert (payout.rail, payout.hindrance) == (NPP, Hindrance.RAIL_DOWN)
    world.poll_after(40)
    assert now(world, payout).turns == ()


def test_what_never_left_turns_to_the_next_rail_and_goes_out_there_once(world):
    payout = waiting(world)
    told = world.poll_after(40)
    turned = now(world, payout)
    assert (told["rerouted"], turned.rail, turned.attempt) == (1, DIRECT_ENTRY, 1)
    world.poll_after(40)
    (paid,) = world.provider.executions
    assert (paid.rail, paid.reference) == (DIRECT_ENTRY, turned.unique_reference)
    reset(world)
    world.poll_after(timedelta(minutes=10))
    assert len(world.provider.executions) == 1
    world.check_books()


def test_one_that_cannot_be_read_costs_itself_only(world):
    world.provider.will(NOT_CONNECTED)
    first, second = ask(world, 2), waiting(world, 1)
    get = world.store.payouts.get

    class Torn:
        def __getattr__(self, name):
            return getattr(world.store.payouts, name)

        def get(self, own):
            if own == first.transaction_id:
                raise Corrupt(own)
            return get(own)

    world.ports["payouts"] = Torn()
    world.poll_after(40)
    assert (now(world, first).rail, now(world, second).rail) == (NPP, DIRECT_ENTRY)


def test_what_waits_on_another_rail_stays_there(world):
    payout = waiting(world)
    world.provider.will(SIGN_IN_REFUSED)
    other = ask(world, 2, order(amount=Money(100), rail=DIRECT_ENTRY))
    assert other.hindrance == Hindrance.SIGN_IN_REFUSED
    world.poll_after(1)
    assert (now(world, payout).rail, now(world, other).turns) == (DIRECT_ENTRY, ())


def test_without_time_nothing_turns(world):
    payout = waiting(world)
    world.seconds_left = 20.0
    assert "rerouted" not in world.poll_after(40)
    assert now(world, payout).rail is NPP


def test_one_that_is_gone_from_the_lines_is_left_alone(world):
    payout = waiting(world)
    world.once("payouts", "get", lambda: world.cancel(payout.transaction_id))
    world.poll_after(40)
    assert now(world, payout).turns == ()


def test_approvers_see_every_rail_that_it_may_go_by(world):
    payout = ask(world, 1)
    customer = world.store.state.customers["customer-1"]
    policy = world.store.payouts._default
    assert seen_of(payout, customer, policy, proven=True).rail == "NPP,DirectEntry"
    named = ask(world, 2, order(amount=Money(200), rail=NPP))
    assert seen_of(named, customer, policy, proven=True).rail == "NPP"


def test_many_who_have_to_wait_for_their_rail_are_in_the_way_of_nobody_who_may_turn(world):
    world.provider.will(NOT_CONNECTED)
    last = ask(world, 9000)
    by_hand(world)
    multiplied(world, ask(world, 1, order(amount=Money(100), rail=NPP)), 501)
    world.clock.advance(70)
    reads = world.meanwhile("payouts")
    world.poll()
    world.poll_after(40)
    assert now(world, last).rail is DIRECT_ENTRY
    assert reads.calls.count("get") < 10


def test_a_pause_of_the_rail_that_it_left_keeps_it_no_more(world):
    payout = waiting(world)
    paused(world, BY_NPP)
    world.poll_after(40)
    world.poll_after(40)
    assert [each.rail for each in world.provider.executions] == [DIRECT_ENTRY]
    assert now(world, payout).status is Status.PENDING


@pytest.mark.parametrize("scope", [BY_BATCH, EVERYTHING, THEIRS], ids=str)
def test_nobody_turns_to_a_rail_that_is_paused_to_wait_there_for_people(world, scope):
    payout = waiting(world)
    paused(world, scope)
    told = world.poll_after(40)
    assert not told["rerouted"]
    assert (now(world, payout).rail, now(world, payout).turns) == (NPP, ())
    assert not world.provider.executions


def test_it_goes_by_its_own_rail_once_that_is_back_though_the_other_is_paused(world):
    payout = waiting(world)
    paused(world, BY_BATCH)
    world.poll_after(40)
    reset(world)
    for _ in range(3):
        world.poll_after(40)
    assert [each.rail for each in world.provider.executions] == [NPP]
    assert now(world, payout).turns == ()
    world.check_equal()


def test_and_turns_once_the_pause_has_ended_where_it_is_not(world):
    payout = waiting(world)
    paused(world, BY_BATCH)
    world.poll_after(40)
    resumed(world)
    for _ in range(3):
        world.poll_after(40)
    assert [each.rail for each in world.provider.executions] == [DIRECT_ENTRY]
    assert now(world, payout).rail is DIRECT_ENTRY


@pytest.mark.parametrize("scope", [BY_BATCH, THEIRS], ids=str)
def test_nor_does_a_new_payout_go_around_to_wait_there(world, scope):
    by_hand(world)
    paused(world, scope)
    payout = ask(world, 1)
    assert (payout.rail, payout.status) == (NPP, Status.QUEUED)
    assert world.preview(ONE).intent.rail is NPP
    reset(world)
    resumed(world)
    for _ in range(3):
        world.poll_after(40)
    assert [each.rail for each in world.provider.executions] == [NPP]


def test_a_pause_of_the_rail_that_it_turned_to_keeps_it_until_it_ends(world):
    payout = waiting(world)
    world.poll_after(40)
    paused(world, BY_BATCH)
    world.poll_after(40)
    kept = now(world, payout)
    assert (kept.rail, kept.hindrance, world.provider.executions) == (DIRECT_ENTRY, "paused", [])
    assert [each.transaction_id for each in world.store.payouts.sitting_out(DIRECT_ENTRY)] == [
        payout.transaction_id
    ]
    reset(world)
    world.poll_after(40)
    assert not world.provider.executions, "it goes by each rail once"
    resumed(world)
    world.poll_after(40)
    assert [each.rail for each in world.provider.executions] == [DIRECT_ENTRY]
    world.check_equal()

"""One payout is kept back and let go on: nobody sends it meanwhile, whoever is at it."""

from __future__ import annotations

import pytest

from chalicelib.domain.errors import NotFound, NotPossible, Stale
from chalicelib.domain.payout import Status
from chalicelib.usecases.funding import overview
from chalicelib.usecases.hold_back import hold, lift
from tests.fakes.provider import NOT_CONNECTED, OUT_OF_FUNDS, TIMED_OUT_UNPAID
from tests.usecases.approving import agree, waiting
from tests.usecases.world import AMOUNT, DEPOSIT, World, order


def held_back(world, transaction_id=None, does=hold, by="hanna", why="a call from the bank"):
    return does(
        transaction_id or world.payout.transaction_id, reason=why, by=by, request_id="request-9",
        payouts=world.ports["payouts"], clock=world.clock,
    )  # fmt: skip


def let_go(world, transaction_id=None):
    return held_back(world, transaction_id, does=lift, by="anna", why="it was a mistake")


def asked(*replies):
    world = World().open_for_business()
    world.provider.will(*replies)
    world.request()
    return world


def test_what_is_queued_is_not_sent_while_it_is_held_and_is_afterwards():
    world = asked(NOT_CONNECTED)
    payout = held_back(world)
    assert (payout.status, payout.held.by) == (Status.QUEUED, "hanna")
    for _ in range(5):
        world.poll_after(3600)
    assert (len(world.provider.requests), world.payout) == (1, payout)
    assert let_go(world).held is None
    assert len(world.provider.requests) == 1  # the poller sends it, in its turn
    world.poll_after(3600)
    assert world.payout.status is Status.PENDING
    assert world.events()[-4:] == ["Held", "HoldLifted", "Started", "Accepted"]
    world.check_equal()


def test_both_again_change_nothing():
    world = asked(NOT_CONNECTED)
    assert held_back(world) == held_back(world, by="another", why="another")
    assert let_go(world) == let_go(world)
    assert world.events()[-2:] == ["Held", "HoldLifted"]


def test_what_is_unconfirmed_is_asked_about_and_not_sent_again():
    world = asked(TIMED_OUT_UNPAID)
    held_back(world)
    for _ in range(5):
        world.poll_after(3600)
    assert len(world.provider.requests) == 1
    assert (world.payout.status, world.payout.asks > 0) == (Status.UNCONFIRMED, True)
    let_go(world)
    for _ in range(3):
        world.poll_after(3600)
    assert len(world.provider.requests) == 2
    world.check_equal()


def test_what_is_held_may_be_cancelled():
    world = asked(NOT_CONNECTED)
    held_back(world)
    assert world.cancel(world.payout.transaction_id).held is None
    assert world.available == DEPOSIT
    with pytest.raises(NotPossible, match="Cancelled cannot be hold lifted"):
        let_go(world)
    world.check_equal()


@pytest.mark.parametrize("does", [hold, lift])
def test_what_was_sent_is_neither_held_nor_let_go(does):
    world = asked()
    with pytest.raises(NotPossible):
        held_back(world, does=does)
    with pytest.raises(NotFound):
        held_back(world, "nothing", does=does)


def test_a_sender_that_read_it_before_the_hold_does_not_send_it():
    world = asked(NOT_CONNECTED)
    world.once("vault", "unseal", lambda: held_back(world))
    told = world.poll_after(3600)
    assert told[Stale.code] == 1
    assert (len(world.provider.requests), world.payout.held is None) == (1, False)


def test_who_holds_it_while_it_is_claimed_is_told_that_it_is_too_late():
    world = asked(NOT_CONNECTED)
    world.once("payouts", "write", lambda: world.poll_after(3600))
    with pytest.raises(NotPossible, match="Pending cannot be held"):
        held_back(world)
    assert len(world.provider.requests) == 2


def test_that_it_is_agreed_to_does_not_send_it():
    world = waiting()
    held_back(world)
    done = agree(world).payout
    assert (done.status, done.held is None) == (Status.QUEUED, False)
    assert world.events()[-3:] == ["Held", "Approved", "Released"]
    world.poll_after(3600)
    assert world.provider.requests == []
    let_go(world)
    world.poll_after(3600)
    assert (world.payout.status, len(world.provider.requests)) == (Status.PENDING, 1)
    world.check_equal()


def test_in_the_line_for_funds_it_is_passed_and_bars_nobody():
    world = World().open_for_business()
    world.provider.will(OUT_OF_FUNDS)
    first = world.request().payout
    second = world.request(order(), key="another key of sixteen").payout
    assert second.status is Status.QUEUED
    held_back(world, first.transaction_id)
    world.poll_after(3600)
    assert world.store.state.payouts[second.transaction_id].status is Status.PENDING
    assert world.store.state.payouts[first.transaction_id].status is Status.QUEUED
    let_go(world, first.transaction_id)
    for _ in range(3):
        world.poll_after(3600)
    assert world.store.state.payouts[first.transaction_id].status is Status.PENDING
    world.check_equal()


def test_its_money_is_reckoned_with_where_the_business_looks_at_its_money():
    world = asked(NOT_CONNECTED)
    held_back(world)
    sums = overview(
        payouts=world.store.payouts, treasury=world.store.treasury,
        settlements=world.store.settlements, schedules=world.store.schedules,
        calendar=world.calendar, provider=world.provider, gate=world.store.gate,
        liquidity=world.store.liquidity, rules=world.rules, clock=world.clock,
        time_left=lambda: 60.0,
    ).sums  # fmt: skip
    assert (sums.held.amount, sums.queued.amount, sums.waiting.count) == (AMOUNT, AMOUNT, 0)

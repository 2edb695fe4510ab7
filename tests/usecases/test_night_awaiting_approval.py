"""A payout that waits for others to agree, over a night: no question, no figure, no finding."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.forecast import Sum
from chalicelib.domain.night import Told
from chalicelib.domain.payout import Status
from chalicelib.usecases.approve import decline
from tests.fakes.provider import FEE
from tests.usecases.approving import POLICY, agree, change_policy, refuse, word
from tests.usecases.comparing import business, line, next_morning
from tests.usecases.nights import DAY, D, Nights
from tests.usecases.test_funding import look
from tests.usecases.world import AMOUNT


@pytest.fixture
def world() -> Nights:
    """It is Friday noon, and a payout waits for somebody to agree."""
    world = Nights(policy=POLICY).open_for_business().now(D, 12)
    world.request()
    assert world.status is Status.AWAITING_APPROVAL
    return world


def quiet(night):
    """Nothing that the night would have to say of a payout."""
    names = ("findings", "payouts", "waiting", "needs_person", "asked", "heard")
    return {name: night.counts.get(name, 0) for name in names} == dict.fromkeys(names, 0)


def test_a_night_over_it_is_quiet_and_signed(world):
    world.now(D + DAY, 3)
    payouts, provider = world.meanwhile("payouts"), world.meanwhile("provider")
    world.tick()
    assert world.ended(D)
    assert quiet(world.night(D))
    assert world.store.state.findings == {}
    assert (provider.calls, payouts.calls.count("write")) == ([], 0)
    assert world.status is Status.AWAITING_APPROVAL


@pytest.mark.parametrize("status", [Status.DECLINED, Status.CANCELLED])
def test_a_night_over_what_was_declined_or_has_lapsed_is_quiet(world, status):
    if status is Status.DECLINED:
        refuse(world)
    else:
        world.poll_after(timedelta(hours=POLICY.approvals.hours))
    day = D if status is Status.DECLINED else D + 3 * DAY
    world.now(day + DAY, 3)
    for _ in range(4):
        world.tick()
    assert (world.status, world.ended(day)) == (status, True)
    assert quiet(world.night(day))
    assert world.store.state.findings == {}


def test_what_was_agreed_to_days_later_is_the_night_of_its_sendings(world):
    for days in (1, 2):
        world.now(D + days * DAY, 3).tick()
    world.now(D + 2 * DAY, 11)
    agree(world)
    world.provider.settle(world.payout.unique_reference, "Complete")
    world.now(D + 3 * DAY, 3).tick()
    counts = [world.night(D + number * DAY).counts.get("payouts", 0) for number in range(3)]
    assert counts == [0, 0, 1]
    assert (world.status, world.payout.fee) == (Status.COMPLETED, FEE)
    assert world.store.state.findings == {}


@pytest.mark.parametrize("declined", [False, True])
def test_what_left_all_the_same_is_heard(declined):
    """Nobody sent it, and the provider has paid it: the night does not look away."""
    world = business()
    change_policy(world, replace(POLICY, version=2))
    payout = world.request().payout
    if declined:
        decline(payout.transaction_id, word(reason="No."), **world._ports("payouts", "clock"))
    reference = payout.unique_reference
    world.ledger.tell = lambda _: [Told(reference, "Complete")]
    world.ledger.book = lambda _: [line(reference, "T1", debit=AMOUNT)]
    next_morning(world)
    world.compare()
    expected = Status.DISPUTED if declined else Status.COMPLETED
    assert world.payout(payout.transaction_id).status is expected
    assert world.kinds() == []


def test_its_money_is_held_and_neither_queued_nor_in_the_forecast(world):
    told = look(world)
    one = Sum(AMOUNT, 1)
    assert (told.sums.held, told.sums.queued, told.sums.waiting) == (one, Sum(), Sum())
    assert told.sums.in_flight == Sum()

"""Nothing is sent for a customer who is stopped, and no call goes out behind a closed gate."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.api import health
from chalicelib.domain.errors import CustomerStopped, SignInRefused
from chalicelib.domain.events import Confirmed, Verdict
from chalicelib.domain.money import Money
from chalicelib.domain.patience import attention
from chalicelib.domain.payout import Status
from tests.fakes.courier import FakeCourier
from tests.fakes.provider import NOT_CONNECTED, REFUSED, TIMED_OUT_UNPAID
from tests.usecases.doubt import BOTH
from tests.usecases.test_send import sending
from tests.usecases.world import AMOUNT, World, order

QUARANTINE = timedelta(minutes=31)


def stopped(reply, *, refuses_repeats=True):
    """Two payouts of one customer: the first is disputed, the second met the reply before that."""
    world = World(refuses_repeats=refuses_repeats).open_for_business()
    world.provider.will(REFUSED, reply)
    world.request(order(amount=Money(100)))
    world.request(order(amount=Money(200)), key="another-key-00000")
    first, second = world.payouts
    world.receive(world.teach(b"late", first, Confirmed))
    assert world.store.state.customers["customer-1"].stopped
    return world, second


def now(world, payout):
    return world.store.payouts.get(payout.transaction_id)


def test_a_stopped_customers_queued_payout_waits_before_a_person():
    world, second = stopped(NOT_CONNECTED)
    assert world.poll_after(120) == {"customer_stopped": 1}
    assert not world.provider.paid(second.unique_reference)
    assert now(world, second).status is Status.QUEUED
    assert attention(now(world, second)) == "customer_stopped"
    with pytest.raises(CustomerStopped):
        sending(world, now(world, second))
    for _ in range(3):
        world.poll_after(timedelta(hours=2))
    assert not world.provider.paid(second.unique_reference)


def test_a_stop_that_comes_while_it_is_about_to_be_sent_is_obeyed():
    world = World().open_for_business()
    world.provider.will(NOT_CONNECTED)
    world.request()
    world.once("payouts", "write", world.stop_customer)
    with pytest.raises(CustomerStopped):
        sending(world)
    assert not world.provider.executions
    assert world.status is Status.QUEUED


@BOTH
def test_a_stopped_customers_doubtful_payout_is_not_sent_again(refuses_repeats):
    world, second = stopped(TIMED_OUT_UNPAID, refuses_repeats=refuses_repeats)
    world.poll_after(61)
    for _ in range(4):
        world.poll_after(QUARANTINE)
    assert not world.provider.paid(second.unique_reference)
    assert now(world, second).status is Status.UNCONFIRMED
    assert attention(now(world, second)) == "customer_stopped"


def test_what_a_stopped_customer_was_paid_already_is_heard_all_the_same():
    world, second = stopped(TIMED_OUT_UNPAID)
    world.receive(world.teach(b"paid", second, Confirmed), webhookid="8")
    assert now(world, second).status is Status.COMPLETED


def test_a_claim_of_which_nothing_left_counts_as_no_sending():
    world = World().open_for_business()
    world.provider.will(*[NOT_CONNECTED] * 5)
    world.request()
    for _ in range(4):
        world.poll_after(timedelta(hours=1))
    assert (world.status, world.payout.sends) == (Status.QUEUED, 0)
    world.provider.will(TIMED_OUT_UNPAID)
    world.poll_after(timedelta(hours=1))
    assert (world.status, world.payout.sends) == (Status.UNCONFIRMED, 1)
    world.poll_after(QUARANTINE)
    assert world.executed() == AMOUNT, "it may be sent again as any other"


def test_agreeing_behind_a_closed_gate_makes_no_call():
    world = World().open_for_business()
    world.provider.will(TIMED_OUT_UNPAID)
    world.request()
    world.poll_after(61)
    world.clock.advance(QUARANTINE)
    world.propose(world.payout.transaction_id, Verdict.DEAD)
    world.store.gate.close()
    before = world.payout
    provider = world.meanwhile("provider")
    for _ in range(5):
        with pytest.raises(SignInRefused):
            world.agree(world.payout.transaction_id)
    assert provider.calls == []
    assert world.payout == before


def test_deep_health_behind_a_closed_gate_makes_no_call():
    world = World().open_for_business()
    pings = []

    class Pinged:
        def ping(self, *, within):
            pings.append(within)

    def check():
        health.checked(
            world.store.gate, world.vault, Pinged(), world.dead_letters, FakeCourier(), within=60
        )

    check()
    assert len(pings) == 1
    world.store.gate.close()
    for _ in range(5):
        with pytest.raises(health.Unhealthy):
            check()
    assert len(pings) == 1

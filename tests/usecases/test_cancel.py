"""Only what was never sent is cancelled."""

from __future__ import annotations

import pytest

from chalicelib.domain.errors import Conflict, Contradiction, NotFound, NotPossible, Stale
from chalicelib.domain.events import Escalated
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.payout import Status
from chalicelib.usecases.hear import hear
from tests.fakes.provider import NOT_CONNECTED, REFUSED, TIMED_OUT_UNPAID
from tests.usecases.world import AMOUNT, DEPOSIT, World


@pytest.fixture
def world():
    world = World().open_for_business()
    world.provider.will(NOT_CONNECTED)
    world.request()
    return world


def test_what_waits_in_the_queue_is_cancelled_and_its_money_given_back(world):
    assert world.cancel(world.payout.transaction_id).status is Status.CANCELLED
    assert world.available == DEPOSIT
    world.poll_after(3600)
    assert len(world.provider.requests) == 1
    world.check_equal()


def test_cancelling_again_changes_nothing(world):
    first = world.cancel(world.payout.transaction_id)
    world.clock.advance(1)
    assert world.cancel(world.payout.transaction_id, by="ada") == first
    assert world.events().count("Cancelled") == 1
    assert world.available == DEPOSIT


def test_what_the_provider_contradicts_is_not_cancelled(world):
    before = contradict(world)
    with pytest.raises(Conflict, match="a person has to look"):
        world.cancel(before.transaction_id)
    assert world.payout == before


def contradict(world):
    alarm = Escalated(at=world.clock.now(), by="monoova:webhook", why=CONTRADICTION)
    return hear(world.payout, alarm, payouts=world.store.payouts).payout


def test_nor_is_what_the_provider_contradicts_at_that_moment(world):
    world.once("payouts", "write", lambda: contradict(world))
    with pytest.raises(Conflict, match="a person has to look"):
        world.cancel(world.payout.transaction_id)
    assert (world.payout.status, world.payout.needs_person) == (Status.QUEUED, CONTRADICTION)
    assert world.available == DEPOSIT - AMOUNT


@pytest.mark.parametrize("replies", [[], [REFUSED], [TIMED_OUT_UNPAID]])
def test_what_was_sent_is_not_cancelled(replies):
    world = World().open_for_business()
    world.provider.will(*replies)
    world.request()
    before = world.payout
    with pytest.raises(NotPossible, match="cannot be cancelled") as caught:
        world.cancel(before.transaction_id)
    assert not isinstance(caught.value, Contradiction)
    assert world.payout == before


def test_what_is_on_the_wire_is_not_cancelled(world):
    refused = []

    def try_it():
        with pytest.raises(NotPossible) as caught:
            world.cancel(world.payout.transaction_id)
        refused.append(caught.value.status)

    world.once("provider", "pay", try_it)
    world.poll_after(120)
    assert refused == ["Pending"]
    assert world.available == DEPOSIT - AMOUNT
    world.check_equal()


def test_a_sending_that_was_faster_wins(world):
    world.clock.advance(120)
    world.once("payouts", "write", world.poll)
    with pytest.raises(NotPossible):
        world.cancel(world.payout.transaction_id)
    assert world.status is Status.PENDING
    world.check_equal()


def test_a_cancellation_that_was_faster_wins(world):
    world.once("vault", "unseal", lambda: world.cancel(world.payout.transaction_id))
    assert world.poll_after(120) == {Stale.code: 1}
    assert world.status is Status.CANCELLED
    assert len(world.provider.requests) == 1
    assert world.available == DEPOSIT


def test_an_unknown_payout_is_not_found(world):
    with pytest.raises(NotFound):
        world.cancel("unknown")

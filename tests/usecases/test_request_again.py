"""The key of a payout finds it again, whoever is faster; it never pays twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.destination import PayoutMethod
from chalicelib.domain.errors import (
    Conflict,
    InsufficientFunds,
    KeyTaken,
    RuleBroken,
    Stale,
)
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.payout import Status
from chalicelib.domain.rails import Rail
from tests.fakes.provider import NOT_CONNECTED, REFUSED, TIMED_OUT_AND_PAID
from tests.usecases.world import AMOUNT, DEPOSIT, KEY, World, order


@pytest.fixture
def world():
    return World().open_for_business()


def test_the_same_key_finds_the_same_payout_as_it_is_now(world):
    first = world.request().payout
    world.provider.settle(first.unique_reference, "Complete")
    world.poll_after(31)
    again = world.request()
    assert again.replayed
    assert again.payout == world.payout
    assert again.payout.status is Status.COMPLETED
    assert len(world.provider.requests) == 1
    assert world.available == DEPOSIT - AMOUNT


def test_a_replay_needs_neither_vault_nor_provider_nor_money(world):
    world.request(order(amount=DEPOSIT))
    world.vault.down = world.provider.down = True
    world.stop_customer()
    assert world.request(order(amount=DEPOSIT)).replayed


def test_a_replay_in_flight_sends_nothing(world):
    """While the provider is busy with the first request, the second comes in."""
    seen = []
    world.once("provider", "pay", lambda: seen.append(world.request()))
    assert not world.request().replayed
    assert [(placed.replayed, placed.payout.status) for placed in seen] == [(True, Status.SENDING)]
    assert len(world.provider.executions) == 1


@pytest.mark.parametrize("reply", [REFUSED, NOT_CONNECTED, TIMED_OUT_AND_PAID])
def test_whatever_became_of_it_the_key_does_not_pay_again(world, reply):
    world.provider.will(reply)
    first = world.request().payout
    assert world.request().payout == first
    assert len(world.provider.requests) == 1


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"amount": Money(1)}, ["/amount"]),
        ({"method": PayoutMethod.PAY_ID}, ["/payout_method"]),
        ({"destination_id": "customer-1-destination-0"}, ["/destination_id"]),
        ({"rail": Rail.NPP}, ["/rail"]),
        ({"customer_id": "customer-2"}, ["/customer_id"]),
        ({"reference": "r", "description": "d"}, ["/reference", "/description"]),
    ],
)
def test_the_same_key_with_another_body_is_refused_naming_the_fields(world, changed, fields):
    world.request()
    with pytest.raises(RuleBroken) as caught:
        world.request(order(**changed))
    assert [fault.pointer for fault in caught.value.faults] == fields
    assert {fault.code for fault in caught.value.faults} == {"idempotency_key_reused"}
    assert len(world.payouts) == 1


@pytest.mark.parametrize("wanted", [order(), order(amount=Money(1))])
def test_another_principals_key_is_taken_and_tells_nothing_of_the_payout(world, wanted):
    world.request()
    with pytest.raises(KeyTaken):
        world.request(wanted, by="mallory")
    assert len(world.payouts) == 1


def test_another_key_is_another_payout(world):
    world.request()
    world.request(key=KEY + "0")
    assert len(world.payouts) == len(world.provider.executions) == 2
    world.check_equal()


def overtaken(world, *args, **other):
    """Another request comes in between our reading and our writing."""
    world.once("payouts", "write", lambda: world.request(*args, **other))


def test_the_race_of_the_same_key_has_one_winner_and_the_loser_finds_it(world):
    overtaken(world)
    placed = world.request()
    assert placed.replayed
    assert placed.payout == world.payout
    assert len(world.provider.executions) == 1


def test_the_race_of_the_same_key_for_the_last_money_is_no_lack_of_money(world):
    overtaken(world, order(amount=DEPOSIT))
    assert world.request(order(amount=DEPOSIT)).replayed
    assert world.available == ZERO


def test_the_race_of_the_same_key_by_another_principal_is_lost(world):
    overtaken(world, by="mallory")
    with pytest.raises(KeyTaken):
        world.request()
    assert world.payout.intent.created_by == "mallory"


def test_the_race_of_the_same_key_with_another_body_is_refused(world):
    overtaken(world, order(amount=Money(7)))
    with pytest.raises(RuleBroken):
        world.request()
    assert len(world.payouts) == 1


def test_two_payouts_for_the_same_money_pay_one(world):
    overtaken(world, order(amount=DEPOSIT), key=KEY + "other")
    with pytest.raises(InsufficientFunds):
        world.request(order(amount=DEPOSIT))
    assert len(world.payouts) == len(world.provider.executions) == 1
    world.check_equal()


def test_a_customer_that_was_stopped_meanwhile_is_not_paid(world):
    world.once("payouts", "write", world.stop_customer)
    with pytest.raises(Conflict) as caught:
        world.request()
    assert not isinstance(caught.value, Stale)
    assert not world.payouts
    assert not world.provider.requests


class TornOpening:
    """An opening is several reads: the same key wins after the payout was looked for."""

    def __init__(self, world):
        self._world = world
        self._true = world.store.payouts

    def __getattr__(self, name):
        return getattr(self._true, name)

    def opening(self, question):
        self._world.ports["payouts"] = self._true
        before = self._true.opening(question)
        self._world.request(order(amount=DEPOSIT))
        after = self._true.opening(question)
        return replace(after, payout=before.payout)


def test_whoever_reads_the_balance_after_the_same_key_took_it_is_not_refused():
    world = World().open_for_business()
    world.ports["payouts"] = TornOpening(world)
    placed = world.request(order(amount=DEPOSIT))
    assert placed.replayed
    assert len(world.provider.executions) == 1


def test_a_refusal_without_a_winner_stays_one():
    world = World().open_for_business()
    world.request(key="another-key-00000")
    with pytest.raises(InsufficientFunds):
        world.request(order(amount=DEPOSIT))

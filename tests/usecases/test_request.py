"""Asking for a payout: decided, held, claimed and sent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.destination import BankAccount, PayoutMethod
from chalicelib.domain.errors import (
    Conflict,
    Corrupt,
    InsufficientFunds,
    NotFound,
    RuleBroken,
    StoreUnavailable,
    VaultUnavailable,
)
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.payout import Status
from chalicelib.domain.rails import Rail
from tests.fakes.provider import NOT_CONNECTED, REFUSED, SIGN_IN_REFUSED
from tests.usecases.world import ACCOUNT, AMOUNT, DEPOSIT, KEY, LIMITS, PAYID, World, order


@pytest.fixture
def world():
    return World().open_for_business()


def test_a_payout_is_held_claimed_and_sent(world):
    placed = world.request()
    assert not placed.replayed
    assert placed.payout == world.payout
    assert world.status is Status.PENDING
    assert world.available == DEPOSIT - AMOUNT
    assert world.provider.requests == [placed.payout.unique_reference]
    assert world.events() == ["Requested", "Started", "Accepted"]
    world.check_equal()


def test_the_common_path_makes_three_calls_to_the_store_and_one_to_the_provider(world):
    world.know("customer-1-destination-0")
    payouts, provider = world.meanwhile("payouts"), world.meanwhile("provider")
    world.request()
    assert payouts.calls == ["opening", "write", "write"]
    assert provider.calls == ["pay"]


def test_creating_and_claiming_are_one_write(world):
    """A payout that was asked for and not claimed would be nobody's to send."""
    writes = []
    world.meanwhile(
        "payouts", write=lambda *steps, **_: writes.append([type(s.event).__name__ for s in steps])
    )
    world.request()
    assert writes == [["Requested", "Started"], ["Accepted"]]


@pytest.mark.parametrize(
    ("wanted", "paid"),
    [
        (order(), ACCOUNT),
        (order(method=PayoutMethod.PAY_ID), PAYID),
        (order(destination_id="customer-1-destination-0"), ACCOUNT),
        (order(rail=Rail.DIRECT_ENTRY, description="wages"), ACCOUNT),
    ],
)
def test_the_destination_that_was_asked_for_is_paid(world, wanted, paid):
    world.request(wanted)
    assert [each.destination for each in world.provider.executions] == [paid]
    assert world.payout.intent.rail is (wanted.rail or Rail.NPP)


def test_the_intent_holds_all_that_is_sent(world):
    world.request(order(reference="INV-7", description="settlement"))
    intent = world.payout.intent
    assert (intent.reference, intent.description) == ("INV-7", "settlement")
    assert intent.remitter_name == "Example Pty Ltd"
    assert intent.destination.ciphertext
    assert dict(intent.asked)["amount"] == str(AMOUNT)


def test_behind_a_closed_gate_a_payout_is_queued_and_sent_when_it_opens(world):
    world.store.gate.close()
    placed = world.request()
    assert placed.payout.status is Status.QUEUED
    assert placed.payout.hindrance == "sign_in_refused"
    assert not world.provider.requests
    assert world.available == DEPOSIT - AMOUNT
    assert world.events() == ["Requested", "Delayed"]
    world.store.gate.open(by="ada")
    world.poll_after(120)
    assert world.status is Status.PENDING
    world.check_equal()


@pytest.mark.parametrize("reply", [NOT_CONNECTED, SIGN_IN_REFUSED])
def test_what_was_never_sent_waits_in_the_queue(world, reply):
    world.provider.will(reply)
    assert world.request().payout.status is Status.QUEUED
    assert world.available == DEPOSIT - AMOUNT
    world.poll_after(120)
    assert world.status is Status.PENDING
    world.check_equal()


def test_a_refusal_gives_the_money_back(world):
    world.provider.will(REFUSED)
    assert world.request().payout.status is Status.FAILED
    assert world.available == DEPOSIT
    world.check_equal()


def test_an_unknown_customer_is_not_found(world):
    with pytest.raises(NotFound) as caught:
        world.request(order("customer-9"))
    assert caught.value.what == "customer"
    assert not world.payouts


def test_a_stopped_customer_is_not_paid(world):
    world.stop_customer()
    with pytest.raises(Conflict):
        world.request()
    assert not world.payouts
    assert world.vault.unsealed == 0


def test_all_rules_are_told_at_once(world):
    wanted = order(
        amount=DEPOSIT + Money(1), rail=Rail.DIRECT_ENTRY, method=PayoutMethod.PAY_ID,
        reference="INV-7", description="more than eighteen characters",
    )  # fmt: skip
    with pytest.raises(RuleBroken) as caught:
        world.request(wanted)
    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [
        ("/amount", "above_limit"),
        ("/amount", "insufficient_funds"),
        ("/description", "rail_cannot_carry"),
        ("/reference", "rail_cannot_carry"),
        ("/rail", "rail_cannot_reach"),
    ]
    assert not world.payouts
    assert world.available == DEPOSIT


@pytest.mark.parametrize(
    ("changed", "pointer", "code"),
    [
        ({"amount": ZERO}, "/amount", "below_minimum"),
        ({"amount": Money(-1)}, "/amount", "below_minimum"),
        ({"amount": DEPOSIT + Money(1)}, "/amount", "above_limit"),
        ({"destination_id": "another"}, "/destination_id", "unknown_destination"),
        ({"destination_id": "customer-1-destination-1"}, "/destination_id", "other_method"),
        ({"reference": "x" * 36}, "/reference", "rail_cannot_carry"),
    ],
)
def test_a_rule_is_told_at_its_place(world, changed, pointer, code):
    with pytest.raises(RuleBroken) as caught:
        world.request(order(**changed))
    assert (pointer, code) in [(fault.pointer, fault.code) for fault in caught.value.faults]
    assert not world.payouts


@pytest.mark.parametrize("amount", [LIMITS.least, LIMITS.most], ids=["least", "most"])
def test_the_least_and_the_most_that_one_payout_may_be_are_paid(world, amount):
    assert world.request(order(amount=amount)).payout.status is Status.PENDING


def test_a_missing_destination_is_told_beside_the_rest():
    world = World()
    world.register(destinations=())
    with pytest.raises(RuleBroken) as caught:
        world.request()
    assert {fault.code for fault in caught.value.faults} == {"insufficient_funds", "no_destination"}


def test_a_missing_balance_alone_has_its_own_code():
    world = World()
    world.register()
    with pytest.raises(InsufficientFunds):
        world.request()


def test_direct_entry_reaches_only_accounts_that_it_can_carry():
    world = World()
    world.register(destinations=(BankAccount.parse("062-000", "1234567890", "Jo Citizen"),))
    world.deposit()
    world.credit()
    with pytest.raises(RuleBroken) as caught:
        world.request(order(rail=Rail.DIRECT_ENTRY))
    assert [fault.pointer for fault in caught.value.faults] == ["/rail"]
    assert world.request(key=KEY + "npp").payout.status is Status.PENDING


def test_without_the_vault_nothing_is_stored_and_the_key_stays_good(world):
    world.vault.down = True
    with pytest.raises(VaultUnavailable):
        world.request()
    assert not world.payouts
    assert world.available == DEPOSIT
    world.vault.down = False
    assert not world.request().replayed


def test_a_destination_of_somebody_else_is_never_paid(world):
    world.register("customer-2")
    customers = world.store.state.customers
    customers["customer-1"] = replace(
        customers["customer-1"], destinations=customers["customer-2"].destinations,
        defaults=customers["customer-2"].defaults,
    )  # fmt: skip
    with pytest.raises(Corrupt):
        world.request()
    assert not world.payouts


def test_without_the_store_nothing_is_sent(world):
    world.store.state.down = True
    with pytest.raises(StoreUnavailable):
        world.request()
    assert not world.provider.requests


def test_when_the_reply_to_the_claim_is_lost_nothing_is_sent_until_it_was_asked_for(world):
    world.store.state.lost_replies = 1
    with pytest.raises(StoreUnavailable):
        world.request()
    assert world.status is Status.SENDING
    assert not world.provider.requests
    assert world.request().replayed
    world.poll_after(61)
    assert world.payouts[0].status is Status.UNCONFIRMED
    world.poll_after(1800)
    assert world.payouts[-1].status is Status.PENDING
    world.check_equal()


def test_when_the_outcome_cannot_be_stored_the_claim_is_returned_and_later_resolved(world):
    world.once("provider", "pay", lambda: setattr(world.store.state, "down", True))
    assert world.request().payout.status is Status.SENDING
    world.store.state.down = False
    assert world.status is Status.SENDING
    world.poll_after(61)
    assert world.payouts[0].status is Status.PENDING
    assert world.events()[-1] == "Accepted"
    world.check_equal()

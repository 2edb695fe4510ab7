"""Customers and their destinations; the balance is never edited here."""

from __future__ import annotations

import pytest

from chalicelib.domain.customer import MOST_DESTINATIONS
from chalicelib.domain.destination import BankAccount, PayoutMethod
from chalicelib.domain.errors import (
    Conflict,
    KeyTaken,
    NotFound,
    RuleBroken,
    Stale,
    VaultUnavailable,
)
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Status
from chalicelib.usecases import customers as people
from chalicelib.usecases.customers import Profile
from chalicelib.usecases.destinations import add_destination, make_default, remove_destination
from chalicelib.usecases.edits import TRIES
from tests.fakes.provider import NOT_CONNECTED
from tests.usecases.world import ACCOUNT, DEPOSIT, PAYID, World

OTHER = BankAccount.parse("062-000", "87654321", "Jo Citizen")
FIRST, SECOND = "customer-1-destination-0", "customer-1-destination-1"


@pytest.fixture
def world():
    return World().open_for_business()


def customer(world):
    return world.store.state.customers["customer-1"]


def ports(world, *names):
    return world._ports(*(names or ("customers", "clock")))


def default(customer, method=PayoutMethod.BANK_ACCOUNT):
    chosen = customer.default(method)
    return chosen and chosen.destination_id


def add(world, destination=OTHER, name="added", customer_id="customer-1"):
    return add_destination(
        customer_id, destination, destination_id=name, by="olive",
        **ports(world, "customers", "vault", "clock"),
    )  # fmt: skip


def test_a_customer_is_registered_without_money_and_with_sealed_destinations():
    world = World()
    registered = world.register()
    assert not registered.replayed
    assert registered.customer == customer(world)
    assert customer(world).available == Money(0)
    assert [each.masked for each in customer(world).destinations] == [ACCOUNT.masked, PAYID.masked]
    assert dict(customer(world).defaults) == {
        PayoutMethod.BANK_ACCOUNT: FIRST, PayoutMethod.PAY_ID: SECOND,
    }  # fmt: skip
    stored = repr(customer(world).destinations)
    assert "12345678" not in stored
    assert "jo@" not in stored


def test_the_same_registration_again_changes_nothing(world):
    before = customer(world)
    again = world.register()
    assert again.replayed
    assert again.customer == customer(world) == before
    assert before.available == DEPOSIT


@pytest.mark.parametrize(
    "profile", [Profile("Al Other", "jo@example.com"), Profile("Jo Citizen", "al@example.com")]
)
def test_the_same_key_for_another_person_is_taken(world, profile):
    with pytest.raises(KeyTaken):
        people.register(
            profile, customer_id="customer-1", destination_ids=str, by="olive",
            **ports(world, "customers", "vault", "clock"),
        )  # fmt: skip
    assert customer(world).name == "Jo Citizen"


def test_the_same_key_for_another_destination_is_taken(world):
    with pytest.raises(KeyTaken):
        world.register(destinations=(OTHER, PAYID))
    add(world, OTHER)
    with pytest.raises(KeyTaken):
        add(world, ACCOUNT)
    masked = [each.masked for each in customer(world).destinations]
    assert masked == [ACCOUNT.masked, PAYID.masked, OTHER.masked]


def test_without_the_vault_nobody_is_registered():
    world = World()
    world.vault.down = True
    with pytest.raises(VaultUnavailable):
        world.register()
    assert not world.store.state.customers


def test_a_customer_has_so_many_destinations_and_no_more():
    world = World()
    with pytest.raises(RuleBroken):
        world.register(destinations=[ACCOUNT] * (MOST_DESTINATIONS + 1))
    assert not world.store.state.customers
    world.register(destinations=[ACCOUNT] * MOST_DESTINATIONS)
    with pytest.raises(RuleBroken):
        add(world)
    assert len(customer(world).destinations) == MOST_DESTINATIONS


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"name": "Jo Smith", "email": None}, ("Jo Smith", "jo@example.com")),
        ({"name": None, "email": "js@example.com"}, ("Jo Citizen", "js@example.com")),
        ({"name": None, "email": None}, ("Jo Citizen", "jo@example.com")),
    ],
)
def test_what_is_not_named_stays(world, changed, expected):
    before = customer(world)
    after = people.change("customer-1", **changed, **ports(world))
    assert (after.name, after.email) == expected
    assert after.available == DEPOSIT
    assert customer(world).version == before.version + (after != before)


def test_an_edit_never_writes_a_balance_back(world):
    """Money moves between reading and writing: the edit must not know of it."""
    world.once("customers", "edit", world.request)
    people.change("customer-1", name="Jo Smith", email=None, **ports(world))
    assert customer(world).name == "Jo Smith"
    assert customer(world).available == DEPOSIT - world.payout.intent.amount
    world.check_equal()


def test_of_two_edits_at_once_both_stand(world):
    world.once("customers", "edit", lambda: add(world))
    people.change("customer-1", name="Jo Smith", email=None, **ports(world))
    assert customer(world).name == "Jo Smith"
    assert customer(world).destination("added")


def test_an_edit_that_never_wins_is_given_up(world):
    tries = []

    def stale(*_args, **_told):
        tries.append(1)
        raise Stale("somebody else")

    world.meanwhile("customers", edit=stale)
    with pytest.raises(Stale):
        people.change("customer-1", name="Jo Smith", email=None, **ports(world))
    assert len(tries) == TRIES


def test_a_destination_is_added_once(world):
    add(world)
    again = add(world)
    assert [each.destination_id for each in again.destinations] == [FIRST, SECOND, "added"]
    assert default(again) == FIRST


def test_a_removed_default_is_inherited_by_the_oldest_of_its_method(world):
    add(world)
    left = remove_destination("customer-1", FIRST, **ports(world))
    assert default(left) == "added"
    assert default(left, PayoutMethod.PAY_ID) == SECOND
    none = remove_destination("customer-1", "added", **ports(world))
    assert default(none) is None


def test_removing_another_leaves_the_default(world):
    add(world)
    left = remove_destination("customer-1", "added", **ports(world))
    assert default(left) == FIRST


def test_a_payout_keeps_the_destination_that_was_removed(world):
    world.store.gate.close()
    world.request()
    remove_destination("customer-1", FIRST, **ports(world))
    world.store.gate.open(by="ada")
    world.poll_after(120)
    assert [each.destination for each in world.provider.executions] == [ACCOUNT]


def test_the_default_is_what_is_paid(world):
    add(world)
    make_default("customer-1", "added", **ports(world))
    world.request()
    assert [each.destination for each in world.provider.executions] == [OTHER]


def test_a_stopped_customer_is_resumed_by_a_person(world):
    with pytest.raises(Conflict):
        people.resume("customer-1", **ports(world))
    world.stop_customer()
    assert people.resume("customer-1", **ports(world)).stopped == ""
    world.request()


def test_a_customer_whom_a_person_stops_is_not_sent_what_waits_either(world):
    world.provider.will(NOT_CONNECTED)
    assert world.request().payout.status is Status.QUEUED
    stopped = people.stop("customer-1", by="olive", **ports(world))
    assert people.stop("customer-1", by="anna", **ports(world)) == stopped
    world.poll_after(120)
    assert world.provider.executions == []
    people.resume("customer-1", **ports(world))
    world.poll_after(3600)
    assert len(world.provider.executions) == 1


def test_what_a_dispute_stopped_says_so_whoever_stops_them_too(world):
    world.stop_customer()
    why = world.store.state.customers["customer-1"].stopped
    assert people.stop("customer-1", by="olive", **ports(world)).stopped == why


@pytest.mark.parametrize("whose", ["customer-2", "nobody"])
def test_another_customers_destination_is_not_found(world, whose):
    world.register("customer-2")
    for deed in (remove_destination, make_default):
        with pytest.raises(NotFound):
            deed(whose, FIRST, **ports(world))


def test_nobody_is_not_found(world):
    with pytest.raises(NotFound):
        people.change("nobody", name="x", email=None, **ports(world))
    with pytest.raises(NotFound):
        people.resume("nobody", **ports(world))
    with pytest.raises(NotFound):
        add(world, customer_id="nobody")

"""How destinations stand, and who else is paid at the same place: told before anybody is paid."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.adapters.dynamo.places import MOST
from chalicelib.domain.customer import Erasing, Erasure
from chalicelib.domain.destination import BankAccount
from chalicelib.domain.errors import Conflict, KeyTaken, NotFound, StoreUnavailable
from chalicelib.domain.standing import Standing
from chalicelib.usecases.destinations import add_destination, remove_destination
from chalicelib.usecases.sharing import leave, meet
from tests.fakes.clock import START
from tests.usecases.forgetting import forget, keep
from tests.usecases.world import ACCOUNT, PAYID, World

OTHER = BankAccount.parse("062-000", "87654321", "Jo Citizen")
# The same account under another name.
SAME = BankAccount.parse("062 000", "1234 5678", "J Citizen Pty Ltd")
FIRST, SECOND = "customer-1-destination-0", "customer-1-destination-1"


@pytest.fixture
def world():
    return World()


def customer(world, customer_id="customer-1"):
    return world.store.state.customers[customer_id]


def shared(world, customer_id="customer-1"):
    """With how many others each destination is shared, by the customer's own row."""
    found = customer(world, customer_id)
    return {
        each.destination_id.rpartition("-")[2]: found.standing(each.destination_id).shared
        for each in found.destinations
    }


def named(world, destination=ACCOUNT):
    return world.store.customers.sharing(world.vault.place(destination))


def add(world, customer_id="customer-1", destination=SAME, name="d-added"):
    return add_destination(
        customer_id, destination, destination_id=name, by="otto",
        **world._ports("customers", "vault", "clock"),
    )  # fmt: skip


def remove(world, name, customer_id="customer-1"):
    return remove_destination(customer_id, name, **world._ports("customers", "clock"))


def breaking(world, port, method, at=1):
    """Let one call of a port break off, as if the process had been killed."""
    calls = iter(range(1, 100))

    def broken(*_args, **_told):
        if next(calls) == at:
            raise StoreUnavailable("gone")

    world.meanwhile(port, **{method: broken})


def mended(world):
    world.ports["customers"] = world.store.customers


def test_what_came_with_the_registration_is_no_change():
    world = World()
    world.register()
    assert customer(world).standings == (
        Standing(FIRST, START, "olive", changed=False, place=world.vault.place(ACCOUNT)),
        Standing(SECOND, START, "olive", changed=False, place=world.vault.place(PAYID)),
    )


def test_what_is_added_later_is_a_change_by_somebody_at_a_time(world):
    world.register()
    world.clock.advance(timedelta(days=3))
    after = add(world, destination=OTHER)
    assert after == customer(world)
    assert after.standing("d-added") == Standing(
        "d-added", START + timedelta(days=3), "otto", changed=True, place=world.vault.place(OTHER)
    )
    assert [each.destination_id for each in after.standings] == [FIRST, SECOND, "d-added"]


def test_a_destination_that_nothing_is_known_of_has_been_there_from_the_first(world):
    world.register()
    assert customer(world).standing("unheard-of") == Standing("unheard-of", START)


def test_adding_again_under_the_same_key_leaves_the_standing_as_it_is(world):
    world.register()
    before = add(world, destination=OTHER)
    world.clock.advance(timedelta(days=3))
    assert add(world, destination=OTHER) == before == customer(world)


def test_what_is_known_of_a_destination_goes_with_it(world):
    world.register()
    add(world, destination=OTHER)
    after = remove(world, "d-added")
    assert after == customer(world)
    assert [each.destination_id for each in after.standings] == [FIRST, SECOND]
    assert named(world, OTHER) == frozenset()
    with pytest.raises(NotFound):
        remove(world, "d-added")


def test_the_same_account_under_another_name_is_the_same_place_for_both(world):
    world.register()
    world.register("customer-2", (SAME,))
    assert named(world) == {"customer-1", "customer-2"}
    assert (shared(world), shared(world, "customer-2")) == ({"0": 1, "1": 0}, {"0": 1})


def test_who_adds_what_is_another_s_and_the_other_are_both_told(world):
    world.register()
    world.register("customer-2", (OTHER,))
    assert shared(world) == {"0": 0, "1": 0}
    add(world, "customer-2")
    assert (shared(world), shared(world, "customer-2")) == (
        {"0": 1, "1": 0}, {"0": 0, "added": 1},
    )  # fmt: skip
    assert customer(world, "customer-2").standing("d-added").changed


def test_three_at_one_place_each_know_of_two_others_until_one_leaves(world):
    for number in (1, 2, 3):
        world.register(f"customer-{number}", (ACCOUNT,))
    assert [shared(world, f"customer-{n}") for n in (1, 2, 3)] == [{"0": 2}] * 3
    remove(world, "customer-2-destination-0", "customer-2")
    assert [shared(world, f"customer-{n}") for n in (1, 2, 3)] == [{"0": 1}, {}, {"0": 1}]


def test_of_very_many_at_one_place_the_last_knows_of_the_first_who_know_of_enough(world):
    for number in range(MOST + 2):
        world.register(f"customer-{number}", (ACCOUNT,))
    assert shared(world, "customer-0") == {"0": MOST - 1}
    assert shared(world, f"customer-{MOST + 1}") == {"0": MOST}


def test_two_destinations_of_one_customer_at_one_place_are_no_sharing(world):
    world.register(destinations=(ACCOUNT, SAME))
    assert shared(world) == {"0": 0, "1": 0}
    remove(world, FIRST)
    assert named(world) == {"customer-1"}
    remove(world, SECOND)
    assert named(world) == frozenset()


@pytest.mark.parametrize("method", ["share", "edit", "get", "sharing"])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_adding_that_is_interrupted_anywhere_is_gone_on_with_by_the_same_request(world, method, at):
    world.register()
    world.register("customer-2", (OTHER,))
    breaking(world, "customers", method, at)
    try:
        add(world, "customer-2")
    except StoreUnavailable:
        # Whoever can be paid there is known to the other already.
        if customer(world, "customer-2").destination("d-added"):
            assert shared(world)["0"] == 1
    mended(world)
    add(world, "customer-2")
    assert (shared(world)["0"], shared(world, "customer-2")["added"]) == (1, 1)


@pytest.mark.parametrize("method", ["share", "edit", "get", "sharing", "add"])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_registration_that_is_interrupted_anywhere_is_gone_on_with(world, method, at):
    world.register()
    breaking(world, "customers", method, at)
    try:
        world.register("customer-2", (ACCOUNT,))
    except StoreUnavailable:
        if "customer-2" in world.store.state.customers:
            assert shared(world)["0"] == 1
    mended(world)
    world.register("customer-2", (ACCOUNT,))
    assert (shared(world)["0"], shared(world, "customer-2")["0"]) == (1, 1)


@pytest.mark.parametrize("method", ["unshare", "edit", "get", "sharing"])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_removing_that_is_interrupted_anywhere_is_gone_on_with(world, method, at):
    world.register()
    world.register("customer-2", (ACCOUNT,))
    breaking(world, "customers", method, at)
    try:
        remove(world, "customer-2-destination-0", "customer-2")
        over = True
    except StoreUnavailable:
        over = False
    mended(world)
    if not over:
        remove(world, "customer-2-destination-0", "customer-2")
    assert customer(world, "customer-2").standings == ()
    assert (named(world), shared(world)["0"]) == ({"customer-1"}, 0)


def test_who_comes_while_another_registers_is_told_of_them_and_they_of_him(world):
    world.once("customers", "add", lambda: world.register("customer-2", (ACCOUNT,)))
    world.register("customer-1", (ACCOUNT,))
    assert (shared(world), shared(world, "customer-2")) == ({"0": 1}, {"0": 1})


def test_who_comes_while_another_adds_is_told_of_them_and_they_of_him(world):
    world.register("customer-1", (OTHER,))
    calls = iter(range(10))

    def comes(*_args, **_told):
        # After the writing that he has the place, before the one that he has the destination.
        if next(calls) == 1:
            mended(world)
            world.register("customer-2", (ACCOUNT,))

    world.meanwhile("customers", edit=comes)
    add(world)
    assert shared(world)["added"] == shared(world, "customer-2")["0"] == 1


def test_two_who_register_the_same_at_once_register_it_once(world):
    world.once("customers", "add", lambda: world.register("customer-1", (ACCOUNT,)))
    assert world.register("customer-1", (ACCOUNT,)).replayed
    assert (named(world), shared(world)) == ({"customer-1"}, {"0": 0})


def test_a_key_that_named_another_place_is_taken_even_where_nothing_was_added_yet(world):
    world.register(destinations=(PAYID,))
    breaking(world, "customers", "share")
    with pytest.raises(StoreUnavailable):
        add(world, destination=OTHER)
    mended(world)
    with pytest.raises(KeyTaken):
        add(world, destination=ACCOUNT)
    assert named(world) == frozenset()


def test_what_somebody_removes_while_it_is_added_is_not_added(world):
    world.register(destinations=(PAYID,))

    def removed():
        remove(world, "d-added")

    world.once("customers", "share", removed)
    with pytest.raises(Conflict):
        add(world, destination=OTHER)
    assert customer(world).destination("d-added") is None


def test_two_who_add_the_same_at_once_add_it_once(world):
    world.register(destinations=(PAYID,))
    world.once("customers", "share", lambda: add(world))
    add(world)
    assert len(customer(world).destinations) == 2


@pytest.mark.parametrize("first", ["customer-0", "customer-9"], ids=["before", "behind"])
def test_of_one_whose_registration_was_interrupted_others_are_told_all_the_same(world, first):
    meet(world.vault.place(ACCOUNT), first, **world._ports("customers", "clock"))
    world.register()
    assert shared(world)["0"] == 1
    world.register("customer-2", (ACCOUNT,))
    assert (shared(world)["0"], shared(world, "customer-2")["0"]) == (2, 2)
    remove(world, "customer-2-destination-0", "customer-2")
    leave(world.vault.place(ACCOUNT), first, **world._ports("customers", "clock"))
    assert shared(world)["0"] == 0


def test_destinations_of_before_any_standings_are_kept_added_again_and_removed_as_ever(world):
    world.register()
    add(world, destination=OTHER)
    world.store.state.customers["customer-1"] = replace(customer(world), standings=())
    before = customer(world)
    assert add(world, destination=OTHER) == before
    assert before.standing("d-added") == Standing("d-added", START)
    assert remove(world, "d-added").destination("d-added") is None


def test_who_is_forgotten_is_counted_nowhere_any_more(world):
    world.register(destinations=(SAME, OTHER))
    world.register("customer-2")
    assert forget(world).done
    assert customer(world).standings == ()
    assert (named(world), named(world, OTHER)) == ({"customer-2"}, frozenset())
    assert shared(world, "customer-2") == {"0": 0, "1": 0}


@pytest.mark.parametrize(("method", "at"), [("unshare", 1), ("sharing", 1), ("edit", 3)])
def test_forgetting_that_is_interrupted_counts_them_nowhere_in_the_end(world, method, at):
    world.register(destinations=(SAME,))
    world.register("customer-2")
    breaking(world, "customers", method, at)
    with pytest.raises(StoreUnavailable):
        forget(world)
    assert not customer(world).erased
    mended(world)
    assert forget(world).done
    assert (named(world), shared(world, "customer-2")["0"]) == ({"customer-2"}, 0)


def test_who_is_back_from_a_backup_is_counted_nowhere_again(world):
    world.register(destinations=(SAME,))
    world.register("customer-2")
    before, kept = customer(world), dict(world.store.state.places)
    forget(world)
    world.store.state.customers["customer-1"] = before
    world.store.state.places.update(kept)
    keep(world, whole=True)
    assert customer(world).erased
    assert (named(world), shared(world, "customer-2")["0"]) == ({"customer-2"}, 0)


def test_who_is_being_forgotten_is_told_nothing_any_more(world):
    world.register()
    being = replace(customer(world), erasure=Erasure(Erasing.ASKED, "anna", START))
    world.store.state.customers["customer-1"] = being
    world.register("customer-2", (ACCOUNT,))
    assert customer(world) == being
    assert shared(world, "customer-2") == {"0": 1}

"""Money that comes in, and its allocation: each happens once, and never more than there is."""

from __future__ import annotations

from contextlib import suppress
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.customer import Funds
from chalicelib.domain.errors import (
    Contradiction,
    KeyTaken,
    NotFound,
    RuleBroken,
    Stale,
    StoreUnavailable,
)
from chalicelib.domain.money import ZERO, Money, total
from tests.usecases.world import World


@pytest.fixture
def world():
    world = World()
    world.register()
    return world


def test_a_receipt_is_entered_once(world):
    assert world.deposit(Money(500))
    assert not world.deposit(Money(500))
    assert world.store.state.funds.received == Money(500)
    world.check_books()


def test_a_receipt_whose_reply_was_lost_is_entered_once(world):
    world.store.state.lost_replies = 1
    with pytest.raises(StoreUnavailable):
        world.deposit(Money(500))
    assert not world.deposit(Money(500))
    assert world.store.state.funds.received == Money(500)


def test_a_receipt_that_lost_a_race_is_entered_all_the_same(world):
    world.once("treasury", "write", lambda: world.deposit(Money(7), "N2"))
    assert world.deposit(Money(500))
    assert world.store.state.funds.received == Money(507)


def test_the_same_receipt_at_once_is_entered_once(world):
    world.once("treasury", "write", lambda: world.deposit(Money(500)))
    world.deposit(Money(500))
    assert world.store.state.funds.received == Money(500)
    assert len(world.store.state.entries) == 1


def test_a_race_that_does_not_end_is_given_up(world):
    def stale(*_args, **_told):
        raise Stale("somebody else")

    world.meanwhile("treasury", write=stale)
    with pytest.raises(StoreUnavailable):
        world.deposit(Money(500))
    world.store.state.funds = Funds(Money(500), Money(500))
    with pytest.raises(StoreUnavailable):
        world.credit(Money(500))


def test_a_credit_is_given_out_of_the_unallocated(world):
    world.deposit(Money(500))
    given_ = world.credit(Money(300))
    assert not given_.replayed
    assert (given_.credit.reason, given_.credit.created_by) == ("settlement", "ada")
    assert world.available == Money(300)
    assert world.store.state.funds.unallocated == Money(200)
    world.check_books()


@pytest.mark.parametrize("cents", [501, 10**9, 0, -1, -500])
def test_a_credit_never_exceeds_the_unallocated_nor_takes_anything(world, cents):
    world.deposit(Money(500))
    with pytest.raises(RuleBroken):
        world.credit(Money(cents))
    assert world.available == ZERO
    assert world.store.state.funds.unallocated == Money(500)


def test_the_same_key_gives_once(world):
    world.deposit(Money(500))
    first = world.credit(Money(300))
    world.clock.advance(60)
    again = world.credit(Money(300))
    assert (again.replayed, again.credit) == (True, first.credit)
    assert world.available == Money(300)


def test_the_same_key_is_known_even_when_nothing_is_left(world):
    world.deposit(Money(500))
    world.credit(Money(500))
    assert world.credit(Money(500)).replayed


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"amount": Money(1)}, "/amount"),
        ({"customer_id": "customer-2"}, "/customer_id"),
        ({"reason": "other"}, "/reason"),
    ],
)
def test_the_same_key_for_another_credit_is_refused_naming_the_fields(world, changed, pointer):
    world.register("customer-2")
    world.deposit(Money(500))
    world.credit(Money(300))
    with pytest.raises(RuleBroken) as caught:
        world.credit(**{"amount": Money(300), **changed})
    assert [fault.pointer for fault in caught.value.faults] == [pointer]
    assert world.store.state.funds.unallocated == Money(200)


def test_another_principals_key_is_taken(world):
    world.deposit(Money(500))
    world.credit(Money(300))
    with pytest.raises(KeyTaken):
        world.credit(Money(300), by="mallory")


def test_a_credit_for_nobody_is_not_given(world):
    world.deposit(Money(500))
    with pytest.raises(NotFound):
        world.credit(Money(300), customer_id="customer-9")
    assert world.store.state.funds.unallocated == Money(500)


def test_of_two_credits_for_the_same_money_one_is_given(world):
    world.deposit(Money(500))
    world.once("treasury", "write", lambda: world.credit(Money(400), key="another-key-0000"))
    with pytest.raises(RuleBroken):
        world.credit(Money(400))
    assert world.available == Money(400)
    world.check_books()


def test_the_same_credit_at_once_is_given_once(world):
    world.deposit(Money(500))
    world.once("treasury", "write", lambda: (world.clock.advance(1), world.credit(Money(200))))
    assert world.credit(Money(200)).replayed
    assert world.available == Money(200)


def test_the_same_key_of_two_principals_at_once_is_the_first_ones(world):
    world.deposit(Money(500))
    world.once("treasury", "write", lambda: world.credit(Money(200), by="mallory"))
    with pytest.raises(KeyTaken):
        world.credit(Money(200))
    assert world.available == Money(200)


def test_a_credit_whose_reply_was_lost_is_given_once(world):
    world.deposit(Money(500))
    world.store.state.lost_replies = 1
    with pytest.raises(StoreUnavailable):
        world.credit(Money(300))
    assert world.credit(Money(300)).replayed
    assert world.available == Money(300)


@given(st.lists(st.tuples(st.booleans(), st.integers(-5, 60), st.integers(0, 3)), max_size=25))
def test_whatever_is_asked_credits_never_exceed_receipts(asked):
    world = World()
    world.register()
    told: dict[int, Money] = {}
    for deposits, cents, name in asked:
        amount = Money(abs(cents) + 1)
        if not deposits:
            with suppress(RuleBroken):
                world.credit(Money(cents), key=f"credit-key-{name:06d}")
        elif told.setdefault(name, amount) == amount:
            world.deposit(amount, f"N{name}")
        else:
            with pytest.raises(Contradiction):
                world.deposit(amount, f"N{name}")
        assert world.store.state.funds.received == total(told.values())
        assert world.available <= world.store.state.funds.received
        world.check_books()


def test_many_at_once_lose_nothing(world):
    threads = [
        Thread(target=world.deposit, args=(Money(1), f"N{number % 10}")) for number in range(30)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert world.store.state.funds.received == Money(10)
    world.check_books()


def test_a_credit_given_at_once_by_the_same_key_is_not_called_too_much(world):
    world.deposit(Money(500))
    world.once("treasury", "credit", lambda: world.credit(Money(500)))
    assert world.credit(Money(500)).replayed


def test_a_credit_given_between_two_looks_is_a_replay(world):
    world.deposit(Money(500))
    world.once("treasury", "funds", lambda: world.credit(Money(500)))
    assert world.credit(Money(500)).replayed

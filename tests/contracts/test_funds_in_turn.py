"""Entries of the funds that come out of turn: stale whatever the version that they were read at."""

from __future__ import annotations

import pytest

from chalicelib.domain.errors import Stale
from chalicelib.domain.funding import Receipt, credit, receive
from tests.contracts.making import a_credit, balance, dollars, rich_customer
from tests.fakes.clock import START


def a_receipt(receipt_id):
    return Receipt(receipt_id, dollars("5.00"), "NPP", START, reference="INV 7")


def test_a_receipt_on_funds_that_others_have_moved_on_is_stale_and_leaves_nothing(store):
    rich_customer(store, "100.00")
    old = store.treasury.funds()
    store.treasury.write(receive(old, a_receipt("N1")))
    now = store.treasury.funds()
    assert old.version > 0
    with pytest.raises(Stale):
        store.treasury.write(receive(old, a_receipt("N2")))
    assert store.treasury.funds() == now
    assert store.treasury.received("N2") is None


def test_of_two_credits_for_the_same_money_the_second_is_stale_and_gives_nothing(store):
    rich_customer(store, "100.00")
    store.treasury.write(receive(store.treasury.funds(), a_receipt("N1")))
    seen = store.treasury.funds()
    store.treasury.write(credit(seen, a_credit("5.00")))
    with pytest.raises(Stale):
        store.treasury.write(credit(seen, a_credit("5.00")))
    assert balance(store) == dollars("105.00")
    assert store.treasury.funds().unallocated == dollars("0.00")

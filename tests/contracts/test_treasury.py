"""What `Treasury` promises: each receipt and credit once, whole, and the funds always their sum."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.customer import Funds
from chalicelib.domain.errors import NotFound, Stale
from chalicelib.domain.funding import Receipt, credit, receive
from chalicelib.domain.money import ZERO, Money
from tests.contracts.making import a_credit, a_customer, a_notice, dollars
from tests.fakes.clock import START


def a_receipt(amount="100.00", receipt_id="N00100000000"):
    return Receipt(receipt_id, dollars(amount), "NPP", START, reference="INV 7")


def banked(store, amount="100.00", receipt_id="N00100000000"):
    entry = receive(store.treasury.funds(), a_receipt(amount, receipt_id))
    store.treasury.write(entry)
    return entry


def test_the_funds_are_empty_at_the_beginning(store):
    assert store.treasury.funds() == Funds()
    assert store.treasury.received("N00100000000") is None
    assert store.treasury.credit("no-such-credit") is None


def test_money_received_is_unallocated(store):
    entry = banked(store, "0.10")
    assert store.treasury.funds() == entry.after
    assert store.treasury.funds().unallocated == dollars("0.10")
    assert store.treasury.received("N00100000000") == dollars("0.10")
    assert store.treasury.received("N00100000001") is None


def test_a_credit_makes_unallocated_money_a_customers(store):
    store.customers.add(a_customer())
    banked(store, "100.00")
    given = a_credit("33.34")
    store.treasury.write(credit(store.treasury.funds(), given))
    funds = store.treasury.funds()
    assert (funds.received, funds.unallocated) == (dollars("100.00"), dollars("66.66"))
    assert store.customers.get("customer-1").available == dollars("33.34")
    assert store.treasury.credit(given.credit_id) == given


def test_a_customer_who_is_stopped_gets_their_credit(store):
    store.customers.add(replace(a_customer(), stopped="asked by the bank"))
    banked(store)
    store.treasury.write(credit(store.treasury.funds(), a_credit("1.00")))
    assert store.customers.get("customer-1").available == dollars("1.00")


def test_a_credit_to_nobody_leaves_nothing(store):
    before = banked(store).after
    given = a_credit("1.00", customer_id="nobody")
    with pytest.raises(NotFound):
        store.treasury.write(credit(before, given))
    assert store.treasury.funds() == before
    assert store.treasury.credit(given.credit_id) is None
    assert store.customers.get("nobody") is None


def test_a_receipt_counts_once(store):
    after = banked(store).after
    with pytest.raises(Stale):
        banked(store)
    assert store.treasury.funds() == after


def test_another_amount_under_the_id_of_a_receipt_changes_nothing_of_the_first(store):
    after = banked(store, "100.00").after
    with pytest.raises(Stale):
        banked(store, "99.99")
    assert store.treasury.received("N00100000000") == dollars("100.00")
    assert store.treasury.funds() == after


def test_a_credit_is_no_receipt(store):
    store.customers.add(a_customer())
    banked(store)
    given = a_credit("1.00")
    store.treasury.write(credit(store.treasury.funds(), given))
    assert store.treasury.received(given.credit_id) is None


def test_a_credit_counts_once(store):
    store.customers.add(a_customer())
    banked(store)
    given = a_credit("1.00")
    store.treasury.write(credit(store.treasury.funds(), given))
    with pytest.raises(Stale):
        store.treasury.write(credit(store.treasury.funds(), given))
    assert store.customers.get("customer-1").available == dollars("1.00")
    assert store.treasury.funds().unallocated == dollars("99.00")


def test_an_entry_on_funds_that_have_changed_is_stale_and_leaves_nothing(store):
    store.customers.add(a_customer())
    old = store.treasury.funds()
    after = banked(store).after
    with pytest.raises(Stale):
        store.treasury.write(receive(old, a_receipt(receipt_id="N2")), notice=a_notice())
    with pytest.raises(Stale):
        store.treasury.write(credit(replace(after, version=7), a_credit("1.00")))
    assert store.treasury.funds() == after
    assert store.treasury.received("N2") is None
    assert not store.notices.known(a_notice().key)
    assert store.customers.get("customer-1").available == ZERO


def test_writing_the_same_entry_again_is_success_and_counts_once(store):
    store.customers.add(a_customer())
    first = banked(store)
    second = credit(first.after, a_credit("1.00"))
    store.treasury.write(second)
    for entry in (first, second):
        store.treasury.write(entry)
    assert store.treasury.funds() == second.after
    assert store.customers.get("customer-1").available == dollars("1.00")


def test_a_notice_is_kept_with_the_receipt_that_it_tells_of(store):
    entry = receive(store.treasury.funds(), a_receipt())
    store.treasury.write(entry, notice=a_notice())
    assert store.notices.known(a_notice().key)


def test_a_notice_that_was_kept_before_does_not_hold_up_its_receipt(store):
    store.notices.keep(a_notice())
    entry = receive(store.treasury.funds(), a_receipt())
    store.treasury.write(entry, notice=a_notice())
    assert store.treasury.funds() == entry.after


def test_an_entry_that_is_not_sound_is_refused(store):
    entry = receive(store.treasury.funds(), a_receipt())
    for unsound in (
        replace(entry, postings=entry.postings[:1]),
        replace(entry, after=replace(entry.after, version=2)),
    ):
        with pytest.raises(ValueError, match="entry"):
            store.treasury.write(unsound)
    assert store.treasury.funds() == Funds()


def test_many_entries_add_up_exactly(store):
    for number in range(10):
        banked(store, "0.10", f"N{number}")
    assert store.treasury.funds().received == Money(100)
    assert store.treasury.funds().version == 10

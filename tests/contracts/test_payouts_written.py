"""What `Payouts` promises of writing: whole or not at all, once, and only on what was read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.errors import Conflict, CustomerStopped, InsufficientFunds, Stale
from chalicelib.domain.events import Asked
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Status
from tests.contracts.making import (
    a_notice,
    accepted,
    an_intent,
    balance,
    claimed,
    confirmed,
    dollars,
    hear,
    refused,
    rejected,
    rich_customer,
)
from tests.fakes.clock import START


def test_a_new_payout_is_read_as_it_was_written_and_its_amount_is_held(store):
    rich_customer(store, "100.00")
    intent = an_intent("33.10")
    written = store.payouts.write(*claimed(intent))
    assert written.status is Status.SENDING
    assert store.payouts.get(intent.transaction_id) == written
    assert balance(store) == dollars("66.90")


def test_what_is_not_there_is_nothing(store):
    assert store.payouts.get("no-such-payout") is None
    assert list(store.payouts.steps("no-such-payout")) == []


def test_a_second_payout_of_the_same_id_is_stale_and_takes_nothing(store):
    rich_customer(store, "100.00")
    intent = an_intent("10.00")
    first = store.payouts.write(*claimed(intent))
    with pytest.raises(Stale):
        store.payouts.write(*claimed(intent))
    assert store.payouts.get(intent.transaction_id) == first
    assert balance(store) == dollars("90.00")


def test_a_payout_that_is_there_already_is_stale_even_where_the_money_is_gone(store):
    rich_customer(store, "10.00")
    intent = an_intent("10.00")
    store.payouts.write(*claimed(intent))
    with pytest.raises(Stale):
        store.payouts.write(*claimed(intent))


def test_the_whole_balance_may_be_paid_out_and_not_a_cent_more(store):
    rich_customer(store, "0.30")
    for part in ("0.10", "0.20"):
        store.payouts.write(*claimed(an_intent(part)))
    assert balance(store) == Money(0)
    one_cent = an_intent("0.01")
    with pytest.raises(InsufficientFunds):
        store.payouts.write(*claimed(one_cent))
    assert balance(store) == Money(0)


def test_a_refused_payout_leaves_nothing_at_all(store):
    rich_customer(store, "5.00")
    intent, notice = an_intent("5.01"), a_notice()
    with pytest.raises(InsufficientFunds):
        store.payouts.write(*claimed(intent), notice=notice)
    assert store.payouts.get(intent.transaction_id) is None
    assert list(store.payouts.steps(intent.transaction_id)) == []
    assert not store.notices.known(notice.key)
    assert balance(store) == dollars("5.00")


def test_amounts_are_exact_to_the_cent(store):
    for amount in ("0.01", "0.29", "1000.00", "99999999.99", "200000000000.00"):
        rich_customer(store, amount, amount)
        assert balance(store, amount) == dollars(amount)
        intent = an_intent(amount, customer_id=amount)
        store.payouts.write(*claimed(intent))
        assert store.payouts.get(intent.transaction_id).intent.amount == dollars(amount)
        assert balance(store, amount) == Money(0)


def test_a_customer_who_is_stopped_is_not_paid(store):
    customer = rich_customer(store, "100.00")
    store.customers.edit(replace(customer, stopped="asked by the bank"), version=1)
    intent = an_intent()
    with pytest.raises(CustomerStopped):
        store.payouts.write(*claimed(intent))
    assert store.payouts.get(intent.transaction_id) is None
    assert balance(store) == dollars("100.00")


def test_a_customer_who_does_not_exist_is_not_paid(store):
    intent = an_intent(customer_id="nobody")
    with pytest.raises(Conflict) as told:
        store.payouts.write(*claimed(intent))
    assert not isinstance(told.value, Stale)
    assert store.payouts.get(intent.transaction_id) is None


def test_news_of_a_payout_is_heard_although_its_customer_is_stopped(store):
    rich_customer(store, "100.00")
    payout = store.payouts.write(*claimed(an_intent("10.00")))
    store.customers.edit(replace(store.customers.get("customer-1"), stopped="why"), version=1)
    assert hear(store, payout, rejected()).status is Status.REJECTED
    assert balance(store) == dollars("100.00")


def test_a_step_on_what_is_no_longer_so_is_stale_and_changes_nothing(store):
    rich_customer(store, "100.00")
    sending = store.payouts.write(*claimed(an_intent("10.00")))
    completed = hear(store, sending, confirmed())
    with pytest.raises(Stale):
        store.payouts.write(advance(sending, refused()), notice=a_notice())
    assert store.payouts.get(sending.transaction_id) == completed
    assert balance(store) == dollars("90.00")
    assert len(store.payouts.steps(sending.transaction_id)) == 3
    assert not store.notices.known(a_notice().key)


def test_a_step_from_an_older_version_of_the_same_status_is_stale(store):
    rich_customer(store)
    pending = hear(store, store.payouts.write(*claimed(an_intent())), accepted())
    looks = [
        advance(pending, Asked(at=START, by="poller", attempt=1, found=found))
        for found in (True, False)
    ]
    store.payouts.write(looks[0])
    with pytest.raises(Stale):
        store.payouts.write(looks[1])
    assert store.payouts.get(pending.transaction_id) == looks[0].after


def test_a_step_from_another_status_of_the_same_version_is_stale(store):
    rich_customer(store)
    sending = store.payouts.write(*claimed(an_intent()))
    mistaken = replace(sending, status=Status.RESENDING)
    with pytest.raises(Stale):
        store.payouts.write(advance(mistaken, accepted()))


def test_a_step_of_a_payout_that_is_not_there_is_stale(store):
    rich_customer(store)
    sending = claimed(an_intent())[1].after
    with pytest.raises(Stale):
        store.payouts.write(advance(sending, accepted()))
    assert store.payouts.get(sending.transaction_id) is None


def test_money_given_back_is_available_again(store):
    rich_customer(store, "100.00")
    payout = store.payouts.write(*claimed(an_intent("99.99")))
    assert balance(store) == dollars("0.01")
    hear(store, payout, refused())
    assert balance(store) == dollars("100.00")

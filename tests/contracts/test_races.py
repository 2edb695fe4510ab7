"""What holds when many write at once: one wins each step, and no balance falls below zero."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

from chalicelib.domain.advance import advance, replay
from chalicelib.domain.errors import InsufficientFunds, PayoutError, Stale
from chalicelib.domain.funding import Receipt, receive
from chalicelib.domain.money import Money, total
from tests.contracts.making import (
    a_customer,
    accepted,
    an_intent,
    balance,
    begun,
    claim,
    claimed,
    confirmed,
    dollars,
    refused,
    rich_customer,
)
from tests.fakes.clock import START


def at_once(*calls):
    """What each call returned or raised, all of them started at the same moment."""
    barrier = Barrier(len(calls))

    def run(call):
        barrier.wait(30)
        try:
            return call()
        except PayoutError as error:
            return error

    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # else Python's own lock hides the lack of any other
    try:
        with ThreadPoolExecutor(len(calls)) as threads:
            return list(threads.map(run, calls))
    finally:
        sys.setswitchinterval(usual)


def errors(results):
    return [type(each) for each in results if isinstance(each, Exception)]


def test_of_many_who_claim_a_payout_one_wins(store):
    rich_customer(store)
    queued = store.payouts.write(begun(an_intent()))
    claims = [claim(queued) for _ in range(8)]
    results = at_once(*(lambda step=step: store.payouts.write(step) for step in claims))
    won = [each for each in results if not isinstance(each, Exception)]
    assert len(won) == 1
    assert errors(results) == [Stale] * 7
    assert store.payouts.get(queued.transaction_id) == won[0]
    assert len(store.payouts.steps(queued.transaction_id)) == 2


def test_many_payouts_of_one_customer_are_claimed_at_once(store):
    rich_customer(store)
    queued = [store.payouts.write(begun(an_intent("1.00"))) for _ in range(8)]
    claims = [claim(each) for each in queued]
    results = at_once(*(lambda step=step: store.payouts.write(step) for step in claims))
    assert results == [step.after for step in claims]


def test_of_many_who_create_the_same_payout_one_wins_and_it_is_paid_for_once(store):
    rich_customer(store, "100.00")
    intent = an_intent("60.00")
    tries = [claimed(intent) for _ in range(8)]
    results = at_once(*(lambda steps=steps: store.payouts.write(*steps) for steps in tries))
    assert errors(results) == [Stale] * 7
    assert balance(store) == dollars("40.00")


def test_of_many_who_spend_more_than_half_of_a_balance_one_may(store):
    rich_customer(store, "100.00")
    intents = [an_intent("60.00") for _ in range(32)]
    results = at_once(
        *(lambda intent=intent: store.payouts.write(*claimed(intent)) for intent in intents)
    )
    assert errors(results) == [InsufficientFunds] * 31
    assert balance(store) == dollars("40.00")
    assert sum(store.payouts.get(each.transaction_id) is not None for each in intents) == 1


def test_what_many_take_and_give_back_at_once_adds_up(store):
    rich_customer(store, "10.00")
    sending = [store.payouts.write(*claimed(an_intent("1.00"))) for _ in range(8)]
    more = [an_intent("0.33") for _ in range(8)]
    at_once(
        *(lambda each=each: store.payouts.write(advance(each, refused())) for each in sending),
        *(lambda each=each: store.payouts.write(*claimed(each)) for each in more),
    )
    spent = [store.payouts.get(each.transaction_id) for each in more]
    taken = total(each.intent.amount for each in spent if each is not None)
    assert balance(store) == dollars("10.00") - taken
    assert taken >= dollars("1.98")


def test_of_two_different_outcomes_one_is_written_and_the_steps_stay_whole(store):
    rich_customer(store, "10.00")
    intent = an_intent("1.00")
    sending = store.payouts.write(*claimed(intent))
    news = (accepted(), confirmed(), refused())
    results = at_once(
        *(lambda event=event: store.payouts.write(advance(sending, event)) for event in news)
    )
    assert errors(results) == [Stale, Stale]
    events = [step.event for step in store.payouts.steps(intent.transaction_id)]
    assert replay(intent, events) == store.payouts.get(intent.transaction_id)


def test_receipts_that_arrive_at_once_are_each_counted_once(store):
    receipts = [Receipt(str(uuid4()), Money(cents), "NPP", START) for cents in range(1, 7)]

    def bank(receipt):
        while store.treasury.received(receipt.receipt_id) is None:
            try:
                store.treasury.write(receive(store.treasury.funds(), receipt))
            except Stale:
                continue

    # Each arrives twice.
    at_once(*(lambda each=each: bank(each) for each in receipts * 2))
    funds = store.treasury.funds()
    assert funds.received == funds.unallocated == Money(21)
    assert funds.version == len(receipts)


def test_of_many_who_register_or_edit_a_customer_one_wins(store):
    results = at_once(*(lambda: store.customers.add(a_customer()) for _ in range(6)))
    assert errors(results) == [Stale] * 5
    results = at_once(*(lambda: store.customers.edit(a_customer(), version=1) for _ in range(6)))
    assert errors(results) == [Stale] * 5
    assert store.customers.get("customer-1").version == 2

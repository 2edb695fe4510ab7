"""A write that got no answer stays in doubt until that is cleared up, whatever it meets next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.errors import CustomerStopped, InsufficientFunds, StoreUnavailable
from tests.adapters.dynamo_faults import TIMED_OUT, TRANSACT, meanwhile, refusing
from tests.contracts.making import an_intent, begun, claim, claimed, rich_customer

BUSY = refusing("ThrottlingException")


def test_missing_money_is_no_proof_although_a_busy_store_came_between(store, faults, others):
    rich_customer(store, "100.00")
    theirs = claimed(an_intent("60.00"))
    faults.before(TRANSACT, meanwhile(lambda: others.payouts.write(*theirs), TIMED_OUT), BUSY)
    with pytest.raises(StoreUnavailable):
        store.payouts.write(*claimed(an_intent("60.00")))
    # Without a sending that got no answer it is one, and a busy store changes nothing of that.
    faults.before(TRANSACT, BUSY)
    with pytest.raises(InsufficientFunds):
        store.payouts.write(*claimed(an_intent("60.00")))


def test_a_stop_is_no_proof_although_a_busy_store_came_between(store, faults, others):
    rich_customer(store, "100.00")
    queued = store.payouts.write(begun(an_intent("60.00")))

    def stop():
        customer = others.customers.get("customer-1")
        stopped = replace(customer, stopped="by a person", version=customer.version + 1)
        others.customers.edit(stopped, version=customer.version)

    faults.before(TRANSACT, meanwhile(stop, TIMED_OUT), BUSY)
    with pytest.raises(StoreUnavailable):
        store.payouts.write(claim(queued))
    with pytest.raises(CustomerStopped):
        store.payouts.write(claim(queued))
    assert store.payouts.get(queued.transaction_id) == queued

"""How often the store is asked: the fewest calls that can do it, and never a scan."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.errors import Stale
from chalicelib.domain.funding import Receipt, receive
from chalicelib.ports import PayoutFilter
from tests.adapters.dynamo_faults import Faults
from tests.contracts.making import (
    a_notice,
    a_question,
    accepted,
    an_intent,
    begun,
    claim,
    claimed,
    confirmed,
    dollars,
    rich_customer,
)
from tests.contracts.paging import TODAY
from tests.contracts.stores import dynamo_store
from tests.fakes.clock import START

ONE_TRANSACTION = Counter({"TransactWriteItems": 1})


@pytest.fixture
def store(ministack):
    with dynamo_store(ministack.environment["AWS_ENDPOINT_URL"]) as made:
        rich_customer(made)
        made.calls.clear()
        yield made


def test_a_payout_is_created_and_claimed_by_one_read_and_one_transaction(store):
    intent = an_intent()
    assert store.payouts.opening(a_question(intent.transaction_id)).customer
    store.payouts.write(*claimed(intent))
    assert store.calls == {"BatchGetItem": 1, "TransactWriteItems": 1}


def test_an_outcome_is_one_transaction(store):
    payout = store.payouts.write(*claimed(an_intent()))
    store.calls.clear()
    store.payouts.write(advance(payout, accepted()))
    assert store.calls == ONE_TRANSACTION


def test_a_webhook_is_one_read_and_one_transaction(store):
    payout = store.payouts.write(*claimed(an_intent()))
    store.calls.clear()
    read = store.payouts.get(payout.transaction_id)
    store.payouts.write(advance(read, confirmed()), notice=a_notice())
    assert store.calls == {"GetItem": 1, "TransactWriteItems": 1}


def test_a_receipt_is_one_read_and_one_transaction(store):
    receipt = Receipt("N1", dollars("1.00"), "NPP", START)
    store.treasury.write(receive(store.treasury.funds(), receipt), notice=a_notice())
    assert store.calls == {"GetItem": 1, "TransactWriteItems": 1}


def test_a_lost_race_costs_no_further_call(store):
    queued = store.payouts.write(begun(an_intent()))
    store.payouts.write(claim(queued))
    store.calls.clear()
    with pytest.raises(Stale):
        store.payouts.write(claim(queued), notice=a_notice())
    assert store.calls == ONE_TRANSACTION


def test_all_that_is_decided_upon_is_read_consistently(store):
    faults = Faults(store.client)
    payout = store.payouts.write(*claimed(an_intent()))
    store.payouts.opening(a_question(payout.transaction_id))
    store.payouts.get(payout.transaction_id)
    store.payouts.steps(payout.transaction_id)
    store.customers.get("customer-1")
    store.treasury.funds()
    store.treasury.credit("any")
    store.treasury.received("any")
    store.notices.known("any")
    store.gate.closed()
    store.liquidity.outlook()
    reads = [*faults.requests["GetItem"], *faults.requests["Query"]]
    (batch,) = faults.requests["BatchGetItem"]
    reads += batch["RequestItems"].values()
    assert len(reads) == 12
    assert all(read["ConsistentRead"] is True for read in reads)


def test_work_that_is_due_is_asked_for_in_each_bucket_once_and_only_when_wanted(store):
    for _ in range(20):
        store.payouts.write(begun(an_intent("0.10")))
    store.calls.clear()
    due = store.payouts.due(START + timedelta(hours=1))
    assert store.calls == {}
    assert len(list(due)) == 20
    assert store.calls == {"Query": 8}


def test_a_page_asks_a_bounded_number_of_times_and_says_where_to_go_on(store):
    wanted = PayoutFilter(TODAY - timedelta(days=364), TODAY)
    page = store.payouts.page(wanted, limit=5, position=None)
    assert list(page.items) == []
    assert page.position is not None
    assert store.calls == {"Query": 20}


def test_a_page_of_a_customer_is_one_question(store):
    for minute in range(3):
        store.payouts.write(*claimed(an_intent("0.10", at=START + timedelta(minutes=minute))))
    store.calls.clear()
    wanted = PayoutFilter(TODAY, TODAY, "customer-1")
    page = store.payouts.page(wanted, limit=2, position=None)
    assert len(page.items) == 2
    assert store.calls == {"Query": 1}


def test_the_guard_against_scans_guards(store):
    with pytest.raises(AssertionError, match="scan"):
        store.client.scan(TableName=store.tables.transactions)

"""Answers that DynamoDB cuts short: what was left out is asked for, in every list and trail."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.events import Asked
from chalicelib.domain.payout import Status
from chalicelib.ports import PayoutFilter
from tests.contracts.making import an_intent, begun, claimed, confirmed, hear, rich_customer
from tests.contracts.paging import TODAY, everything, listed
from tests.contracts.stores import dynamo_store
from tests.fakes.clock import START

MOST = 2


@pytest.fixture
def store(ministack):
    """A store whose every answer has two rows at most, as if rows were half a megabyte each."""

    def shorten(params, **_more):
        params["Limit"] = min(params.get("Limit", MOST), MOST)

    with dynamo_store(ministack.environment["AWS_ENDPOINT_URL"]) as made:
        assert made.client is not None
        made.client.meta.events.register("provide-client-params.dynamodb.Query", shorten)
        rich_customer(made)
        made.calls.clear()
        yield made


def test_the_guard_cuts_answers_short(store):
    for minute in range(3):
        store.payouts.write(begun(an_intent("0.10", at=START + timedelta(minutes=minute))))
    store.calls.clear()
    store.payouts.page(PayoutFilter(TODAY, TODAY, "customer-1"), limit=10, position=None)
    assert store.calls == {"Query": 2}


def test_the_steps_are_whole(store):
    payout = store.payouts.write(*claimed(an_intent()))
    looks = [Asked(at=START, by="poller", attempt=1, found=False) for _ in range(5)]
    payout = hear(store, payout, *looks)
    steps = store.payouts.steps(payout.transaction_id)
    assert [step.sequence for step in steps] == list(range(1, 8))


def test_all_work_that_is_due_is_found_in_order(store):
    ids = []
    for minute in range(40):
        first = begun(an_intent("0.10", at=START + timedelta(minutes=minute)))
        ids.append(store.payouts.write(first).transaction_id)
    assert list(store.payouts.due(START + timedelta(days=1))) == ids
    assert store.calls["Query"] > 20


@pytest.mark.parametrize("name", ["", "customer-1"])
def test_a_rare_status_is_found_behind_all_others(store, name):
    rare = store.payouts.write(*claimed(an_intent("0.10")))
    hear(store, rare, confirmed())
    for minute in range(1, 60):
        store.payouts.write(begun(an_intent("0.10", at=START + timedelta(minutes=minute))))
    wanted = PayoutFilter(TODAY, TODAY, name, frozenset({Status.COMPLETED}))
    first = store.payouts.page(wanted, limit=5, position=None)
    assert list(first.items) == []
    assert first.position is not None
    assert listed(store, wanted, limit=5) == [rare.transaction_id]


def test_customers_and_parked_letters_are_all_listed(store):
    for number in range(2, 8):
        rich_customer(store, "0.00", f"customer-{number}")
    assert len(everything(store.customers.page, limit=4)) == 7

"""One row that cannot be read costs itself only: no list stops at it, and each names it."""

from __future__ import annotations

import json

import pytest

from chalicelib.adapters.dynamo.values import to_item
from chalicelib.domain.errors import Corrupt
from chalicelib.domain.events import Delayed, Doubt, Escalated, Hindrance, Unclear
from chalicelib.domain.payout import Status
from chalicelib.ports import PayoutFilter
from tests.contracts.conftest import OPTED_IN
from tests.contracts.making import (
    a_finding,
    an_intent,
    begun,
    claimed,
    hear,
    rich_customer,
)
from tests.contracts.paging import TODAY
from tests.fakes.clock import START

# In memory everything can be read.
pytestmark = pytest.mark.parametrize(
    "store", ["simulated", "ministack", "moto", *OPTED_IN], indirect=True
)
OWN = "transaction_id"


def spoil(store, table, key, column, value="?"):
    """Store in a column what no reader of ours understands."""
    store.client.update_item(
        TableName=table, Key=to_item(key), UpdateExpression="SET #it = :it",
        ExpressionAttributeNames={"#it": column}, ExpressionAttributeValues={":it": {"S": value}},
    )  # fmt: skip


def two(store, *more):
    """Two payouts, of which the first cannot be read any more: the ids of both."""
    rich_customer(store)
    made = [store.payouts.write(*claimed(an_intent("0.10"))) for _ in range(2)]
    ids = [hear(store, each, *more).transaction_id for each in made]
    spoil(store, store.tables.transactions, {OWN: ids[0]}, "asks", "none")
    return ids


def told(page):
    return [each.transaction_id for each in page.items], list(page.unreadable)


@pytest.mark.parametrize("customer_id", ["", "customer-1"])
def test_a_list_of_payouts_names_what_it_cannot_read(store, customer_id, caplog):
    lost, other = two(store)
    wanted = PayoutFilter(TODAY, TODAY, customer_id)
    assert told(store.payouts.page(wanted, limit=5, position=None)) == ([other], [lost])
    lines = [json.loads(each.getMessage()) for each in caplog.records if each.levelname == "ERROR"]
    assert [(each["count"], each["keys"]) for each in lines] == [(1, [lost])]
    with pytest.raises(Corrupt):
        store.payouts.get(lost)


def test_a_list_of_some_statuses_names_it_too_and_goes_on_behind_it(store):
    lost, other = two(store)
    wanted = PayoutFilter(TODAY, TODAY, "", frozenset({Status.SENDING}))
    items, unreadable, position = [], [], None
    for _ in range(3):
        page = store.payouts.page(wanted, limit=1, position=position)
        items += [each.transaction_id for each in page.items]
        unreadable += page.unreadable
        position = page.position
        if position is None:
            break
    assert (items, unreadable) == ([other], [lost])


def test_what_waits_for_a_person_names_it(store):
    lost, other = two(
        store, Unclear(at=START, by="op-7", attempt=1, doubt=Doubt.TIMED_OUT),
        Escalated(at=START, by="poller", why="open_too_long"),
    )  # fmt: skip
    page = store.payouts.needing_attention(limit=5, position=None)
    assert told(page) == ([other], [lost])


def test_the_line_goes_on_behind_what_cannot_be_read(store):
    rich_customer(store)
    made = [store.payouts.write(begun(an_intent("0.10"))) for _ in range(2)]
    wait = Delayed(at=START, by="poller", reason=Hindrance.FUNDS)
    lost, other = [hear(store, each, wait).transaction_id for each in made]
    spoil(store, store.tables.transactions, {OWN: lost}, "rail", "carrier pigeon")
    assert [each.transaction_id for each in store.payouts.in_line()] == [other]
    assert [each.transaction_id for each in store.payouts.open_work()] == [other]


def test_a_list_of_customers_names_it(store):
    for name in ("customer-1", "customer-2"):
        rich_customer(store, customer_id=name)
    spoil(store, store.tables.customers, {"customer_id": "customer-1"}, "version", "first")
    page = store.customers.page(limit=5, position=None)
    assert [each.customer_id for each in page.items] == ["customer-2"]
    assert page.unreadable == ("customer-1",)


def test_a_list_of_findings_names_it(store):
    found = [a_finding("one"), a_finding("two")]
    for each in found:
        store.findings.open(each)
    key = f"finding#{found[0].finding_id}"
    spoil(store, store.tables.control, {"key": key}, "found_at")
    page = store.findings.page(resolved=False, limit=5, position=None)
    assert [each.subject for each in page.items] == ["two"]
    assert page.unreadable == (key,)


def test_receipts_that_nothing_explains_come_without_it(store):
    rich_customer(store)
    rich_customer(store, customer_id="customer-2")
    open_ones = list(store.receipts.open())
    assert len(open_ones) > 1
    key = f"receipt#{open_ones[0].receipt_id}"
    spoil(store, store.tables.control, {"key": key}, "received_at")
    assert list(store.receipts.open()) == open_ones[1:]
    page = store.receipts.page(open_ones[0].state, limit=100, position=None)
    assert (list(page.items), page.unreadable) == (open_ones[1:], (key,))

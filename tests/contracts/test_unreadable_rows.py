"""One row that cannot be read costs itself only: no list stops at it, and each names it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.adapters.dynamo.desk_rows import REQUEST
from chalicelib.adapters.dynamo.night_rows import key_of as night_key
from chalicelib.adapters.dynamo.nights import DynamoNights
from chalicelib.adapters.dynamo.notice_rows import key_of as notice_key
from chalicelib.adapters.dynamo.parked import PARKED
from chalicelib.adapters.dynamo.policies import DynamoPolicies
from chalicelib.adapters.dynamo.policy_rows import history_key
from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.dynamo.settlement_rows import key_of as settlement_key
from chalicelib.adapters.dynamo.values import to_item
from chalicelib.adapters.dynamo.words import DynamoWords, counted_key
from chalicelib.domain.errors import Corrupt
from chalicelib.domain.events import Delayed, Doubt, Escalated, Hindrance, Unclear
from chalicelib.domain.night import Reconciliation
from chalicelib.domain.notices import DeadLetter
from chalicelib.domain.parked import ParkedLetter, discarded
from chalicelib.domain.payout import Status
from chalicelib.ports import NoticeFilter, PayoutFilter
from tests.contracts.conftest import OPTED_IN
from tests.contracts.making import (
    a_finding,
    a_notice,
    an_intent,
    begun,
    claimed,
    hear,
    rich_customer,
)
from tests.contracts.paging import TODAY
from tests.contracts.test_desk import a_request
from tests.contracts.test_policies import adopt
from tests.contracts.test_settlements import SOME, a_settlement
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
        ExpressionAttributeNames={"#it": column},
        ExpressionAttributeValues={":it": {"B" if isinstance(value, bytes) else "S": value}},
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


def control(store, key, column, value="?"):
    """Spoil a row of the control table."""
    spoil(store, store.tables.control, {"key": key}, column, value)


def test_settlements_that_are_expected_come_without_it_and_their_list_names_it(store):
    for name in ("one", "two"):
        store.settlements.add(a_settlement(name), SOME)
    key = settlement_key("settlement-one")
    control(store, key, "stage")
    assert [each.settlement_id for each in store.settlements.open()] == ["settlement-two"]
    page = store.settlements.page(limit=5, position=None)
    assert [each.settlement_id for each in page.items] == ["settlement-two"]
    assert page.unreadable == (key,)


def test_the_credits_that_wait_for_an_admin_name_it(store):
    for name in ("one", "two"):
        store.desk.ask(a_request(name))
    control(store, f"{REQUEST}credit-one", "amount", "much")
    page = store.desk.credits(limit=5, position=None)
    assert [each.credit.credit_id for each in page.items] == ["credit-two"]
    assert page.unreadable == (f"{REQUEST}credit-one",)
    # It keeps its customer from being forgotten all the same.
    assert set(store.desk.credits_of("customer-1")) == {"credit-one", "credit-two"}


@pytest.mark.parametrize(
    ("column", "value"), [("raw", "?"), ("raw", b"no such body"), ("attempts", "often")]
)
def test_dead_letters_that_wait_name_it(store, column, value):
    kept = [a_letter("one"), a_letter("two")]
    for each in kept:
        store.parked.put(each)
    key = f"{PARKED}#{kept[0].letter_id}"
    control(store, key, column, value)
    page = store.parked.page(resolved=False, limit=5, position=None)
    assert [each.key for each in page.items] == ["two"]
    assert page.unreadable == (key,)
    with pytest.raises(Corrupt):
        store.parked.get(kept[0].letter_id)


def test_dead_letters_that_are_resolved_name_it(store):
    for each in (a_letter("one"), a_letter("two")):
        store.parked.put(each)
        store.parked.put(discarded(each, "doubled", "ada", START))
    key = f"{PARKED}#{a_letter('one').letter_id}"
    control(store, key, "ending", "somehow")
    page = store.parked.page(resolved=True, limit=5, position=None)
    assert [each.key for each in page.items] == ["two"]
    assert page.unreadable == (key,)


def a_letter(key):
    letter = DeadLetter("NppReturn", "17", b"{}", START, "store_unavailable")
    return ParkedLetter(key, letter, START)


@pytest.mark.parametrize("wanted", [NoticeFilter(day=TODAY), NoticeFilter(reference="x-7")])
def test_a_list_of_notices_names_it(store, wanted):
    kept = [replace(a_notice(key), reference="x-7", received_at=START) for key in ("one", "two")]
    for each in kept:
        store.notices.keep(each)
    key = notice_key(kept[0].notice_id)
    spoil(store, store.tables.control, key, "received_at")
    page = store.notices.page(wanted, limit=5, position=None)
    assert [each.notice_id for each in page.items] == [kept[1].notice_id]
    assert page.unreadable == (key["key"],)


def test_the_texts_that_were_counted_name_it(store):
    words = DynamoWords(Session(store.client), store.tables.control, clock=store.clock)
    for text in ("first", "second"):
        words.count(text, example="payout-1", at=START)
    key = counted_key("first")
    control(store, key, "heard", "often")
    page = words.page(limit=5, position=None)
    assert [each.text for each in page.items] == ["second"]
    assert page.unreadable == (key,)


def test_the_policies_that_ended_name_it(store):
    policies = DynamoPolicies(Session(store.client), store.tables.control)
    lost, other = adopt(policies, 1), adopt(policies, 2, second=5)
    control(store, history_key(lost), "policy")
    page = policies.history(limit=5, position=None)
    assert (list(page.items), page.unreadable) == ([other], (history_key(lost),))
    assert policies.now().change == other


@pytest.mark.parametrize("column", ["stage", "counts", "unexplained"])
def test_the_list_of_nights_names_it(store, column):
    nights = DynamoNights(Session(store.client), store.tables.control)
    lost = Reconciliation(date(2026, 7, 3), 1, START)
    other = replace(lost, day=date(2026, 7, 4), started_at=START + timedelta(days=1))
    for each in (lost, other):
        nights.save(each)
    key = night_key(lost.day, lost.run)
    spoil(store, store.tables.control, key, column)
    page = nights.page(limit=5, position=None)
    assert (list(page.items), page.unreadable) == ([other], (key["key"],))
    with pytest.raises(Corrupt):
        nights.get(lost.day)


def test_a_night_whose_findings_are_gone_costs_itself_only(store):
    nights = DynamoNights(Session(store.client), store.tables.control)
    lost = Reconciliation(date(2026, 7, 3), 1, START)
    other = replace(lost, day=date(2026, 7, 4), started_at=START + timedelta(days=1))
    for each in (lost, other):
        nights.save(each)
    store.client.update_item(
        TableName=store.tables.control, Key=to_item(night_key(lost.day, 1)),
        UpdateExpression="SET chunks = :it",
        ExpressionAttributeValues={":it": {"L": [{"S": "night#found#nowhere"}]}},
    )  # fmt: skip
    page = nights.page(limit=5, position=None)
    assert (list(page.items), len(page.unreadable)) == ([other], 1)

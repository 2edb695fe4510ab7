"""What lies in the control table of claims, allowances, histories and places."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.adapters.dynamo.claim_rows import habits_from, spent_from, twin_from
from chalicelib.adapters.dynamo.claims import TWINS_KEPT
from chalicelib.adapters.dynamo.customer_rows import customer_from, customer_row
from chalicelib.adapters.dynamo.payout_rows import payout_from
from chalicelib.adapters.dynamo.places import Places
from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.dynamo.values import from_item, to_item
from chalicelib.domain import allowance, rate
from chalicelib.domain.advance import advance
from chalicelib.domain.allowance import Draw
from chalicelib.domain.claims import Claims
from chalicelib.domain.errors import Corrupt
from chalicelib.domain.habits import Habits
from chalicelib.domain.policy import RateRules, bounds
from chalicelib.domain.twins import Twin
from tests.adapters.test_dynamo_rows import row_of
from tests.contracts.making import (
    OPERATOR,
    TODAY,
    a_customer,
    a_question,
    an_intent,
    begun,
    claimed,
    confirmed,
    dollars,
    drawing,
    hear,
    refused,
    rich_customer,
)
from tests.contracts.stores import dynamo_store
from tests.fakes.clock import START

OWN = allowance.keys("customer-1", OPERATOR, TODAY)[0]
SECONDS = int(START.timestamp())
DAY = 86_400
DRAW = Draw(OWN, dollars("12.30"), 1, dollars("20.00"), 5)
TOKEN = rate.token(OPERATOR, START, RateRules(per_minute=60, burst=2), 0)
CLAIMS = Claims((DRAW,), Twin("twin-1", "payout-1", START), None, Habits(), TOKEN)


@pytest.fixture
def store(ministack):
    with dynamo_store(ministack.environment["AWS_ENDPOINT_URL"]) as made:
        rich_customer(made)
        yield made


def item(store, key):
    found = store.client.get_item(TableName=store.tables.control, Key={"key": {"S": key}})
    return found.get("Item", {})


def pay(store):
    return store.payouts.write(*claimed(drawing(an_intent("12.30"), DRAW)), claims=CLAIMS)


def test_claims_are_rows_of_their_own_which_the_table_clears_away_when_nobody_reads_them(store):
    pay(store)
    assert item(store, "day#customer#customer-1#2026-03-02") == {
        "key": {"S": OWN}, "amount": {"N": "12.3"}, "count": {"N": "1"},
        "expires_at": {"N": str(SECONDS + 400 * DAY)},
    }  # fmt: skip
    assert item(store, "twin#twin-1") == {
        "key": {"S": "twin#twin-1"}, "transaction_id": {"S": "payout-1"},
        "at": {"S": "2026-03-02T01:00:00.000000Z"},
        "expires_at": {"N": str(SECONDS + 100 * DAY)},
    }  # fmt: skip
    assert item(store, "rate#operator-1") == {
        "key": {"S": "rate#operator-1"}, "tat": {"N": str(SECONDS * 1000 + 1000)},
        "expires_at": {"N": str(SECONDS + 2 + 2 * DAY)},
    }  # fmt: skip


def test_the_latest_of_a_kind_is_kept_longer_than_any_policy_looks_back():
    assert timedelta(days=bounds("/duplicate_days")[1]) < TWINS_KEPT


def test_a_history_stays_and_names_an_hour_and_a_destination_each_by_an_attribute(store):
    hear(store, pay(store), confirmed())
    assert item(store, "habits#customer-1") == {
        "key": {"S": "habits#customer-1"}, "count": {"N": "1"}, "cents": {"N": "1230"},
        "squares": {"N": str(1230**2)}, "hour#2026030201": {"N": "1"},
        "proven#destination-1": {"BOOL": True}, "used#NPP#destination-1": {"BOOL": True},
        "first_at": {"S": "2026-03-02T01:00:00.000000Z"},
    }  # fmt: skip


def test_an_allowance_that_was_cleared_away_is_cleared_away_again(store):
    payout = pay(store)
    store.client.delete_item(TableName=store.tables.control, Key={"key": {"S": OWN}})
    later = START + timedelta(days=500)
    store.payouts.write(advance(payout, refused(at=later)))
    assert item(store, OWN)["expires_at"] == {"N": str(SECONDS + 400 * DAY)}


def test_a_place_tells_no_account_and_goes_with_the_last_who_is_paid_there(store):
    store.customers.share("0f", "customer-1")
    assert item(store, "payee#0f") == {
        "key": {"S": "payee#0f"}, "customer#customer-1": {"BOOL": True}, "version": {"N": "1"},
    }  # fmt: skip
    store.customers.unshare("0f", "customer-1")
    assert item(store, "payee#0f")["expires_at"] == {"N": "1"}
    store.customers.share("0f", "customer-2")
    assert "expires_at" not in item(store, "payee#0f")


def test_a_place_stays_while_anybody_is_paid_there(store):
    for customer_id in ("customer-1", "customer-2"):
        store.customers.share("0f", customer_id)
    store.customers.unshare("0f", "customer-1")
    assert item(store, "payee#0f") == {
        "key": {"S": "payee#0f"}, "customer#customer-2": {"BOOL": True}, "version": {"N": "3"},
    }  # fmt: skip


def test_who_comes_while_a_place_is_let_go_is_not_let_go_with_it(store):
    """Between the look that found nobody and the word that the row may go."""
    places = Places(Session(store.client), store.tables.control)
    places.share("0f", "customer-1")
    places.unshare("0f", "customer-1")
    seen = places._row("0f") or {}
    places.share("0f", "customer-2")
    places._let_go("0f", seen)
    assert "expires_at" not in item(store, "payee#0f")


def test_a_payout_of_which_nothing_was_thought_is_stored_as_before():
    item = to_item(row_of(begun(an_intent()).after))
    new = {"assessment", "drawn", "needs", "approvals", "lapses_at"}
    assert not new & item.keys()
    read = payout_from(from_item(item))
    assert (read.intent.assessment, read.intent.drawn, read.needs) == (None, (), 0)
    assert (read.approvals, read.lapses_at) == ((), None)


def test_a_customer_of_whom_nothing_is_known_is_stored_as_before():
    item = to_item(customer_row(a_customer()))
    assert "standings" not in item
    assert customer_from(from_item(item)) == a_customer()


@pytest.mark.parametrize("row", [{"amount": "x", "count": 1}, {"amount": 1}, {"count": 1}])
def test_a_row_that_is_no_allowance_is_refused(row):
    with pytest.raises(Corrupt, match="an allowance of 2026-03-02"):
        spent_from({OWN: row}, a_question())


@pytest.mark.parametrize(
    "row", [{"key": "twin#1"}, {"key": "twin#1", "transaction_id": "x", "at": ""}]
)
def test_a_row_that_is_no_payout_of_its_kind_is_refused(row):
    with pytest.raises(Corrupt, match="the row twin#1"):
        twin_from(row)


@pytest.mark.parametrize("row", [{"count": "x"}, {"hour#1": None}, {"first_at": "then"}])
def test_a_row_that_is_no_history_is_refused(row):
    with pytest.raises(Corrupt, match="the row habits#1"):
        habits_from({"key": "habits#1", **row})

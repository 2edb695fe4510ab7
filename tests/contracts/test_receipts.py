"""What `Receipts` and the treasury's larger writes promise: each thing once, and whole."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.customer import Funds
from chalicelib.domain.errors import Corrupt, Stale, StoreUnavailable
from chalicelib.domain.events import Returned
from chalicelib.domain.findings import Kind
from chalicelib.domain.funding import Receipt, TakenBack, allocate, credit, receive, take_back
from chalicelib.domain.matching import with_allocated, with_receipt
from chalicelib.domain.money import Money, total
from chalicelib.domain.receipts import Banked, Movement, Stage, State
from chalicelib.domain.settlement import Settlement, Share, with_shares
from tests.contracts.making import (
    a_credit,
    a_customer,
    accepted,
    an_intent,
    balance,
    claimed,
    confirmed,
    dollars,
    hear,
    rich_customer,
)
from tests.contracts.paging import everything
from tests.contracts.stores import simulated_store
from tests.fakes.clock import START

NAME = "N00100000001"


@pytest.fixture
def simulated():
    return simulated_store()


def a_receipt(name=NAME, amount="6.00", minutes=0):
    at = START + timedelta(minutes=minutes)
    return Receipt(name, dollars(amount), "NPP", at, "FDMS 0042")


def banked(store, name=NAME, amount="6.00", minutes=0):
    store.treasury.write(receive(store.treasury.funds(), a_receipt(name, amount, minutes)))
    return Banked(a_receipt(name, amount, minutes))


def expected(store, name="s1", *cents):
    shares = [Share(row, f"customer-{row}", Money(each)) for row, each in enumerate(cents, 1)]
    amount = total(each.amount for each in shares) or dollars("6.00")
    plain = Settlement(name, date(2026, 3, 2), amount, "FDMS 0042", START, "olive")
    settlement = with_shares(plain, shares)
    store.settlements.add(settlement, shares)
    return settlement


def returned(store, *, return_id="100000001", amount=None, customer_id="customer-9"):
    """A payout of 4.00 that hears its return; it, and what the other side of it shows."""
    rich_customer(store, "10.00", customer_id)
    payout = store.payouts.write(*claimed(an_intent("4.00", customer_id=customer_id)))
    payout = hear(store, payout, accepted(), confirmed())
    news = Returned(at=START, by="monoova", attempt=1, amount=amount, return_id=return_id)
    return store.payouts.write(advance(payout, news))


def test_a_receipt_is_open_once_it_is_banked(store):
    it = banked(store)
    assert store.receipts.get(NAME) == it
    assert list(store.receipts.open()) == [it]
    assert store.receipts.get("N2") is None


def test_open_receipts_are_listed_the_oldest_first(store):
    for name, minutes in (("N1", 3), ("N2", 1), ("N3", 2)):
        banked(store, name, minutes=minutes)
    assert [each.receipt_id for each in store.receipts.open()] == ["N2", "N3", "N1"]
    some = everything(lambda **where: store.receipts.page(State.OPEN, **where), 1)
    assert [each.receipt_id for each in some] == ["N2", "N3", "N1"]


def test_a_match_changes_receipt_and_settlement_together(store):
    it, settlement = banked(store), expected(store)
    after = with_receipt(settlement, it)
    store.receipts.match(it, after)
    assert store.receipts.get(NAME) == it.matched("s1")
    assert store.settlements.get("s1") == after
    assert not list(store.receipts.open())
    page = store.receipts.page(State.MATCHED, limit=9, position=None)
    assert list(page.items) == [it.matched("s1")]


def test_matched_receipts_are_listed_the_newest_first(store):
    for name, minutes in (("N1", 1), ("N2", 2)):
        it = banked(store, name, minutes=minutes)
        store.receipts.match(it, with_receipt(expected(store, f"s of {name}"), it))
    page = store.receipts.page(State.MATCHED, limit=9, position=None)
    assert [each.receipt_id for each in page.items] == ["N2", "N1"]


def test_the_same_match_again_is_no_failure_and_counts_once(store):
    it, settlement = banked(store), expected(store)
    after = with_receipt(settlement, it)
    for _ in range(2):
        store.receipts.match(it, after)
    assert store.settlements.get("s1") == after


def test_a_receipt_is_matched_with_one_settlement_for_ever(store):
    it = banked(store)
    one, two = expected(store, "s1"), expected(store, "s2")
    store.receipts.match(it, with_receipt(one, it))
    with pytest.raises(Stale):
        store.receipts.match(it, with_receipt(two, it))
    assert store.receipts.get(NAME).settlement_id == "s1"
    assert store.settlements.get("s2") == two


def test_a_settlement_that_has_changed_since_is_not_matched(store):
    it, settlement = banked(store), expected(store)
    store.settlements.write(settlement, version=1)
    with pytest.raises(Stale):
        store.receipts.match(it, with_receipt(settlement, it))
    assert store.receipts.get(NAME) == it


def test_a_receipt_that_never_was_is_not_matched(store):
    it, settlement = Banked(a_receipt()), expected(store)
    with pytest.raises(Stale):
        store.receipts.match(it, with_receipt(settlement, it))
    assert store.receipts.get(NAME) is None
    assert store.settlements.get("s1") == settlement


@pytest.mark.parametrize("replies", [1, 2])
def test_a_match_whose_reply_is_lost_is_one_match(store, replies):
    it, settlement = banked(store), expected(store)
    after = with_receipt(settlement, it)
    store.lose_replies(replies)
    with suppress(StoreUnavailable):
        store.receipts.match(it, after)
    store.lose_replies(0)
    store.receipts.match(it, after)
    assert store.settlements.get("s1") == after


def test_of_a_match_that_nobody_answers_the_receipt_itself_tells():
    store = simulated_store(within=0.05)
    it = banked(store)
    one, two = expected(store, "s1"), expected(store, "s2")
    store.lose_replies(1_000)
    store.receipts.match(it, with_receipt(one, it))
    with pytest.raises(StoreUnavailable):
        store.receipts.match(it, with_receipt(two, it))
    store.lose_replies(0)
    assert store.receipts.get(NAME) == it.matched("s1")


def test_what_was_found_odd_about_a_receipt_is_remembered(store):
    it = banked(store)
    store.receipts.note(it, Kind.RECEIPT_UNKNOWN)
    it = store.receipts.get(NAME)
    store.receipts.note(it, Kind.RECEIPT_UNDER)
    kinds = {Kind.RECEIPT_UNKNOWN, Kind.RECEIPT_UNDER}
    assert store.receipts.get(NAME).noted == kinds
    assert [each.noted for each in store.receipts.open()] == [kinds]


def test_a_receipt_is_closed_once_with_who_and_why(store):
    it = banked(store).closed(by="ada", reason="a refund")
    for _ in range(2):
        store.receipts.close(it, at=START)
    assert store.receipts.get(NAME) == it
    assert not list(store.receipts.open())
    with pytest.raises(Stale):
        store.receipts.close(replace(it, reason="another"), at=START)
    with pytest.raises(Stale):
        store.receipts.note(it, Kind.RECEIPT_UNKNOWN)
    with pytest.raises(Stale):
        store.receipts.match(it, with_receipt(expected(store), it))


def test_what_is_not_there_is_neither_closed_nor_noted(store):
    it = Banked(a_receipt())
    with pytest.raises(Stale):
        store.receipts.close(it.closed(by="ada", reason="x"), at=START)
    with pytest.raises(Stale):
        store.receipts.note(it, Kind.RECEIPT_UNKNOWN)
    assert store.receipts.get(NAME) is None


def test_a_return_that_was_heard_is_no_receipt(store):
    returned(store)
    before = store.treasury.funds()
    receipt = a_receipt(amount="4.00")
    assert store.treasury.came_back(receipt)
    with pytest.raises(Stale):
        store.treasury.write(receive(before, receipt))
    assert store.treasury.funds() == before
    assert store.receipts.get(NAME) is None


def test_another_id_or_amount_is_a_receipt(store):
    returned(store)
    for receipt in (a_receipt(amount="4.01"), a_receipt("N00100000010", "4.00")):
        assert not store.treasury.came_back(receipt)
        store.treasury.write(receive(store.treasury.funds(), receipt))
    movement = store.receipts.movement("100000001")
    assert (movement.same, movement.others) == ((), (NAME,))


def test_a_return_is_followed_to_its_end(store):
    payout = returned(store)
    movement = Movement("100000001", payout.transaction_id, dollars("4.00"))
    assert store.receipts.movement("100000001") == movement
    assert list(store.receipts.returns()) == [movement]
    store.receipts.followed(movement, Stage.DONE)
    assert not list(store.receipts.returns())
    with pytest.raises(Stale):
        store.receipts.followed(movement, Stage.DONE)
    assert store.receipts.movement("100000001") == replace(movement, stage=Stage.DONE)


@pytest.mark.parametrize("amount", ["1.50", "4.00"])
def test_a_return_without_an_id_leaves_none_and_one_of_a_part_says_so(store, amount):
    returned(store, return_id="", amount=dollars(amount))
    assert not list(store.receipts.returns())


def test_a_return_of_a_part_is_of_that_part(store):
    returned(store, amount=dollars("1.50"))
    assert store.receipts.movement("100000001").amount == dollars("1.50")


def test_whoever_heard_a_return_first_stays_its_payout(store):
    first = returned(store)
    assert returned(store, customer_id="customer-8").transaction_id != first.transaction_id
    assert store.receipts.movement("100000001").transaction_id == first.transaction_id


def test_an_id_of_receipts_only_is_no_return(store):
    banked(store)
    assert store.receipts.movement("100000001") is None
    assert store.receipts.movement("100000002") is None
    assert not store.treasury.came_back(a_receipt())


def test_what_is_taken_back_leaves_the_funds_once(store):
    banked(store, amount="4.00")
    banked(store, "N2", amount="9.00")
    payout = returned(store)
    back = TakenBack("100000001", NAME, payout.transaction_id, dollars("4.00"), START)
    before = store.treasury.funds()
    entry = take_back(before, back)
    for _ in range(2):
        store.treasury.write(entry)
    with pytest.raises(Stale):
        store.treasury.write(take_back(entry.after, back))
    assert store.treasury.funds() == entry.after
    assert store.receipts.get(NAME).state is State.RETURNED
    assert store.receipts.movement("100000001").stage is Stage.TAKEN
    page = store.receipts.page(State.RETURNED, limit=9, position=None)
    assert [each.receipt_id for each in page.items] == [NAME]


def test_rows_are_allocated_with_their_settlement_or_not_at_all(store):
    for number in (1, 2):
        store.customers.add(a_customer(f"customer-{number}"))
    settlement = expected(store, "s1", 300, 300)
    funds = Funds()
    store.treasury.write(receive(funds, a_receipt()))
    due = [
        a_credit("1.00", customer_id=f"customer-{number}", credit_id=f"credit-{credit}")
        for credit, number in enumerate((1, 2, 1))
    ]
    entries = allocate(store.treasury.funds(), due)
    stale = replace(with_allocated(settlement, 3), version=9)
    with pytest.raises(Stale):
        store.treasury.write(*entries, settlement=stale)
    assert (balance(store), store.treasury.credit("credit-0")) == (dollars("0.00"), None)
    for _ in range(2):
        store.treasury.write(*entries, settlement=with_allocated(settlement, 3))
    assert store.settlements.get("s1") == with_allocated(settlement, 3)
    assert (balance(store), balance(store, "customer-2")) == (dollars("2.00"), dollars("1.00"))
    assert store.treasury.funds() == entries[-1].after


def test_one_row_that_was_credited_before_stops_them_all(store):
    store.customers.add(a_customer())
    store.treasury.write(receive(Funds(), a_receipt()))
    first, second = (a_credit("1.00", credit_id=name) for name in ("c1", "c2"))
    store.treasury.write(credit(store.treasury.funds(), second))
    with pytest.raises(Stale):
        store.treasury.write(*allocate(store.treasury.funds(), [first, second]))
    assert store.treasury.credit("c1") is None
    assert balance(store) == dollars("1.00")


@pytest.mark.parametrize("replies", [1, 2, 9])
def test_rows_whose_reply_is_lost_are_allocated_once(store, replies):
    store.customers.add(a_customer("customer-1"))
    settlement = expected(store, "s1", 600)
    store.treasury.write(receive(Funds(), a_receipt()))
    entries = allocate(store.treasury.funds(), [a_credit("6.00", credit_id="c1")])
    store.lose_replies(replies)
    with suppress(StoreUnavailable):
        store.treasury.write(*entries, settlement=with_allocated(settlement, 1))
    store.lose_replies(0)
    with suppress(Stale):
        store.treasury.write(*entries, settlement=with_allocated(settlement, 1))
    assert balance(store) == dollars("6.00")
    assert store.settlements.get("s1").allocated_rows == 1


def test_an_entry_that_the_funds_know_nothing_of_is_corrupt(simulated):
    client, tables = simulated.client, simulated.tables
    row = {"account": {"S": "funds"}, "sequence": {"N": "1"}, "hash": {"S": "?"}}
    client.put_item(TableName=tables.events, Item=row)
    with pytest.raises(Corrupt):
        simulated.treasury.write(receive(Funds(), a_receipt()))


def test_a_receipt_of_a_version_that_listed_none_can_still_be_matched(simulated):
    client, tables = simulated.client, simulated.tables
    old = {
        "key": {"S": f"receipt#{NAME}"}, "amount": {"N": "6"}, "rail": {"S": "NPP"},
        "received_at": {"S": "2026-03-02T01:00:00.000000Z"}, "reference": {"S": "FDMS 0042"},
    }  # fmt: skip
    client.put_item(TableName=tables.control, Item=old)
    it = simulated.receipts.get(NAME)
    assert it == Banked(a_receipt())
    settlement = expected(simulated)
    simulated.receipts.match(it, with_receipt(settlement, it))
    assert simulated.receipts.get(NAME).state is State.MATCHED


def test_a_stage_whose_reply_was_lost_is_known_again(simulated):
    returned(simulated)
    movement = simulated.receipts.movement("100000001")
    simulated.lose_replies(1)
    simulated.receipts.followed(movement, Stage.DONE)
    assert simulated.receipts.movement("100000001").stage is Stage.DONE


def test_more_open_receipts_than_a_page_are_all_listed(simulated):
    for number in range(1203):
        row = {
            "key": {"S": f"receipt#N{number}"}, "amount": {"N": "6"}, "rail": {"S": "NPP"},
            "received_at": {"S": "2026-03-02T01:00:00.000000Z"}, "state": {"S": "open"},
            "listing": {"S": "receipt#open"}, "listed_at": {"S": "2026-03-02T01:00:00.000000Z"},
        }  # fmt: skip
        simulated.client.put_item(TableName=simulated.tables.control, Item=row)
    assert len({each.receipt_id for each in simulated.receipts.open()}) == 1203

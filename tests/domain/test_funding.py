"""Money that comes in becomes nobody's, then a customer's, and never more than there is."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import ledger
from chalicelib.domain.customer import Customer, Funds
from chalicelib.domain.errors import InvalidAmount, RuleBroken
from chalicelib.domain.funding import (
    Credit,
    Receipt,
    TakenBack,
    allocate,
    cause_id,
    credit,
    receive,
    refuse_unsound,
    take_back,
)
from chalicelib.domain.ledger import HOUSE, OUTSIDE, Place, Posting
from chalicelib.domain.money import ZERO, Money, total
from tests.domain.making import NOW, sealed

FUNDS = Funds(received=Money(100), unallocated=Money(60), version=3, last_hash="h")


def receipt(cents, name="N1"):
    return Receipt(name, Money(cents), "NPP", NOW)


def given_(cents, name="c1", customer="customer-1"):
    return Credit(name, customer, Money(cents), "settlement", NOW, "ada")


def test_what_is_received_is_nobodys_yet():
    entry = receive(FUNDS, receipt(40))
    assert (entry.after.received, entry.after.unallocated) == (Money(140), Money(100))
    assert entry.postings == (
        Posting(Place.DEPOSITED, HOUSE, Money(-40)), Posting(Place.UNALLOCATED, HOUSE, Money(40)),
    )  # fmt: skip


def test_a_credit_takes_from_the_unallocated_to_the_cent():
    entry = credit(FUNDS, given_(60))
    assert (entry.after.received, entry.after.unallocated) == (Money(100), ZERO)
    assert ledger.available_change(entry.postings) == Money(60)
    assert {posting.account for posting in entry.postings} == {HOUSE, "customer-1"}


@pytest.mark.parametrize("cents", [61, 100, 10**12])
def test_a_credit_never_exceeds_the_unallocated(cents):
    with pytest.raises(RuleBroken) as caught:
        credit(FUNDS, given_(cents))
    assert [fault.code for fault in caught.value.faults] == ["exceeds_unallocated"]


@pytest.mark.parametrize("cents", [0, -1, -60])
def test_a_credit_takes_nothing_from_anybody(cents):
    with pytest.raises(RuleBroken) as caught:
        credit(FUNDS, given_(cents))
    assert [fault.code for fault in caught.value.faults] == ["not_positive"]


@pytest.mark.parametrize("cents", [0, -1])
def test_nothing_received_is_no_receipt(cents):
    with pytest.raises(InvalidAmount):
        receive(FUNDS, receipt(cents))


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 100)), max_size=30))
def test_whatever_comes_and_goes_the_funds_are_what_came_less_what_went(entries):
    funds, came, went = Funds(), 0, 0
    postings: list[Posting] = []
    for number, (comes, cents) in enumerate(entries):
        try:
            entry = (
                receive(funds, receipt(cents, f"N{number}"))
                if comes
                else credit(funds, given_(cents, f"c{number}"))
            )
        except RuleBroken:
            assert cents > came - went
            continue
        came, went = came + cents * comes, went + cents * (not comes)
        assert entry.before == funds
        assert entry.after.version == funds.version + 1
        assert ledger.balanced(entry.postings)
        funds = entry.after
        postings += entry.postings
    assert (funds.received, funds.unallocated) == (Money(came), Money(came - went))
    assert total(posting.amount for posting in postings) == ZERO
    inside = total(posting.amount for posting in postings if posting.place not in OUTSIDE)
    assert inside == Money(came)


def test_every_entry_is_chained_to_the_one_before():
    plain = receive(FUNDS, receipt(40)).after.last_hash
    others = [
        receive(replace(FUNDS, last_hash="i"), receipt(40)),
        receive(FUNDS, receipt(41)),
        receive(FUNDS, receipt(40, "N2")),
        credit(FUNDS, given_(40, "N1")),
        credit(FUNDS, given_(40, "N1", "customer-2")),
    ]
    assert len({plain, *(entry.after.last_hash for entry in others)}) == 6


_CHANGED = {
    "credit_id": "c2", "customer_id": "customer-2", "amount": Money(41), "reason": "other",
    "created_at": NOW.replace(year=2027), "created_by": "mallory", "request_id": "r",
    "agreed_by": "anna", "receipt_id": "N2", "rail": "DE", "received_at": NOW.replace(year=2027),
    "reference": "r",
}  # fmt: skip


@pytest.mark.parametrize("name", [field.name for field in fields(Credit)])
def test_a_change_of_any_field_of_a_credit_changes_its_hash(name):
    other = replace(given_(40), **{name: _CHANGED[name]})
    assert credit(FUNDS, other).after.last_hash != credit(FUNDS, given_(40)).after.last_hash


@pytest.mark.parametrize("name", [field.name for field in fields(Receipt)])
def test_a_change_of_any_field_of_a_receipt_changes_its_hash(name):
    other = replace(receipt(40), **{name: _CHANGED[name]})
    assert receive(FUNDS, other).after.last_hash != receive(FUNDS, receipt(40)).after.last_hash


@pytest.mark.parametrize(
    ("source", "target", "cents", "count"),
    [
        (Place.HELD, Place.PAID, 5, 2),
        (Place.HELD, Place.PAID, 0, 0),
        (Place.HELD, Place.HELD, 5, 0),
        (Place.PAID, Place.HELD, -5, 2),
    ],
)
def test_a_move_is_two_postings_or_none(source, target, cents, count):
    postings = ledger.move(Money(cents), source, target, "a")
    assert len(postings) == count
    assert ledger.balanced(postings)


def test_postings_that_do_not_sum_to_zero_are_not_balanced():
    assert not ledger.balanced((Posting(Place.HELD, "a", Money(1)),))
    assert ledger.balanced(())


def test_a_customers_default_is_one_of_their_own():
    customer = Customer("c", "Jo", "jo@example.com", NOW, NOW, destinations=(sealed(),))
    assert customer.default(sealed().method) is None
    named = replace(customer, defaults=((sealed().method, "destination-1"),))
    assert named.default(sealed().method) == sealed()
    gone = replace(customer, defaults=((sealed().method, "destination-2"),))
    assert gone.default(sealed().method) is None
    assert customer.destination("") is None


def taken(cents):
    return TakenBack("1", "N1", "payout-1", Money(cents), NOW)


def test_what_is_taken_back_was_never_received():
    entry = take_back(FUNDS, taken(60))
    assert (entry.after.received, entry.after.unallocated) == (Money(40), ZERO)
    assert entry.postings == (
        Posting(Place.UNALLOCATED, HOUSE, Money(-60)), Posting(Place.DEPOSITED, HOUSE, Money(60)),
    )  # fmt: skip
    assert cause_id(entry.cause) == "1"


def test_nothing_is_taken_back_that_is_not_there():
    with pytest.raises(RuleBroken) as caught:
        take_back(FUNDS, taken(61))
    assert [fault.code for fault in caught.value.faults] == ["exceeds_unallocated"]


def test_credits_are_covered_from_the_first_on_and_none_in_part():
    due = [given_(cents, f"c{cents}") for cents in (30, 29, 2, 1)]
    entries = allocate(FUNDS, due)
    assert [entry.cause for entry in entries] == due[:2]
    assert entries[1].before == entries[0].after
    assert entries[1].after.unallocated == Money(1)
    assert allocate(FUNDS, [given_(61)]) == ()
    refuse_unsound(entries)


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (lambda *_: [], "no entry"),
        (lambda one, two: [two, one], "follow"),
        (lambda one, _: [replace(one, postings=one.postings[:1])], "sum to zero"),
        (lambda one, _: [replace(one, after=replace(one.after, version=9))], "next version"),
        (lambda one, _: [replace(one, after=replace(one.after, unallocated=Money(-1)))], "less"),
    ],
)
def test_what_is_no_chain_of_entries_is_refused(made, why):
    one, two = allocate(FUNDS, [given_(30, "c1"), given_(30, "c2")])
    with pytest.raises(ValueError, match=why):
        refuse_unsound(made(one, two))

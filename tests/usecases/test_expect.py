"""Expecting a settlement: whole or not at all, once for each key, and withdrawn only untouched."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.domain.errors import (
    Conflict,
    Fault,
    InvalidRequest,
    KeyTaken,
    NotFound,
    RuleBroken,
    Stale,
    StoreUnavailable,
)
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.settlement import Share, Stage
from chalicelib.usecases.expect import (
    MOST_FAULTS,
    TRIES,
    Expectation,
    allocated,
    existing,
    expect,
    withdraw,
)
from tests.contracts.making import a_customer
from tests.fakes.clock import START, FakeClock
from tests.fakes.store import MemoryStore

KEY = "0123456789abcdef"
ROWS = (
    Share(1, "customer-1", Money(6_000)),
    Share(2, "customer-2", Money(3_000)),
    Share(3, "customer-1", Money(1_000)),
)
ASKED = Expectation(date(2026, 3, 4), Money(10_000), "FDMS 0042", ROWS)


class Books:
    """A store with two customers, and the two use cases over it."""

    def __init__(self):
        self.clock = FakeClock()
        self.store = MemoryStore(self.clock)
        self.settlements: Any = self.store.settlements
        for name in ("customer-1", "customer-2"):
            self.store.customers.add(a_customer(name))

    def expect(self, asked=ASKED, *, key=KEY, by="maker"):
        return expect(
            asked, key=key, by=by, settlements=self.settlements,
            customers=self.store.customers, clock=self.clock,
        )  # fmt: skip

    def withdraw(self, settlement_id, *, reason="Entered twice.", by="other"):
        return withdraw(
            settlement_id, reason=reason, by=by, settlements=self.settlements,
            findings=self.store.findings, clock=self.clock,
        )  # fmt: skip

    def change(self, settlement_id, **changed):
        before = self.settlements.get(settlement_id)
        self.settlements.write(replace(before, **changed), version=before.version)

    def refusal(self, asked, kind=RuleBroken, **given):
        with pytest.raises(kind) as caught:
            self.expect(asked, **given)
        assert len(self.store.state.settlements) == bool(given)
        return caught.value.faults


class Between:
    """A port where something happens first, so often."""

    def __init__(self, port, method, happens, times=1):
        self._port, self._method, self._happens, self._times = port, method, happens, times

    def __getattr__(self, name):
        if name == self._method and self._times:
            self._times -= 1
            self._happens()
        return getattr(self._port, name)


@pytest.fixture
def books():
    return Books()


def test_what_is_expected_is_stored_whole(books):
    made = books.expect()
    settlement = made.settlement
    assert not made.replayed
    assert books.settlements.get(settlement.settlement_id) == settlement
    assert tuple(books.settlements.shares(settlement, first=1, most=9)) == ROWS
    assert (settlement.stage, settlement.created_by) == (Stage.EXPECTED, "maker")
    assert (settlement.shares, settlement.shared) == (3, Money(10_000))
    assert settlement.created_at == START


def test_a_settlement_may_have_no_rows(books):
    settlement = books.expect(replace(ASKED, shares=())).settlement
    assert (settlement.shares, settlement.shared, settlement.digest) == (0, ZERO, "")


def test_the_same_key_and_body_is_the_same_settlement_as_it_is_now(books):
    first = books.expect().settlement
    books.change(first.settlement_id, stage=Stage.ALLOCATING, received=Money(10_000))
    again = books.expect()
    assert again.replayed
    assert again.settlement == books.settlements.get(first.settlement_id)
    assert books.expect(key="fedcba9876543210").settlement.settlement_id != first.settlement_id


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"due_on": date(2026, 3, 5)}, "/date"),
        ({"amount": Money(10_001)}, "/amount"),
        ({"reference": "FDMS 0043"}, "/reference"),
        ({"shares": ROWS[:2]}, "/csv"),
        ({"shares": ()}, "/csv"),
        ({"shares": (*ROWS[:2], replace(ROWS[2], amount=Money(999)))}, "/csv"),
        ({"shares": (*ROWS[:2], replace(ROWS[2], customer_id="customer-2"))}, "/csv"),
        ({"shares": ROWS[:2], "place": "/csv_base64"}, "/csv_base64"),
        ({"shares": (Share(1, "nobody", Money(1)),)}, "/csv"),
    ],
)
def test_the_same_key_with_another_body_is_refused(books, changed, place):
    first = books.expect().settlement
    faults = books.refusal(replace(ASKED, **changed), key=KEY)
    assert [(fault.pointer, fault.code) for fault in faults] == [(place, "idempotency_key_reused")]
    assert books.settlements.get(first.settlement_id) == first


def test_the_same_key_of_somebody_else_is_refused(books):
    books.expect()
    with pytest.raises(KeyTaken):
        books.expect(by="another")


def test_of_two_at_once_one_is_the_other(books):
    true = books.settlements

    def first():
        books.settlements = true
        books.expect()

    books.settlements = Between(true, "add", first)
    made = books.expect()
    assert made.replayed
    assert len(books.store.state.settlements) == 1


def test_of_two_bodies_at_once_under_one_key_the_second_is_refused(books):
    true = books.settlements

    def first():
        books.settlements = true
        books.expect(replace(ASKED, reference="FDMS 0001"))

    books.settlements = Between(true, "add", first)
    faults = books.refusal(ASKED, key=KEY)
    assert [fault.pointer for fault in faults] == ["/reference"]


def test_after_a_lost_reply_the_same_key_finds_it(books):
    books.store.state.lost_replies = 1
    with pytest.raises(StoreUnavailable):
        books.expect()
    assert books.expect().replayed


def test_unknown_customers_are_told_row_by_row_and_nothing_is_stored(books):
    rows = (*ROWS, Share(4, "nobody", Money(1)), Share(5, "someone", Money(1)))
    faults = books.refusal(replace(ASKED, amount=Money(20_000), shares=rows))
    assert [(each.pointer, each.row, each.column, each.code) for each in faults] == [
        ("/csv", 5, "customer_id", "unknown_customer"),
        ("/csv", 6, "customer_id", "unknown_customer"),
    ]


def test_rows_never_come_to_more_than_the_amount(books):
    faults = books.refusal(replace(ASKED, amount=Money(9_999)))
    assert [(each.row, each.column, each.code) for each in faults] == [
        (4, "amount", "rows_exceed_amount")
    ]
    assert books.expect(replace(ASKED, amount=Money(10_000)))


def test_the_row_that_is_too_many_is_the_first_with_which_it_is_too_much(books):
    faults = books.refusal(replace(ASKED, amount=Money(8_999)))
    assert [each.row for each in faults] == [3]


def test_all_that_is_wrong_with_the_rows_is_told_at_once_by_row(books):
    form = (
        Fault("", "invalid_amount", "is none", row=9, column="amount"),
        Fault("", "invalid_id", "is none", row=1, column="customer_id"),
    )
    rows = (*ROWS, Share(4, "nobody", Money(1)))
    named = ((9, "customer-1"), (8, "someone"))
    asked = replace(ASKED, shares=rows, faults=form, named=named, place="/csv_base64")
    faults = books.refusal(asked, InvalidRequest)
    assert [(each.row, each.code) for each in faults] == [
        (1, "invalid_id"), (5, "unknown_customer"), (5, "rows_exceed_amount"),
        (8, "unknown_customer"), (9, "invalid_amount"),
    ]  # fmt: skip
    assert {each.pointer for each in faults} == {"/csv_base64"}


def test_of_many_faults_a_hundred_are_told_and_how_many_more_there_are(books):
    rows = tuple(Share(row, f"nobody-{row}", Money(1)) for row in range(1, 251))
    faults = books.refusal(replace(ASKED, shares=rows))
    assert len(faults) == MOST_FAULTS + 1
    assert [each.row for each in faults[:MOST_FAULTS]] == list(range(2, 102))
    assert (faults[-1].code, faults[-1].detail) == ("too_many_errors", "and 150 more")
    books.store.state.settlements.clear()
    assert len(books.refusal(replace(ASKED, shares=rows[:MOST_FAULTS]))) == MOST_FAULTS


def test_a_settlement_is_withdrawn_with_who_when_and_why(books):
    made = books.expect().settlement
    books.clock.advance(60)
    gone = books.withdraw(made.settlement_id)
    assert gone == books.settlements.get(made.settlement_id)
    assert gone.stage is Stage.CANCELLED
    assert (gone.cancelled_by, gone.reason) == ("other", "Entered twice.")
    assert gone.cancelled_at == books.clock.now()
    assert books.settlements.open() == []


def test_withdrawing_again_changes_nothing(books):
    made = books.expect().settlement
    gone = books.withdraw(made.settlement_id)
    assert books.withdraw(made.settlement_id, reason="Again.", by="third") == gone


@pytest.mark.parametrize(
    "matched",
    [
        {"receipts": ("N1",), "received": Money(1)},
        {"stage": Stage.ALLOCATING},
        {"stage": Stage.SETTLED, "receipts": ("N1",)},
    ],
)
def test_a_settlement_with_which_money_was_matched_is_not_withdrawn(books, matched):
    made = books.expect().settlement
    books.change(made.settlement_id, **matched)
    before = books.settlements.get(made.settlement_id)
    with pytest.raises(Conflict):
        books.withdraw(made.settlement_id)
    assert books.settlements.get(made.settlement_id) == before


def test_money_that_is_matched_meanwhile_is_not_withdrawn_from_under_it(books):
    made = books.expect().settlement
    true = books.settlements
    books.settlements = Between(
        true, "write", lambda: true.write(replace(made, receipts=("N1",)), version=1)
    )
    with pytest.raises(Conflict):
        books.withdraw(made.settlement_id)
    assert true.get(made.settlement_id).stage is Stage.EXPECTED


def test_where_others_change_it_all_the_time_it_is_stale(books):
    made = books.expect().settlement
    true = books.settlements

    def changed():
        before = true.get(made.settlement_id)
        true.write(before, version=before.version)

    books.settlements = Between(true, "write", changed, times=TRIES)
    with pytest.raises(Stale):
        books.withdraw(made.settlement_id)
    assert books.withdraw(made.settlement_id).stage is Stage.CANCELLED


def test_what_is_not_there_is_not_found(books):
    with pytest.raises(NotFound):
        existing(books.settlements, "settlement-none")
    with pytest.raises(NotFound):
        books.withdraw("settlement-none")


@pytest.mark.parametrize(("rows", "cents"), [(0, 0), (1, 6_000), (2, 9_000), (3, 10_000)])
def test_what_is_allocated_is_the_sum_of_the_rows_so_far(books, rows, cents):
    made = books.expect().settlement
    books.change(made.settlement_id, allocated_rows=rows)
    found = existing(books.settlements, made.settlement_id)
    assert allocated(found, books.settlements) == Money(cents)

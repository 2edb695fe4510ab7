"""Each row of a settlement becomes a customer's once, whatever happens, and never more than is."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from threading import Thread

import pytest
from botocore.exceptions import ReadTimeoutError

from chalicelib.domain.errors import NotFound, PayoutError, Stale, StoreUnavailable
from chalicelib.domain.findings import Kind
from chalicelib.domain.matching import with_receipt
from chalicelib.domain.settlement import Stage
from chalicelib.usecases.allocate import AT_ONCE, READ_AHEAD, allocate
from tests.contracts.stores import simulated_store
from tests.fakes.clock import START, FakeClock
from tests.usecases.till import STORES, Between, Till


@pytest.fixture(params=STORES)
def till(request):
    till = Till(STORES[request.param]())
    till.register(40)
    return till


def rows(count, cents=7, customers=40):
    return [(f"customer-{number % customers + 1}", cents) for number in range(count)]


def come(till, *owed):
    """A settlement of those rows that has come."""
    expected = till.expect("FDMS 0042", *owed)
    till.bank(sum(cents for _, cents in owed), "FDMS 0042")
    matched = with_receipt(till.settlement(expected), till.receipt())
    till.store.receipts.match(till.receipt(), matched)
    return expected


def is_short(till, expected):
    found = till.finding(Kind.ALLOCATION_SHORT, expected)
    assert found is not None
    return found.is_open


def go_on(till, expected, **ports):
    return allocate(
        till.settlement(expected), time_left=lambda: till.seconds_left,
        **{**till._ports("settlements", "treasury", "findings"), **ports},
    )  # fmt: skip


@pytest.mark.parametrize("count", [1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 3 * AT_ONCE + 1])
def test_every_row_is_allocated_once(till, count):
    expected = come(till, *rows(count))
    assert go_on(till, expected).stage is Stage.SETTLED
    assert sum(till.balances().values()) == 7 * count
    for row in range(1, count + 1):
        assert (
            till.store.treasury.credit(till.settlement(expected).credit_id(row)).amount.cents == 7
        )
    till.check()


def test_rows_of_the_same_customer_in_one_transaction_all_count(till):
    go_on(till, come(till, *[("customer-1", cents) for cents in range(1, 60)]))
    assert till.balance() == sum(range(1, 60))
    till.check()


def test_when_it_has_ended_going_on_changes_nothing(till):
    expected = come(till, *rows(3))
    go_on(till, expected)
    before = till.balances()
    assert go_on(till, expected).stage is Stage.SETTLED
    assert till.balances() == before


def test_what_is_not_covered_waits_whole_and_goes_on_once_it_is(till):
    expected = come(till, ("customer-1", 100), ("customer-2", 200), ("customer-3", 300))
    till.credit(250, "customer-9")
    told = go_on(till, expected)
    assert (told.stage, told.allocated_rows) == (Stage.ALLOCATING, 2)
    assert till.unallocated == 50
    found = till.finding(Kind.ALLOCATION_SHORT, expected)
    assert (found.detail, found.amount.cents) == ("row_3", 300)
    assert go_on(till, expected).allocated_rows == 2
    till.bank(249, "more", "N2")
    go_on(till, expected)
    assert till.balance("customer-3") == 0
    till.bank(1, "more", "N3")
    assert go_on(till, expected).stage is Stage.SETTLED
    assert till.balances() | {"customer-9": 250} == till.balances()
    assert (till.balance("customer-3"), till.unallocated) == (300, 0)
    found = till.finding(Kind.ALLOCATION_SHORT, expected)
    assert (found.reason, found.resolved_by) == ("covered", "matching")
    till.check()


def test_money_that_came_meanwhile_is_seen_before_anything_is_called_short(till):
    expected = come(till, ("customer-1", 100))
    till.credit(50, "customer-9")

    def come_in():
        till.store.settlements.shares(till.settlement(expected), first=1, most=1)
        Till(till.store).bank(50, "more", "N2")

    settlements = Between(till.store.settlements, shares=come_in)
    assert go_on(till, expected, settlements=settlements).stage is Stage.SETTLED
    assert till.finding(Kind.ALLOCATION_SHORT, expected) is None


def test_a_receipt_that_comes_in_between_costs_a_look_and_nothing_else(till):
    expected = come(till, *rows(60))
    treasury = Between(till.store.treasury, write=lambda: Till(till.store).bank(50, "x", "N2"))
    assert go_on(till, expected, treasury=treasury).stage is Stage.SETTLED
    assert treasury.calls["write"] == 4
    assert sum(till.balances().values()) == 7 * 60
    till.check()


def overtaken(till, expected):
    """What the funds do while somebody else, a second later, allocates all of it first."""

    def be_faster():
        till.clock.advance(1)
        go_on(till, expected)

    return Between(till.store.treasury, write=be_faster)


def test_whoever_was_overtaken_goes_on_from_there(till):
    expected = come(till, *rows(60))
    after = go_on(till, expected, treasury=overtaken(till, expected))
    assert after.stage is Stage.SETTLED
    assert sum(till.balances().values()) == 7 * 60
    till.check()


def test_whoever_was_overtaken_goes_on_from_there_although_there_is_other_money(till):
    expected = come(till, *rows(60))
    till.bank(9900, "other money", "N2")
    after = go_on(till, expected, treasury=overtaken(till, expected))
    assert after.stage is Stage.SETTLED
    assert sum(till.balances().values()) == 7 * 60
    till.check()


def test_whoever_ends_it_second_finds_it_ended(till):
    expected = come(till, *rows(2))
    settlements = Between(till.store.settlements, write=lambda: go_on(till, expected))
    after = go_on(till, expected, settlements=settlements)
    assert after == till.settlement(expected)
    assert after.stage is Stage.SETTLED


def test_rows_that_somebody_else_allocates_meanwhile_are_not_called_short(till):
    expected = come(till, ("customer-1", 100))
    as_read = till.settlement(expected)
    go_on(till, expected)
    after = allocate(
        as_read, time_left=lambda: till.seconds_left,
        **till._ports("settlements", "treasury", "findings"),
    )  # fmt: skip
    assert after.stage is Stage.SETTLED
    assert till.finding(Kind.ALLOCATION_SHORT, expected) is None


def test_what_is_covered_and_ended_while_it_is_called_short_is_explained(till):
    expected = come(till, ("customer-1", 100))
    till.credit(50, "customer-9")

    def be_faster():
        till.bank(50, "more", "N2")
        go_on(till, expected)

    findings = Between(till.store.findings, open=be_faster)
    assert go_on(till, expected, findings=findings).stage is Stage.SETTLED
    assert not is_short(till, expected)


def test_two_allocators_at_once_allocate_each_row_once(till):
    expected = come(till, *rows(300))

    def work(seconds):
        # Each at a time of its own: so no two ever write the same.
        clock = FakeClock(START + timedelta(seconds=seconds))
        for _ in range(60):
            with suppress(StoreUnavailable):
                if go_on(till, expected, clock=clock).stage is Stage.SETTLED:
                    return

    threads = [Thread(target=work, args=(seconds,)) for seconds in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert till.stage(expected) is Stage.SETTLED
    assert sum(till.balances().values()) == 7 * 300
    till.check()


def test_a_race_that_does_not_end_is_given_up(till):
    expected = come(till, *rows(2))

    class Busy(Between):
        def write(self, *_entries, **_told):
            raise Stale("somebody else")

    with pytest.raises(StoreUnavailable):
        go_on(till, expected, treasury=Busy(till.store.treasury))
    assert go_on(till, expected).stage is Stage.SETTLED


def test_a_row_of_nobody_stops_it_whole(till):
    expected = come(till, ("customer-1", 5), ("nobody", 5))
    with pytest.raises(NotFound):
        go_on(till, expected)
    assert till.settlement(expected).allocated_rows == 0
    assert till.balance() == 0


def test_without_time_it_is_left_for_the_next_run(till):
    expected = come(till, *rows(2))
    till.seconds_left = 2
    assert go_on(till, expected).allocated_rows == 0


def test_a_settlement_that_is_only_expected_is_not_allocated(till):
    expected = till.expect("FDMS 0042", *rows(3))
    till.bank(10_000, "something else")
    assert go_on(till, expected).stage is Stage.EXPECTED
    assert sum(till.balances().values()) == 0


class Crash(BaseException):
    """The process is gone."""


class Cut:
    """A client of DynamoDB that is cut at its n-th call: before it is done, or after."""

    def __init__(self, client, at, *, after, dies):
        self._client, self._at, self._after, self._dies = client, at, after, dies
        self.calls = 0

    def __getattr__(self, name):
        def call(**told):
            now = self.calls == self._at
            self.calls += 1
            if now and not self._after:
                raise self._trouble()
            answer = getattr(self._client, name)(**told)
            if now:
                raise self._trouble()
            return answer

        return call

    def _trouble(self):
        return Crash() if self._dies else ReadTimeoutError(endpoint_url="http://dynamodb")


def cut_at(at, *, after, dies):
    """A small settlement from the match on, cut at a call of the store's; whether it was cut."""
    till = Till(simulated_store())
    till.register(30)
    till.bank(7 * 30, "FDMS 0042")
    till.settle()
    assert till.findings()
    expected = till.expect("FDMS 0042", *rows(30, customers=29))
    session = till.session
    cut = Cut(session.client, at, after=after, dies=dies)
    session.client, true = cut, session.client
    with suppress(Crash, PayoutError):
        till.settle()
    session.client = true
    return till, expected, cut


@pytest.mark.parametrize("dies", [True, False], ids=["dies", "fails"])
@pytest.mark.parametrize("after", [True, False], ids=["after", "before"])
def test_cut_at_every_call_of_the_store_each_row_is_allocated_once(after, dies):
    at, fell = 0, True
    while fell:
        till, expected, cut = cut_at(at, after=after, dies=dies)
        till.check()
        for _ in range(2):
            till.settle()
        assert till.stage(expected) is Stage.SETTLED, (at, after)
        assert till.balance("customer-1") == 14
        assert {till.balance(f"customer-{number}") for number in range(2, 30)} == {7}
        assert till.unallocated == 0
        assert not till.findings(), (at, after)
        till.check()
        at, fell = at + 1, cut.calls > at
    assert at > 10, "there was something to cut"


@pytest.mark.parametrize("after", [True, False], ids=["after", "before"])
def test_cut_at_every_call_of_its_end_a_settlement_leaves_nothing_unexplained(after):
    at, fell = 0, True
    while fell:
        till = Till(simulated_store())
        till.register(2)
        expected = come(till, ("customer-1", 100))
        till.credit(50, "customer-2")
        go_on(till, expected)
        assert is_short(till, expected)
        till.bank(50, "the rest", "N2")
        session = till.session
        cut = Cut(session.client, at, after=after, dies=True)
        session.client, true = cut, session.client
        with suppress(Crash):
            go_on(till, expected)
        session.client = true
        assert go_on(till, expected).stage is Stage.SETTLED
        assert not is_short(till, expected), (at, after)
        at, fell = at + 1, cut.calls > at
    assert at > 4, "there was something to cut"


def test_ten_thousand_rows_cost_a_transaction_for_each_twenty_five():
    till = Till(simulated_store())
    till.register(500)
    expected = till.expect("FDMS 0042", *rows(10_000, customers=500))
    till.bank(70_000, "FDMS 0042")
    cut = Cut(till.session.client, -1, after=False, dies=False)
    till.session.client = cut
    till.settle()
    asked = cut.calls
    assert till.stage(expected) is Stage.SETTLED
    assert set(till.balances().values()) == {140}
    assert asked <= 10_000 // AT_ONCE + 10_000 // READ_AHEAD + 20
    till.check()

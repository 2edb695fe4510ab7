"""A return and the receipt of the same transaction are one event of money, in whatever order."""

from __future__ import annotations

from contextlib import suppress

import pytest

from chalicelib.domain.errors import PayoutError, Stale, StoreUnavailable
from chalicelib.domain.findings import Kind
from chalicelib.domain.receipts import Stage, State
from chalicelib.usecases.fund import Outcome
from chalicelib.usecases.returns import follow_returns
from tests.contracts.stores import simulated_store
from tests.usecases.test_allocate import Crash, Cut
from tests.usecases.till import STORES, Between, Till

RECEIPT, RETURN = "N00100000001", "100000001"


@pytest.fixture(params=STORES)
def till(request):
    return opened(STORES[request.param]())


def opened(store):
    """A customer with 1,000 cents, 400 of which were paid out."""
    till = Till(store)
    till.register(2)
    till.bank(1000, "opening", "N1")
    till.credit(1000)
    till.close("N1")
    till.payout = till.pay(400)
    return till


def test_a_return_that_is_heard_first_is_not_received_as_well(till):
    till.come_back(till.payout, RETURN)
    assert till.bank(400, "RETURN", RECEIPT) is Outcome.IS_A_RETURN
    till.settle()
    assert (till.received, till.balance()) == (1000, 1000)
    assert till.store.receipts.get(RECEIPT) is None
    till.check()


def test_a_return_that_was_received_before_it_was_heard_is_taken_back(till):
    assert till.bank(400, "RETURN", RECEIPT) is Outcome.RECEIVED
    till.settle()
    assert till.findings() == {Kind.RECEIPT_UNKNOWN: 1}
    till.come_back(till.payout, RETURN)
    assert till.received == 1400
    assert till.settle() == {"return_taken_back": 1}
    assert (till.received, till.unallocated, till.balance()) == (1000, 0, 1000)
    assert till.receipt(RECEIPT).state is State.RETURNED
    assert not till.findings()
    till.check()


def test_it_is_taken_back_once_and_its_notice_again_is_nothing_new(till):
    till.bank(400, "RETURN", RECEIPT)
    till.bank(999, "other money", "N7")
    till.come_back(till.payout, RETURN)
    for _ in range(3):
        till.settle()
        assert till.bank(400, "RETURN", RECEIPT) is Outcome.NOTHING_NEW
    assert (till.received, till.unallocated) == (1999, 999)
    till.check()


@pytest.mark.parametrize("named", ["N00100000001", "00100000001", "n100000001", "D00100000001"])
def test_the_id_counts_however_it_is_written(till, named):
    till.come_back(till.payout, named)
    assert till.bank(400, "RETURN", RECEIPT) is Outcome.IS_A_RETURN


def test_another_id_is_other_money(till):
    till.come_back(till.payout, "1000000010")
    assert till.bank(400, "RETURN", RECEIPT) is Outcome.RECEIVED
    till.settle()
    assert till.received == 1400
    assert till.findings() == {Kind.RECEIPT_UNKNOWN: 1}


@pytest.mark.parametrize("heard_first", [True, False])
def test_another_amount_under_its_id_is_money_received_and_a_person_looks(till, heard_first):
    deeds = [
        lambda: till.come_back(till.payout, RETURN), lambda: till.bank(399, "RETURN", RECEIPT),
    ]  # fmt: skip
    for deed in deeds if heard_first else reversed(deeds):
        deed()
    till.settle()
    till.settle()
    assert (till.received, till.unallocated) == (1399, 399)
    assert till.finding(Kind.UNFIT_NEWS, RECEIPT).detail == "return_of_another_amount"
    till.check()


def test_another_amount_that_comes_long_after_the_return_is_looked_at_too(till):
    till.come_back(till.payout, RETURN)
    till.settle()
    assert till.bank(399, "RETURN", RECEIPT) is Outcome.RECEIVED
    till.settle()
    assert till.finding(Kind.UNFIT_NEWS, RECEIPT).detail == "return_of_another_amount"


def test_a_return_of_a_part_is_compared_with_that_part(till):
    till.come_back(till.payout, RETURN, cents=150)
    assert till.bank(150, "RETURN", RECEIPT) is Outcome.IS_A_RETURN


def test_without_an_id_nothing_is_matched_and_the_receipt_is_a_finding(till):
    till.come_back(till.payout, "")
    assert till.bank(400, "DISHONOUR", RECEIPT) is Outcome.RECEIVED
    till.settle()
    assert till.finding(Kind.RECEIPT_UNKNOWN, RECEIPT).is_open
    assert till.received == 1400


def test_an_id_that_is_told_later_is_enough(till):
    """The poller saw that it came back, and only the webhook says by which transaction."""
    till.come_back(till.payout, "")
    till.bank(400, "RETURN", RECEIPT)
    till.come_back(till.payout, RETURN)
    till.settle()
    assert till.received == 1000
    till.check()


def test_what_was_allocated_meanwhile_is_taken_back_once_it_is_covered_and_never_below(till):
    till.bank(400, "RETURN", RECEIPT)
    till.credit(300, "customer-2")
    till.come_back(till.payout, RETURN)
    for _ in range(2):
        assert till.settle()["return_not_covered"] == 1
        assert (till.received, till.unallocated) == (1400, 100)
    assert till.finding(Kind.RETURN_ALLOCATED, RECEIPT).detail == "not_covered"
    till.bank(300, "more", "N3")
    assert till.settle()["return_taken_back"] == 1
    assert (till.received, till.unallocated) == (1300, 0)
    assert till.finding(Kind.RETURN_ALLOCATED, RECEIPT).reason == "taken_back"
    till.check()


def test_a_return_that_waits_to_be_taken_back_is_no_settlement(till):
    till.bank(400, "FDMS 0042", RECEIPT)
    till.credit(300, "customer-2")
    expected = till.expect("FDMS 0042", ("customer-2", 400))
    till.come_back(till.payout, RETURN)
    till.settle()
    assert not till.settlement(expected).receipts
    with pytest.raises(PayoutError, match="return"):
        till.match(expected, RECEIPT)


def test_a_receipt_that_was_matched_and_is_a_return_is_taken_back_and_a_person_looks(till):
    expected = till.expect("FDMS 0042", ("customer-2", 100), cents=400)
    till.bank(400, "FDMS 0042", RECEIPT)
    till.settle()
    till.bank(100, "more", "N3")
    till.come_back(till.payout, RETURN)
    till.settle()
    assert till.receipt(RECEIPT).settlement_id == expected
    assert (till.receipt(RECEIPT).state, till.unallocated) == (State.RETURNED, 0)
    assert till.finding(Kind.RETURN_ALLOCATED, RECEIPT).detail == "matched_before"
    till.settle()
    assert till.finding(Kind.RETURN_ALLOCATED, RECEIPT).is_open
    till.check()


def test_two_receipts_of_one_id_and_amount_are_not_told_apart_by_a_guess(till):
    till.bank(400, "one", "N00100000001")
    till.bank(400, "two", "D00100000001")
    till.come_back(till.payout, RETURN)
    till.settle()
    assert till.received == 1800
    assert till.findings()[Kind.UNFIT_NEWS] == 2
    assert till.finding(Kind.UNFIT_NEWS, RECEIPT).detail == "several_receipts_of_a_return"
    till.settle()
    assert till.store.receipts.movement(RETURN).stage is Stage.DONE


def test_of_two_receipts_of_one_id_the_one_of_its_amount_is_the_return(till):
    till.bank(400, "one", "N00100000001")
    till.bank(50, "two", "D00100000001")
    till.come_back(till.payout, RETURN)
    till.settle()
    assert till.received == 1050
    assert till.receipt("D00100000001").state is State.OPEN


def test_both_at_the_same_moment_are_one_event_whoever_writes_first(till):
    till.ports["treasury"] = Between(
        till.store.treasury, write=lambda: till.come_back(till.payout, RETURN)
    )
    assert till.bank(400, "RETURN", RECEIPT) is Outcome.IS_A_RETURN
    till.settle()
    assert till.received == 1000


def test_a_receipt_of_other_funds_at_the_same_moment_is_banked_all_the_same(till):
    till.ports["treasury"] = Between(
        till.store.treasury, write=lambda: Till(till.store).bank(5, "x", "N9")
    )
    assert till.bank(400, "RETURN", RECEIPT) is Outcome.RECEIVED


def test_two_who_take_it_back_at_once_take_it_once(till):
    till.bank(400, "RETURN", RECEIPT)
    till.bank(500, "more", "N3")
    till.come_back(till.payout, RETURN)
    other = Till(till.store)
    till.ports["treasury"] = Between(till.store.treasury, write=other.settle)
    told = till.settle()
    assert till.received == 1500
    assert till.store.receipts.movement(RETURN).stage is Stage.DONE
    assert told["return_followed"] + told["return_taken_back"] + told["stale"] == 1
    till.check()


def test_what_somebody_else_took_back_before_the_funds_were_read_is_done(till):
    till.bank(400, "RETURN", RECEIPT)
    till.come_back(till.payout, RETURN)
    till.ports["treasury"] = Between(till.store.treasury, funds=Till(till.store).settle)
    till.settle()
    assert till.received == 1000
    assert not till.findings()
    till.check()


def test_who_was_overtaken_by_other_money_looks_again(till):
    till.bank(400, "RETURN", RECEIPT)
    till.come_back(till.payout, RETURN)
    till.ports["treasury"] = Between(
        till.store.treasury, write=lambda: Till(till.store).bank(5, "x", "N9")
    )
    till.settle()
    assert till.received == 1005


def test_a_race_that_does_not_end_is_left_to_the_next_run(till):
    till.bank(400, "RETURN", RECEIPT)
    till.come_back(till.payout, RETURN)

    class Busy(Between):
        def write(self, *_entries, **_told):
            raise Stale("somebody else")

    till.ports["treasury"] = Busy(till.store.treasury)
    assert till.settle()["stale"] == 1
    till.ports["treasury"] = till.store.treasury
    till.settle()
    assert till.received == 1000


def test_a_return_that_never_was_a_receipt_is_followed_once(till):
    till.come_back(till.payout, RETURN)
    assert till.settle() == {"return_followed": 1}
    assert not till.settle()


def test_a_return_that_the_list_still_shows_after_its_end_is_left_alone(till):
    till.come_back(till.payout, RETURN)
    listed = list(till.store.receipts.returns())
    till.settle()

    class Lagging(Between):
        def returns(self):
            return iter(listed)

    till.ports["receipts"] = Lagging(till.store.receipts)
    assert till.settle() == {"return_followed": 1}
    assert till.received == 1000


def test_a_return_that_is_listed_and_not_there_yet_is_left_for_later(till):
    till.come_back(till.payout, RETURN)

    class Lagging(Between):
        def movement(self, _name):
            return None

    till.ports["receipts"] = Lagging(till.store.receipts)
    till.settle()
    assert till.store.receipts.movement(RETURN).stage is Stage.HEARD


def test_one_returns_trouble_costs_only_itself(till):
    other = till.pay(100)
    till.bank(400, "RETURN", RECEIPT)
    till.bank(100, "RETURN", "N2")
    till.come_back(till.payout, RETURN)
    till.come_back(other, "2")

    def away():
        raise StoreUnavailable

    till.ports["receipts"] = Between(till.store.receipts, movement=away)
    assert till.settle()["store_unavailable"] == 1
    till.settle()
    assert till.received == 1000
    till.check()


def test_with_little_time_returns_are_left_for_the_next_run(till):
    till.come_back(till.payout, RETURN)
    ports = till._ports("receipts", "treasury", "findings")
    assert follow_returns(time_left=lambda: 1.0, **ports) == {"left_for_next_time": 1}
    assert follow_returns(time_left=lambda: 9.0, **ports) == {"return_followed": 1}


ORDERS = [
    ("bank", "come_back", "settle"), ("come_back", "bank", "settle"),
    ("bank", "settle", "come_back"),
]  # fmt: skip


@pytest.mark.parametrize("after", [True, False], ids=["after", "before"])
@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_cut_at_every_call_of_the_store_the_money_counts_once(order, after):
    at, fell = 0, True
    while fell:
        till = opened(simulated_store())
        deeds = {
            "bank": lambda t=till: t.bank(400, "RETURN", RECEIPT),
            "come_back": lambda t=till: t.come_back(t.payout, RETURN),
            "settle": till.settle,
        }
        session = till.session
        session.client, true = Cut(session.client, at, after=after, dies=True), session.client
        cut = session.client
        for name in order:
            # Whoever is cut off comes again: a webhook is told again, and the poller is regular.
            for _ in range(2):
                with suppress(Crash, PayoutError):
                    deeds[name]()
        session.client = true
        till.settle()
        assert (till.received, till.unallocated, till.balance()) == (1000, 0, 1000), (at, after)
        assert not till.findings(), (at, after)
        till.check()
        at, fell = at + 1, cut.calls > at
    assert at > 10, "there was something to cut"

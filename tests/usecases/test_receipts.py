"""What a person says of a receipt: of which settlement it is, or that it needs none."""

from __future__ import annotations

import pytest

from chalicelib.domain.errors import Conflict, NotFound, Stale
from chalicelib.domain.findings import Kind
from chalicelib.domain.receipts import State
from chalicelib.domain.settlement import Stage
from tests.usecases.till import STORES, Between, Till

NAME = "N00100000001"


@pytest.fixture(params=STORES)
def till(request):
    till = Till(STORES[request.param]())
    till.register(2)
    return till


def test_a_person_may_match_what_names_nothing(till):
    expected = till.expect("FDMS 0042", ("customer-1", 600))
    till.bank(600, "thanks")
    till.settle()
    after = till.match(expected, NAME, why="the acquirer wrote so")
    assert after == till.settlement(expected)
    assert after.stage is Stage.ALLOCATING
    found = till.finding(Kind.RECEIPT_UNKNOWN, NAME)
    assert (found.resolved_by, found.reason) == ("ada", "the acquirer wrote so")
    till.settle()
    assert till.balance() == 600
    assert till.finding(Kind.RECEIPT_UNKNOWN, NAME) == found


def test_who_matched_a_receipt_by_hand_and_why_stays_on_it(till):
    expected = till.expect("FDMS 0042", ("customer-1", 600))
    till.bank(600, "thanks")
    till.match(expected, NAME, why="the acquirer wrote so")
    assert (till.receipt().matched_by, till.receipt().reason) == ("ada", "the acquirer wrote so")
    till.match(expected, NAME, by="bob", why="something else")
    assert (till.receipt().matched_by, till.receipt().reason) == ("ada", "the acquirer wrote so")


def test_a_receipt_that_matched_itself_was_matched_by_nobody(till):
    till.expect("FDMS 0042", ("customer-1", 600))
    till.bank(600, "FDMS 0042")
    till.settle()
    assert (till.receipt().matched_by, till.receipt().reason) == ("", "")


def test_several_receipts_make_up_one_settlement_and_what_is_over_stays_unallocated(till):
    expected = till.expect("FDMS 0042", ("customer-1", 600))
    for name, cents in (("N1", 250), ("N2", 300), ("N3", 75)):
        till.bank(cents, "FDMS 0042", name)
    till.settle()
    assert till.findings() == {Kind.RECEIPT_UNDER: 3}
    for name, stage in (
        ("N1", Stage.EXPECTED), ("N2", Stage.EXPECTED), ("N3", Stage.ALLOCATING),
    ):  # fmt: skip
        assert till.match(expected, name).stage is stage
    till.settle()
    assert till.stage(expected) is Stage.SETTLED
    assert till.settlement(expected).receipts == ("N1", "N2", "N3")
    assert (till.settlement(expected).received.cents, till.unallocated) == (625, 25)
    assert not till.findings()
    till.check()


def test_what_is_missing_of_a_settlement_is_matched_when_it_comes_to_the_cent(till):
    expected = till.expect("FDMS 0042", ("customer-1", 600))
    till.bank(250, "thanks", "N1")
    till.match(expected, "N1")
    till.bank(350, "FDMS 0042", "N2")
    till.settle()
    assert till.settlement(expected).receipts == ("N1", "N2")


def test_a_settlement_of_which_a_part_has_come_is_not_missed(till):
    expected = till.expect("FDMS 0042", ("customer-1", 600))
    till.bank(250, "thanks", "N1")
    till.match(expected, "N1")
    till.clock.advance(90_000)
    till.settle()
    assert not till.findings()


def test_the_same_match_again_changes_nothing(till):
    expected = till.expect("FDMS 0042", cents=600)
    till.bank(100)
    first = till.match(expected, NAME)
    assert till.match(expected, NAME) == first
    assert till.settlement(expected).received.cents == 100


def test_a_receipt_is_matched_once_for_ever(till):
    one, two = till.expect("FDMS 0042", cents=600), till.expect("FDMS 0043", cents=600)
    till.bank(100)
    till.match(one, NAME)
    with pytest.raises(Conflict):
        till.match(two, NAME)
    with pytest.raises(Conflict):
        till.close(NAME)
    assert not till.settlement(two).receipts


def test_nothing_is_matched_with_what_has_come(till):
    expected = till.expect("FDMS 0042", cents=100)
    till.bank(100, name="N1")
    till.bank(100, name="N2")
    till.match(expected, "N1")
    with pytest.raises(Conflict):
        till.match(expected, "N2")


def test_what_is_not_there_is_not_matched_nor_closed(till):
    expected = till.expect("FDMS 0042", cents=100)
    with pytest.raises(NotFound, match="receipt"):
        till.match(expected, NAME)
    till.bank(100)
    with pytest.raises(NotFound, match="settlement"):
        till.match("settlement", NAME)
    with pytest.raises(NotFound, match="receipt"):
        till.close("N9")


def test_of_two_people_who_match_at_once_both_are_heard(till):
    expected = till.expect("FDMS 0042", cents=600)
    till.bank(100, name="N1")
    till.bank(200, name="N2")
    other = Till(till.store)
    till.ports["receipts"] = Between(till.store.receipts, match=lambda: other.match(expected, "N2"))
    till.match(expected, "N1")
    assert till.settlement(expected).receipts == ("N2", "N1")
    assert till.settlement(expected).received.cents == 300


def test_a_race_that_does_not_end_is_told(till):
    class Busy(Between):
        def match(self, *_told):
            raise Stale("somebody else")

    expected = till.expect("FDMS 0042", cents=600)
    till.bank(100)
    till.ports["receipts"] = Busy(till.store.receipts)
    with pytest.raises(Stale):
        till.match(expected, NAME)


def test_a_receipt_that_a_person_explains_is_off_the_list_and_its_money_stays(till):
    till.bank(600, "thanks")
    till.settle()
    closed = till.close(NAME, why="a refund of our bank's")
    assert closed == till.receipt()
    assert (closed.state, closed.closed_by, closed.reason) == (
        State.CLOSED, "ada", "a refund of our bank's",
    )  # fmt: skip
    assert till.finding(Kind.RECEIPT_UNKNOWN, NAME).resolved_by == "ada"
    assert till.unallocated == 600
    assert not list(till.store.receipts.open())
    assert till.close(NAME, why="a refund of our bank's") == closed
    with pytest.raises(Conflict):
        till.close(NAME, why="something else")
    with pytest.raises(Conflict):
        till.match(till.expect("FDMS 0042", cents=600), NAME)


def test_what_somebody_else_has_resolved_meanwhile_is_no_failure(till):
    till.bank(600, "thanks")
    till.settle()
    till.ports["findings"] = Between(
        till.store.findings, resolve=lambda: Till(till.store).close(NAME)
    )
    till.close(NAME)
    assert not till.findings()

"""Nights that would have been clean and were not, found what was not so, or healed too much."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.events import Rejected, Returned
from chalicelib.domain.findings import Kind
from chalicelib.domain.funding import Receipt
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.night import Told
from chalicelib.domain.payout import Status
from chalicelib.usecases.fund import bank
from chalicelib.usecases.hear import hear
from tests.fakes.provider import FEE, OUT_OF_FUNDS, REFUSED, TIMED_OUT_AND_PAID
from tests.usecases.comparing import Comparing, business, line, next_morning
from tests.usecases.nights import DAY, D
from tests.usecases.world import AMOUNT


@pytest.fixture
def world() -> Comparing:
    return business()


def receive(world, name, cents):
    bank(Receipt(name, Money(cents), "NPP", world.clock.now()), treasury=world.store.treasury)


def completed(world):
    """A payout of D that was completed on D."""
    payout = world.pay(1)
    world.clock.advance(600)
    world.poll()
    assert world.payout(payout.transaction_id).status is Status.COMPLETED
    return payout


def only(world, kind):
    (finding,) = world.found()
    assert finding.kind is kind
    return finding


# ── debits of one payout that lie days apart ─────────────────────────────────────────────────────


def test_a_second_debit_on_the_next_day_is_paid_twice_on_that_days_night(world):
    payout = completed(world)
    next_morning(world)
    world.compare()
    assert world.kinds() == []
    world.ledger.book = lambda lines: [
        *lines, line(payout.unique_reference, "T2", D + DAY, debit=AMOUNT)
    ]  # fmt: skip
    world.now(D + 2 * DAY, 3)
    world.compare(D + DAY)
    assert only(world, Kind.PAID_TWICE).subject == payout.unique_reference


@pytest.mark.parametrize("later", [2, 5])
def test_a_debit_days_after_its_sending_is_paid_twice(world, later):
    payout = completed(world)
    next_morning(world)
    world.compare()
    on = D + later * DAY
    world.ledger.book = lambda lines: [
        *lines, line(payout.unique_reference, "T2", on, debit=AMOUNT)
    ]  # fmt: skip
    world.now(on + DAY, 3)
    world.compare(on)
    finding = only(world, Kind.PAID_TWICE)
    assert (finding.subject, finding.amount) == (payout.unique_reference, AMOUNT)


def test_a_second_debit_that_was_turned_back_is_nobodys_return(world):
    payout = completed(world)
    next_morning(world)
    world.compare()
    on, reference = D + 3 * DAY, payout.unique_reference
    world.ledger.book = lambda lines: [
        *lines, line(reference, "T2", on, debit=AMOUNT), line(reference, "T3", on, credit=AMOUNT)
    ]  # fmt: skip
    world.now(on + DAY, 3)
    world.compare(on)
    assert world.payout(payout.transaction_id).status is Status.COMPLETED
    assert world.kinds() == []


@pytest.mark.parametrize("later", [3, 5])
def test_a_second_debit_that_is_turned_back_days_later_is_nobodys_return(world, later):
    payout = completed(world)
    again = line(payout.unique_reference, "T2", debit=AMOUNT)
    world.ledger.book = lambda lines: [*lines, again]
    next_morning(world)
    world.compare()
    assert world.kinds() == ["paid_twice"]
    on = D + later * DAY
    back = line(payout.unique_reference, "T3", on, credit=AMOUNT)
    world.ledger.book = lambda lines: [*lines, again, back]
    for day in (on - DAY, on, on + DAY):
        world.now(day + DAY, 3)
        night = world.compare(day)
        assert night.counts.get("findings", 0) == (day == on)
    assert world.payout(payout.transaction_id).status is Status.COMPLETED
    assert world.kinds() == ["amount_differs", "paid_twice"]
    assert (world.found()[0].ours, world.found()[0].theirs) == ("0.00", str(AMOUNT))


def test_a_payout_sent_again_later_was_debited_when_it_was_sent_first(world):
    world.provider.will(TIMED_OUT_AND_PAID)
    payout = world.pay(1)
    next_morning(world)
    world.compare()
    assert (world.payout(payout.transaction_id).status, world.kinds()) == (Status.COMPLETED, [])


def test_a_debit_just_after_midnight_is_that_of_just_before(world):
    world.now(D, 23, 59)
    payout = world.pay(1)
    world.ledger.book = lambda lines: [replace(each, on=D + DAY) for each in lines]
    next_morning(world)
    world.compare()
    world.now(D + 2 * DAY, 3)
    night = world.compare(D + DAY)
    assert (world.kinds(), night.counts["payouts"]) == ([], 1)
    assert world.payout(payout.transaction_id).status is Status.COMPLETED


def test_a_fee_charged_again_on_the_next_day_differs(world):
    payout = completed(world)
    next_morning(world)
    world.compare()
    world.ledger.book = lambda lines: [
        *lines, line(payout.unique_reference, "T1", D + DAY, debit=FEE, is_fee=True)
    ]  # fmt: skip
    world.now(D + 2 * DAY, 3)
    world.compare(D + DAY)
    assert only(world, Kind.FEE_DIFFERS).theirs == "0.24"


# ── what may not be concluded ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("words", [("Frobnicated",), ("Complete", "Rejected")])
def test_a_dead_attempt_in_words_that_say_nothing_is_a_finding_and_no_news(world, words):
    world.provider.will(OUT_OF_FUNDS)
    payout = world.pay(1)
    first = f"{payout.transaction_id}-1"
    assert payout.attempt == 2
    world.ledger.tell = lambda told: [*told, *(Told(first, word) for word in words)]
    next_morning(world)
    world.compare()
    assert world.payout(payout.transaction_id).status is payout.status
    assert only(world, Kind.STATUS_DIFFERS).theirs == ",".join(words)


def test_a_fee_alone_is_no_proof_that_a_refused_payout_was_executed(world):
    world.provider.will(REFUSED)
    payout = world.pay(1)
    world.ledger.tell = lambda _: []
    world.ledger.book = lambda _: [line(payout.unique_reference, "T1", debit=FEE, is_fee=True)]
    next_morning(world)
    world.compare()
    assert world.payout(payout.transaction_id) == payout
    assert only(world, Kind.FEE_DIFFERS).theirs == str(FEE)


# ── what came back, and did not ──────────────────────────────────────────────────────────────────


def test_a_return_that_was_never_booked_is_found_though_more_was_heard_since(world):
    payout = world.pay(1)
    world.now(D + 5 * DAY, 12)
    now = world.payout(payout.transaction_id)
    returned = Returned(at=world.clock.now(), by="test", attempt=now.attempt, amount=AMOUNT)
    returned_now = hear(now, returned, payouts=world.store.payouts).payout
    world.now(D + 6 * DAY, 1)
    named = Returned(
        at=world.clock.now(), by="test", attempt=now.attempt, amount=AMOUNT, return_id="N77"
    )
    assert hear(returned_now, named, payouts=world.store.payouts).changed
    world.now(D + 6 * DAY, 3)
    world.compare(D + 5 * DAY)
    assert only(world, Kind.AMOUNT_DIFFERS).theirs == "0.00"


def test_a_rejection_days_later_that_was_never_booked_is_found(world):
    payout = world.pay(1, "Pending")
    next_morning(world)
    world.compare()
    world.now(D + 4 * DAY, 12)
    now = world.payout(payout.transaction_id)
    rejected = Rejected(at=world.clock.now(), by="test", attempt=now.attempt)
    assert hear(now, rejected, payouts=world.store.payouts).payout.status is Status.REJECTED
    world.now(D + 5 * DAY, 3)
    world.compare(D + 4 * DAY)
    finding = only(world, Kind.AMOUNT_DIFFERS)
    assert (finding.ours, finding.theirs) == ("100.00", "0.00")


def test_a_rejection_of_what_was_never_known_to_be_accepted_has_nothing_to_come_back(world):
    world.provider.will(TIMED_OUT_AND_PAID)
    payout = world.pay(1)
    world.now(D + 4 * DAY, 12)
    rejected = Rejected(at=world.clock.now(), by="test", attempt=1)
    hear(world.payout(payout.transaction_id), rejected, payouts=world.store.payouts)
    world.ledger.tell = world.ledger.book = lambda _: []
    world.now(D + 5 * DAY, 3)
    world.compare(D + 4 * DAY)
    assert world.kinds() == []


def test_a_status_without_a_debit_is_found_though_it_was_under_way_the_night_before(world):
    payout = world.pay(1)
    world.ledger.book = lambda _: []
    world.now(D + DAY, 5)
    world.poll()
    assert world.payout(payout.transaction_id).status is Status.COMPLETED
    world.now(D + 2 * DAY, 3)
    world.compare(D + DAY)
    assert only(world, Kind.AMOUNT_DIFFERS).theirs == "0.00"


# ── receipts and credits ─────────────────────────────────────────────────────────────────────────


def test_a_receipt_and_its_line_need_not_bear_the_same_number(world):
    receive(world, "N00000000077", 900)
    world.ledger.book = lambda _: [line("", "5001", credit=Money(900))]
    next_morning(world)
    night = world.compare()
    assert (world.kinds(), night.unexplained) == ([], ZERO)
    assert night.sums["received"] == Money(900)


def test_one_receipt_explains_one_line_of_its_amount(world):
    receive(world, "N00000000077", 900)
    world.ledger.book = lambda _: [
        line("", name, credit=Money(900)) for name in ("5001", "5002")
    ]  # fmt: skip
    next_morning(world)
    night = world.compare()
    assert only(world, Kind.UNEXPLAINED_CREDIT).subject == "5002"
    assert (night.unexplained, night.sums["received"]) == (Money(900), Money(900))


def test_one_line_explains_one_receipt_of_its_amount(world):
    receive(world, "N00000000077", 900)
    receive(world, "N00000000078", 900)
    world.ledger.book = lambda _: [line("", "5001", credit=Money(900))]
    next_morning(world)
    world.compare()
    assert only(world, Kind.MISSING_THERE).subject == "N00000000078"


def test_a_line_of_its_own_number_is_a_receipts_before_any_other(world):
    receive(world, "N00000000077", 900)
    world.ledger.book = lambda _: [
        line("", name, credit=Money(900)) for name in ("5001", "77")
    ]  # fmt: skip
    next_morning(world)
    world.compare()
    assert only(world, Kind.UNEXPLAINED_CREDIT).subject == "5001"


def test_a_number_seen_on_two_days_is_one_receipts_once(world):
    receive(world, "N00000000077", 900)
    world.ledger.book = lambda _: [
        line("", "77", credit=Money(900)), line("", "77", D + DAY, credit=Money(900))
    ]  # fmt: skip
    next_morning(world)
    world.compare()
    world.now(D + 2 * DAY, 3)
    world.compare(D + DAY)
    assert only(world, Kind.UNEXPLAINED_CREDIT).subject == "77"


def test_two_receipts_of_one_number_are_not_one_line(world):
    receive(world, "N00000000077", 900)
    receive(world, "D00000000077", 900)
    world.ledger.book = lambda _: [line("", "77", credit=Money(900))]
    next_morning(world)
    world.compare()
    only(world, Kind.MISSING_THERE)


def test_a_receipt_and_its_line_may_lie_on_either_side_of_midnight(world):
    world.now(D, 23, 59)
    receive(world, "N00000000077", 900)
    world.ledger.book = lambda _: [line("", "5001", D + DAY, credit=Money(900))]
    next_morning(world)
    world.compare()
    world.now(D + 2 * DAY, 3)
    night = world.compare(D + DAY)
    assert (world.kinds(), night.sums["received"]) == ([], Money(900))


def test_a_receipt_that_one_night_gave_to_a_line_is_not_the_next_nights_to_give(world):
    world.now(D, 23, 59)
    receive(world, "N00000000077", 900)
    world.ledger.book = lambda _: [
        line("", "5001", D, credit=Money(900)), line("", "5002", D + DAY, credit=Money(900))
    ]  # fmt: skip
    next_morning(world)
    world.compare()
    world.now(D + 2 * DAY, 3)
    world.compare(D + DAY)
    assert only(world, Kind.UNEXPLAINED_CREDIT).subject == "5002"


# ── balances ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("lasts", [True, False])
def test_a_break_at_the_end_of_a_day_is_not_found_again_on_the_next(world, lasts):
    world.pay(1)
    world.pay(2)
    world.ledger.book = lambda lines: [*lines, line("", "77", D + DAY, credit=Money(900))]
    world.ledger.balance = lambda place, true: (
        true + Money(5) if (place >= 3 if lasts else place == 3) else true
    )
    world.now(D + DAY, 1)
    world.ledger.book, booked = (lambda lines: lines), world.ledger.book
    world.now(D + DAY, 3)
    first = world.compare()
    assert world.kinds() == ["balance_differs"]
    world.ledger.book = booked
    world.now(D + DAY, 12)
    receive(world, "N00000000077", 900)
    world.now(D + 2 * DAY, 3)
    night = world.compare(D + DAY, before=first)
    assert only(world, Kind.BALANCE_DIFFERS).subject == D.isoformat()
    assert night.counts.get("findings", 0) == 0

"""A day compared: what agrees, what is heard, and each fault found as the one fault that it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.domain.errors import ProviderUnavailable, StoreUnavailable
from chalicelib.domain.events import Returned
from chalicelib.domain.findings import Kind
from chalicelib.domain.funding import Receipt
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.night import Stage, Told
from chalicelib.domain.payout import Status
from chalicelib.domain.receipts import State
from chalicelib.ports import Found
from chalicelib.usecases import reconcile
from chalicelib.usecases.figures import MOST_NAMED, Figures
from chalicelib.usecases.fund import bank
from chalicelib.usecases.hear import hear
from tests.fakes.provider import (
    FEE,
    OUT_OF_FUNDS,
    REFUSED,
    TIMED_OUT_AND_PAID,
    TIMED_OUT_UNPAID,
)
from tests.usecases.comparing import Comparing, business, line, next_morning
from tests.usecases.nights import DAY, D
from tests.usecases.world import AMOUNT, DIRECT_ENTRY

OURS = "00000000-0000-4000-8000-00000000000f-1"


@pytest.fixture
def world() -> Comparing:
    return business()


def stored(world):
    """All that a comparison could change."""
    state = world.store.state
    return (dict(state.payouts), {k: list(v) for k, v in state.steps.items()}, dict(state.findings))


def doctor(world, reference, **changed):
    """Let the debit of a reference be booked otherwise."""
    world.ledger.book = lambda lines: [
        replace(each, **changed)
        if each.reference == reference and each.debit and not each.is_fee
        else each
        for each in lines
    ]


def only(world, kind):
    (finding,) = world.found()
    assert finding.kind is kind
    return finding


def test_a_good_day_agrees_and_says_so_to_the_cent(world):
    world.pay(1)
    world.pay(2, "Complete", rail=DIRECT_ENTRY)
    world.pay(3)
    next_morning(world)
    night = world.compare()
    assert (night.stage, night.position, night.unexplained) == (Stage.ATTESTED, "", ZERO)
    assert world.kinds() == []
    assert night.counts["payouts"] == 3
    assert night.sums["fees"] == Money(3 * FEE.cents)
    assert (night.sums["paid"], night.sums["waiting"]) == (Money(2 * AMOUNT.cents), AMOUNT)
    assert night.opening == Money(1_000_000)
    assert night.closing == Money(1_000_000 - 3 * (AMOUNT + FEE).cents)


def test_what_agrees_costs_no_read_and_no_write(world):
    world.pay(1)
    world.pay(2)
    next_morning(world)
    world.compare()
    world.clock.advance(60)
    payouts, findings = world.meanwhile("payouts"), world.meanwhile("findings")
    night = world.compare()
    assert (payouts.calls, findings.calls) == ([], [])
    assert night.counts["agreed"] == night.counts["payouts"] == 2
    assert world.ledger.calls[-2:] == ["statuses", "lines"]
    assert "healed" not in night.counts


def test_what_life_allows_is_heard_in_the_nights_name_and_counted(world):
    payout = world.pay(1)
    assert world.payout(payout.transaction_id).status is Status.PENDING
    next_morning(world)
    night = world.compare()
    assert world.payout(payout.transaction_id).status is Status.COMPLETED
    assert world.store.payouts.steps(payout.transaction_id)[-1].event.by == "night"
    assert night.counts["healed"] == 1
    assert world.kinds() == []


def test_a_payout_in_doubt_is_found_there_and_gets_its_fee(world):
    world.provider.will(TIMED_OUT_AND_PAID)
    payout = world.pay(1)
    assert payout.status is Status.UNCONFIRMED
    next_morning(world)
    night = world.compare()
    after = world.payout(payout.transaction_id)
    assert (after.status, after.fee) == (Status.COMPLETED, FEE)
    assert (night.counts["healed"], world.kinds()) == (1, [])


def test_a_payout_in_doubt_that_they_do_not_know_waits_and_is_no_finding(world):
    world.provider.will(TIMED_OUT_UNPAID)
    payout = world.pay(1)
    next_morning(world)
    night = world.compare()
    assert world.payout(payout.transaction_id) == payout
    assert (night.counts["waiting"], night.counts["agreed"]) == (1, 0)
    assert world.kinds() == []


@pytest.mark.parametrize("word", ["Rejected", "Dishonoured"])
def test_money_that_came_back_is_heard(world, word):
    payout = world.pay(1)
    world.provider.settle(payout.unique_reference, word, back=AMOUNT)
    next_morning(world)
    night = world.compare()
    assert world.payout(payout.transaction_id).status is Status.RETURNED or word == "Rejected"
    assert world.payout(payout.transaction_id).status is not Status.PENDING
    assert (night.counts["came_back"], night.sums["came_back"]) == (1, AMOUNT)
    assert world.kinds() == []
    assert world.compare().counts.get("healed", 0) == 0


def test_a_return_of_another_amount_is_disputed_not_swallowed(world):
    payout = world.pay(1)
    world.provider.settle(payout.unique_reference, "Complete", back=Money(4_000))
    next_morning(world)
    world.compare()
    after = world.payout(payout.transaction_id)
    assert (after.status, after.came_back) == (Status.DISPUTED, Money(4_000))


def test_a_payout_that_they_know_nothing_of_is_missing_there(world):
    payout = world.pay(1)
    world.provider.executions.clear()
    next_morning(world)
    world.compare()
    finding = only(world, Kind.MISSING_THERE)
    assert (finding.subject, finding.amount) == (payout.unique_reference, AMOUNT)
    assert (finding.ours, finding.theirs) == ("Pending", "")


def test_a_payout_that_the_index_does_not_show_is_read_by_its_key(world):
    payout = world.pay(1)
    world.store.changes.unseen.add(payout.transaction_id)
    next_morning(world)
    night = world.compare()
    assert (world.kinds(), night.counts["payouts"]) == ([], 1)


def test_a_payout_that_is_gone_here_is_missing_here_and_nothing_else(world):
    payout = world.pay(1)
    del world.store.state.payouts[payout.transaction_id]
    next_morning(world)
    night = world.compare()
    finding = only(world, Kind.MISSING_HERE)
    assert (finding.subject, finding.amount) == (payout.unique_reference, AMOUNT)
    assert night.unexplained == ZERO


def test_another_amount_is_that_difference_alone(world):
    payout = world.pay(1)
    doctor(world, payout.unique_reference, debit=Money(10_001))
    next_morning(world)
    night = world.compare()
    finding = only(world, Kind.AMOUNT_DIFFERS)
    assert (finding.ours, finding.theirs, finding.amount) == ("100.00", "100.01", Money(1))
    assert night.unexplained == ZERO


def test_a_status_without_a_debit_is_another_amount(world):
    payout = world.pay(1)
    world.ledger.book = lambda _: []
    next_morning(world)
    world.compare()
    finding = only(world, Kind.AMOUNT_DIFFERS)
    assert (finding.subject, finding.theirs) == (payout.unique_reference, "0.00")


def test_a_debit_twice_is_paid_twice_and_not_another_amount(world):
    payout = world.pay(1)
    world.ledger.book = lambda lines: [*lines, replace(lines[0], transaction_id="T2")]
    next_morning(world)
    world.compare()
    finding = only(world, Kind.PAID_TWICE)
    assert (finding.amount, finding.theirs) == (AMOUNT, "200.00")
    assert finding.subject == payout.unique_reference


def test_a_debit_twice_of_which_one_was_turned_back_is_right(world):
    world.pay(1)
    next_morning(world)
    world.compare()
    world.ledger.book = lambda lines: [
        *lines, replace(lines[0], transaction_id="T2"),
        replace(lines[0], transaction_id="T3", debit=ZERO, credit=lines[0].debit),
    ]  # fmt: skip
    world.compare()
    assert world.kinds() == []


def test_a_payment_that_is_debited_once_more_days_later_is_paid_twice(world):
    payout, late = world.pay(1), D + 5 * DAY
    next_morning(world)
    world.compare()
    again = line(payout.unique_reference, "999", late, debit=AMOUNT)
    world.ledger.book = lambda lines: [*lines, again]
    world.now(late + DAY, 3)
    world.compare(late)
    assert only(world, Kind.PAID_TWICE).amount == AMOUNT


def test_two_attempts_that_were_both_paid_are_paid_twice(world):
    world.provider.will(OUT_OF_FUNDS)
    payout = world.pay(1)
    world.clock.advance(600)
    world.poll()
    after = world.payout(payout.transaction_id)
    assert after.attempt == 2
    first = f"{payout.transaction_id}-1"
    world.ledger.book = lambda lines: [*lines, line(first, "T9", debit=AMOUNT)]
    next_morning(world)
    world.compare()
    assert only(world, Kind.PAID_TWICE).subject == after.unique_reference


def test_a_dead_attempt_that_was_paid_all_the_same_is_heard_where_nothing_else_left(world):
    world.provider.will(OUT_OF_FUNDS)
    payout = world.pay(1)
    first = f"{payout.transaction_id}-1"
    world.ledger.tell = lambda told: [*told, Told(first, "Complete")]
    world.ledger.book = lambda lines: [*lines, line(first, "T9", debit=AMOUNT)]
    next_morning(world)
    night = world.compare()
    after = world.payout(payout.transaction_id)
    assert (after.status, after.attempt) == (Status.COMPLETED, 1)
    assert (night.counts["healed"], world.kinds()) == (1, [])


def test_a_contradiction_is_a_finding_and_before_a_person(world):
    payout = world.pay(1)
    stray = f"{payout.transaction_id}-7"
    world.ledger.book = lambda lines: [line(stray, "T9", debit=AMOUNT), *lines[2:]]
    world.ledger.tell = lambda _: []
    next_morning(world)
    world.compare()
    assert only(world, Kind.STATUS_DIFFERS).theirs == "debited"
    assert world.payout(payout.transaction_id).needs_person == "contradiction"
    before = stored(world)
    world.compare()
    assert stored(world) == before


@pytest.mark.parametrize("word", ["Pending", "Frobnicated", "Rejected"])
def test_a_status_to_which_no_step_leads_is_a_finding(world, word):
    payout = world.pay(1)
    next_morning(world)
    world.compare()
    world.clock.advance(60)
    world.provider.settle(payout.unique_reference, word)
    world.compare()
    finding = only(world, Kind.STATUS_DIFFERS)
    assert (finding.ours, finding.theirs) == ("Completed", word)
    assert world.payout(payout.transaction_id).status is Status.COMPLETED


def test_a_reference_told_in_two_words_is_a_finding(world):
    world.pay(1)
    world.ledger.tell = lambda told: [*told, Told(told[0].reference, "Rejected")]
    next_morning(world)
    world.compare()
    assert only(world, Kind.STATUS_DIFFERS).theirs == "Complete,Rejected"


def test_two_words_of_which_the_first_would_fit_are_a_finding_too(world):
    world.pay(1)
    next_morning(world)
    world.compare()
    world.ledger.tell = lambda told: [*told, Told(told[0].reference, "Rejected")]
    world.compare()
    assert only(world, Kind.STATUS_DIFFERS).theirs == "Complete,Rejected"


def test_a_wrong_fee_is_that_difference_alone(world):
    world.pay(1)
    world.ledger.book = lambda lines: [
        replace(each, debit=Money(99)) if each.is_fee else each for each in lines
    ]
    next_morning(world)
    night = world.compare()
    finding = only(world, Kind.FEE_DIFFERS)
    assert (finding.ours, finding.theirs, finding.amount) == ("0.12", "0.99", Money(87))
    assert night.counts["healed"] == 1


def test_a_fee_that_was_not_charged_differs_only_where_fees_are_shown_at_all(world):
    world.pay(1)
    world.pay(2)
    world.ledger.book = lambda lines: lines[:1] + lines[2:]
    next_morning(world)
    world.compare()
    assert only(world, Kind.FEE_DIFFERS).theirs == "0.00"


def test_an_account_whose_fees_are_elsewhere_shows_none(world):
    world.pay(1)
    world.ledger.book = lambda lines: [each for each in lines if not each.is_fee]
    next_morning(world)
    world.compare()
    assert world.kinds() == []


def test_a_refused_payout_that_was_paid_is_disputed(world):
    world.provider.will(REFUSED)
    payout = world.pay(1)
    reference = payout.unique_reference
    world.ledger.tell = lambda _: [Told(reference, "Complete")]
    world.ledger.book = lambda _: [line(reference, "T1", debit=AMOUNT)]
    next_morning(world)
    night = world.compare()
    assert world.payout(payout.transaction_id).status is Status.DISPUTED
    assert night.counts["needs_person"] == 1


def test_a_refused_payout_that_shows_as_rejected_there_is_no_matter(world):
    world.provider.will(REFUSED)
    payout = world.pay(1)
    world.ledger.tell = lambda _: [Told(payout.unique_reference, "Rejected")]
    next_morning(world)
    world.compare()
    assert (world.kinds(), world.payout(payout.transaction_id)) == ([], payout)


def test_a_debit_of_somebody_elses_is_one_finding_with_its_fee(world):
    world.ledger.book = lambda _: [
        line("", "T1", debit=Money(5_000)), line("", "T1", debit=FEE, is_fee=True),
    ]  # fmt: skip
    next_morning(world)
    night = world.compare()
    finding = only(world, Kind.UNEXPLAINED_DEBIT)
    assert (finding.subject, finding.amount) == ("T1", Money(5_012))
    assert night.unexplained == Money(5_012)


def test_a_line_without_any_name_is_a_finding_by_what_it_says(world):
    world.ledger.book = lambda _: [line("", "", credit=Money(700))]
    next_morning(world)
    world.compare()
    world.compare()
    assert only(world, Kind.UNEXPLAINED_CREDIT).amount == Money(700)


def test_a_fee_without_a_reference_is_its_payments(world):
    world.pay(1)
    world.ledger.book = lambda lines: [
        replace(each, reference="") if each.is_fee else each for each in lines
    ]
    next_morning(world)
    night = world.compare()
    assert (world.kinds(), night.unexplained) == ([], ZERO)


def test_a_receipt_explains_a_credit_by_name_and_amount(world):
    receive(world, "N00000000077", 900)
    world.ledger.book = lambda _: [line("", "77", credit=Money(900))]
    next_morning(world)
    night = world.compare()
    assert (world.kinds(), night.unexplained) == ([], ZERO)
    assert night.sums["received"] == Money(900)


def test_a_receipt_that_no_list_shows_is_read_by_its_key(world):
    receive(world, "N00000000077", 900)
    world.ledger.book = lambda _: [line("", "77", credit=Money(900))]
    next_morning(world)
    world.ports["receipts"] = Blind(world.store.receipts)
    night = world.compare()
    assert (world.kinds(), night.sums["received"]) == ([], Money(900))


def test_a_receipt_of_another_amount_is_one_finding_not_two(world):
    receive(world, "N00000000077", 900)
    world.ledger.book = lambda _: [line("", "77", credit=Money(800))]
    next_morning(world)
    night = world.compare()
    finding = only(world, Kind.AMOUNT_DIFFERS)
    assert (finding.subject, finding.ours, finding.theirs) == ("N00000000077", "9.00", "8.00")
    assert (night.unexplained, night.counts["findings"]) == (Money(800), 1)


def test_a_receipt_that_the_account_does_not_show_is_missing_there(world):
    receive(world, "N00000000077", 900)
    next_morning(world)
    world.compare()
    finding = only(world, Kind.MISSING_THERE)
    assert (finding.subject, finding.amount) == ("N00000000077", Money(900))


def test_a_balance_that_does_not_follow_is_one_finding_by_its_date(world):
    world.pay(1)
    world.ledger.balance = lambda place, true: true + Money(5) if place == 1 else true
    world.ledger.book = lambda lines: [*early(), *lines]
    next_morning(world)
    world.compare()
    assert world.kinds() == []  # it is the day before's
    world.ledger.balance = lambda place, true: true + Money(5) if place == 2 else true
    night = world.compare()
    finding = only(world, Kind.BALANCE_DIFFERS)
    assert (finding.subject, finding.amount) == (D.isoformat(), Money(5))
    assert night.closing == Money(1_000_000 - 2) - AMOUNT - FEE


def early():
    """Something on the day before, so that there is a balance to follow from."""
    return [line("", f"T{name}", D - DAY, debit=Money(1)) for name in range(2)]


def test_a_day_that_does_not_begin_where_the_last_one_ended_is_a_finding(world):
    world.pay(1)
    next_morning(world)
    before = replace(world.compare(D - DAY), closing=Money(999_999))
    night = world.compare(before=before)
    finding = only(world, Kind.BALANCE_DIFFERS)
    assert (finding.ours, finding.theirs) == ("9999.99", "10000.00")
    assert night.opening == Money(1_000_000)


def test_a_day_without_a_line_ends_as_it_began(world):
    next_morning(world)
    before = replace(world.compare(D - DAY), closing=Money(42))
    night = world.compare(before=before)
    assert (night.opening, night.closing, world.kinds()) == (Money(42), Money(42), [])


def test_what_changed_while_the_day_was_read_is_left_to_the_next_night(world):
    payout = world.pay(1)
    next_morning(world)

    def meanwhile(_told):
        world.clock.advance(1)
        world.poll()
        return []

    world.ledger.tell, world.ledger.book = meanwhile, lambda _: []
    assert world.compare().counts["in_flight"] == 1
    assert world.kinds() == []
    world.now(D + 2 * DAY, 3)
    world.ledger.tell = world.ledger.book = lambda _: []
    world.compare(D + DAY)
    assert only(world, Kind.MISSING_THERE).subject == payout.unique_reference


def test_what_was_sent_on_the_next_day_is_the_next_nights_to_judge(world):
    world.now(D + DAY, 1)
    payout = world.pay(1)
    doctor(world, payout.unique_reference, debit=Money(10_001))
    world.now(D + DAY, 3)
    night = world.compare()
    assert (world.kinds(), night.counts.get("payouts", 0)) == ([], 0)
    world.now(D + 2 * DAY, 3)
    world.compare(D + DAY)
    assert world.kinds() == ["amount_differs"]


def test_a_return_days_later_is_held_against_its_credit(world):
    payout = world.pay(1)
    next_morning(world)
    world.compare()
    world.now(D + 5 * DAY, 12)
    reference = payout.unique_reference
    world.ledger.tell = lambda _: []
    world.ledger.book = lambda lines: [
        *lines, line(reference, "T5", D + 5 * DAY, credit=AMOUNT)
    ]  # fmt: skip
    world.now(D + 6 * DAY, 3)
    night = world.compare(D + 5 * DAY)
    assert world.payout(payout.transaction_id).status is Status.RETURNED
    assert (night.counts["healed"], night.counts["came_back"]) == (1, 1)
    again = world.compare(D + 5 * DAY)
    assert (world.kinds(), again.counts["came_back"]) == ([], 1)


def test_a_return_that_was_heard_and_never_booked_is_a_finding(world):
    payout = world.pay(1)
    world.now(D + 5 * DAY, 12)
    heard_return(world, payout)
    world.now(D + 6 * DAY, 3)
    world.compare(D + 5 * DAY)
    finding = only(world, Kind.AMOUNT_DIFFERS)
    assert (finding.ours, finding.theirs) == ("100.00", "0.00")


def test_a_return_under_its_own_name_only_is_known_by_it(world):
    payout = world.pay(1)
    world.now(D + 5 * DAY, 12)
    heard_return(world, payout, return_id="N00000000055")
    world.ledger.book = lambda lines: [*lines, line("", "55", D + 5 * DAY, credit=AMOUNT)]
    world.now(D + 6 * DAY, 3)
    night = world.compare(D + 5 * DAY)
    assert (world.kinds(), night.unexplained) == ([], ZERO)


def test_a_return_under_its_own_name_on_the_day_of_its_debit_is_known_by_it(world):
    payout = world.pay(1)
    heard_return(world, payout, return_id="N00000000055")
    world.ledger.book = lambda lines: [*lines, line("", "55", credit=AMOUNT)]
    next_morning(world)
    night = world.compare()
    assert (world.kinds(), night.unexplained) == ([], ZERO)


def test_a_payout_that_two_dates_show_is_held_and_counted_once(world):
    world.pay(1)
    changes = world.ports["changes"]

    def of_day(day, *, after=""):
        return changes.of_day(D if day == D + DAY else day, after=after)

    world.ports["changes"] = SimpleNamespace(of_day=of_day)
    next_morning(world)
    night = world.compare()
    assert (night.counts["payouts"], night.sums["paid"]) == (1, AMOUNT)


def test_a_second_run_changes_nothing(world):
    payout = world.pay(1)
    world.pay(2)
    world.pay(3)
    doctor(world, payout.unique_reference, debit=Money(10_001))
    next_morning(world)
    first = world.compare()
    before = stored(world)
    again = world.compare()
    assert stored(world) == before
    assert again.findings == first.findings
    assert (first.counts["new_findings"], again.counts.get("new_findings", 0)) == (1, 0)


def test_a_night_that_runs_short_goes_on_where_it_was_and_counts_all_once(world):
    for number in range(1, 6):
        world.pay(number)
    next_morning(world)
    asked = iter([3600.0] * 4 + [1.0] * 99)
    true, world.time_left = world.time_left, lambda: next(asked)
    night = world.compare()
    assert night.stage is Stage.COMPARED
    assert 0 < night.counts["payouts"] < 5
    world.time_left = true
    done = world.compare(night=night)
    assert (done.stage, done.counts["payouts"], done.counts["healed"]) == (Stage.ATTESTED, 5, 5)
    assert done.sums["paid"] == Money(5 * AMOUNT.cents)


def test_a_night_that_is_killed_goes_on_from_its_checkpoint(world):
    for number in range(1, 6):
        world.pay(number)
    next_morning(world)
    dear, reconcile.DEAR = reconcile.DEAR, reconcile.CHECKPOINT
    try:
        world.once("payouts", "write", lambda: None)
        world.compare()
    finally:
        reconcile.DEAR = dear
    assert len(world.saved) == 5
    again = world.compare(night=world.saved[2])
    assert (again.counts["payouts"], again.counts["healed"]) == (5, 3)


def test_what_cannot_be_read_concludes_nothing(world):
    world.pay(1)
    next_morning(world)
    before = stored(world)

    def broken(_lines):
        raise ProviderUnavailable("lines: it broke off.")

    world.ledger.book = broken
    with pytest.raises(ProviderUnavailable):
        world.compare()
    assert stored(world) == before


def test_a_finding_that_may_not_be_kept_ends_the_night_and_again_is_safe(world):
    payout = world.pay(1)
    doctor(world, payout.unique_reference, debit=Money(1))
    next_morning(world)

    def fails():
        raise StoreUnavailable("findings")

    world.once("findings", "find", fails)
    with pytest.raises(StoreUnavailable):
        world.compare()
    world.compare()
    assert world.kinds() == ["amount_differs"]


def test_all_findings_are_counted_and_as_many_named_as_a_row_holds():
    figures = Figures(findings={str(number): None for number in range(MOST_NAMED)})
    figures.found("one more", Found.NEW)
    assert (figures.counts["findings"], len(figures.findings)) == (1, MOST_NAMED)


def test_a_night_that_runs_short_after_the_last_payout_only_has_the_account_left(world):
    world.pay(1)
    next_morning(world)
    held = world.compare()
    payouts = world.meanwhile("payouts")
    done = world.compare(night=replace(held, stage=Stage.COMPARED, position=reconcile.ALL_HELD))
    assert (done.stage, done.counts, payouts.calls) == (Stage.ATTESTED, held.counts, [])


def test_what_the_provider_says_of_others_is_their_affair(world):
    world.pay(1)
    world.ledger.tell = lambda told: [*told, Told("somebody-elses", "Complete"), Told("", "x")]
    next_morning(world)
    world.compare()
    assert world.kinds() == []


def test_a_payout_that_is_gone_here_is_another_nights_where_its_line_is(world):
    world.now(D + DAY, 1)
    payout = world.pay(1)
    del world.store.state.payouts[payout.transaction_id]
    world.now(D + DAY, 3)
    world.compare()
    assert world.kinds() == []


def test_a_receipt_that_turned_out_to_be_a_return_is_not_missed(world):
    receive(world, "N00000000077", 900)
    banked = world.store.state.banked["N00000000077"]
    world.store.state.banked["N00000000077"] = replace(banked, state=State.RETURNED)
    next_morning(world)
    world.compare()
    assert world.kinds() == []


def known_to_be_paid(world):
    """A payout that both sides know to be completed, so that nothing is left to be heard."""
    payout = world.pay(1)
    next_morning(world)
    world.compare()
    world.clock.advance(60)
    return payout


@pytest.mark.parametrize(
    ("is_fee", "changed", "kind"),
    [
        (False, {"debit": Money(10_001)}, "amount_differs"),
        (True, {"debit": Money(99)}, "fee_differs"),
    ],
)  # fmt: skip
def test_what_both_sides_call_completed_is_held_to_the_cent(world, is_fee, changed, kind):
    known_to_be_paid(world)
    world.ledger.book = lambda lines: [
        replace(each, **changed) if each.is_fee is is_fee else each for each in lines
    ]
    world.compare()
    assert world.kinds() == [kind]


def test_what_both_sides_call_completed_and_came_back_all_the_same_is_heard(world):
    payout = known_to_be_paid(world)
    reference = payout.unique_reference
    world.ledger.book = lambda lines: [*lines, line(reference, "T9", credit=AMOUNT)]
    world.compare()
    assert world.payout(payout.transaction_id).status is Status.RETURNED


def test_a_return_explains_a_credit_of_its_own_amount_only(world):
    payout = known_to_be_paid(world)
    heard_return(world, payout, return_id="N00000000055")
    world.clock.advance(60)
    world.ledger.book = lambda lines: [*lines, line("", "55", credit=AMOUNT + Money(1))]
    night = world.compare()
    assert "unexplained_credit" in world.kinds()
    assert night.unexplained == AMOUNT + Money(1)


def test_a_debit_is_never_explained_by_a_receipt_of_its_name(world):
    receive(world, "N00000000077", 900)
    world.ledger.book = lambda _: [
        line("", "77", credit=Money(900)), line("", "77", debit=Money(900)),
    ]  # fmt: skip
    next_morning(world)
    night = world.compare()
    assert world.kinds() == ["unexplained_debit"]
    assert night.unexplained == Money(1_800)


class Blind:
    """Receipts whose list shows nothing."""

    def __init__(self, receipts):
        self._receipts = receipts

    def of_days(self, _first, _last):
        return iter(())

    def __getattr__(self, name):
        return getattr(self._receipts, name)


def receive(world, name, cents):
    received = Receipt(name, Money(cents), "NPP", world.clock.now())
    bank(received, treasury=world.store.treasury)


def heard_return(world, payout, return_id=""):
    now = world.payout(payout.transaction_id)
    event = Returned(
        at=world.clock.now(), by="test", attempt=now.attempt, amount=AMOUNT, return_id=return_id
    )
    hear(now, event, payouts=world.store.payouts)


def test_the_day_after_is_not_read_beyond_today(world):
    world.pay(1)
    next_morning(world)
    asked: list[Any] = []
    world.ports["day_book"] = Recording(world.ledger, asked)
    world.compare()
    assert asked == [(D - timedelta(days=1), D + timedelta(days=1))]


class Recording:
    def __init__(self, ledger, asked):
        self._ledger, self._asked = ledger, asked

    def statuses(self, first, last, *, within):
        self._asked.append((first, last))
        return self._ledger.statuses(first, last, within=within)

    def lines(self, first, last, *, within):
        return self._ledger.lines(first, last, within=within)

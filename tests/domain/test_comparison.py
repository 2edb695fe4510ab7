"""One payout against what the provider tells of it: the rare sides, and what is whose night."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.account_day import Attempt, Reading, follow
from chalicelib.domain.advance import advance, begin
from chalicelib.domain.comparison import AGREES, is_due, judge, missing_here
from chalicelib.domain.destination import PayoutMethod, SealedDestination
from chalicelib.domain.events import (
    Accepted,
    ApprovalAsked,
    Confirmed,
    Declined,
    Doubt,
    Refused,
    Rejected,
    Returned,
    Started,
    Unclear,
)
from chalicelib.domain.findings import Kind
from chalicelib.domain.intent import Intent
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Status
from chalicelib.domain.rails import Rail

D = date(2026, 3, 6)
DAY = timedelta(days=1)
NOON = datetime(2026, 3, 6, 1, tzinfo=UTC)
READING = Reading(D, D - DAY, D + DAY, has_fees=True)
ID = "00000000-0000-4000-8000-000000000001"
AMOUNT, FEE = Money(10_000), Money(12)
ACCEPTED = Accepted(at=NOON, by="provider", attempt=1, monoova_transaction_id="T1", fee=FEE)
COMPLETED = Confirmed(at=NOON, by="webhook", attempt=1)
REJECTED = Rejected(at=NOON, by="webhook", attempt=1)
REFUSED = Refused(at=NOON, by="provider", attempt=1, refusal="no")
UNCLEAR = Unclear(at=NOON, by="provider", attempt=1, doubt=Doubt.TIMED_OUT)
RETURNED = Returned(at=NOON, by="webhook", attempt=1)


def payout(*events, at=NOON):
    sealed = SealedDestination(
        "d", PayoutMethod.BANK_ACCOUNT, "bank_account", "•••678", "J•••", b""
    )
    intent = Intent(ID, "customer-1", AMOUNT, Rail.NPP, sealed, at, "olive")
    after = begin(intent, by="olive").after
    for event in (Started(at=at, by="olive", claim_id="c"), *events):
        after = advance(after, event).after
    return after


def attempt(word="Complete", number=1, **more):
    usual: dict[str, Any] = {
        "debits": 1, "paid": AMOUNT.cents, "fee_lines": 1, "fees": FEE.cents, "paid_on": D,
        "transaction_id": "T1",
    }  # fmt: skip
    return Attempt(ID, number, word, word, **(usual | more))


def bare(word, number=1):
    """An attempt of which no line tells."""
    return Attempt(ID, number, word, word)


def judged(of, *attempts, reading=READING):
    return judge(of, attempts, reading, NOON + DAY)


def test_one_that_agrees_in_all_has_nothing_to_say():
    assert judged(payout(ACCEPTED, COMPLETED), attempt()) == AGREES


def test_a_debit_of_the_day_without_a_status_differs():
    (difference,) = judged(payout(ACCEPTED, COMPLETED), attempt("")).differences
    assert (difference.kind, difference.theirs) == (Kind.STATUS_DIFFERS, "debited")


def test_the_status_of_a_debit_of_another_date_may_not_have_been_read():
    night = Reading(D, D, D + DAY, has_fees=True)
    assert (
        judged(payout(ACCEPTED, COMPLETED), attempt("", paid_on=D - DAY), reading=night) == AGREES
    )


def test_a_fee_that_was_never_told_is_heard_and_is_no_difference():
    (event,) = judged(payout(COMPLETED), attempt()).events
    assert isinstance(event, Accepted)
    assert (event.fee, event.by) == (FEE, "night")


def test_a_fee_of_what_never_left_differs():
    (difference,) = judged(payout(REFUSED), attempt("Rejected", debits=0, paid=0)).differences
    assert (difference.kind, difference.ours, difference.theirs) == (
        Kind.FEE_DIFFERS, "0.00", "0.12",
    )  # fmt: skip


def test_a_reversal_that_is_not_booked_yet_is_another_amount():
    (difference,) = judged(payout(ACCEPTED, REJECTED), attempt("Rejected")).differences
    assert (difference.kind, difference.theirs) == (Kind.AMOUNT_DIFFERS, "0.00")


def test_a_rejected_payout_that_was_completed_there_is_more_than_an_amount():
    (event,) = judged(payout(ACCEPTED, REJECTED), attempt("Complete")).events
    assert isinstance(event, Confirmed)


def test_a_return_after_the_days_that_were_read_is_not_looked_for_in_them():
    late = Returned(at=NOON + 5 * DAY, by="webhook", attempt=1)
    assert judged(payout(ACCEPTED, COMPLETED, late), attempt()) == AGREES


def test_a_dishonour_without_its_credit_is_heard_as_all_of_it():
    (event,) = judged(payout(ACCEPTED), attempt("Dishonoured")).events
    assert isinstance(event, Returned)
    assert event.amount is None


def test_what_is_disputed_is_a_persons_already():
    disputed = payout(ACCEPTED, Returned(at=NOON, by="webhook", attempt=1, amount=Money(1)))
    assert disputed.status is Status.DISPUTED
    assert judged(disputed, attempt("Rejected", back=1)) == AGREES


def test_a_word_of_a_dead_attempt_without_a_line_is_news_of_it():
    (event,) = judged(payout(UNCLEAR), bare("Pending", number=2)).events
    assert event.attempt == 2
    assert judged(payout(UNCLEAR), bare("Rejected", number=2)).waits


def test_what_was_never_sent_is_not_missed():
    assert judged(payout(REFUSED)) == AGREES


def waiting(*events):
    """A payout that was put before others, and what they said."""
    sealed = SealedDestination(
        "d", PayoutMethod.BANK_ACCOUNT, "bank_account", "•••678", "J•••", b""
    )
    intent = Intent(ID, "customer-1", AMOUNT, Rail.NPP, sealed, NOON, "olive")
    after = begin(intent, by="olive").after
    asked = ApprovalAsked(at=NOON, by="olive", needs=1, why="amount", lapses_at=NOON + 3 * DAY)
    for event in (asked, *events):
        after = advance(after, event).after
    return after


SAID_NO = Declined(at=NOON, by="anna", reason="No.")


def test_what_awaits_approval_or_was_declined_is_not_missed():
    assert judged(waiting()).waits, "ours is open, and they know nothing of it"
    assert judged(waiting()).differences == ()
    assert judged(waiting(SAID_NO)) == AGREES


@pytest.mark.parametrize("events", [[], [SAID_NO]], ids=["awaiting", "declined"])
def test_what_nobody_sent_and_they_have_paid_is_heard(events):
    (event,) = judged(waiting(*events), attempt()).events
    assert isinstance(event, Confirmed)
    (event,) = judged(waiting(*events), attempt("Pending")).events
    assert isinstance(event, Accepted)


def test_what_nobody_sent_and_they_turned_back_is_heard_while_it_is_open_only():
    turned_back = attempt("Rejected", back=AMOUNT.cents, back_on=D, fees=0, fee_lines=0)
    (event,) = judged(waiting(), turned_back).events
    assert isinstance(event, Rejected)
    assert judged(waiting(SAID_NO), turned_back) == AGREES
    without_lines = bare("Rejected")
    assert judged(waiting(), without_lines) == judged(waiting(SAID_NO), without_lines) == AGREES


def test_another_nights_is_not_judged():
    old = payout(ACCEPTED, COMPLETED, at=NOON - 9 * DAY)
    assert judged(old) == AGREES
    wrong = attempt(paid=1, paid_on=D + DAY)
    assert judged(payout(ACCEPTED, COMPLETED), wrong) == AGREES
    assert judged(payout(ACCEPTED, COMPLETED), attempt(paid=1)).differences


def test_a_credit_of_the_day_makes_an_old_payout_this_nights():
    old = payout(ACCEPTED, COMPLETED, RETURNED, at=NOON - 9 * DAY)
    late = Attempt(ID, 1, back=1, back_on=D)
    (difference,) = judged(old, late).differences
    assert (difference.kind, difference.theirs) == (Kind.AMOUNT_DIFFERS, "0.01")


def test_what_left_in_the_first_minutes_that_were_read_may_stand_on_the_day_before():
    midnight = datetime(2026, 3, 4, 13, 1, tzinfo=UTC)  # a minute into the fifth
    news = Confirmed(at=NOON, by="webhook", attempt=1)
    assert judged(payout(ACCEPTED, news, at=midnight)) == AGREES
    ahead = payout(
        ACCEPTED, news, at=midnight + timedelta(minutes=8)
    )  # by a clock ten minutes fast
    assert judged(ahead) == AGREES
    later = payout(ACCEPTED, news, at=midnight + timedelta(minutes=19))
    assert judged(later).differences[0].kind is Kind.MISSING_THERE


def test_a_status_without_a_debit_is_only_judged_on_the_day_of_its_sending():
    assert judged(payout(ACCEPTED, COMPLETED), bare("Complete")).differences
    then = NOON - DAY
    before = payout(replace(ACCEPTED, at=then), replace(COMPLETED, at=then), at=then)
    assert judged(before, bare("Complete")) == AGREES


def test_a_stranger_of_our_form_is_found_on_its_own_night_or_without_a_line_on_any():
    assert missing_here([attempt(paid_on=D + DAY)], D) is None
    found = missing_here([attempt()], D)
    assert found is not None
    assert (found.subject, found.amount, found.theirs) == (f"{ID}-1", AMOUNT, "Complete")
    bare_one = missing_here([bare("Rejected")], D)
    assert bare_one is not None
    assert bare_one.amount is None


@pytest.mark.parametrize(
    ("happened", "changed", "due"),
    [
        (D, D, True), (D - DAY, D - DAY, False), (D - DAY, D, True), (D + DAY, D + DAY, False),
        (None, D, False), (D - 2 * DAY, D, False),
    ],
)  # fmt: skip
def test_a_night_judges_its_own_day_and_what_changed_since_the_last(happened, changed, due):
    assert is_due(happened, changed, D) is due


def test_only_whole_further_debits_that_were_turned_back_are_left_out():
    doubled = attempt(debits=2, paid=2 * AMOUNT.cents, back=AMOUNT.cents)
    whole = doubled.without_undone(AMOUNT.cents)
    assert (whole.debits, whole.paid, whole.back) == (1, AMOUNT.cents, 0)
    part = attempt(debits=2, paid=2 * AMOUNT.cents, back=1)
    assert part.without_undone(AMOUNT.cents) is part


def booked(*balances, on=None):
    """Lines of one cent each, with these balances."""
    return [
        (day, -1, balance)
        for day, balance in zip(on or [D.toordinal()] * len(balances), balances, strict=True)
    ]


def test_balances_follow_from_line_to_line():
    told = follow(booked(9, 8, 7), D)
    assert (told.opening, told.closing, told.told) == (10, 7, None)


def test_a_jump_is_told_once_with_what_was_expected():
    told = follow(booked(9, 5, 4), D)
    assert (told.expected, told.told, told.closing) == (8, 5, 4)


def test_a_balance_that_was_miswritten_is_one_break_and_spoils_no_closing():
    days = [D.toordinal(), D.toordinal(), D.toordinal() + 1]
    assert follow(booked(9, 80, 7, on=days), D).told == 80
    assert follow(booked(9, 80, 7, on=days), D).closing == 8
    assert follow(booked(9, 80, 7, on=days), D + DAY).told is None


def test_a_day_without_lines_has_the_balance_around_it():
    before, after = D.toordinal() - 1, D.toordinal() + 1
    told = follow(booked(9, on=[before]), D)
    assert (told.opening, told.closing) == (9, 9)
    told = follow(booked(9, 8, on=[after, after]), D)
    assert (told.opening, told.closing) == (10, 10)
    assert follow([], D).opening is None

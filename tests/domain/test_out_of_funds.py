"""A refusal for want of funds: the payout waits, under another reference, and is paid once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.errors import Contradiction
from chalicelib.domain.events import (
    Accepted,
    Cancelled,
    Confirmed,
    Delayed,
    Escalated,
    Hindrance,
    NeverSent,
    OutOfFunds,
    Refused,
    Rejected,
    Returned,
    Started,
    Unclear,
)
from chalicelib.domain.ledger import Place
from chalicelib.domain.liquidity import waits_for_funds
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.money import ZERO
from chalicelib.domain.patience import attention
from chalicelib.domain.payout import CANCELLABLE, WHERE, Status
from tests.domain.making import AMOUNT, event, hear_all, in_status

S = Status
NO_FUNDS = event(OutOfFunds)
SECOND = {"attempt": 2}
GOOD = [event(Accepted), event(Confirmed), event(Returned)]


def waiting():
    return advance(in_status(S.SENDING), NO_FUNDS).after


def test_it_waits_with_its_money_held_and_may_be_cancelled():
    step = advance(in_status(S.SENDING), NO_FUNDS)
    assert (step.after.status, step.after.hindrance) == (S.QUEUED, Hindrance.FUNDS)
    assert step.postings == ()
    assert WHERE[step.after.status] is Place.HELD
    assert step.after.status in CANCELLABLE
    assert waits_for_funds(step.after)
    assert attention(step.after) == ""
    cancelled = advance(step.after, event(Cancelled))
    assert (cancelled.after.status, cancelled.available_change) == (S.CANCELLED, AMOUNT)


def test_the_next_sending_has_a_reference_of_its_own_and_counts_anew():
    before = in_status(S.SENDING)
    after = waiting()
    assert (before.attempt, after.attempt) == (1, 2)
    assert after.unique_reference != before.unique_reference
    assert (after.sends, after.sent_at, after.delays) == (0, None, 1)
    again = hear_all(after, [event(Started), event(OutOfFunds, **SECOND)])
    assert (again.attempt, again.delays, again.error_code) == (3, 2, "")


def test_the_same_refusal_heard_again_is_nothing_new():
    for payout in (waiting(), advance(waiting(), event(Started)).after):
        assert not advance(payout, NO_FUNDS).changes


@pytest.mark.parametrize("status", [S.RESENDING, S.UNCONFIRMED])
def test_after_a_sending_in_doubt_it_proves_nothing_and_is_for_a_person(status):
    after = advance(in_status(status), NO_FUNDS).after
    assert (after.status, after.attempt) == (S.UNCONFIRMED, 1)
    assert after.sends == in_status(status).sends
    assert attention(after) == "refused_when_in_doubt"
    assert after.error_code == "DebitTransactionWillExceedSignInCreditLimit"


@pytest.mark.parametrize("status", [S.PENDING, S.COMPLETED, S.RETURNED, S.REJECTED, S.FAILED])
def test_heard_late_it_changes_neither_status_nor_attempt(status):
    before = in_status(status)
    assert not advance(before, NO_FUNDS).changes


@pytest.mark.parametrize("news", GOOD, ids=lambda news: type(news).__name__)
def test_good_news_of_the_refused_attempt_while_the_next_waits_is_the_payouts(news):
    """It was executed after all: nothing is sent any more, and later news finds its attempt."""
    step = advance(waiting(), news)
    expected = {Accepted: S.PENDING, Confirmed: S.COMPLETED, Returned: S.RETURNED}[type(news)]
    assert (step.after.status, step.after.attempt) == (expected, 1)
    assert step.before == waiting()
    assert not advance(step.after, news).changes
    with pytest.raises(Contradiction):
        advance(step.after, replace(news, attempt=2))


@pytest.mark.parametrize("news", GOOD, ids=lambda news: type(news).__name__)
@pytest.mark.parametrize(
    "later",
    [[], [event(Accepted, **SECOND)], [event(Unclear, **SECOND)],
     [event(Accepted, **SECOND), event(Confirmed, **SECOND)]],
    ids=["sending", "pending", "unconfirmed", "completed"],
)  # fmt: skip
def test_good_news_of_the_refused_attempt_while_the_next_may_have_left_is_for_a_person(news, later):
    payout = hear_all(waiting(), [event(Started), *later])
    with pytest.raises(Contradiction, match="known to be dead was executed"):
        advance(payout, news)


@pytest.mark.parametrize("reply", [event(OutOfFunds, **SECOND), event(NeverSent, **SECOND)])
def test_contradicted_while_it_was_sent_it_is_not_sent_again_although_it_waits(reply):
    alarm = event(Escalated, why=CONTRADICTION)
    payout = hear_all(waiting(), [event(Started), alarm, reply])
    assert payout.status is S.QUEUED
    assert not waits_for_funds(payout)
    assert attention(payout) == CONTRADICTION
    assert advance(payout, event(Confirmed)).after.status is S.COMPLETED


@pytest.mark.parametrize("end", [event(Rejected, **SECOND), event(Returned, **SECOND)])
@pytest.mark.parametrize("news", [event(Accepted), event(Confirmed)])
def test_paid_after_all_when_the_next_was_given_back_it_is_disputed(end, news):
    back = hear_all(waiting(), [event(Started), event(Accepted, **SECOND), end])
    step = advance(back, news)
    assert step.after.status is S.DISPUTED
    assert step.stops_customer
    assert step.available_change == ZERO


@pytest.mark.parametrize("end", [[event(Started), event(Refused, **SECOND)], [event(Cancelled)]])
@pytest.mark.parametrize("news", [event(Accepted), event(Confirmed)])
def test_paid_after_all_when_the_money_was_given_back_it_is_disputed(end, news):
    step = advance(hear_all(waiting(), end), news)
    assert (step.after.status, step.after.attempt) == (S.DISPUTED, 1)


@pytest.mark.parametrize("kind", [Refused, NeverSent, Unclear, Rejected])
def test_bad_news_of_the_refused_attempt_is_nothing_new(kind):
    for payout in (waiting(), advance(waiting(), event(Started)).after):
        assert not advance(payout, event(kind)).changes


def test_a_payout_that_was_not_even_tried_keeps_its_attempt():
    after = advance(in_status(S.QUEUED), event(Delayed, reason=Hindrance.FUNDS)).after
    assert waits_for_funds(after)
    assert (after.attempt, after.status) == (1, S.QUEUED)

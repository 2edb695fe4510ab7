"""News that cannot be true together: nothing more is sent, and it stays until people decide."""

from __future__ import annotations

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.errors import Contradiction
from chalicelib.domain.events import (
    Accepted,
    Asked,
    Confirmed,
    DeclaredDead,
    Escalated,
    NeverSent,
    Reattempted,
    Refused,
    Rejected,
    Returned,
    Started,
    Unanswered,
    Unclear,
)
from chalicelib.domain.ledger import Place
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.patience import Patience, attention
from chalicelib.domain.payout import Status
from tests.domain.making import AMOUNT, NOW, OTHER, event, hear_all, in_status
from tests.domain.test_patience import CALENDAR, LATER

S = Status
ALARM = event(Escalated, why=CONTRADICTION)
SECOND = {"attempt": 2}


def due(payout):
    at = Patience().due(payout, CALENDAR)
    assert at is not None
    return at


def second_attempt(*events):
    """A payout whose first attempt was declared dead and whose second heard these events."""
    again = advance(in_status(S.UNCONFIRMED), event(Reattempted)).after
    return hear_all(again, [event(Started), *events])


@pytest.mark.parametrize("status", list(Status))
def test_a_contradiction_is_told_of_any_payout(status):
    assert attention(advance(in_status(status), ALARM).after) != ""


@pytest.mark.parametrize(
    ("status", "news"),
    [
        (S.SENDING, event(Unclear)),
        (S.SENDING, event(NeverSent)),
        (S.SENDING, event(Accepted)),
        (S.UNCONFIRMED, event(Confirmed)),
        (S.PENDING, event(Confirmed)),
        (S.COMPLETED, event(Returned)),
    ],
)
def test_a_contradiction_survives_a_change_of_status(status, news):
    payout = hear_all(in_status(status), [ALARM, news])
    assert payout.status is not status
    assert attention(payout) == CONTRADICTION


def test_a_contradiction_says_more_than_what_was_told_before():
    payout = hear_all(in_status(S.UNCONFIRMED), [event(Escalated, why="open_too_long"), ALARM])
    assert payout.needs_person == CONTRADICTION
    assert advance(payout, event(Escalated, why="open_too_long")).after == payout


def test_while_it_stands_nothing_is_sent():
    doubtful = hear_all(in_status(S.SENDING), [ALARM, event(Unclear)])
    assert not Patience().may_send_again(doubtful, LATER)
    waiting = advance(in_status(S.QUEUED), ALARM).after
    assert Patience().due(waiting, CALENDAR) is None
    assert Patience().due(in_status(S.QUEUED), CALENDAR) is not None


@pytest.mark.parametrize("decision", [DeclaredDead, Reattempted])
def test_two_peoples_decision_ends_it(decision):
    payout = hear_all(in_status(S.UNCONFIRMED), [ALARM, event(decision)])
    assert attention(payout) == ""


@pytest.mark.parametrize("end", [event(Rejected, **SECOND), event(Returned, **SECOND)])
@pytest.mark.parametrize("news", [event(Accepted), event(Confirmed)])
def test_an_older_attempt_that_was_executed_although_a_later_one_came_back_is_disputed(end, news):
    back = second_attempt(event(Accepted, **SECOND), end)
    step = advance(back, news)
    assert step.after.status is S.DISPUTED
    assert step.stops_customer
    assert step.available_change.cents == 0
    assert {each.place: each.amount for each in step.postings} == {
        Place.SUSPENSE: -AMOUNT,
        Place.PAID: AMOUNT,
    }


def test_an_older_attempt_that_came_back_after_a_later_one_did_is_for_a_person():
    with pytest.raises(Contradiction):
        advance(second_attempt(event(Rejected, **SECOND)), event(Returned))


def test_a_second_return_of_another_name_is_no_repeat_of_the_first():
    first = event(Returned, amount=OTHER, return_id="R1")
    disputed = advance(in_status(S.COMPLETED), first).after
    assert advance(disputed, first).after == disputed
    with pytest.raises(Contradiction, match="a second time"):
        advance(disputed, event(Returned, amount=OTHER, return_id="R2"))


def test_a_return_whose_name_is_learnt_later_is_the_same():
    returned = advance(in_status(S.COMPLETED), event(Returned)).after
    named = advance(returned, event(Returned, amount=AMOUNT, return_id="R1"))
    assert named.postings == ()
    assert named.after.return_id == "R1"


def test_a_claim_of_which_nothing_left_was_no_sending():
    assert advance(in_status(S.SENDING), event(NeverSent)).after.sends == 0
    assert advance(in_status(S.RESENDING), event(NeverSent)).after.sends == 2


def test_no_answer_teaches_nothing_and_makes_it_due_later():
    payout = advance(in_status(S.UNCONFIRMED), event(Asked, found=False)).after
    after = advance(payout, event(Unanswered, later=3600)).after
    assert (after.status, after.missed, after.asks) == (payout.status, 1, payout.asks + 1)
    assert NOW < due(payout) < due(after)


def test_a_refusal_of_a_second_attempt_is_its_own():
    assert second_attempt(event(Refused, **SECOND)).status is S.FAILED

"""A payout that a person keeps back: nobody sends it, and everything else goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.approval import Approval
from chalicelib.domain.errors import NotPossible
from chalicelib.domain.events import (
    Accepted,
    ApprovalAsked,
    Cancelled,
    Confirmed,
    Declined,
    Delayed,
    Escalated,
    Held,
    Hindrance,
    HoldLifted,
    NeverSent,
    Reattempted,
    Released,
    Started,
    StartedAgain,
)
from chalicelib.domain.hold import Hold
from chalicelib.domain.liquidity import waits_for_funds
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.patience import Patience, attention, rests
from chalicelib.domain.payout import LIFECYCLE, Status
from tests.domain.making import NOW, event, hear_all, in_status
from tests.usecases.world import CALENDAR

S = Status
HOLDABLE = (S.AWAITING_APPROVAL, S.QUEUED, S.UNCONFIRMED)
PATIENCE = Patience()


def held(status: Status, *events):
    return hear_all(in_status(status), [*events, event(Held)])


def test_only_what_is_not_on_the_wire_and_not_over_can_be_held():
    for kind in (Held, HoldLifted):
        assert {was for was, row in LIFECYCLE.items() if kind in row} == set(HOLDABLE)


@pytest.mark.parametrize("status", HOLDABLE)
def test_it_stays_what_it_is_and_says_who_keeps_it_back_since_when_and_why(status):
    payout = held(status)
    assert payout.status is status
    assert payout.held == Hold("somebody", NOW, "a call from the bank")
    assert attention(payout) == "held"
    lifted = advance(payout, event(HoldLifted)).after
    assert (lifted.status, lifted.held, attention(lifted)) == (status, None, "")


@pytest.mark.parametrize("status", HOLDABLE)
def test_the_first_hold_stands_and_what_is_not_held_is_not_let_go(status):
    payout = held(status)
    assert not advance(payout, event(Held, by="another", reason="another")).changes
    assert not advance(in_status(status), event(HoldLifted)).changes


@pytest.mark.parametrize(("status", "kind"), [(S.QUEUED, Started), (S.UNCONFIRMED, StartedAgain)])
def test_nobody_sends_what_is_held(status, kind):
    assert advance(in_status(status), event(kind)).after.sends
    with pytest.raises(NotPossible):
        advance(held(status), event(kind))
    assert advance(hear_all(held(status), [event(HoldLifted)]), event(kind)).changes


def test_two_people_may_decide_on_it_and_it_is_held_all_the_same():
    queued = advance(held(S.UNCONFIRMED), event(Reattempted)).after
    assert (queued.status, queued.held is None) == (S.QUEUED, False)
    with pytest.raises(NotPossible):
        advance(queued, event(Started, later=1))


def test_that_it_is_agreed_to_does_not_send_it():
    waiting = replace(held(S.AWAITING_APPROVAL), approvals=(Approval("anna", NOW, "5e"),))
    queued = advance(waiting, event(Released)).after
    assert queued.status is S.QUEUED
    assert queued.held is not None
    assert advance(queued, event(ApprovalAsked)).after.held == queued.held


@pytest.mark.parametrize(
    ("status", "kind"),
    [(S.QUEUED, Cancelled), (S.AWAITING_APPROVAL, Declined), (S.QUEUED, Accepted),
     (S.UNCONFIRMED, Confirmed)],
)  # fmt: skip
def test_what_left_or_is_over_is_held_no_longer(status, kind):
    after = advance(held(status), event(kind)).after
    assert (after.held, attention(after)) == (None, "")


@pytest.mark.parametrize("told", [event(Delayed), event(NeverSent)])
def test_what_else_is_heard_of_it_lifts_no_hold(told):
    assert advance(held(S.QUEUED), told).after.held is not None


def test_it_is_due_to_nobody_while_it_is_queued_and_its_money_is_reckoned_with():
    payout = held(S.QUEUED)
    assert rests(payout)
    assert PATIENCE.due(payout, CALENDAR) is None
    lifted = advance(payout, event(HoldLifted, later=60)).after
    assert not rests(lifted)
    assert PATIENCE.due(lifted, CALENDAR) == NOW + timedelta(seconds=90)


def test_what_is_contradicted_rests_with_people_and_not_with_the_hold():
    payout = advance(held(S.QUEUED), event(Escalated, why=CONTRADICTION)).after
    assert (rests(payout), attention(payout)) == (False, CONTRADICTION)
    assert not rests(in_status(S.QUEUED))
    assert not rests(held(S.UNCONFIRMED))


@pytest.mark.parametrize("status", [S.AWAITING_APPROVAL, S.UNCONFIRMED])
def test_what_awaits_approval_still_lapses_and_what_is_unconfirmed_is_still_asked_about(status):
    assert PATIENCE.due(held(status), CALENDAR) == PATIENCE.due(in_status(status), CALENDAR)


def test_it_gives_its_place_in_the_line_for_funds_to_others():
    waiting = advance(in_status(S.QUEUED), event(Delayed, reason=Hindrance.FUNDS)).after
    assert waits_for_funds(waiting)
    payout = advance(waiting, event(Held)).after
    assert not waits_for_funds(payout)
    assert waits_for_funds(advance(payout, event(HoldLifted)).after)


def test_it_is_not_sent_again_when_the_quarantine_is_over():
    late = NOW + timedelta(hours=2)
    assert PATIENCE.may_send_again(in_status(S.UNCONFIRMED), late)
    assert not PATIENCE.may_send_again(held(S.UNCONFIRMED), late)

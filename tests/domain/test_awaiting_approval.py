"""What a payout remembers of being put before others, and what their agreeing does not allow."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.approval import Approval
from chalicelib.domain.errors import Contradiction, NotPossible
from chalicelib.domain.events import (
    Accepted,
    ApprovalAsked,
    Approved,
    Cancelled,
    Confirmed,
    Declined,
    Delayed,
    Escalated,
    Hindrance,
    Lapsed,
    NeverSent,
    OutOfFunds,
    Reattempted,
    Refused,
    Rejected,
    Released,
    Returned,
    Started,
    Unclear,
)
from chalicelib.domain.ledger import Place
from chalicelib.domain.liquidity import waits_for_funds
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.money import ZERO
from chalicelib.domain.patience import attention
from chalicelib.domain.payout import UNSENT, Status
from tests.domain.making import AMOUNT, NOW, UNTIL, begun, event, hear_all, in_status
from tests.domain.test_advance import moved

S = Status
WAITING = in_status(S.AWAITING_APPROVAL)
# Needs two, of whom one has agreed.
HALF = hear_all(begun(), [event(ApprovalAsked, needs=2), event(Approved, by="anna", needs=2)])
ALARM = event(Escalated, why=CONTRADICTION)
BLINK = timedelta(microseconds=1)


def test_it_remembers_how_many_have_to_agree_and_until_when_and_holds_the_money():
    step = advance(begun(), event(ApprovalAsked, needs=2))
    after = step.after
    assert (after.status, after.needs, after.lapses_at) == (S.AWAITING_APPROVAL, 2, UNTIL)
    assert (after.approvals, after.sends, after.sent_at) == ((), 0, None)
    assert step.postings == ()


def test_an_approval_is_kept_with_who_when_and_what_they_saw():
    payout = advance(WAITING, event(Approved, by="anna", later=7)).after
    assert payout.approvals == (Approval("anna", NOW + timedelta(seconds=7), "5e"),)
    assert payout.status is S.AWAITING_APPROVAL, "agreeing alone releases nothing"


def test_the_same_person_counts_once():
    assert not advance(HALF, event(Approved, by="anna", needs=2, later=9)).changes
    with pytest.raises(NotPossible):
        advance(HALF, event(Released))


def test_what_was_agreed_to_before_something_changed_is_void():
    other = advance(HALF, event(Approved, by="bela", needs=2, seen="0e")).after
    assert [(each.by, each.seen) for each in other.approvals] == [("bela", "0e")]
    with pytest.raises(NotPossible):
        advance(other, event(Released))
    again = advance(other, event(Approved, by="anna", needs=2, seen="0e")).after
    assert advance(again, event(Released)).after.status is S.QUEUED


def test_somebody_who_agrees_to_what_changed_takes_their_older_word_back():
    other = advance(HALF, event(Approved, by="anna", needs=2, seen="0e")).after
    assert [(each.by, each.seen) for each in other.approvals] == [("anna", "0e")]


def test_how_many_have_to_agree_is_what_the_latest_of_them_was_told():
    payout = advance(WAITING, event(Approved, by="anna", needs=2)).after
    assert payout.needs == 2
    with pytest.raises(NotPossible):
        advance(payout, event(Released))


@pytest.mark.parametrize(
    "was", [HALF, advance(begun(), event(Delayed)).after], ids=["asked", "queued"]
)
def test_to_be_asked_again_makes_all_that_was_agreed_to_void(was):
    later = UNTIL + timedelta(hours=1)
    payout = advance(was, event(ApprovalAsked, needs=1, lapses_at=later)).after
    assert (payout.approvals, payout.needs, payout.lapses_at) == ((), 1, later)


def test_what_was_released_and_is_put_before_others_again_needs_them_again():
    released = hear_all(WAITING, [event(Approved, by="anna"), event(Released)])
    asked = advance(released, event(ApprovalAsked)).after
    with pytest.raises(NotPossible):
        advance(asked, event(Released))


def test_enough_who_saw_the_same_release_it():
    payout = advance(HALF, event(Approved, by="bela", needs=2)).after
    step = advance(payout, event(Released))
    assert (step.after.status, step.postings) == (S.QUEUED, ())
    assert [each.by for each in step.after.approvals] == ["anna", "bela"], "for ever"


@pytest.mark.parametrize(
    "changed",
    [
        {"approvals": ()},
        {"needs": 0, "approvals": ()},
        {"needs": 2, "approvals": (Approval("anna", NOW, "5e"),)},
        {"needs": 2, "approvals": (Approval("anna", NOW, "5e"), Approval("anna", NOW, "5e"))},
        {"needs": 2, "approvals": (Approval("anna", NOW, "5e"), Approval("bela", NOW, "0e"))},
        {"needs": 2, "approvals": (Approval("anna", NOW, "5e"), Approval("olive", NOW, "5e"))},
        {"needs": 1, "approvals": (Approval("olive", NOW, "5e"),)},
        {"needs": 0, "approvals": (Approval("olive", NOW, "5e"),)},
        {"needs": 1, "approvals": (Approval("anna", NOW, "5e"),), "needs_person": CONTRADICTION},
    ],
    ids=["nobody", "nobody_needed", "too_few", "one_twice", "not_the_same", "maker_and_another",
         "maker", "maker_though_nobody_is_needed", "contradicted"],
)  # fmt: skip
def test_nothing_less_than_enough_others_releases_it(changed):
    """Whatever wrote the approvals: the release itself looks at them."""
    with pytest.raises(NotPossible, match="cannot be released"):
        advance(replace(WAITING, **changed), event(Released))


def test_nobody_agrees_to_a_payout_of_their_own():
    assert WAITING.intent.created_by == "olive"
    with pytest.raises(NotPossible, match="cannot be approved"):
        advance(WAITING, event(Approved, by="olive"))


def test_nobody_agrees_any_more_once_it_has_lapsed_and_it_lapses_no_earlier():
    assert advance(WAITING, event(Approved, at=UNTIL - BLINK)).changes
    with pytest.raises(NotPossible):
        advance(WAITING, event(Approved, at=UNTIL))
    assert advance(WAITING, event(Lapsed, at=UNTIL)).after.status is S.CANCELLED
    with pytest.raises(NotPossible, match="cannot be lapsed"):
        advance(WAITING, event(Lapsed, at=UNTIL - BLINK))


@pytest.mark.parametrize("kind", [ApprovalAsked, Approved])
@pytest.mark.parametrize("needs", [0, -1])
def test_that_nobody_has_to_agree_is_not_asked_for(kind, needs):
    with pytest.raises(NotPossible):
        advance(WAITING, event(kind, needs=needs))


@pytest.mark.parametrize(
    ("told", "status", "code"),
    [
        (event(Declined, reason="Not Jo."), S.DECLINED, "declined"),
        (event(Lapsed), S.CANCELLED, "approval_lapsed"),
        (event(Cancelled), S.CANCELLED, ""),
    ],
)
def test_a_no_and_no_answer_give_the_money_back_once_and_say_why(told, status, code):
    step = advance(HALF, told)
    assert (step.after.status, step.available_change) == (status, AMOUNT)
    assert moved(step) == {Place.HELD: -AMOUNT.cents, Place.AVAILABLE: AMOUNT.cents}
    assert step.after.error_code == code
    assert not advance(step.after, told).changes


def test_a_second_no_with_another_reason_changes_nothing():
    payout = advance(WAITING, event(Declined, reason="Not Jo.")).after
    assert payout.error_message == "Not Jo."
    assert not advance(payout, event(Declined, by="bela", reason="No.", later=9)).changes


def test_what_was_cancelled_does_not_lapse_as_well():
    payout = advance(WAITING, event(Cancelled)).after
    assert not advance(payout, event(Lapsed)).changes
    assert not advance(in_status(S.CANCELLED), event(Lapsed)).changes


def test_while_it_waits_nobody_sends_it():
    for told in (event(Started), event(Delayed)):
        with pytest.raises(NotPossible):
            advance(HALF, told)


def test_that_nothing_was_sent_is_no_news():
    assert not advance(WAITING, event(NeverSent)).changes


@pytest.mark.parametrize(
    ("kind", "status"),
    [(Accepted, S.PENDING), (Confirmed, S.COMPLETED), (Rejected, S.REJECTED),
     (Returned, S.RETURNED)],
)  # fmt: skip
def test_news_of_what_we_hold_for_never_sent_is_heard_all_the_same(kind, status):
    payout = advance(HALF, event(kind, later=50)).after
    assert payout.status is status
    assert payout.approvals == HALF.approvals
    with pytest.raises(NotPossible):
        advance(payout, event(Approved, by="bela", needs=2))


@pytest.mark.parametrize("kind", [Accepted, Confirmed])
def test_good_news_of_what_was_declined_is_disputed(kind):
    step = advance(in_status(S.DECLINED), event(kind))
    assert (step.after.status, step.available_change) == (S.DISPUTED, ZERO)
    assert step.stops_customer
    assert moved(step) == {Place.SUSPENSE: -AMOUNT.cents, Place.PAID: AMOUNT.cents}


def test_a_contradiction_is_ended_neither_by_agreeing_nor_by_waiting():
    """The provider knows of it although nobody sent it: no rule of ours pays it, or gives back."""
    with pytest.raises(Contradiction):
        advance(HALF, event(Refused))
    alarmed = hear_all(HALF, [ALARM, event(Approved, by="bela", needs=2)])
    assert attention(alarmed) == CONTRADICTION
    for told in (event(Released), event(Lapsed)):
        with pytest.raises(NotPossible):
            advance(alarmed, told)
    assert advance(alarmed, event(Declined)).available_change == AMOUNT


# Queued again after something had been claimed: never left, refused for funds, or buried by two.
CAME_BACK = {
    "never_sent": [event(Started), event(NeverSent)],
    "out_of_funds": [event(Started), event(OutOfFunds)],
    "buried": [event(Started), event(Unclear), event(Reattempted)],
}


@pytest.mark.parametrize("ways", CAME_BACK.values(), ids=CAME_BACK)
def test_what_came_back_to_the_queue_may_be_asked_for_and_keeps_its_attempt_and_its_place(ways):
    queued = hear_all(begun(), ways)
    waiting = advance(queued, event(ApprovalAsked)).after
    assert waiting.status in UNSENT
    assert not waits_for_funds(waiting), "it is not in the line while it waits for people"
    payout = hear_all(waiting, [event(Approved, by="anna"), event(Released)])
    assert (payout.attempt, payout.sends) == (queued.attempt, queued.sends)
    assert (payout.hindrance, payout.delays) == (queued.hindrance, queued.delays)
    assert waits_for_funds(payout) is (queued.hindrance == Hindrance.FUNDS)


def test_an_attempt_called_dead_that_was_executed_after_all_is_the_present_one_again():
    buried = hear_all(begun(), CAME_BACK["buried"])
    for ways, status in (([], S.PENDING), ([event(Declined)], S.DISPUTED)):
        payout = hear_all(buried, [event(ApprovalAsked), *ways])
        step = advance(payout, event(Accepted, attempt=1))
        assert (step.before, step.after.attempt, step.after.status) == (payout, 1, status)

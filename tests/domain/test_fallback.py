"""Which refusals send a payout by another rail, and what the refused attempt still means."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.advance import advance, replay
from chalicelib.domain.answers import REFUSALS
from chalicelib.domain.errors import Contradiction, NotPossible
from chalicelib.domain.events import (
    Accepted,
    Cancelled,
    Confirmed,
    Hindrance,
    NeverSent,
    OutOfFunds,
    Refused,
    Rejected,
    Returned,
    Started,
    StartedAgain,
    TurnedAway,
    Unclear,
)
from chalicelib.domain.fallback import untried
from chalicelib.domain.ledger import Place
from chalicelib.domain.money import ZERO
from chalicelib.domain.patience import attention
from chalicelib.domain.payout import WHERE, Status
from chalicelib.domain.rails import Rail
from tests.domain.making import AMOUNT, begun, event, hear_all, intent

S = Status
NPP, DIRECT = Rail.NPP, Rail.DIRECT_ENTRY
UNREACHABLE = "FinancialValidateNppCreditBankAccountDetailsAreInvalid"
TOO_MUCH = "FinancialValidateTotalAmountIsMoreThanMaxTransactionLimit"
REFUSAL = event(Refused, refusal=UNREACHABLE)
SECOND = {"attempt": 2}


def may_turn(*events, rail=NPP, fallbacks=(DIRECT,)):
    """A payout that was left to us by which rail it goes."""
    return hear_all(begun(rail, fallbacks=fallbacks), events)


def sending(**told):
    return may_turn(event(Started), **told)


def turned(*events):
    return hear_all(sending(), [REFUSAL, *events])


@pytest.mark.parametrize("code", [UNREACHABLE, TOO_MUCH])
def test_a_closed_rail_is_left_for_the_next_with_the_money_held(code):
    step = advance(sending(), event(Refused, refusal=code))
    after = step.after
    assert step.event == event(TurnedAway, refusal=code)
    assert (after.status, after.attempt, after.rail) == (S.QUEUED, 2, DIRECT)
    assert (after.hindrance, after.sends, after.sent_at) == (Hindrance.OTHER_RAIL, 0, None)
    assert (step.postings, WHERE[after.status], attention(after)) == ((), Place.HELD, "")
    assert after.rail_of(1) is NPP
    assert after.unique_reference.endswith("-2")
    assert advance(after, event(Cancelled)).available_change == AMOUNT


@pytest.mark.parametrize("code", sorted(set(REFUSALS) - {"NppCreditBankAccountDetailsAreInvalid",
                         "TotalAmountIsMoreThanMaxTransactionLimit"}))  # fmt: skip
def test_any_other_refusal_is_the_end_whichever_rails_are_left(code):
    for rail, fallbacks in ((NPP, (DIRECT,)), (DIRECT, (NPP,))):
        after = advance(sending(rail=rail, fallbacks=fallbacks), event(Refused, refusal=code)).after
        assert (after.status, after.attempt, after.turns) == (S.FAILED, 1, ())


def test_what_npp_refuses_is_no_proof_on_another_rail():
    after = advance(sending(rail=DIRECT, fallbacks=(NPP,)), REFUSAL).after
    assert after.status is S.FAILED


def test_a_rail_that_was_named_is_never_left():
    after = advance(sending(fallbacks=()), REFUSAL).after
    assert (after.status, after.attempt) == (S.FAILED, 1)


def test_no_rail_is_tried_twice():
    back = turned(event(Started))
    assert untried(back) == ()
    after = advance(back, event(Refused, refusal=UNREACHABLE, **SECOND)).after
    assert (after.status, after.attempt) == (S.FAILED, 2)


@pytest.mark.parametrize(
    "doubt", [[event(Unclear)], [event(Unclear), event(StartedAgain)]],
    ids=["unconfirmed", "sending again"],
)  # fmt: skip
@pytest.mark.parametrize("told", [REFUSAL, event(TurnedAway)], ids=["refused", "turned away"])
def test_while_an_attempt_may_be_alive_a_refusal_sends_it_nowhere_else(doubt, told):
    after = advance(may_turn(event(Started), *doubt), told).after
    assert (after.status, after.attempt, after.turns) == (S.UNCONFIRMED, 1, ())
    assert attention(after) == "refused_when_in_doubt"


@pytest.mark.parametrize(
    "before", [[event(Accepted)], [event(Confirmed)], [event(Rejected)], [event(Returned)]],
    ids=["pending", "completed", "rejected", "returned"],
)  # fmt: skip
@pytest.mark.parametrize("told", [REFUSAL, event(TurnedAway)], ids=["refused", "turned away"])
def test_what_was_taken_goes_nowhere_else_not_even_when_it_came_back(before, told):
    payout = sending()
    payout = hear_all(payout, before)
    assert not advance(payout, told).changes


def test_a_payout_that_failed_stays_so():
    failed = advance(sending(fallbacks=()), REFUSAL).after
    assert not advance(failed, event(TurnedAway)).changes


def test_it_goes_by_no_rail_but_one_that_is_left_to_it():
    for payout in (sending(fallbacks=()), turned(event(Started))):
        with pytest.raises(NotPossible):
            advance(payout, event(TurnedAway, attempt=payout.attempt))


def test_the_same_refusal_heard_again_is_nothing_new():
    for payout in (turned(), turned(event(Started))):
        assert not advance(payout, REFUSAL).changes
        assert not advance(payout, event(TurnedAway)).changes


@pytest.mark.parametrize("kind", [Accepted, Confirmed, Returned])
def test_good_news_of_the_refused_attempt_while_the_next_waits_is_the_payouts(kind):
    after = advance(turned(), event(kind)).after
    expected = {Accepted: S.PENDING, Confirmed: S.COMPLETED, Returned: S.RETURNED}
    assert (after.status, after.attempt, after.rail) == (expected[kind], 1, NPP)
    with pytest.raises(NotPossible):
        advance(after, event(Started))


@pytest.mark.parametrize("kind", [Accepted, Confirmed, Returned])
@pytest.mark.parametrize(
    "later",
    [[], [event(Accepted, **SECOND)], [event(Unclear, **SECOND)],
     [event(Accepted, **SECOND), event(Confirmed, **SECOND)]],
    ids=["sending", "pending", "unconfirmed", "called complete"],
)  # fmt: skip
def test_good_news_of_the_refused_attempt_while_the_next_may_have_left_is_for_a_person(kind, later):
    with pytest.raises(Contradiction, match="known to be dead was executed"):
        advance(turned(event(Started), *later), event(kind))


@pytest.mark.parametrize("kind", [Accepted, Confirmed])
@pytest.mark.parametrize(
    "end",
    [[event(Started), event(Refused, **SECOND)], [event(Cancelled)],
     [event(Started), event(Accepted, **SECOND), event(Returned, **SECOND)]],
    ids=["failed", "cancelled", "dishonoured"],
)  # fmt: skip
def test_good_news_of_the_refused_attempt_when_the_money_was_given_back_is_disputed(kind, end):
    step = advance(turned(*end), event(kind))
    assert (step.after.status, step.stops_customer) == (S.DISPUTED, True)
    assert step.available_change == ZERO


def test_for_want_of_funds_or_never_sent_it_stays_on_the_rail_that_it_turned_to():
    dry = turned(event(Started), event(OutOfFunds, **SECOND))
    assert (dry.status, dry.attempt, dry.rail) == (S.QUEUED, 3, DIRECT)
    unsent = turned(event(Started), event(NeverSent, **SECOND))
    assert (unsent.status, unsent.attempt, unsent.rail) == (S.QUEUED, 2, DIRECT)


def test_after_want_of_funds_the_next_attempt_may_still_turn():
    later = may_turn(event(Started), event(OutOfFunds), event(Started))
    after = advance(later, event(Refused, refusal=UNREACHABLE, **SECOND)).after
    assert (after.attempt, after.turns) == (3, ((3, DIRECT),))
    assert [after.rail_of(each) for each in (1, 2, 3)] == [NPP, NPP, DIRECT]


def test_its_steps_lead_to_the_same_payout_again():
    told = [event(Started), REFUSAL, event(Started), event(Accepted, attempt=2)]
    payout = turned(*told[2:])
    recorded = [event(Started), event(TurnedAway, refusal=UNREACHABLE), *told[2:]]
    first = replace(event(Started), at=payout.intent.created_at, by="olive")
    assert replay(payout.intent, [first, *recorded]) == payout


def test_the_intent_proves_which_rails_it_may_go_by_and_is_as_before_where_there_are_none():
    plain = intent()
    assert intent(fallbacks=()).digest == plain.digest
    assert len({plain.digest, intent(fallbacks=(DIRECT,)).digest,
                intent(fallbacks=(NPP,)).digest}) == 3  # fmt: skip

"""What a payout remembers of its news, and how its steps are chained."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.advance import advance, begin
from chalicelib.domain.errors import Contradiction
from chalicelib.domain.events import (
    Accepted,
    Asked,
    Cancelled,
    Confirmed,
    DeclaredDead,
    Delayed,
    Doubt,
    Escalated,
    Hindrance,
    NeverSent,
    OutOfFunds,
    Reattempted,
    Refused,
    Rejected,
    Requested,
    ResolutionDismissed,
    ResolutionProposed,
    Returned,
    Started,
    StartedAgain,
    Unclear,
    Verdict,
    WindowClosed,
)
from chalicelib.domain.ledger import Place
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Status
from chalicelib.domain.rails import Rail
from tests.domain.making import (
    AMOUNT,
    FEE,
    ID,
    NOW,
    OTHER,
    begun,
    event,
    hear_all,
    in_status,
    intent,
)

if TYPE_CHECKING:
    from chalicelib.domain.step import Step

S = Status


def moved(step: Step) -> dict[Place, int]:
    places: Counter[Place] = Counter()
    for posting in step.postings:
        places[posting.place] += posting.amount.cents
    return {place: cents for place, cents in places.items() if cents}


def test_a_payout_begins_queued_with_its_money_held():
    step = begin(intent(), by="olive", request_id="r-1")
    assert step.before is None
    assert isinstance(step.event, Requested)
    assert (step.event.by, step.event.request_id) == ("olive", "r-1")
    assert step.after.status is S.QUEUED
    assert step.after.version == 1
    assert moved(step) == {Place.AVAILABLE: -AMOUNT.cents, Place.HELD: AMOUNT.cents}
    assert step.available_change == -AMOUNT


def test_the_common_way_is_claimed_accepted_and_confirmed():
    claimed = advance(begun(), event(Started, later=1)).after
    assert (claimed.sends, claimed.sent_at) == (1, NOW + timedelta(seconds=1))
    accepted = advance(claimed, event(Accepted, fee=FEE, monoova_transaction_id="77"))
    assert moved(accepted) == {
        Place.HELD: -AMOUNT.cents, Place.WITH_PROVIDER: AMOUNT.cents,
        Place.BUSINESS: -FEE.cents, Place.FEES: FEE.cents,
    }  # fmt: skip
    assert (accepted.after.fee, accepted.after.monoova_transaction_id) == (FEE, "77")
    done = advance(accepted.after, event(Confirmed, amount=AMOUNT, fee=Money(99)))
    assert moved(done) == {Place.WITH_PROVIDER: -AMOUNT.cents, Place.PAID: AMOUNT.cents}
    assert done.after.fee == FEE, "a fee is learnt once"


def test_a_fee_of_nothing_is_a_fee_that_was_told():
    payout = advance(in_status(S.SENDING), event(Accepted, fee=Money(0))).after
    assert payout.fee == Money(0)
    assert not moved(advance(payout, event(Confirmed, fee=FEE))).get(Place.FEES)


def test_a_refusal_gives_the_money_back_and_keeps_the_providers_code():
    step = advance(in_status(S.SENDING), event(Refused, refusal="InvalidTotalAmount", message="no"))
    assert step.available_change == AMOUNT
    assert (step.after.error_code, step.after.error_message) == ("InvalidTotalAmount", "no")


@pytest.mark.parametrize(
    ("told", "code", "message"),
    [
        (event(Rejected, reason="ACCOUNT CLOSED"), "rejected", "ACCOUNT CLOSED"),
        (event(Returned, reason="no such account"), "returned", "no such account"),
    ],
)
def test_what_comes_back_goes_to_the_balance_with_its_reason(told, code, message):
    step = advance(in_status(S.PENDING), told)
    assert step.available_change == AMOUNT
    assert (step.after.error_code, step.after.error_message) == (code, message)


def test_what_was_never_sent_waits_and_says_why():
    claimed = in_status(S.SENDING)
    waiting = advance(claimed, event(NeverSent, reason=Hindrance.NO_CONNECTION)).after
    assert (waiting.status, waiting.hindrance, waiting.delays) == (S.QUEUED, "no_connection", 1)
    assert advance(waiting, event(Started)).after.hindrance == ""
    later = advance(waiting, event(Delayed)).after
    assert (later.hindrance, later.delays) == ("sign_in_refused", 2)


def test_a_doubt_that_time_cures_needs_no_person_and_another_does():
    claimed = in_status(S.SENDING)
    for doubt in Doubt:
        unclear = advance(claimed, event(Unclear, doubt=doubt)).after
        lasting = doubt in {Doubt.REFERENCE_EXISTS, Doubt.NOT_UNDERSTOOD}
        assert unclear.needs_person == (str(doubt) if lasting else "")
        assert unclear.error_code == str(doubt)
    told = advance(claimed, event(Unclear, detail="http_418")).after
    assert told.error_code == "http_418"


@pytest.mark.parametrize("status", [S.UNCONFIRMED, S.RESENDING])
def test_a_refusal_while_in_doubt_is_for_a_person(status):
    payout = advance(in_status(status), event(Refused)).after
    assert (payout.status, payout.needs_person) == (S.UNCONFIRMED, "refused_when_in_doubt")


@pytest.mark.parametrize("doubt", [Doubt.REFERENCE_EXISTS, Doubt.NOT_UNDERSTOOD])
def test_the_first_reason_for_a_person_stays(doubt):
    payout = advance(in_status(S.UNCONFIRMED), event(Escalated, why="open_too_long")).after
    assert advance(payout, event(Unclear, doubt=doubt)).after.needs_person == "open_too_long"
    assert not advance(payout, event(Escalated, why="other")).changes


def test_asking_counts_and_finding_nothing_counts_apart():
    payout = in_status(S.UNCONFIRMED)
    once = advance(payout, event(Asked, later=5, found=False)).after
    assert (once.asks, once.missed, once.asked_at) == (1, 1, NOW + timedelta(seconds=5))
    twice = advance(once, event(Asked, later=9, found=False)).after
    assert (twice.asks, twice.missed) == (2, 2)
    found = advance(twice, event(Asked, later=20, found=True)).after
    assert (found.asks, found.missed) == (3, 0)
    assert advance(found, event(Accepted)).after.asks == 0
    assert not advance(in_status(S.COMPLETED), event(Asked)).changes


def test_a_change_of_status_ends_what_waited_for_a_person():
    waiting = hear_all(
        in_status(S.UNCONFIRMED), [event(Escalated), event(ResolutionProposed, later=3)]
    )
    assert waiting.proposal is not None
    assert (waiting.proposal.verdict, waiting.proposal.evidence) == (Verdict.DEAD, "the statement")
    assert (waiting.proposal.by, waiting.proposal.at) == ("somebody", NOW + timedelta(seconds=3))
    found = advance(waiting, event(Confirmed)).after
    assert (found.proposal, found.needs_person) == (None, "")
    dismissed = advance(waiting, event(ResolutionDismissed)).after
    assert dismissed.proposal is None
    assert dismissed.needs_person == "open_too_long"


def test_a_payout_declared_dead_gives_the_money_back():
    step = advance(in_status(S.UNCONFIRMED), event(DeclaredDead))
    assert (step.after.status, step.available_change) == (S.FAILED, AMOUNT)
    assert step.after.error_code == "declared_dead"


def test_a_new_attempt_has_a_new_reference_and_starts_to_count_anew():
    payout = in_status(S.UNCONFIRMED)
    again = advance(payout, event(Reattempted)).after
    assert (again.attempt, again.sends, again.sent_at) == (2, 0, None)
    assert payout.unique_reference == f"{ID}-1"
    assert again.unique_reference == f"{ID}-2"
    assert advance(again, event(Started)).after.sends == 1


def test_sending_again_keeps_the_reference_and_starts_the_quarantine_anew():
    payout = in_status(S.UNCONFIRMED)
    again = advance(payout, event(StartedAgain, later=1800)).after
    assert again.unique_reference == payout.unique_reference
    assert (again.sends, again.sent_at) == (2, NOW + timedelta(seconds=1800))


@pytest.mark.parametrize("status", [S.QUEUED, S.FAILED, S.CANCELLED])
@pytest.mark.parametrize("kind", [Accepted, Confirmed])
def test_an_attempt_called_dead_that_was_executed_after_all_is_the_present_one_again(status, kind):
    ends = {S.QUEUED: [], S.FAILED: [event(Started), event(Refused, attempt=2)],
            S.CANCELLED: [event(Cancelled)]}  # fmt: skip
    payout = hear_all(in_status(S.UNCONFIRMED), [event(Reattempted), *ends[status]])
    step = advance(payout, event(kind, attempt=1))
    assert step.before == payout
    assert step.after.attempt == 1
    expected = {Accepted: S.PENDING, Confirmed: S.COMPLETED}[kind]
    assert step.after.status is (expected if status is S.QUEUED else S.DISPUTED)
    assert not advance(step.after, event(kind, attempt=1)).changes


@pytest.mark.parametrize("ways", [[], [event(Accepted, attempt=2)], [event(Unclear, attempt=2)]])
def test_two_living_attempts_are_a_contradiction(ways):
    payout = hear_all(in_status(S.UNCONFIRMED), [event(Reattempted), event(Started), *ways])
    with pytest.raises(Contradiction, match="known to be dead was executed"):
        advance(payout, event(Accepted, attempt=1))


@pytest.mark.parametrize(
    "kind", [Refused, OutOfFunds, Rejected, NeverSent, Unclear, Asked, WindowClosed]
)
def test_what_says_that_a_dead_attempt_is_dead_is_nothing_new(kind):
    payout = hear_all(in_status(S.UNCONFIRMED), [event(Reattempted), event(Started)])
    step = advance(payout, event(kind, attempt=1))
    assert not step.changes
    assert step.postings == ()


def test_a_second_return_of_an_older_attempt_does_not_change_attempts_behind_our_back():
    failed = hear_all(
        in_status(S.UNCONFIRMED),
        [event(Reattempted), event(Started), event(Refused, attempt=2), event(Returned, attempt=2)],
    )
    step = advance(failed, event(Returned, attempt=1))
    assert not step.changes
    assert step.after == failed


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ([event(Rejected), event(Confirmed)], [event(Confirmed), event(Returned)]),
        ([event(Refused), event(Rejected), event(Accepted)],
         [event(Refused), event(Accepted), event(Rejected)]),
        ([event(Refused), event(Returned), event(Accepted)],
         [event(Refused), event(Accepted), event(Returned)]),
        ([event(Returned), event(Confirmed)], [event(Confirmed), event(Returned)]),
    ],
    ids=str,
)  # fmt: skip
def test_the_same_news_in_another_order_leaves_the_customer_with_the_same(first, then):
    for order in (first, then):
        given = 0
        payout = in_status(S.SENDING)
        for told in order:
            step = advance(payout, told)
            given += step.available_change.cents
            payout = step.after
        assert given == AMOUNT.cents


@pytest.mark.parametrize("end", [S.FAILED, S.CANCELLED])
@pytest.mark.parametrize("back", [Rejected, Returned])
def test_money_that_left_and_came_back_after_an_end_leaves_nothing_in_suspense(end, back):
    for order in ([back, Confirmed], [Confirmed, back], [back, Confirmed, back, Confirmed]):
        suspense, payout = 0, in_status(end)
        for kind in order:
            step = advance(payout, event(kind))
            suspense += moved(step).get(Place.SUSPENSE, 0)
            payout = step.after
        assert payout.status is S.DISPUTED
        assert suspense == 0, order


def test_good_news_of_money_given_back_stops_the_customer_once():
    step = advance(in_status(S.FAILED), event(Confirmed))
    assert step.stops_customer
    assert moved(step) == {Place.SUSPENSE: -AMOUNT.cents, Place.PAID: AMOUNT.cents}
    assert not advance(step.after, event(Returned)).stops_customer


def test_a_return_of_another_amount_lies_in_suspense_for_a_person():
    step = advance(in_status(S.COMPLETED), event(Returned, amount=OTHER))
    assert step.after.status is S.DISPUTED
    assert moved(step) == {Place.PAID: -OTHER.cents, Place.SUSPENSE: OTHER.cents}
    assert step.available_change == Money(0)
    assert step.stops_customer
    with pytest.raises(Contradiction):
        advance(step.after, event(Returned, amount=OTHER + OTHER))


def test_a_direct_credit_called_complete_is_only_sent():
    payout = in_status(S.SENDING, Rail.DIRECT_ENTRY)
    step = advance(payout, event(Confirmed, fee=FEE, monoova_transaction_id="7"))
    assert step.after.status is S.PENDING
    assert isinstance(step.event, Accepted)
    assert (step.after.fee, step.after.monoova_transaction_id) == (FEE, "7")
    assert advance(step.after, event(WindowClosed)).after.status is S.COMPLETED


def test_time_never_goes_back_in_a_payout():
    payout = advance(begun(), event(Started, later=60)).after
    assert advance(payout, event(Accepted, later=5)).after.updated_at == payout.updated_at

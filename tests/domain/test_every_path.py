"""What holds of the money on every path of events, on both rails.

All paths of up to six events after the request: what the provider may say (equal, other, no and
negative amounts; of this attempt, of older ones, of one that never was), what we do, and what
people decide.
"""

from __future__ import annotations

from functools import cache

import pytest

from chalicelib.domain import ledger
from chalicelib.domain.advance import advance, replay
from chalicelib.domain.errors import Contradiction, NotPossible
from chalicelib.domain.events import (
    Accepted,
    ApprovalAsked,
    Approved,
    Confirmed,
    DeclaredDead,
    Declined,
    Lapsed,
    News,
    OutOfFunds,
    Reattempted,
    Refused,
    Rejected,
    Released,
    Returned,
    Started,
    StartedAgain,
    TurnedAway,
    WindowClosed,
)
from chalicelib.domain.ledger import Place
from chalicelib.domain.memory import comes_back
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.payout import LIFECYCLE, UNSENT, WHERE, Status
from chalicelib.domain.rails import Rail
from tests.domain.making import AMOUNT
from tests.domain.paths import beginning, walk

OURS = {Place.HELD, Place.WITH_PROVIDER, Place.PAID, Place.SUSPENSE}
WHOLE = AMOUNT.cents
DEPTH = 6
# By these an attempt is known to be dead, and the payout goes on as another.
BURYING = {Reattempted, OutOfFunds, TurnedAway}

both_rails = pytest.mark.parametrize("rail", list(Rail))


@cache
def steps(rail):
    return tuple(walk(rail, DEPTH))


@cache
def spots(rail):
    return (beginning(rail), *{after.path: after for _, _, after in steps(rail)}.values())


@both_rails
def test_the_walk_is_not_an_empty_one(rail):
    assert len(steps(rail)) > 10_000
    assert {spot.payout.status for spot in spots(rail)} == set(Status)
    assert {len(spot.path) for spot in spots(rail)} == set(range(1, DEPTH + 2))
    assert {spot.payout.attempt for spot in spots(rail)} == {1, 2, 3}


@both_rails
def test_every_step_is_balanced(rail):
    assert all(ledger.balanced(step.postings) for _, step, _ in steps(rail))
    assert all(sum(spot.at.values()) == 0 for spot in spots(rail))


@both_rails
def test_the_payouts_places_hold_the_amount_unless_it_was_given_back(rail):
    for spot in spots(rail):
        held = sum(cents for place, cents in spot.at.items() if place in OURS)
        assert held == -spot.at.get(Place.AVAILABLE, 0), spot.path
        assert spot.at.get(Place.AVAILABLE, 0) in {0, -WHOLE}, spot.path


@both_rails
def test_money_is_given_back_to_the_customer_at_most_once_and_taken_once(rail):
    for spot in spots(rail):
        assert spot.given_back == (spot.at.get(Place.AVAILABLE, 0) == 0), spot.path
    for _, step, _ in steps(rail):
        assert step.available_change in {ZERO, AMOUNT}


@both_rails
def test_the_whole_amount_is_where_the_status_says(rail):
    for spot in spots(rail):
        if spot.payout.status is Status.DISPUTED:
            continue
        expected = {WHERE[spot.payout.status]: WHOLE, Place.AVAILABLE: -WHOLE}
        if WHERE[spot.payout.status] is Place.AVAILABLE:
            expected = {}
        fees = {Place.BUSINESS, Place.FEES}
        assert {p: c for p, c in spot.at.items() if p not in fees} == expected, spot.path


@both_rails
def test_a_disputed_payouts_suspense_is_explained_to_the_cent(rail):
    """It left once; in suspense is what came back, less what the customer was given before."""
    disputed = [spot for spot in spots(rail) if spot.payout.status is Status.DISPUTED]
    assert disputed
    for spot in disputed:
        came_back = (spot.payout.came_back or ZERO).cents
        given = WHOLE if spot.given_back else 0
        assert spot.at.get(Place.PAID, 0) == WHOLE - came_back, spot.path
        assert spot.at.get(Place.SUSPENSE, 0) == came_back - given, spot.path
        assert not spot.at.keys() & {Place.HELD, Place.WITH_PROVIDER}


@both_rails
def test_what_came_back_is_counted_once(rail):
    for spot in spots(rail):
        told = Returned(at=spot.payout.updated_at, by="x", attempt=1, amount=AMOUNT)
        assert (comes_back(spot.payout, told) is None) is (spot.payout.came_back is not None)


@both_rails
def test_a_fee_is_charged_once_to_the_business_and_never_to_the_customer(rail):
    charged = set()
    for spot in spots(rail):
        fee = (spot.payout.fee or ZERO).cents
        assert spot.at.get(Place.FEES, 0) == -spot.at.get(Place.BUSINESS, 0) == fee, spot.path
        charged.add(fee)
    assert len(charged) == 2
    for _, step, _ in steps(rail):
        for posting in step.postings:
            mine = posting.place not in {Place.BUSINESS, Place.FEES}
            assert posting.account == ("customer-1" if mine else ledger.HOUSE)


@both_rails
def test_the_state_is_the_replay_of_its_steps(rail):
    for spot in spots(rail):
        assert replay(spot.payout.intent, spot.path) == spot.payout


@both_rails
def test_what_changes_nothing_moves_nothing_and_what_changes_is_the_next_version(rail):
    for before, step, after in steps(rail):
        assert step.before == before.payout
        if step.changes:
            assert after.payout.version == before.payout.version + 1
            assert after.payout.last_hash != before.payout.last_hash
        else:
            assert step.after == before.payout
            assert step.postings == ()
        assert after.payout.intent == before.payout.intent


def _again(payout, told):
    """The step that hearing it once more makes; `None` where it is refused as a contradiction."""
    try:
        return advance(payout, told)
    except Contradiction:
        return None


@both_rails
def test_news_heard_twice_at_once_is_news_heard_once(rail):
    for _, step, after in steps(rail):
        told = step.event
        if isinstance(told, News) and type(told).__name__ != "Asked":
            again = _again(after.payout, told)
            assert again is not None, after.path
            assert not again.changes, (after.path, told)


@both_rails
def test_news_heard_again_later_moves_no_money_whatever_came_between(rail):
    for _, _, after in walk(rail, 4, remembering=True):
        for told in after.heard:
            again = _again(after.payout, told)
            if again is not None:
                assert again.postings == (), (after.path, told)


@both_rails
def test_a_payout_that_ended_moves_on_only_by_the_news_that_reopens_it(rail):
    ends = {status for status in Status if WHERE[status] in {Place.AVAILABLE, Place.PAID}}
    left = set()
    for before, step, after in steps(rail):
        was, now = before.payout.status, after.payout.status
        if was in ends and now is not was:
            left.add((was, type(step.event), now))
    reopened = {
        (Status.COMPLETED, Returned, Status.RETURNED),
        (Status.COMPLETED, Returned, Status.DISPUTED),
        (Status.REJECTED, Confirmed, Status.DISPUTED),
        *((end, kind, Status.DISPUTED)
          for end in (Status.FAILED, Status.DECLINED, Status.CANCELLED)
          for kind in (Accepted, Confirmed)),
        # An older attempt that was executed after all, when a later one had come back.
        *((end, kind, Status.DISPUTED)
          for end in (Status.REJECTED, Status.RETURNED) for kind in (Accepted, Confirmed)),
    }  # fmt: skip
    if rail is Rail.DIRECT_ENTRY:  # there a confirmation is heard as an acceptance
        reopened = {edge for edge in reopened if edge[1] is not Confirmed}
    assert left == reopened


@both_rails
def test_money_is_released_only_by_proof_about_the_present_attempt_or_by_people(rail):
    for before, step, _ in steps(rail):
        if step.available_change <= ZERO:
            continue
        told, was = step.event, before.payout
        if isinstance(told, Refused):
            # A refusal proves something of its own sending only: there was no other in doubt.
            assert was.status is Status.SENDING
            assert told.attempt == was.attempt
        elif isinstance(told, DeclaredDead):
            assert was.status is Status.UNCONFIRMED
        elif isinstance(told, (Declined, Lapsed)):
            assert was.status is Status.AWAITING_APPROVAL
        elif not isinstance(told, (Rejected, Returned)):
            assert was.status in UNSENT
            assert type(told).__name__ == "Cancelled"


@both_rails
def test_what_needs_others_to_agree_is_sent_only_after_as_many_of_them_saw_the_same(rail):
    sent = 0
    for _, step, after in steps(rail):
        if not isinstance(step.event, Started):
            continue
        asked = [at for at, each in enumerate(after.path) if isinstance(each, ApprovalAsked)]
        if not asked:
            continue
        since = after.path[asked[-1] :]
        kinds = [type(each) for each in since]
        agreed = [each for each in since[: kinds.index(Released)] if isinstance(each, Approved)]
        last = [each for each in agreed if each.seen == agreed[-1].seen]
        assert len({each.by for each in last} - {"olive"}) >= last[-1].needs > 0
        sent += 1
    assert sent


@both_rails
def test_a_payout_leaves_our_hands_again_only_where_nothing_can_have_left_before(rail):
    for before, step, after in steps(rail):
        if isinstance(step.event, Started):
            assert before.payout.status is Status.QUEUED
            assert after.payout.sends == before.payout.sends + 1
            sent = [type(each) for each in before.path]
            # Each earlier claim of this attempt is answered by "never sent"; those of earlier ones
            # are buried by people, or by the provider's word that there were no funds.
            buried = [at for at, kind in enumerate(sent, 1) if kind in BURYING]
            attempt = sent[buried[-1] :] if buried else sent
            names = [kind.__name__ for kind in attempt]
            assert names.count("Started") <= names.count("NeverSent")
            assert "Unclear" not in names
        if isinstance(step.event, StartedAgain):
            assert before.payout.status is Status.UNCONFIRMED
            assert after.payout.unique_reference == before.payout.unique_reference


def test_a_direct_credit_is_completed_only_by_the_end_of_its_window():
    completing = {
        type(step.event)
        for before, step, after in steps(Rail.DIRECT_ENTRY)
        if after.payout.status is Status.COMPLETED and before.payout.status is not Status.COMPLETED
    }
    assert completing == {WindowClosed}


@both_rails
def test_another_amount_than_was_paid_never_passes_for_the_same(rail):
    for before, step, after in steps(rail):
        told = getattr(step.event, "amount", None)
        if told in {None, AMOUNT} or not step.changes:
            continue
        assert isinstance(step.event, Returned)
        assert told > ZERO
        assert after.payout.status is Status.DISPUTED
        assert step.available_change == ZERO
        assert before.payout.came_back is None


@both_rails
@pytest.mark.parametrize("amount", [Money(0), Money(-1), -AMOUNT, Money(1), AMOUNT + AMOUNT])
def test_a_confirmation_of_another_amount_is_a_contradiction(rail, amount):
    for spot in spots(rail):
        if spot.payout.attempt > 1 or len(spot.path) > 4:
            continue
        told = Confirmed(at=spot.payout.updated_at, by="x", attempt=1, amount=amount)
        with pytest.raises(Contradiction):
            advance(spot.payout, told)


@both_rails
def test_news_of_an_attempt_that_never_was_is_a_contradiction(rail):
    for spot in spots(rail):
        for attempt in (0, -1, spot.payout.attempt + 1):
            with pytest.raises(Contradiction):
                advance(spot.payout, Accepted(at=spot.payout.updated_at, by="x", attempt=attempt))


@both_rails
def test_no_path_leads_where_the_table_does_not(rail):
    for before, step, after in steps(rail):
        was, now = before.payout.status, after.payout.status
        allowed = LIFECYCLE[was].get(type(step.event))
        mismatched = isinstance(step.event, Returned) and now is Status.DISPUTED
        older = isinstance(step.event, News) and step.event.attempt < before.payout.attempt
        assert now is allowed or mismatched or older or not step.changes
        row = LIFECYCLE[was].get(type(step.event))
        assert not (older and step.changes) or now in {row, Status.DISPUTED}


def test_a_person_is_told_no_where_the_table_has_no_row():
    with pytest.raises(NotPossible, match="cannot be declared dead"):
        advance(
            beginning(Rail.NPP).payout,
            DeclaredDead(at=steps(Rail.NPP)[0][1].event.at, by="x", evidence="e"),
        )

"""Payouts that wait for others to agree: as they were written, and on the approvers' list."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.advance import advance, begin
from chalicelib.domain.assessment import Assessment
from chalicelib.domain.events import ApprovalAsked, Approved, Declined, Escalated, Released
from chalicelib.domain.payout import Status
from tests.contracts.making import OPERATOR, an_intent, hear, rich_customer
from tests.contracts.paging import TODAY, everything
from tests.contracts.test_changes import changes_of
from tests.fakes.clock import START

MINUTE = timedelta(minutes=1)
LAPSES = START + timedelta(hours=72)
THOUGHT = Assessment(
    3, 55, (("velocity", 100), ("odd_hour", 40)), 2, ("amount", "risk"), "close", "verified", "x-1",
    "check-1", "J*** C***",
)  # fmt: skip


def waits(store, at=START, amount="1.00"):
    """A payout that two others have to agree to."""
    intent = replace(an_intent(amount, at=at), assessment=THOUGHT)
    first = begin(intent, by=OPERATOR)
    asked = ApprovalAsked(at=at, by=OPERATOR, needs=2, why="amount,risk", lapses_at=LAPSES)
    return store.payouts.write(first, advance(first.after, asked))


def agreed(by, at=START):
    return Approved(at=at, by=by, seen="0a" * 32, needs=2)


def ids(store, limit=2):
    return [
        each.transaction_id for each in everything(store.payouts.awaiting_approval, limit=limit)
    ]


def test_a_payout_is_read_back_with_what_was_thought_of_it_and_who_has_agreed(store):
    rich_customer(store)
    payout = hear(store, waits(store), agreed("anna"))
    stored = store.payouts.get(payout.transaction_id)
    assert stored == payout
    assert stored.intent.assessment == THOUGHT
    assert (stored.needs, [each.by for each in stored.approvals]) == (2, ["anna"])
    assert stored.lapses_at == LAPSES
    assert stored.intent.digest == payout.intent.digest


def test_payouts_wait_in_the_order_of_their_age_until_they_are_decided(store):
    rich_customer(store)
    waiting = [waits(store, START + MINUTE * number) for number in (2, 0, 3, 1)]
    by_age = [waiting[place].transaction_id for place in (1, 3, 0, 2)]
    assert ids(store) == by_age
    hear(store, waiting[1], agreed("anna"), agreed("paul"), Released(at=START, by="paul"))
    hear(store, waiting[2], Declined(at=START, by="anna", reason="no"))
    assert ids(store) == [by_age[1], by_age[2]]


def test_who_waits_for_a_person_as_well_comes_last_and_is_on_both_lists(store):
    rich_customer(store)
    first, second = waits(store), waits(store, START + MINUTE)
    odd = hear(store, first, Escalated(at=START, by="night", why="contradiction"))
    assert odd.status is Status.AWAITING_APPROVAL
    assert ids(store, 1) == [second.transaction_id, first.transaction_id]
    attention = everything(store.payouts.needing_attention, limit=5)
    assert [each.transaction_id for each in attention] == [first.transaction_id]


def test_waiting_for_others_is_no_reason_for_a_person_to_look_at_a_payout(store):
    rich_customer(store)
    payout = waits(store)
    assert [each.needs_person for each in changes_of(store).of_day(TODAY)] == [False]
    hear(store, payout, Escalated(at=START, by="night", why="contradiction"))
    assert [each.needs_person for each in changes_of(store).of_day(TODAY)] == [True]


def test_payouts_that_wait_for_others_are_due_when_that_lapses(store):
    rich_customer(store)
    payout = waits(store)
    assert list(store.payouts.due(LAPSES - MINUTE)) == []
    assert list(store.payouts.due(LAPSES)) == [payout.transaction_id]

"""What `Payouts` promises of writing again, with notices, upon disputes; and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.errors import CustomerStopped, Stale
from chalicelib.domain.ledger import Place, Posting
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Status
from tests.contracts.making import (
    a_notice,
    accepted,
    an_intent,
    balance,
    begun,
    claim,
    claimed,
    confirmed,
    dollars,
    hear,
    refused,
    rich_customer,
)

if TYPE_CHECKING:
    from chalicelib.domain.step import Step


def test_writing_the_same_steps_again_is_success_and_moves_nothing_twice(store):
    rich_customer(store, "100.00")
    steps = claimed(an_intent("10.00"))
    notice = a_notice()
    first = store.payouts.write(*steps, notice=notice)
    assert store.payouts.write(*steps, notice=notice) == first
    assert balance(store) == dollars("90.00")
    assert len(store.payouts.steps(first.transaction_id)) == 2


def test_what_was_written_is_known_again_after_others_have_written_more(store):
    rich_customer(store, "100.00")
    steps = claimed(an_intent("10.00"))
    payout = store.payouts.write(*steps)
    completed = hear(store, payout, accepted(), confirmed())
    assert store.payouts.write(*steps) == payout
    assert store.payouts.get(payout.transaction_id) == completed
    assert balance(store) == dollars("90.00")


def test_a_claim_of_somebody_else_is_not_taken_for_ones_own(store):
    rich_customer(store)
    queued = store.payouts.write(begun(an_intent()))
    mine, theirs = claim(queued), claim(queued)
    payout = store.payouts.write(theirs)
    with pytest.raises(Stale):
        store.payouts.write(mine)
    hear(store, payout, accepted())
    with pytest.raises(Stale):
        store.payouts.write(mine)


def test_a_notice_is_kept_with_the_step_that_it_causes(store):
    rich_customer(store)
    payout = store.payouts.write(*claimed(an_intent()))
    store.payouts.write(advance(payout, confirmed()), notice=a_notice())
    assert store.notices.known(a_notice().key)


def test_a_notice_that_was_kept_before_does_not_hold_up_its_step(store):
    rich_customer(store)
    payout = store.payouts.write(*claimed(an_intent()))
    assert store.notices.keep(a_notice())
    step = advance(payout, confirmed())
    assert store.payouts.write(step, notice=a_notice()) == step.after
    assert store.payouts.get(payout.transaction_id) == step.after


def test_a_dispute_stops_the_customer_and_whoever_edits_them_unaware(store):
    customer = rich_customer(store, "100.00")
    payout = store.payouts.write(*claimed(an_intent("10.00")))
    payout = hear(store, payout, refused(), confirmed())
    assert payout.status is Status.DISPUTED
    stopped = store.customers.get("customer-1")
    assert payout.transaction_id in stopped.stopped
    with pytest.raises(Stale):
        store.customers.edit(replace(customer, name="Jo B. Citizen"), version=customer.version)
    with pytest.raises(CustomerStopped):
        store.payouts.write(*claimed(an_intent()))
    store.customers.edit(replace(stopped, stopped=""), version=stopped.version)
    assert store.payouts.write(*claimed(an_intent()))


def test_the_first_reason_of_a_stop_stays(store):
    rich_customer(store, "100.00")
    payout = store.payouts.write(*claimed(an_intent("10.00")))
    store.customers.edit(replace(store.customers.get("customer-1"), stopped="the first"), version=1)
    hear(store, payout, refused(), confirmed())
    assert store.customers.get("customer-1").stopped == "the first"


def unbalanced(step: Step) -> Step:
    return replace(step, postings=(Posting(Place.AVAILABLE, "customer-1", Money(1)),))


def unsound():
    first, second = claimed(an_intent())
    third = advance(second.after, accepted())
    other = claimed(an_intent())
    moved = replace(second.after, intent=other[1].after.intent)
    return {
        "none at all": (),
        "one left out": (first, third),
        "the wrong way round": (second, first),
        "of two payouts": (first, other[1]),
        "the same twice": (first, first),
        "unbalanced": (unbalanced(first),),
        "changing nothing": (replace(first, before=first.after),),
        "changing the intent": (first, replace(second, after=moved)),
        "skipping a version": (replace(first, after=replace(first.after, version=2)),),
    }


def test_steps_that_are_not_sound_are_refused(store):
    rich_customer(store)
    for steps in unsound().values():
        with pytest.raises(ValueError, match=r"step|posting"):
            store.payouts.write(*steps)
        assert all(store.payouts.get(step.after.transaction_id) is None for step in steps)
    assert balance(store) == dollars("100.00")

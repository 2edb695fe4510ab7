"""What `Payouts` promises of a stopped customer: nothing of theirs is sent, and all is heard."""

from __future__ import annotations

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.errors import CustomerStopped, Stale
from chalicelib.domain.events import (
    Asked,
    Cancelled,
    Doubt,
    Escalated,
    Hindrance,
    NeverSent,
    Returned,
    StartedAgain,
    Unclear,
)
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
    stop,
)
from tests.fakes.clock import START


def queued(store):
    return store.payouts.write(begun(an_intent("10.00")))


def unconfirmed(store):
    doubt = Unclear(at=START, by="sender", attempt=1, doubt=Doubt.TIMED_OUT)
    return hear(store, store.payouts.write(*claimed(an_intent("10.00"))), doubt)


def again(payout):
    return advance(payout, StartedAgain(at=START, by="poller", claim_id="claim-2"))


@pytest.mark.parametrize(("waiting", "sending"), [(queued, claim), (unconfirmed, again)])
def test_what_waits_is_not_sent_and_nothing_is_written(store, waiting, sending):
    rich_customer(store)
    payout = waiting(store)
    steps = store.payouts.steps(payout.transaction_id)
    stop(store)
    customer = store.customers.get("customer-1")
    with pytest.raises(CustomerStopped):
        store.payouts.write(sending(payout), notice=a_notice())
    assert store.payouts.get(payout.transaction_id) == payout
    assert store.payouts.steps(payout.transaction_id) == steps
    assert store.customers.get("customer-1") == customer
    assert not store.notices.known(a_notice().key)


@pytest.mark.parametrize(("waiting", "sending"), [(queued, claim), (unconfirmed, again)])
def test_once_they_go_on_it_is_sent_and_no_money_moves_by_that(store, waiting, sending):
    rich_customer(store, "100.00")
    payout = waiting(store)
    stop(store)
    stop(store, why="")
    step = sending(payout)
    customer = store.customers.get("customer-1")
    assert store.payouts.write(step) == step.after
    assert store.customers.get("customer-1") == customer
    assert balance(store) == dollars("90.00")


def test_a_new_payout_is_not_even_queued(store):
    rich_customer(store, "100.00")
    stop(store)
    intent = an_intent("10.00")
    with pytest.raises(CustomerStopped):
        store.payouts.write(begun(intent))
    assert store.payouts.get(intent.transaction_id) is None
    assert balance(store) == dollars("100.00")


def test_the_dispute_of_one_payout_holds_up_what_waits_of_the_same_customer_only(store):
    rich_customer(store, "100.00")
    rich_customer(store, "100.00", "customer-2")
    mine = queued(store)
    theirs = store.payouts.write(begun(an_intent(customer_id="customer-2")))
    hear(store, store.payouts.write(*claimed(an_intent())), refused(), confirmed())
    with pytest.raises(CustomerStopped):
        store.payouts.write(claim(mine))
    assert store.payouts.write(claim(theirs)).status is Status.SENDING


def test_a_claim_that_was_written_before_the_stop_is_known_again(store):
    rich_customer(store)
    step = claim(queued(store))
    store.payouts.write(step)
    stop(store)
    assert store.payouts.write(step) == step.after


def test_a_claim_that_somebody_else_has_made_is_stale_all_the_same(store):
    rich_customer(store)
    payout = queued(store)
    store.payouts.write(claim(payout))
    stop(store)
    with pytest.raises(Stale):
        store.payouts.write(claim(payout))


@pytest.mark.parametrize(
    ("events", "status", "left"),
    [
        ((accepted(),), Status.PENDING, "90.00"),
        ((confirmed(),), Status.COMPLETED, "90.00"),
        ((refused(),), Status.FAILED, "100.00"),
        ((NeverSent(at=START, by="sender", attempt=1, reason=Hindrance.NO_CONNECTION),),
         Status.QUEUED, "90.00"),
        ((Unclear(at=START, by="sender", attempt=1, doubt=Doubt.TIMED_OUT),
          Asked(at=START, by="poller", attempt=1, found=False)), Status.UNCONFIRMED, "90.00"),
        ((accepted(), Returned(at=START, by="provider", attempt=1, return_id="7")),
         Status.RETURNED, "100.00"),
    ],
)  # fmt: skip
def test_what_was_on_its_way_is_heard_of(store, events, status, left):
    rich_customer(store, "100.00")
    sending = store.payouts.write(*claimed(an_intent("10.00")))
    stop(store)
    assert hear(store, sending, *events).status is status
    assert balance(store) == dollars(left)


def test_what_waits_is_cancelled_or_put_before_a_person(store):
    rich_customer(store, "100.00")
    payout = queued(store)
    stop(store)
    alarm = Escalated(at=START, by="poller", why="customer_stopped")
    payout = hear(store, payout, alarm)
    assert payout.needs_person == "customer_stopped"
    assert hear(store, payout, Cancelled(at=START, by="operator-1")).status is Status.CANCELLED
    assert balance(store) == dollars("100.00")

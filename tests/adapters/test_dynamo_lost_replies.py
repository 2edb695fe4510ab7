"""Writes whose requests or replies are lost: done once, recognised, or said to be unknown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.errors import CustomerStopped, InsufficientFunds, Stale, StoreUnavailable
from tests.adapters.dynamo_faults import (
    BROKEN,
    NOT_CONNECTED,
    TIMED_OUT,
    TRANSACT,
    meanwhile,
    refusing,
)
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
    rich_customer,
)

LOST = [TIMED_OUT, BROKEN, refusing("InternalServerError", 500), refusing("Oops", 503)]
NAMES = ["time-out", "broken connection", "500", "503"]


def written_once(store, steps):
    payout = steps[-1].after
    assert store.payouts.get(payout.transaction_id) == payout
    assert len(store.payouts.steps(payout.transaction_id)) == payout.version
    assert balance(store) == dollars("100.00") - payout.intent.amount


@pytest.mark.parametrize("fault", [TIMED_OUT, BROKEN], ids=["time-out", "broken connection"])
def test_a_write_whose_reply_was_lost_is_done_once(store, faults, fault):
    rich_customer(store, "100.00")
    steps = claimed(an_intent("60.00"))
    store.calls.clear()
    faults.after(TRANSACT, fault)
    assert store.payouts.write(*steps, notice=a_notice()) == steps[-1].after
    assert store.calls == {TRANSACT: 2}
    written_once(store, steps)


@pytest.mark.parametrize("fault", LOST, ids=NAMES)
def test_a_write_that_was_done_by_a_request_thought_lost_is_recognised(
    store, faults, others, fault
):
    rich_customer(store, "100.00")
    steps = claimed(an_intent("60.00"))
    # The same steps under another token: what a service does that has forgotten ours.
    faults.before(TRANSACT, meanwhile(lambda: others.payouts.write(*steps), fault))
    assert store.payouts.write(*steps) == steps[-1].after
    written_once(store, steps)


@pytest.mark.parametrize("fault", [*LOST, NOT_CONNECTED], ids=[*NAMES, "no connection"])
def test_a_write_that_never_arrived_is_sent_again_as_the_same(store, faults, fault):
    rich_customer(store, "100.00")
    steps = claimed(an_intent("60.00"))
    faults.requests.clear()
    faults.before(TRANSACT, fault)
    assert store.payouts.write(*steps) == steps[-1].after
    first, second = faults.requests[TRANSACT]
    assert first["ClientRequestToken"] == second["ClientRequestToken"]
    written_once(store, steps)


def test_two_writes_are_never_taken_for_one(store, faults):
    rich_customer(store, "100.00")
    for _ in range(2):
        store.payouts.write(*claimed(an_intent("1.00")))
    tokens = [request["ClientRequestToken"] for request in faults.requests[TRANSACT]]
    assert len(set(tokens)) == len(tokens)


def test_a_write_all_of_whose_replies_are_lost_is_found_by_reading(store, faults, hasty):
    rich_customer(store, "100.00")
    steps = claimed(an_intent("60.00"))
    faults.after(TRANSACT, TIMED_OUT)
    # From the second on not even a refusal arrives that would tell.
    faults.before(TRANSACT, None, *[BROKEN] * 99)
    assert hasty.payouts.write(*steps) == steps[-1].after
    written_once(store, steps)


def test_a_write_none_of_whose_requests_arrived_is_not_known(store, faults, hasty):
    rich_customer(store, "100.00")
    steps = claimed(an_intent("60.00"))
    faults.before(TRANSACT, *[TIMED_OUT] * 99)
    with pytest.raises(StoreUnavailable):
        hasty.payouts.write(*steps)
    assert store.payouts.get(steps[-1].after.transaction_id) is None
    assert balance(store) == dollars("100.00")


def test_a_write_that_cannot_even_be_looked_for_is_not_known(store, faults, hasty):
    rich_customer(store, "100.00")
    steps = claimed(an_intent("60.00"))
    faults.before(TRANSACT, *[TIMED_OUT] * 99)
    faults.before("GetItem", *[TIMED_OUT] * 99)
    with pytest.raises(StoreUnavailable):
        hasty.payouts.write(*steps)


def test_a_write_whose_reply_was_lost_is_known_after_others_wrote_more(store, faults, others):
    rich_customer(store, "100.00")
    steps = claimed(an_intent("60.00"))
    last = []
    faults.after(
        TRANSACT,
        meanwhile(lambda: last.append(hear(others, steps[-1].after, confirmed())), TIMED_OUT),
    )
    assert store.payouts.write(*steps) == steps[-1].after
    assert store.payouts.get(last[0].transaction_id) == last[0]
    assert balance(store) == dollars("40.00")


def test_a_claim_that_was_lost_to_another_is_stale(store, faults, others):
    rich_customer(store, "100.00")
    queued = store.payouts.write(begun(an_intent("60.00")))
    theirs = claim(queued)
    faults.before(TRANSACT, meanwhile(lambda: others.payouts.write(theirs), TIMED_OUT))
    with pytest.raises(Stale):
        store.payouts.write(claim(queued))
    assert store.payouts.get(queued.transaction_id) == theirs.after


def test_a_claim_that_was_lost_to_another_who_went_on_is_stale(store, faults, others):
    rich_customer(store, "100.00")
    queued = store.payouts.write(begun(an_intent("60.00")))
    faults.before(
        TRANSACT,
        meanwhile(lambda: hear(others, others.payouts.write(claim(queued)), accepted()), TIMED_OUT),
    )
    with pytest.raises(Stale):
        store.payouts.write(claim(queued))


def stop(store):
    customer = store.customers.get("customer-1")
    store.customers.edit(replace(customer, stopped="why"), version=customer.version)


def test_a_claim_whose_reply_was_lost_is_known_although_the_customer_was_stopped_since(
    store, faults, others
):
    rich_customer(store, "100.00")
    step = claim(store.payouts.write(begun(an_intent("60.00"))))

    def done_and_stopped():
        others.payouts.write(step)
        stop(others)

    faults.before(TRANSACT, meanwhile(done_and_stopped, TIMED_OUT))
    assert store.payouts.write(step) == step.after
    written_once(store, [step])


def test_a_stop_is_no_proof_while_an_earlier_sending_may_be_at_work(store, faults, others):
    rich_customer(store, "100.00")
    queued = store.payouts.write(begun(an_intent("60.00")))
    faults.before(TRANSACT, meanwhile(lambda: stop(others), TIMED_OUT))
    with pytest.raises(StoreUnavailable):
        store.payouts.write(claim(queued))
    # Without such a sending it is one.
    with pytest.raises(CustomerStopped):
        store.payouts.write(claim(queued))
    assert store.payouts.get(queued.transaction_id) == queued


def test_missing_money_is_no_proof_while_an_earlier_sending_may_be_at_work(store, faults, others):
    rich_customer(store, "100.00")
    theirs = claimed(an_intent("60.00"))
    faults.before(TRANSACT, meanwhile(lambda: others.payouts.write(*theirs), TIMED_OUT))
    with pytest.raises(StoreUnavailable):
        store.payouts.write(*claimed(an_intent("60.00")))
    # Without such a sending it is one.
    with pytest.raises(InsufficientFunds):
        store.payouts.write(*claimed(an_intent("60.00")))


def test_a_step_with_a_notice_kept_before_survives_lost_replies(store, faults):
    rich_customer(store, "100.00")
    payout = store.payouts.write(*claimed(an_intent("60.00")))
    store.notices.keep(a_notice())
    faults.after(TRANSACT, TIMED_OUT)
    step = advance(payout, confirmed())
    assert store.payouts.write(step, notice=a_notice()) == step.after
    assert store.payouts.get(payout.transaction_id) == step.after


def test_a_step_is_written_although_the_notice_that_was_kept_before_expires_meanwhile(
    store, faults, others
):
    rich_customer(store, "100.00")
    payout = store.payouts.write(*claimed(an_intent("60.00")))
    store.notices.keep(a_notice())
    key = {"key": {"S": f"notice#{a_notice().notice_id}"}}

    def expire():
        others.client.delete_item(TableName=store.tables.control, Key=key)

    faults.before(TRANSACT, None, expire)
    step = advance(payout, confirmed())
    assert store.payouts.write(step, notice=a_notice()) == step.after
    assert store.payouts.get(payout.transaction_id) == step.after
    assert not store.notices.known(a_notice().key)

"""A redraft is stored with its original's step or not at all, and is sent only while that holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.claims import Claims
from chalicelib.domain.errors import CustomerStopped, InsufficientFunds, Stale
from chalicelib.domain.events import Delayed, Escalated, Hindrance, Redrafted
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.payout import Status
from chalicelib.domain.redraft import redraft_id
from chalicelib.domain.refusals import OriginalDisputed
from tests.contracts.making import (
    OPERATOR,
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
from tests.contracts.test_lost_replies import unheard
from tests.contracts.test_races import at_once, errors
from tests.fakes.clock import START


@pytest.fixture
def original(store):
    rich_customer(store, "100.00")
    return hear(store, store.payouts.write(*claimed(an_intent("10.00"))), refused())


def intent_of(original, amount="10.00"):
    before = (original.transaction_id, *original.intent.redraft_of)
    own = an_intent(amount, transaction_id=redraft_id(original.transaction_id))
    return replace(own, redraft_of=before)


def said(original):
    event = Redrafted(at=START, by=OPERATOR, redraft=redraft_id(original.transaction_id))
    return advance(original, event)


def redraft(store, original, *, waits=False, amount="10.00"):
    first = begun(intent_of(original, amount))
    wait = Delayed(at=START, by=OPERATOR, reason=Hindrance.NO_CONNECTION)
    second = advance(first.after, wait) if waits else claim(first.after)
    return store.payouts.write(first, second, claims=Claims(original=said(original)))


def paid_after_all(store, original, *, goes_on=True):
    disputed = hear(store, store.payouts.get(original.transaction_id), confirmed())
    assert disputed.status is Status.DISPUTED
    if goes_on:
        stop(store, "")
    return disputed


def test_both_are_read_as_they_were_written_and_the_step_is_in_the_trail(store, original):
    written = redraft(store, original)
    assert store.payouts.get(written.transaction_id) == written
    assert written.intent.redraft_of == (original.transaction_id,)
    now = store.payouts.get(original.transaction_id)
    assert now == said(original).after
    assert now.redrafted_as == written.transaction_id
    last = store.payouts.steps(original.transaction_id)[-1]
    assert (last.event, last.hash) == (said(original).event, now.last_hash)
    assert balance(store) == dollars("90.00")


def test_an_original_that_has_changed_since_it_was_read_makes_nothing(store, original):
    paid_after_all(store, original)
    with pytest.raises(Stale):
        redraft(store, original)
    assert store.payouts.get(redraft_id(original.transaction_id)) is None
    assert balance(store) == dollars("100.00")


def test_an_original_is_redrafted_once(store, original):
    written = redraft(store, original)
    with pytest.raises(Stale):
        redraft(store, original)
    assert store.payouts.get(written.transaction_id) == written
    assert len(store.payouts.steps(original.transaction_id)) == original.version + 1
    assert balance(store) == dollars("90.00")


def test_of_many_who_redraft_it_at_once_one_does(store, original):
    results = at_once(*(lambda: redraft(store, original) for _ in range(6)))
    assert errors(results) == [Stale] * 5
    assert balance(store) == dollars("90.00")


def test_where_the_balance_does_not_suffice_the_original_says_nothing(store, original):
    with pytest.raises(InsufficientFunds):
        redraft(store, original, amount="100.01")
    assert store.payouts.get(original.transaction_id) == original
    assert len(store.payouts.steps(original.transaction_id)) == original.version


@pytest.mark.parametrize("replies", [1, 2])
def test_a_redraft_whose_reply_was_lost_is_made_once(store, original, replies):
    first = begun(intent_of(original))
    steps = (first, claim(first.after))

    def write():
        return store.payouts.write(*steps, claims=Claims(original=said(original)))

    unheard(store, write, replies=replies)
    assert write() == steps[-1].after
    assert store.payouts.get(original.transaction_id) == said(original).after
    assert balance(store) == dollars("90.00")


def test_what_waits_is_not_claimed_once_its_original_is_paid(store, original):
    waits = redraft(store, original, waits=True)
    paid_after_all(store, original)
    with pytest.raises(OriginalDisputed):
        store.payouts.write(claim(waits), notice=a_notice())
    assert store.payouts.get(waits.transaction_id) == waits
    assert not store.notices.known(a_notice().key)


def test_what_waits_is_not_claimed_once_its_original_is_contradicted(store, original):
    waits = redraft(store, original, waits=True)
    alarm = Escalated(at=START, by="monoova", why=CONTRADICTION)
    hear(store, store.payouts.get(original.transaction_id), alarm)
    with pytest.raises(OriginalDisputed):
        store.payouts.write(claim(waits))
    assert store.payouts.get(waits.transaction_id) == waits


def test_that_it_is_paid_is_told_before_that_the_customer_is_stopped(store, original):
    waits = redraft(store, original, waits=True)
    paid_after_all(store, original, goes_on=False)
    with pytest.raises(OriginalDisputed):
        store.payouts.write(claim(waits))


def test_what_waits_is_claimed_while_its_original_is_unpaid_and_of_a_stopped_customer_not(
    store, original
):
    waits = redraft(store, original, waits=True)
    stop(store)
    with pytest.raises(CustomerStopped):
        store.payouts.write(claim(waits))
    stop(store, "")
    assert store.payouts.write(claim(waits)).status is Status.SENDING


def test_news_of_a_redraft_is_heard_whatever_became_of_its_original(store, original):
    sent = redraft(store, original)
    paid_after_all(store, original)
    assert hear(store, sent, accepted(), confirmed()).status is Status.COMPLETED


def test_a_redrafts_redraft_looks_at_all_that_came_back_before_it(store, original):
    first = hear(store, redraft(store, original), refused())
    second = redraft(store, first, waits=True)
    assert second.intent.redraft_of == (first.transaction_id, original.transaction_id)
    paid_after_all(store, original)
    with pytest.raises(OriginalDisputed):
        store.payouts.write(claim(second))


def test_and_is_not_made_once_one_of_them_is_paid(store, original):
    first = hear(store, redraft(store, original), refused())
    paid_after_all(store, original)
    with pytest.raises(OriginalDisputed):
        redraft(store, first)
    assert store.payouts.get(first.transaction_id).redrafted_as == ""
    assert store.payouts.get(redraft_id(first.transaction_id)) is None

"""What a store promises of a write whose reply is lost: it is done once, whoever is told what.

The writer is told that it was done, or that nobody knows; then doing it again is safe.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.errors import InsufficientFunds, PayoutError, Stale, StoreUnavailable
from chalicelib.domain.funding import Receipt, credit, receive
from chalicelib.domain.notices import DeadLetter
from chalicelib.domain.parked import discarded
from chalicelib.usecases.dead_letters import park
from chalicelib.usecases.take_in import notice_key
from tests.contracts.making import (
    a_credit,
    a_customer,
    a_notice,
    accepted,
    an_intent,
    balance,
    claimed,
    dollars,
    refused,
    rich_customer,
)
from tests.contracts.paging import everything
from tests.fakes.clock import START

LETTER = DeadLetter("NppReturn", "17", b"{}", START, "store_unavailable")
NOTHING = object()


def unheard(store, write, *, replies=1):
    """What the writer was told, the first replies being lost; `NOTHING` where nobody knew."""
    store.lose_replies(replies)
    try:
        return write()
    except StoreUnavailable:
        return NOTHING
    finally:
        store.lose_replies(0)


@pytest.mark.parametrize("replies", [1, 2])
@pytest.mark.parametrize("notice", [None, a_notice()], ids=["alone", "with a notice"])
def test_a_payout_is_written_once(store, replies, notice):
    rich_customer(store, "100.00")
    steps = claimed(an_intent("60.00"))
    written = steps[-1].after
    told = unheard(store, lambda: store.payouts.write(*steps, notice=notice), replies=replies)
    assert told in (written, NOTHING)
    assert store.payouts.write(*steps, notice=notice) == written
    assert store.payouts.get(written.transaction_id) == written
    assert len(store.payouts.steps(written.transaction_id)) == 2
    assert balance(store) == dollars("40.00")
    assert store.notices.known(a_notice().key) is (notice is not None)


def test_money_is_given_back_once(store):
    rich_customer(store, "100.00")
    step = advance(store.payouts.write(*claimed(an_intent("60.00"))), refused())
    assert unheard(store, lambda: store.payouts.write(step)) in (step.after, NOTHING)
    assert store.payouts.write(step) == step.after
    assert balance(store) == dollars("100.00")


def test_a_refusal_that_is_lost_leaves_nothing(store):
    rich_customer(store, "10.00")
    steps = claimed(an_intent("60.00"))
    store.lose_replies(1)
    with pytest.raises((InsufficientFunds, StoreUnavailable)):
        store.payouts.write(*steps)
    store.lose_replies(0)
    with pytest.raises(InsufficientFunds):
        store.payouts.write(*steps)
    assert store.payouts.get(steps[-1].after.transaction_id) is None
    assert store.payouts.steps(steps[-1].after.transaction_id) == []
    assert balance(store) == dollars("10.00")


def test_a_step_of_another_is_never_taken_for_ones_own(store):
    rich_customer(store, "100.00")
    payout = store.payouts.write(*claimed(an_intent("60.00")))
    store.payouts.write(advance(payout, accepted()))
    mine = advance(payout, refused())
    with pytest.raises((Stale, StoreUnavailable)):
        unheard_or_raise(store, lambda: store.payouts.write(mine))
    with pytest.raises(Stale):
        store.payouts.write(mine)
    assert balance(store) == dollars("40.00")


def unheard_or_raise(store, write):
    if unheard(store, write) is NOTHING:
        raise StoreUnavailable("Nobody knows.")


def test_a_receipt_and_a_credit_count_once(store):
    store.customers.add(a_customer())
    received = receive(store.treasury.funds(), Receipt("N1", dollars("10.00"), "NPP", START))
    given = credit(received.after, a_credit("4.00"))
    for entry in (received, given):
        unheard(store, lambda entry=entry: store.treasury.write(entry))
        store.treasury.write(entry)
    assert store.treasury.funds() == given.after
    assert balance(store) == dollars("4.00")


def test_a_customer_is_added_and_edited_once(store):
    unheard(store, lambda: store.customers.add(a_customer()))
    assert store.customers.get("customer-1") == a_customer()
    edited = replace(a_customer(), name="Jo B. Citizen")
    unheard(store, lambda: store.customers.edit(edited, version=1))
    assert store.customers.get("customer-1") == replace(edited, version=2)
    with pytest.raises(Stale):
        store.customers.edit(edited, version=1)


def test_a_notice_is_new_once(store):
    assert unheard(store, lambda: store.notices.keep(a_notice())) in (True, NOTHING)
    assert store.notices.known(a_notice().key)
    assert store.notices.keep(a_notice()) is False


def test_a_letter_is_parked_once(store):
    for _ in range(2):
        unheard(store, lambda: park(LETTER, parked=store.parked, at=START))
    (letter,) = everything(partial(store.parked.page, resolved=False))
    assert letter.key == notice_key(LETTER)
    ended = discarded(letter, "doubled", "ada", START)
    unheard(store, lambda: store.parked.put(ended))
    assert store.parked.get(letter.letter_id).ending == ended.ending


def test_the_gate_is_shut_and_opened(store):
    unheard(store, store.gate.close)
    assert store.gate.closed()
    unheard(store, lambda: store.gate.open(by="admin-1"))
    assert not store.gate.closed()


def test_what_is_lost_is_told_by_no_other_error(store):
    rich_customer(store, "100.00")
    payout = store.payouts.write(*claimed(an_intent("60.00")))
    step = advance(payout, accepted())
    try:
        unheard(store, lambda: store.payouts.write(step))
    except PayoutError as error:
        pytest.fail(f"a done write is no {type(error).__name__}")
    assert store.payouts.get(payout.transaction_id) == step.after

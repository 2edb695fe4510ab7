"""What the store promises of payouts that a person keeps back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.errors import NotPossible, Stale
from chalicelib.domain.events import (
    Cancelled,
    Delayed,
    Held,
    Hindrance,
    HoldLifted,
    NeverSent,
    Started,
)
from chalicelib.domain.hold import Hold
from chalicelib.domain.payout import Status
from tests.contracts.making import an_intent, begun, claimed, dollars, hear, rich_customer
from tests.contracts.paging import everything
from tests.fakes.clock import START

LATER = START + timedelta(days=30)
HOLD = Held(at=START, by="hanna", reason="a call from the bank")
LIFT = HoldLifted(at=START, by="anna", reason="the bank was wrong")
DELAYED = Delayed(at=START, by="olive", reason=Hindrance.FUNDS)
NEVER_SENT = NeverSent(at=START, by="sender", attempt=1, reason=Hindrance.NO_CONNECTION)


def queued(store, amount="1.00", delayed=DELAYED):
    first = begun(an_intent(amount))
    return store.payouts.write(first, advance(first.after, delayed))


@pytest.fixture
def payout(store):
    rich_customer(store)
    return queued(store)


def test_a_hold_is_kept_as_it_was_written_and_so_is_its_end(store, payout):
    held = hear(store, payout, HOLD)
    assert store.payouts.get(payout.transaction_id) == held
    assert held.held == Hold("hanna", START, HOLD.reason)
    lifted = hear(store, held, LIFT)
    assert store.payouts.get(payout.transaction_id) == lifted
    assert lifted.held is None
    assert [type(each.event) for each in store.payouts.steps(payout.transaction_id)][-2:] == [
        Held, HoldLifted,
    ]  # fmt: skip


def test_what_was_sent_once_and_never_left_keeps_its_count_while_it_is_held(store):
    rich_customer(store)
    again = hear(store, store.payouts.write(*claimed(an_intent("1.00"))), NEVER_SENT)
    held = hear(store, replace(again), HOLD)
    assert store.payouts.get(held.transaction_id) == held


def test_what_is_held_is_neither_due_nor_in_the_line_and_is_counted_all_the_same(store, payout):
    other = queued(store, "2.50")
    hear(store, payout, HOLD)
    third = hear(store, queued(store, delayed=replace(DELAYED, reason=Hindrance.OUT_OF_TIME)), HOLD)
    assert list(store.payouts.due(LATER)) == []
    assert [each.transaction_id for each in store.payouts.in_line()] == [other.transaction_id]
    found = {each.transaction_id: each for each in store.payouts.open_work()}
    assert found.keys() == {each.transaction_id for each in (payout, other, third)}
    sketch = found[payout.transaction_id]
    assert (sketch.status, sketch.amount, sketch.in_line) == (Status.QUEUED, dollars("1.00"), False)


def test_once_it_is_let_go_it_stands_where_it_stood(store, payout):
    hear(store, hear(store, payout, HOLD), LIFT)
    assert [each.transaction_id for each in store.payouts.in_line()] == [payout.transaction_id]
    assert len(list(store.payouts.open_work())) == 1


def test_it_waits_for_a_person_until_it_is_let_go_or_over(store, payout):
    def waiting():
        found = everything(store.payouts.needing_attention, limit=5)
        return [each.transaction_id for each in found]

    held = hear(store, payout, HOLD)
    assert waiting() == [payout.transaction_id]
    lifted = hear(store, held, LIFT)
    assert waiting() == []
    held = hear(store, lifted, HOLD)
    assert waiting() == [payout.transaction_id]
    hear(store, held, Cancelled(at=START, by="olive"))
    assert (waiting(), list(store.payouts.open_work())) == ([], [])


def test_who_claims_it_on_what_was_read_before_the_hold_is_too_late(store, payout):
    held = hear(store, payout, HOLD)
    claim = Started(at=START, by="poller", claim_id="claim")
    with pytest.raises(Stale):
        store.payouts.write(advance(payout, claim))
    with pytest.raises(NotPossible):
        advance(held, claim)
    assert store.payouts.get(payout.transaction_id) == held

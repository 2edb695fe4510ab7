"""Claims that nobody has answered for are open work like any other: a sender may have died."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.domain.advance import advance
from chalicelib.domain.events import Asked, Doubt, StartedAgain, Unclear
from tests.contracts.making import an_intent, claimed, hear, rich_customer
from tests.fakes.clock import START

# When the sender of a claim cannot be alive any more.
LATER = timedelta(minutes=1)


def test_what_is_being_sent_is_due_once_its_sender_cannot_be_alive(store):
    rich_customer(store)
    payout = store.payouts.write(*claimed(an_intent()))
    assert list(store.payouts.due(START + LATER - timedelta(microseconds=1))) == []
    assert list(store.payouts.due(START + LATER)) == [payout.transaction_id]


def test_what_is_being_sent_again_is_due_once_its_sender_cannot_be_alive(store):
    rich_customer(store)
    payout = store.payouts.write(*claimed(an_intent()))
    doubt = Unclear(at=START, by="sender", attempt=1, doubt=Doubt.TIMED_OUT)
    payout = hear(store, payout, doubt)
    at = START + timedelta(hours=1)
    asked = advance(payout, Asked(at=at, by="poller", attempt=1, found=False))
    again = advance(asked.after, StartedAgain(at=at, by="poller", claim_id="claim-2"))
    store.payouts.write(asked, again)
    assert list(store.payouts.due(at + LATER - timedelta(microseconds=1))) == []
    assert list(store.payouts.due(at + LATER)) == [payout.transaction_id]

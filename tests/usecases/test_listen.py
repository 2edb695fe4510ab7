"""Listening for unknown reasons: after the writing, decides nothing, can make nothing fail."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from chalicelib.adapters.dynamo.payouts import DynamoPayouts
from chalicelib.adapters.dynamo.session import Session
from chalicelib.domain.advance import advance
from chalicelib.domain.calendar import Calendar
from chalicelib.domain.errors import Stale, StoreUnavailable
from chalicelib.domain.events import Accepted, Confirmed, Doubt, Rejected, Returned, Unclear
from chalicelib.domain.patience import Patience
from chalicelib.domain.payout import Status
from chalicelib.usecases.hear import hear
from chalicelib.usecases.listen import listen
from tests.contracts.making import an_intent, claimed, rich_customer
from tests.contracts.stores import Store, simulated_store
from tests.fakes.clock import START
from tests.fakes.state import State
from tests.fakes.words import MemoryWords

UNKNOWN = "Jo Citizen has moved to 12 High Street"


class Broken:
    """Words that cannot be counted, whatever is tried."""

    def __init__(self) -> None:
        self.asked = 0

    def count(self, _text, *, example, at) -> None:
        """Fail."""
        self.asked += 1
        raise StoreUnavailable(f"{example} {at}")

    def page(self, *, limit, position):
        """Fail."""
        raise StoreUnavailable(f"{limit} {position}")


def listening(words) -> Store:
    """A store of DynamoDB in memory, whose payouts tell what was written."""
    store = simulated_store()
    rich_customer(store)
    assert store.client is not None
    assert store.tables is not None
    store.payouts = DynamoPayouts(
        Session(store.client), store.tables, clock=store.clock, patience=Patience(),
        calendar=Calendar(lambda _day: False), written=partial(listen, words=words),
    )  # fmt: skip
    return store


def news(kind, **told):
    return kind(at=START, by="webhook", attempt=1, **told)


def paid(store):
    return store.payouts.write(*claimed(an_intent()))


def test_a_text_that_nobody_knows_is_counted_masked_with_its_payout():
    words = MemoryWords(State())
    store = listening(words)
    payout = paid(store)
    heard = hear(payout, news(Rejected, reason=UNKNOWN), payouts=store.payouts)
    (counted,) = words.counted.values()
    assert counted.text == "… has … to # high …"
    assert (counted.count, counted.example) == (1, payout.transaction_id)
    assert counted.last_seen == heard.payout.updated_at


def test_news_heard_twice_is_counted_once():
    words = MemoryWords(State())
    store = listening(words)
    payout = paid(store)
    for _ in range(3):
        hear(payout, news(Returned, reason=UNKNOWN), payouts=store.payouts)
    assert [each.count for each in words.counted.values()] == [1]


@pytest.mark.parametrize(
    "told",
    [
        news(Accepted), news(Confirmed), news(Rejected, reason="ACCOUNT CLOSED"),
        news(Returned, reason=""), news(Unclear, doubt=Doubt.TIMED_OUT),
    ],
    ids=lambda told: type(told).__name__,
)  # fmt: skip
def test_what_goes_well_and_what_is_known_counts_nothing(told):
    words = Broken()
    store = listening(words)
    hear(paid(store), told, payouts=store.payouts)
    assert words.asked == 0


@pytest.mark.parametrize("kind", [Rejected, Returned])
def test_no_news_is_lost_where_nothing_can_be_counted(kind):
    words = Broken()
    store = listening(words)
    heard = hear(paid(store), news(kind, reason=UNKNOWN), payouts=store.payouts)
    assert words.asked == 1
    assert heard.changed
    stored = store.payouts.get(heard.payout.transaction_id)
    assert stored == heard.payout
    assert stored.status is Status(kind.__name__)


def test_nothing_is_counted_before_the_step_is_durable():
    words = MemoryWords(State())
    store = listening(words)
    payout = paid(store)
    step = advance(payout, news(Rejected, reason=UNKNOWN))
    store.payouts.write(advance(payout, news(Accepted)))
    with pytest.raises(Stale):
        store.payouts.write(step)
    assert words.counted == {}


def test_the_codes_of_answers_that_nobody_understood_are_counted_too():
    words = MemoryWords(State())
    store = listening(words)
    told = news(Unclear, doubt=Doubt.NOT_UNDERSTOOD, detail="AccountMergedWithAnother")
    hear(paid(store), told, payouts=store.payouts)
    assert list(words.counted) == ["account merged with another"]


def test_one_step_that_cannot_be_read_costs_the_others_nothing():
    words = MemoryWords(State())
    store = listening(words)
    payout = paid(store)
    step = advance(payout, news(Rejected, reason=UNKNOWN))
    unreadable: Any = object()
    listen([unreadable, step], words=words)
    assert len(words.counted) == 1
    assert step.after.updated_at - START < timedelta(days=1)

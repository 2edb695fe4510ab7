"""What the store promises of payouts that wait for funds, and of what was seen of the account."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.doubts import Doubt
from chalicelib.domain.events import (
    Cancelled,
    Delayed,
    Escalated,
    Hindrance,
    OutOfFunds,
    Started,
    StartedAgain,
    Unclear,
)
from chalicelib.domain.liquidity import Outlook
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Status
from chalicelib.domain.ways import Way
from tests.contracts.making import (
    a_question,
    accepted,
    an_intent,
    begun,
    claimed,
    dollars,
    hear,
    rich_customer,
)
from tests.fakes.clock import START

LATER = START + timedelta(days=30)
DELAYED = Delayed(at=START, by="olive", reason=Hindrance.FUNDS)
IN_DOUBT = Unclear(at=START, by="provider", attempt=1, doubt=Doubt.TIMED_OUT)
NO_FUNDS = OutOfFunds(at=START, by="provider", attempt=1, refusal="NoFunds")


def waiting(store, minute, amount="1.00"):
    """A payout that waits for funds, asked for at that minute."""
    first = begun(an_intent(amount, at=START + timedelta(minutes=minute)))
    return store.payouts.write(first, advance(first.after, replace(DELAYED, at=first.event.at)))


def ids(sketches):
    return [each.transaction_id for each in sketches]


def test_the_line_is_in_the_order_of_age_however_it_was_joined(store):
    rich_customer(store)
    minutes = [5, 1, 9, 3, 7, 2, 8, 4, 6, 0]
    made = {minute: waiting(store, minute).transaction_id for minute in minutes}
    assert ids(store.payouts.in_line()) == [made[minute] for minute in sorted(minutes)]


def test_who_waits_for_funds_is_in_the_line_and_not_among_the_due(store):
    rich_customer(store)
    refused = hear(store, store.payouts.write(*claimed(an_intent("2.50"))), NO_FUNDS)
    (sketch,) = store.payouts.in_line()
    assert sketch.transaction_id == refused.transaction_id
    assert (sketch.status, sketch.amount, sketch.in_line) == (Status.QUEUED, dollars("2.50"), True)
    assert sketch.created_at == START
    assert list(store.payouts.due(LATER)) == []
    assert store.payouts.get(refused.transaction_id) == refused


@pytest.mark.parametrize(
    "leaves",
    [
        Started(at=START, by="poller", claim_id="claim"),
        Cancelled(at=START, by="olive"),
        Escalated(at=START, by="poller", why=CONTRADICTION),
        accepted(),
    ],
    ids=lambda event: type(event).__name__,
)
def test_whoever_is_sent_cancelled_contradicted_or_paid_after_all_leaves_the_line(store, leaves):
    rich_customer(store)
    hear(store, store.payouts.write(*claimed(an_intent())), NO_FUNDS, leaves)
    assert list(store.payouts.in_line()) == []


def test_open_work_is_everything_that_is_open_the_line_first(store):
    rich_customer(store)
    pending = hear(store, store.payouts.write(*claimed(an_intent("3.00"))), accepted())
    queued = store.payouts.write(begun(an_intent("4.00")))
    ended = hear(store, store.payouts.write(begun(an_intent())), Cancelled(at=START, by="olive"))
    line = [waiting(store, minute).transaction_id for minute in (1, 2)]
    work = list(store.payouts.open_work())
    assert ids(work)[:2] == line
    assert [each.in_line for each in work] == [True, True, False, False]
    told = {each.transaction_id: (each.status, each.amount) for each in work}
    assert told[pending.transaction_id] == (Status.PENDING, dollars("3.00"))
    assert told[queued.transaction_id] == (Status.QUEUED, dollars("4.00"))
    assert ended.transaction_id not in told


def test_open_work_says_when_what_was_sent_once_was_sent(store):
    rich_customer(store)
    once = hear(store, store.payouts.write(*claimed(an_intent("3.00"))), IN_DOUBT)
    again = hear(store, store.payouts.write(*claimed(an_intent("4.00"))), IN_DOUBT)
    again = hear(store, again, StartedAgain(at=LATER, by="poller", claim_id="again"))
    never = store.payouts.write(begun(an_intent("5.00")))
    told = {each.transaction_id: each.sent_once_at for each in store.payouts.open_work()}
    assert told == {
        once.transaction_id: once.sent_at, again.transaction_id: None, never.transaction_id: None,
    }  # fmt: skip
    assert once.sent_at is not None


def opening(store):
    return store.payouts.opening(a_question("00000000-0000-8000-8000-000000000000"))


def test_a_shortage_is_told_with_every_opening_until_it_is_taken_away(store):
    rich_customer(store)
    assert not opening(store).short_of_funds
    store.payouts.note_shortage(at=START)
    store.payouts.note_shortage(at=START + timedelta(hours=1))
    assert opening(store).short_of_funds
    assert not opening(store).gate_closed
    seen = store.liquidity.outlook()
    assert seen == Outlook(short_since=START)
    store.liquidity.keep(seen, replace(seen, short_since=None))
    assert not opening(store).short_of_funds


def test_the_providers_own_limit_is_told_with_every_opening_once_it_is_known(store):
    rich_customer(store)
    store.payouts.note_shortage(at=START)
    assert opening(store).npp_limit is None
    seen = store.liquidity.outlook()
    store.liquidity.keep(seen, seen.saw_limit(Money(50_000), LATER))
    assert opening(store).npp_limit == Money(50_000)
    assert opening(store).short_of_funds
    assert store.liquidity.outlook() == Outlook(
        short_since=START, npp_limit=Money(50_000), limit_seen_at=LATER
    )


def test_what_the_ways_were_seen_to_cost_is_told_with_every_opening(store):
    rich_customer(store)
    assert opening(store).costs == {}
    seen = store.liquidity.outlook()
    store.liquidity.keep(seen, seen.saw_costs({Way.ACCOUNT: Money(9)}, START))
    assert opening(store).costs == {Way.ACCOUNT: Money(9)}
    seen = store.liquidity.outlook()
    store.liquidity.keep(seen, seen.saw_costs({Way.DIRECT_ENTRY: Money(1)}, LATER))
    known = {Way.ACCOUNT: Money(9), Way.DIRECT_ENTRY: Money(1)}
    assert opening(store).costs == known
    assert store.liquidity.outlook() == Outlook(costs=known, costs_seen_at=LATER)


def test_a_closed_gate_and_a_shortage_are_told_each_by_itself(store):
    rich_customer(store)
    store.gate.close()
    assert (opening(store).gate_closed, opening(store).short_of_funds) == (True, False)
    store.payouts.note_shortage(at=START)
    assert (opening(store).gate_closed, opening(store).short_of_funds) == (True, True)


def test_an_outlook_is_read_as_it_was_kept(store):
    assert store.liquidity.outlook() == Outlook()
    whole = Outlook(
        START, Money(-5), START + timedelta(seconds=1), START, LATER, Money(3), START,
        {Way.PAY_ID: Money(0), Way.DIRECT_ENTRY: Money(13)}, LATER,
    )  # fmt: skip
    store.liquidity.keep(Outlook(), whole)
    assert store.liquidity.outlook() == whole
    store.liquidity.keep(whole, Outlook(available=Money(7)))
    assert store.liquidity.outlook() == Outlook(available=Money(7))
    store.liquidity.keep(Outlook(available=Money(7)), Outlook())
    assert store.liquidity.outlook() == Outlook()


def test_what_others_noted_meanwhile_is_left_as_it_is(store):
    before = store.liquidity.outlook()
    store.payouts.note_shortage(at=START)
    store.liquidity.keep(before, before.saw(Money(7), START))
    assert store.liquidity.outlook() == Outlook(START, Money(7), START)


def test_where_nothing_differs_nothing_is_written(store):
    store.calls.clear()
    store.liquidity.keep(Outlook(), Outlook())
    assert store.calls == {}
    assert store.liquidity.outlook() == Outlook()


def test_a_turn_is_taken_by_one_of_those_who_saw_the_same(store):
    seen = store.liquidity.outlook()
    assert store.liquidity.take_turn(seen, until=LATER)
    assert not store.liquidity.take_turn(seen, until=LATER)
    taken = store.liquidity.outlook()
    assert taken.turn_until == LATER
    assert store.liquidity.take_turn(taken, until=START)
    assert not store.liquidity.take_turn(taken, until=START)
    now = store.liquidity.outlook()
    store.liquidity.keep(now, replace(now, turn_until=None))
    assert store.liquidity.take_turn(seen, until=LATER)

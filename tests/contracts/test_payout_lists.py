"""What `Payouts` promises of its lists: all that is asked for, in order, each once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import Invalid
from chalicelib.domain.events import Asked, Doubt, Escalated, Unclear
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Status
from chalicelib.domain.rails import Rail
from chalicelib.ports import PayoutFilter
from tests.contracts.making import (
    accepted,
    an_intent,
    begun,
    claimed,
    confirmed,
    hear,
    rejected,
    rich_customer,
)
from tests.contracts.paging import TODAY, everything, listed
from tests.fakes.clock import START


def asked_for(store, at, customer_id="customer-1", **more):
    intent = an_intent("0.10", customer_id=customer_id, at=at, **more)
    return store.payouts.write(*claimed(intent))


def test_a_list_is_empty_at_the_beginning(store):
    for wanted in (PayoutFilter(TODAY, TODAY), PayoutFilter(TODAY, TODAY, "customer-1")):
        page = store.payouts.page(wanted, limit=5, position=None)
        assert (list(page.items), page.position) == ([], None)


@pytest.mark.parametrize("name", ["", "customer-1"])
def test_the_pages_of_a_list_hold_everything_once_newest_first(store, name):
    rich_customer(store)
    # Two at each moment: a list must not lose the second where a page ends between them.
    made = [asked_for(store, START + timedelta(minutes=minute // 2)) for minute in range(8)]
    wanted = PayoutFilter(TODAY, TODAY, name)
    for limit in (1, 3, 4, 8, 9):
        found = everything(lambda **where: store.payouts.page(wanted, **where), limit)
        assert len(found) == 8
        times = [payout.intent.created_at for payout in found]
        assert times == sorted(times, reverse=True)
        assert {payout.transaction_id: payout for payout in found} == {
            each.transaction_id: each for each in made
        }


def test_a_full_last_page_is_the_last(store):
    rich_customer(store)
    for minute in range(4):
        asked_for(store, START + timedelta(minutes=minute))
    for customer_id in ("", "customer-1"):
        wanted = PayoutFilter(TODAY, TODAY, customer_id)
        assert store.payouts.page(wanted, limit=4, position=None).position is None


def test_what_is_written_between_two_pages_shifts_neither(store):
    rich_customer(store)
    made = [asked_for(store, START + timedelta(minutes=minute)) for minute in range(4)]
    wanted = PayoutFilter(TODAY, TODAY, "customer-1")
    first = store.payouts.page(wanted, limit=2, position=None)
    asked_for(store, START + timedelta(hours=1))
    hear(store, made[0], confirmed())
    second = store.payouts.page(wanted, limit=2, position=first.position)
    shown = [payout.transaction_id for payout in (*first.items, *second.items)]
    assert shown == [each.transaction_id for each in reversed(made)]


def test_a_list_of_one_customer_has_nobody_elses(store):
    for name in ("customer-1", "customer-2"):
        rich_customer(store, customer_id=name)
    mine = asked_for(store, START, "customer-1")
    asked_for(store, START + timedelta(seconds=1), "customer-2")
    wanted = PayoutFilter(TODAY, TODAY, "customer-1")
    assert listed(store, wanted) == [mine.transaction_id]


@pytest.mark.parametrize("of_one", [True, False])
def test_days_are_those_of_sydney_both_ends_included(store, of_one):
    rich_customer(store)
    # In March Sydney is eleven hours ahead: its 3 March begins at 13:00 UTC of the 2nd.
    midnight = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
    cent = timedelta(microseconds=1)
    before, first, last, after = (
        asked_for(store, at).transaction_id
        for at in (
            midnight - cent, midnight, midnight + timedelta(days=2) - cent,
            midnight + timedelta(days=2),
        )
    )  # fmt: skip
    name = "customer-1" if of_one else ""
    third, fourth = date(2026, 3, 3), date(2026, 3, 4)
    assert listed(store, PayoutFilter(third, fourth, name)) == [last, first]
    assert listed(store, PayoutFilter(date(2026, 3, 2), third, name)) == [first, before]
    assert listed(store, PayoutFilter(fourth, date(2026, 3, 9), name)) == [after, last]
    assert listed(store, PayoutFilter(fourth, third, name)) == []


def test_a_list_over_many_quiet_days_ends_and_finds_all(store):
    rich_customer(store)
    early, late = START - timedelta(days=70), START
    made = [asked_for(store, at).transaction_id for at in (early, late)]
    wanted = PayoutFilter(sydney_date(early), sydney_date(late))
    assert listed(store, wanted, limit=5) == list(reversed(made))


@pytest.mark.parametrize("of_one", [True, False])
def test_a_list_of_some_statuses_has_these_only_and_all_of_them(store, of_one):
    rich_customer(store)
    by_status: dict[Status, list[str]] = {
        Status.SENDING: [],
        Status.COMPLETED: [],
        Status.REJECTED: [],
    }
    for minute in range(9):
        payout = asked_for(store, START + timedelta(minutes=minute))
        if minute % 3:
            payout = hear(store, payout, confirmed() if minute % 3 == 1 else rejected())
        by_status[payout.status].insert(0, payout.transaction_id)
    name = "customer-1" if of_one else ""
    for status, ids in by_status.items():
        wanted = PayoutFilter(TODAY, TODAY, name, frozenset({status}))
        assert listed(store, wanted, limit=2) == ids
    ended = frozenset({Status.COMPLETED, Status.REJECTED})
    wanted = PayoutFilter(TODAY, TODAY, name, ended)
    assert len(listed(store, wanted, limit=4)) == 6


def test_a_position_of_another_list_is_invalid(store):
    for name in ("customer-1", "customer-2"):
        rich_customer(store, customer_id=name)
        for minute in range(3):
            asked_for(store, START + timedelta(minutes=minute), name)
    mine = PayoutFilter(TODAY, TODAY, "customer-1")
    position = store.payouts.page(mine, limit=1, position=None).position
    for other in (PayoutFilter(TODAY, TODAY, "customer-2"), PayoutFilter(TODAY, TODAY)):
        with pytest.raises(Invalid):
            store.payouts.page(other, limit=1, position=position)
    for made_up in ({}, {"x": "y"}, {"customer_id": "customer-1", "created_at": "z"}):
        with pytest.raises(Invalid):
            store.payouts.page(mine, limit=1, position=made_up)


def test_open_payouts_are_due_in_the_order_of_their_times_and_finished_ones_never(store):
    rich_customer(store)
    late = store.clock.now() + timedelta(days=1)
    ids = []
    for minute in range(12):
        first = begun(an_intent("0.10", at=START + timedelta(minutes=minute)))
        ids.append(store.payouts.write(first).transaction_id)
    done = asked_for(store, START)
    hear(store, done, confirmed(fee=Money(9)))
    assert list(store.payouts.due(late)) == ids


def test_a_payout_is_due_from_its_time_on_and_not_before(store):
    rich_customer(store)
    queued = store.payouts.write(begun(an_intent()))
    due = START + timedelta(seconds=30)
    assert list(store.payouts.due(due - timedelta(microseconds=1))) == []
    assert list(store.payouts.due(due)) == [queued.transaction_id]


def test_a_payout_that_was_looked_at_is_due_later(store):
    rich_customer(store)
    unclear = hear(
        store, asked_for(store, START),
        Unclear(at=START, by="sender", attempt=1, doubt=Doubt.TIMED_OUT),
    )  # fmt: skip
    soon = START + timedelta(seconds=30)
    assert list(store.payouts.due(soon)) == [unclear.transaction_id]
    hear(store, unclear, Asked(at=soon, by="poller", attempt=1, found=False))
    assert list(store.payouts.due(soon)) == []
    assert list(store.payouts.due(soon + timedelta(minutes=1))) == [unclear.transaction_id]


def test_a_direct_credit_is_due_when_its_window_closes(store):
    rich_customer(store)
    sent = hear(store, asked_for(store, START, rail=Rail.DIRECT_ENTRY), accepted())
    # Sent on Monday the 2nd; five business days later is the 9th, over at midnight in Sydney.
    closes = datetime(2026, 3, 9, 13, 0, tzinfo=UTC)
    assert list(store.payouts.due(closes - timedelta(seconds=1))) == []
    assert list(store.payouts.due(closes)) == [sent.transaction_id]


def test_payouts_that_wait_for_a_person_are_listed_oldest_first_until_they_do_not(store):
    rich_customer(store)
    waiting = []
    for minute in range(5):
        payout = asked_for(store, START + timedelta(minutes=minute))
        doubt = Unclear(at=START, by="sender", attempt=1, doubt=Doubt.REFERENCE_EXISTS)
        waiting.append(hear(store, payout, doubt))
    asked_for(store, START)
    assert everything(store.payouts.needing_attention, limit=2) == waiting
    # Looking at the oldest once more does not send it to the end.
    asked = Asked(at=START + timedelta(hours=1), by="poller", attempt=1, found=False)
    waiting[0] = hear(store, waiting[0], asked)
    assert everything(store.payouts.needing_attention, limit=2) == waiting
    hear(store, waiting[0], confirmed())
    assert everything(store.payouts.needing_attention, limit=2) == waiting[1:]


def test_what_is_escalated_waits_for_a_person(store):
    rich_customer(store)
    payout = asked_for(store, START)
    assert everything(store.payouts.needing_attention) == []
    escalated = advance(payout, Escalated(at=START, by="poller", why="open_too_long"))
    store.payouts.write(escalated)
    assert everything(store.payouts.needing_attention) == [escalated.after]

"""What the store promises of pauses: every claim meets them, and what is on the wire is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.errors import Conflict, CustomerStopped, Stale
from chalicelib.domain.events import (
    Asked,
    Delayed,
    Hindrance,
    NeverSent,
    OutOfFunds,
    Refused,
    Started,
    StartedAgain,
    Unclear,
)
from chalicelib.domain.pause import MOST, Ending, Kind, Pause, Scope
from chalicelib.domain.payout import Status
from chalicelib.domain.rails import Rail
from chalicelib.domain.refusals import Paused
from chalicelib.domain.wire import Execution, Sending, Wire
from tests.contracts.making import (
    a_question,
    accepted,
    an_intent,
    begun,
    claim,
    claimed,
    confirmed,
    hear,
    rich_customer,
    stop,
)
from tests.domain.making import event
from tests.fakes.clock import START

LATER = START + timedelta(minutes=5)
EVERYTHING = Scope(Kind.EVERYTHING)
BY_NPP, BY_BATCH = Scope(Kind.RAIL, Rail.NPP), Scope(Kind.RAIL, Rail.DIRECT_ENTRY)
THEIRS = Scope(Kind.CUSTOMER, customer_id="customer-1")
SCOPES = (EVERYTHING, BY_NPP, THEIRS)
ENDING = Ending("anna", LATER, "a false alarm")
PAUSED = Delayed(at=START, by="olive", reason=Hindrance.PAUSED)


def a_pause(scope=EVERYTHING, pause_id="pause-1", at=START):
    return Pause(pause_id, scope, "an alarm", "hanna", at)


def paused(store, scope=EVERYTHING, pause_id="pause-1"):
    return store.pauses.enforce(store.pauses.begin(a_pause(scope, pause_id)), at=START)


def over(store, pause):
    return store.pauses.lift(store.pauses.end(pause, ENDING), at=LATER)


def queued(store, **changed):
    first = begun(an_intent("1.00", **changed))
    waits = replace(PAUSED, reason=Hindrance.OUT_OF_TIME)
    return store.payouts.write(first, advance(first.after, waits))


@pytest.fixture(autouse=True)
def _customers(store):
    rich_customer(store)
    rich_customer(store, customer_id="customer-2")


def test_a_pause_is_kept_as_it_was_asked_for_and_stands_until_it_is_lifted(store):
    assert store.pauses.standing() == []
    asked = store.pauses.begin(a_pause(BY_NPP))
    assert asked == a_pause(BY_NPP) == store.pauses.get("pause-1")
    assert not asked.is_in_force
    stands = store.pauses.enforce(asked, at=START)
    assert (stands.in_force_at, stands.is_in_force) == (START, True)
    assert list(store.pauses.standing()) == [stands] == [store.pauses.get("pause-1")]
    ended = store.pauses.end(stands, ENDING)
    assert (ended.ended, ended.is_in_force, list(store.pauses.standing())) == (
        ENDING, False, [ended],
    )  # fmt: skip
    lifted = store.pauses.lift(ended, at=LATER)
    assert (lifted.lifted_at, store.pauses.standing()) == (LATER, [])
    assert store.pauses.get("pause-1") == lifted
    assert store.pauses.get("pause-2") is None


def test_whatever_is_done_again_stays_as_it_was_done_first(store):
    stands = paused(store)
    assert store.pauses.enforce(stands, at=LATER) == stands
    ended = store.pauses.end(stands, ENDING)
    assert store.pauses.end(stands, replace(ENDING, by="bert")) == ended
    lifted = store.pauses.lift(ended, at=LATER)
    assert store.pauses.lift(ended, at=LATER + timedelta(1)) == lifted
    assert store.pauses.begin(a_pause()) == lifted


def test_of_one_scope_one_stands_at_a_time_and_others_overlap(store):
    first = store.pauses.begin(a_pause())
    assert store.pauses.begin(a_pause(pause_id="pause-2")) == first
    second = store.pauses.begin(a_pause(BY_NPP, "pause-3", LATER))
    assert list(store.pauses.standing()) == [first, second]
    assert list(store.pauses.unreadable()) == []
    over(store, first)
    assert store.pauses.begin(a_pause(pause_id="pause-4")).pause_id == "pause-4"


def test_no_more_stand_than_one_row_can_name(store):
    for number in range(MOST):
        whose = Scope(Kind.CUSTOMER, customer_id=f"customer-{number}")
        store.pauses.begin(a_pause(whose, f"pause-{number}"))
    with pytest.raises(Conflict, match="Too many"):
        store.pauses.begin(a_pause(EVERYTHING, "one more"))
    assert len(store.pauses.standing()) == MOST


@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_no_claim_within_its_scope_is_written_while_it_is_in_force(store, scope):
    waits = queued(store)
    stands = paused(store, scope)
    for attempt in (
        lambda: store.payouts.write(*claimed(an_intent("1.00"))),
        lambda: store.payouts.write(claim(waits)),
    ):
        with pytest.raises(Paused):
            attempt()
    assert store.payouts.get(waits.transaction_id) == waits
    assert store.pauses.wire() == Wire()
    over(store, stands)
    assert store.payouts.write(claim(waits)).status is Status.SENDING
    assert store.payouts.write(*claimed(an_intent("1.00"))).status is Status.SENDING


@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_nothing_is_sent_again_while_it_is_in_force(store, scope):
    unsure = hear(store, store.payouts.write(*claimed(an_intent("1.00"))), event(Unclear))
    paused(store, scope)
    asked = advance(unsure, Asked(at=LATER, by="poller", attempt=1, found=False))
    again = advance(asked.after, StartedAgain(at=LATER, by="poller", claim_id="again"))
    with pytest.raises(Paused):
        store.payouts.write(asked, again)
    assert store.payouts.get(unsure.transaction_id) == unsure


@pytest.mark.parametrize(
    "scope", [BY_BATCH, Scope(Kind.CUSTOMER, customer_id="customer-2")], ids=str
)
def test_what_lies_outside_its_scope_goes_on(store, scope):
    paused(store, scope)
    assert store.payouts.write(*claimed(an_intent("1.00"))).status is Status.SENDING


def test_what_overlaps_ends_each_by_itself(store):
    waits = queued(store)
    stand = [paused(store, scope, f"pause-{n}") for n, scope in enumerate(SCOPES)]
    for pause in stand:
        with pytest.raises(Paused):
            store.payouts.write(claim(waits))
        over(store, pause)
    assert store.payouts.write(claim(waits)).status is Status.SENDING


@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_a_payout_is_asked_for_and_waits_and_what_was_claimed_is_heard(store, scope):
    sending = store.payouts.write(*claimed(an_intent("1.00")))
    paused(store, scope)
    first = begun(an_intent("1.00"))
    waits = store.payouts.write(first, advance(first.after, PAUSED))
    assert (waits.status, waits.hindrance) == (Status.QUEUED, "paused")
    assert hear(store, sending, confirmed()).status is Status.COMPLETED


def test_once_it_is_ended_nobody_puts_it_in_force_any_more(store):
    stands = store.pauses.begin(a_pause())
    ended = store.pauses.end(stands, ENDING)
    with pytest.raises(Stale):
        store.pauses.enforce(stands, at=LATER)
    store.pauses.lift(ended, at=LATER)
    with pytest.raises(Stale):
        store.pauses.enforce(stands, at=LATER)
    assert store.payouts.write(*claimed(an_intent("1.00"))).status is Status.SENDING


def test_nobody_lifts_what_nobody_has_ended(store):
    with pytest.raises(ValueError, match="nobody has ended"):
        store.pauses.lift(paused(store), at=LATER)


def test_neither_a_pause_nor_the_stop_of_a_customer_undoes_the_other(store):
    waits = queued(store)
    stands = paused(store, THEIRS)
    stop(store, "disputed")
    with pytest.raises(CustomerStopped):
        store.payouts.write(claim(waits))
    over(store, stands)
    with pytest.raises(CustomerStopped):
        store.payouts.write(claim(waits))
    paused(store, THEIRS, "pause-2")
    stop(store, "")
    with pytest.raises(Paused):
        store.payouts.write(claim(waits))


@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_deciding_on_a_payout_reads_what_is_paused(store, scope):
    intent = an_intent()
    assert not store.payouts.opening(a_question(intent.transaction_id)).stops(Rail.NPP)
    paused(store, scope)
    opening = store.payouts.opening(a_question(intent.transaction_id))
    assert opening.paused == {scope.key}
    assert opening.stops(Rail.NPP)
    assert opening.stops(Rail.DIRECT_ENTRY) is (scope is not BY_NPP)


def test_what_is_claimed_is_on_the_wire_until_it_is_heard_of(store):
    assert store.pauses.wire() == Wire()
    sent = [store.payouts.write(*claimed(an_intent("1.00"))) for _ in range(20)]
    wire = store.pauses.wire()
    assert {each.transaction_id for each in wire.sendings} == {it.transaction_id for it in sent}
    first = sent[0]
    expected = Sending(
        first.transaction_id, f"{first.transaction_id}-1", "customer-1", Rail.NPP, START
    )
    assert expected in wire.sendings
    assert wire.last == {}
    hear(store, first, Asked(at=LATER, by="poller", attempt=1, found=True))
    assert expected in store.pauses.wire().sendings
    hear(store, store.payouts.get(first.transaction_id), replace(accepted(), at=LATER))
    wire = store.pauses.wire()
    assert (len(wire.sendings), expected in wire.sendings) == (19, False)
    told = Execution(
        first.transaction_id, f"{first.transaction_id}-1", Rail.NPP, START, LATER, certain=True
    )
    assert wire.last == {Rail.NPP: told}
    assert store.pauses.last_of("customer-1") == told
    assert store.pauses.last_of("customer-2") is None


@pytest.mark.parametrize("kind", [NeverSent, OutOfFunds, Refused])
def test_what_was_certainly_not_executed_leaves_the_wire_and_is_no_execution(store, kind):
    hear(store, store.payouts.write(*claimed(an_intent("1.00"))), event(kind))
    assert store.pauses.wire() == Wire()
    assert store.pauses.last_of("customer-1") is None


def test_what_may_have_been_executed_is_told_as_that(store):
    hear(store, store.payouts.write(*claimed(an_intent("1.00"))), event(Unclear))
    wire = store.pauses.wire()
    assert (wire.sendings, wire.last[Rail.NPP].certain) == ((), False)


def test_what_left_last_is_told_whichever_row_it_lies_in(store):
    sent = [store.payouts.write(*claimed(an_intent("1.00"))) for _ in range(20)]
    for number, each in enumerate(sent):
        hear(store, each, replace(accepted(), at=START + timedelta(seconds=number)))
        assert store.pauses.wire().last[Rail.NPP].transaction_id == each.transaction_id
        assert store.pauses.last_of("customer-1").transaction_id == each.transaction_id


def test_what_sits_a_pause_out_is_apart_from_all_that_is_due_in_order_of_age(store):
    made = []
    for minute in (3, 1, 2):
        first = begun(an_intent("1.00", at=START + timedelta(minutes=minute)))
        made.append((minute, store.payouts.write(first, advance(first.after, PAUSED))))
    expected = [each.transaction_id for _, each in sorted(made, key=lambda pair: pair[0])]
    assert [each.transaction_id for each in store.payouts.sitting_out(Rail.NPP)] == expected
    assert list(store.payouts.sitting_out(Rail.DIRECT_ENTRY)) == []
    assert {each.customer_id for each in store.payouts.sitting_out(Rail.NPP)} == {"customer-1"}
    assert list(store.payouts.due(START + timedelta(days=30))) == []
    assert list(store.payouts.in_line()) == []
    assert {each.transaction_id for each in store.payouts.open_work()} == set(expected)
    sent = store.payouts.write(claim(made[0][1]))
    assert sent.transaction_id not in {
        each.transaction_id for each in store.payouts.sitting_out(Rail.NPP)
    }


def test_a_claim_is_no_other_because_somebody_asked_for_a_pause_that_is_not_in_force_yet(store):
    store.pauses.begin(a_pause())
    assert store.payouts.write(*claimed(an_intent("1.00"))).status is Status.SENDING


def test_a_started_payout_tells_its_sender(store):
    waits = queued(store)
    written = store.payouts.write(advance(waits, Started(at=LATER, by="p", claim_id="c")))
    (sending,) = store.pauses.wire().sendings
    assert (sending.since, sending.transaction_id) == (LATER, written.transaction_id)

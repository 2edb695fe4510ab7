"""What a pause is of, what sits it out, and how it proves that nothing goes out any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.events import (
    Accepted,
    Asked,
    Cancelled,
    Confirmed,
    Delayed,
    Escalated,
    Held,
    Hindrance,
    LetGo,
    NeverSent,
    OutOfFunds,
    Refused,
    Rejected,
    Returned,
    Started,
    StartedAgain,
    TurnedAway,
    Unanswered,
    Unclear,
)
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.patience import Patience
from chalicelib.domain.pause import (
    Ending,
    Kind,
    Pause,
    Scope,
    keys_of,
    sits_out,
    stopped_by,
)
from chalicelib.domain.payout import LIFECYCLE, Status
from chalicelib.domain.rails import Rail
from chalicelib.domain.wire import Execution, Sending, Wire, claims, passage, proof, shown
from tests.domain.making import NOW, WAYS, begun, event, hear_all, in_status
from tests.usecases.world import CALENDAR

S = Status
EVERYTHING = Scope(Kind.EVERYTHING)
BY_NPP, BY_BATCH = Scope(Kind.RAIL, Rail.NPP), Scope(Kind.RAIL, Rail.DIRECT_ENTRY)
THEIRS = Scope(Kind.CUSTOMER, customer_id="customer-1")
OTHERS = Scope(Kind.CUSTOMER, customer_id="customer-2")
ENDED = Ending("anna", NOW, "a false alarm")
PAUSED = event(Delayed, reason=Hindrance.PAUSED)


def a_pause(scope=EVERYTHING, **told):
    return Pause("pause-1", scope, "an alarm", "hanna", NOW, **told)


def step(status, kind, **told):
    return advance(in_status(status), event(kind, **told))


def sending(number, rail=Rail.NPP, customer_id="customer-1"):
    since = NOW + timedelta(seconds=number)
    return Sending(f"payout-{number}", f"payout-{number}-1", customer_id, rail, since)


def execution(number, rail=Rail.NPP):
    heard_at = NOW + timedelta(seconds=number)
    return Execution(f"payout-{number}", f"payout-{number}-1", rail, NOW, heard_at, certain=True)


def test_a_scope_covers_what_is_like_it_and_nothing_else():
    assert EVERYTHING.covers(Rail.NPP, "customer-1")
    assert BY_NPP.covers(Rail.NPP, "customer-1")
    assert not BY_NPP.covers(Rail.DIRECT_ENTRY, "customer-1")
    assert THEIRS.covers(Rail.DIRECT_ENTRY, "customer-1")
    assert not THEIRS.covers(Rail.NPP, "customer-2")
    assert {EVERYTHING.key, BY_NPP.key, THEIRS.key} == set(keys_of(Rail.NPP, "customer-1"))
    assert len({each.key for each in (EVERYTHING, BY_NPP, BY_BATCH, THEIRS, OTHERS)}) == 5


def test_it_is_in_force_from_when_all_meet_it_until_somebody_ends_it():
    assert not a_pause().is_in_force
    assert a_pause(in_force_at=NOW).is_in_force
    assert not a_pause(in_force_at=NOW, ended=ENDED).is_in_force


def test_what_is_stopped_is_what_a_pause_that_has_not_ended_covers():
    payout = in_status(S.QUEUED)
    assert stopped_by([a_pause(BY_BATCH), a_pause(BY_NPP)], payout)
    assert not stopped_by([a_pause(BY_BATCH), a_pause(EVERYTHING, ended=ENDED)], payout)
    assert not stopped_by([], payout)


def test_what_waits_for_a_pause_to_end_sits_it_out_and_is_always_due():
    payout = hear_all(begun(), [PAUSED])
    assert sits_out(payout)
    assert Patience().due(payout, CALENDAR) == NOW
    for told in (event(Held), event(Escalated, why=CONTRADICTION), event(Cancelled)):
        assert not sits_out(advance(payout, told).after)
    assert not sits_out(hear_all(begun(), [event(Delayed, reason=Hindrance.FUNDS)]))
    assert not sits_out(advance(payout, event(Started)).after)


@pytest.mark.parametrize(("status", "kind"), [(S.QUEUED, Started), (S.UNCONFIRMED, StartedAgain)])
def test_a_claim_enters_the_wire(status, kind):
    one = step(status, kind, later=60)
    told = passage([one])
    assert claims([one])
    assert told is not None
    assert (told.left, told.executed) == (False, None)
    assert told.entered == Sending(
        one.after.transaction_id, one.after.unique_reference, "customer-1", Rail.NPP,
        NOW + timedelta(seconds=60),
    )  # fmt: skip


def test_every_way_off_the_wire_is_told_as_executed_as_not_or_as_perhaps():
    certain, perhaps = {Accepted, Confirmed, Rejected, Returned}, {Unclear}
    nothing = {NeverSent, OutOfFunds, Refused, TurnedAway, LetGo}
    for status in (S.SENDING, S.RESENDING):
        for kind, to in LIFECYCLE[status].items():
            if to in {S.SENDING, S.RESENDING}:
                continue
            assert kind in certain | perhaps | nothing
            payout = hear_all(begun(fallbacks=(Rail.DIRECT_ENTRY,)), WAYS[status])
            if kind is LetGo:
                payout = replace(payout, filed=((1, "file-1"),))
            told = passage([advance(payout, event(kind))])
            assert told is not None
            assert (told.entered, told.left) == (None, True)
            assert (told.executed is None) is (kind in nothing)
            if told.executed:
                assert told.executed.certain is (kind in certain)


@pytest.mark.parametrize("kind", [Asked, Unanswered, Escalated])
def test_what_stays_on_the_wire_and_what_was_never_on_it_changes_nothing_there(kind):
    assert passage([step(S.SENDING, kind)]) is None
    assert passage([step(S.QUEUED, Cancelled)]) is None
    assert passage([step(S.UNCONFIRMED, Confirmed)]) is None


def test_an_execution_is_that_of_the_attempt_that_was_sent():
    told = passage([step(S.SENDING, Accepted, later=9)])
    assert told is not None
    own = in_status(S.SENDING)
    assert told.executed == Execution(
        own.transaction_id, f"{own.transaction_id}-1", Rail.NPP, NOW, NOW + timedelta(seconds=9),
        certain=True,
    )  # fmt: skip


def test_it_is_final_once_it_is_in_force_and_nothing_within_it_is_on_the_wire():
    stands, wire = a_pause(in_force_at=NOW), Wire((sending(1),))
    assert not proof(stands, wire, None).final
    assert proof(stands, Wire(), None).final
    assert not proof(a_pause(), Wire(), None).final
    assert not proof(a_pause(in_force_at=NOW, ended=ENDED), Wire(), None).final
    for scope, final in ((BY_NPP, False), (BY_BATCH, True), (THEIRS, False), (OTHERS, True)):
        told = proof(a_pause(scope, in_force_at=NOW), wire, None)
        assert (told.final, bool(told.sendings)) == (final, not final)


def test_what_is_still_sent_is_listed_the_oldest_first():
    told = proof(a_pause(in_force_at=NOW), Wire((sending(2), sending(1), sending(3))), None)
    assert [each.reference for each in told.sendings] == ["payout-1-1", "payout-2-1", "payout-3-1"]


def test_what_was_last_is_that_of_its_scope():
    npp, batch, theirs = execution(5), execution(7, Rail.DIRECT_ENTRY), execution(3)
    wire = Wire(last={Rail.NPP: npp, Rail.DIRECT_ENTRY: batch})
    for scope, last in ((EVERYTHING, batch), (BY_NPP, npp), (BY_BATCH, batch), (THEIRS, theirs)):
        assert proof(a_pause(scope), wire, theirs).last == last
    assert proof(a_pause(THEIRS), wire, None).last is None
    assert proof(a_pause(), Wire(), None).last is None


def test_each_is_shown_with_its_own_proof_and_a_customers_last_is_read_for_theirs_alone():
    read: list[str] = []

    def last_of(customer_id):
        read.append(customer_id)

    told = shown([a_pause(), a_pause(THEIRS)], Wire((sending(1),)), last_of)
    assert [each.pause.scope for each in told] == [EVERYTHING, THEIRS]
    assert read == ["customer-1"]

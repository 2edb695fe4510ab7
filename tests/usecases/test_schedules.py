"""Planning a payout for later: once for each key, whole or not at all, and stopped for good."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.customer import Erasing, Erasure
from chalicelib.domain.destination import PayoutMethod
from chalicelib.domain.errors import (
    Conflict,
    CustomerErased,
    KeyTaken,
    NotFound,
    RuleBroken,
    Stale,
)
from chalicelib.domain.money import Money
from chalicelib.domain.recurrence import Daily, Once
from chalicelib.domain.schedule import State, forgotten
from chalicelib.domain.timetable import Timetable
from chalicelib.usecases.schedules import TRIES, cancel, coming, existing, pause, resume
from tests.usecases.planning import FIRST, MONDAYS, SALARY, SECOND, THIRD, planned, schedule
from tests.usecases.world import CALENDAR, DIRECT_ENTRY, World, order

DAY = timedelta(days=1)


@pytest.fixture
def world():
    return World().open_for_business()


def change(world, deed, **more):
    return deed(
        schedule(world).schedule_id, reason="asked for", by="anna",
        schedules=world.ports["schedules"], clock=world.clock, **more,
    )  # fmt: skip


def refused(world, **changed):
    with pytest.raises(RuleBroken) as broken:
        planned(world, **changed)
    return [(each.pointer, each.code) for each in broken.value.faults]


def test_it_is_stored_once_for_its_key(world):
    first = planned(world)
    assert not first.replayed
    assert (first.schedule.next, first.schedule.wakes_at) == (FIRST, FIRST.at)
    assert first.schedule.created_by == "olive"
    world.clock.advance(DAY)
    again = planned(world)
    assert again.replayed
    assert again.schedule == first.schedule == schedule(world)


def test_the_key_is_its_makers_and_one_things(world):
    planned(world)
    with pytest.raises(KeyTaken):
        planned(world, by="oscar")
    assert refused(world, wanted=order(amount=SALARY, reference="Wages")) == [
        ("/reference", "idempotency_key_reused")
    ]
    other = replace(MONDAYS, count=4)
    assert refused(world, times=other, wanted=order(amount=Money(5), reference="Salary")) == [
        ("/amount", "idempotency_key_reused"), ("/count", "idempotency_key_reused"),
    ]  # fmt: skip


def test_of_a_forgotten_one_no_text_tells_a_replay(world):
    planned(world)
    world.store.schedules.write(forgotten(schedule(world), at=world.clock.now()))
    assert planned(world).replayed
    assert refused(world, wanted=order(amount=Money(5))) == [("/amount", "idempotency_key_reused")]


def test_whoever_was_first_with_the_key_made_it(world):
    world.once("schedules", "add", lambda: planned(world))
    assert planned(world).replayed
    assert len(world.store.state.schedules) == 1


def test_nobody_is_paid_who_is_not_there_or_forgotten(world):
    with pytest.raises(NotFound):
        planned(world, wanted=order("customer-2"))
    customers = world.store.state.customers
    erasure = Erasure(Erasing.ASKED, "ada", world.clock.now(), "asked for")
    customers["customer-1"] = replace(customers["customer-1"], erasure=erasure)
    with pytest.raises(CustomerErased):
        planned(world)
    assert world.store.state.schedules == {}


def test_what_could_never_be_paid_is_refused_with_everything_that_is_wrong(world):
    far = order(
        amount=Money(10**9), method=PayoutMethod.PAY_ID, rail=DIRECT_ENTRY,
        destination_id="nobody's", description="x" * 19,
    )  # fmt: skip
    assert refused(world, wanted=far, times=Timetable(Daily(), date(2026, 3, 1))) == [
        ("/amount", "above_limit"),
        ("/description", "rail_cannot_carry"),
        ("/rail", "rail_cannot_reach"),
        ("/destination_id", "unknown_destination"),
        ("/start", "already_past"),
        ("/adjustment", "dates_would_collide"),
    ]
    never = Timetable(Once(), date(2026, 3, 9), until=date(2026, 3, 8))
    assert refused(world, times=never) == [("/until", "end_before_start")]
    assert world.store.state.schedules == {}


def test_the_balance_of_today_is_not_asked_for(world):
    assert planned(world, wanted=order(amount=Money(100_000), reference="Salary"))
    assert world.available.cents == 100_000


def test_it_is_cancelled_paused_and_resumed(world):
    planned(world)
    assert change(world, pause).state is State.PAUSED
    assert change(world, pause).version == 2
    world.clock.advance(FIRST.at - world.clock.now())
    going_on = change(world, resume, calendar=CALENDAR)
    assert (going_on.state, going_on.next) == (State.ACTIVE, SECOND)
    gone = change(world, cancel)
    assert (gone.state, gone.reason, gone.changed_by) == (State.ENDED, "asked for", "anna")
    assert change(world, cancel) == gone == schedule(world)
    with pytest.raises(Conflict):
        change(world, pause)


def test_a_change_is_made_on_what_is_there_however_often_others_are_first(world):
    planned(world)
    world.once("schedules", "write", lambda: change(world, pause))
    assert change(world, cancel).version == 3

    def first(*_args, **_told):
        raise Stale("first")

    other = World().open_for_business()
    planned(other)
    between = other.meanwhile("schedules", write=first)
    with pytest.raises(Stale):
        change(other, cancel)
    assert between.calls.count("write") == TRIES


def test_what_comes_is_told_as_long_as_anything_does(world):
    planned(world)
    assert coming(schedule(world), 2, calendar=CALENDAR) == [FIRST, SECOND]
    assert coming(schedule(world), 9, calendar=CALENDAR) == [FIRST, SECOND, THIRD]
    change(world, cancel)
    assert coming(schedule(world), 2, calendar=CALENDAR) == []


def test_there_has_to_be_one(world):
    with pytest.raises(NotFound):
        existing(world.store.schedules, "nobody's")

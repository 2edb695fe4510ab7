"""Waking schedules: one payout for each occurrence, all rules anew, and nothing silently."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.assessment import Assessment
from chalicelib.domain.customer import Erasing, Erasure
from chalicelib.domain.destination import PayoutMethod
from chalicelib.domain.errors import (
    Corrupt,
    Stale,
    StoreUnavailable,
    VaultUnavailable,
)
from chalicelib.domain.findings import Kind
from chalicelib.domain.money import Money
from chalicelib.domain.order import Limits
from chalicelib.domain.payout import Status
from chalicelib.domain.policy import FREE, DayLimit, RateRules
from chalicelib.domain.recurrence import Daily, Once
from chalicelib.domain.schedule import ERASED, State, cancelled, paused
from chalicelib.domain.timetable import Adjustment, Timetable
from tests.fakes.provider import REFUSED, TIMED_OUT_AND_PAID
from tests.usecases.planning import (
    FIRST,
    SALARY,
    SECOND,
    THIRD,
    findings,
    planned,
    schedule,
    wakings,
    woken,
)
from tests.usecases.redrafting import redo
from tests.usecases.world import CALENDAR, KEY, RESERVED, World, order

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TWICE = replace(FREE, duplicate_days=90)
AGREED = replace(FREE, approvals=replace(FREE.approvals, one_above=Money(0), hours=2))


def a_world(policy=FREE, **changed):
    world = World(policy=policy).open_for_business()
    planned(world, **changed)
    return world


def down(*_args, **_told):
    raise StoreUnavailable("down")


def shows(world, number, result, *codes):
    """What became of an occurrence, and that it is before a person."""
    assert (number, result, codes) in wakings(world)
    (found,) = [each for each in findings(world) if each.subject.endswith(f"/{number}")]
    assert (found.kind, found.detail, found.amount) == (
        Kind.OCCURRENCE_UNPAID, ",".join(codes), SALARY,
    )  # fmt: skip


def test_each_occurrence_becomes_one_payout_on_its_day_and_then_it_is_over():
    world = a_world()
    assert woken(world, FIRST.at - timedelta(seconds=1)) == {}
    for occurrence in (FIRST, SECOND, THIRD):
        assert woken(world, occurrence.at) == {"made": 1}
        assert woken(world) == {}
    assert wakings(world) == [(1, "made", ()), (2, "made", ()), (3, "made", ())]
    assert len(world.payouts) == 3
    assert world.executed() == Money(3 * SALARY.cents)
    assert schedule(world).state is State.ENDED
    assert woken(world, THIRD.at + 90 * DAY) == {}
    assert findings(world) == []
    world.check_books()


def test_the_payout_is_the_makers_and_says_which_occurrence_it_is():
    world = a_world()
    woken(world, FIRST.at)
    (payout,) = world.payouts
    own = schedule(world)
    assert payout.transaction_id == own.transaction_id(1)
    assert (payout.intent.created_by, payout.intent.reference) == ("olive", "Salary")
    (first, *_) = world.store.state.steps[payout.transaction_id]
    assert first.event.request_id == f"{own.schedule_id}/1"


def test_an_idempotency_key_never_takes_an_occurrences_payout():
    world = a_world()
    own = schedule(world).schedule_id
    world.request(key=f"{own}/1")
    assert woken(world, FIRST.at) == {"made": 1}
    assert len(world.payouts) == 2


def test_an_earlier_occurrence_is_no_duplicate_and_somebodys_payment_is():
    world = a_world(TWICE)
    woken(world, FIRST.at)
    woken(world, SECOND.at)
    assert [each.status for each in world.payouts] == [Status.PENDING] * 2
    world.request(order(amount=SALARY, reference="Salary"), key=KEY)
    assert world.payouts[-1].status is Status.AWAITING_APPROVAL
    woken(world, THIRD.at)
    third = world.store.state.payouts[schedule(world).transaction_id(3)]
    assert third.status is Status.AWAITING_APPROVAL
    assert third.intent.assessment.why == ("duplicate",)


def test_the_redraft_of_an_earlier_occurrence_is_no_duplicate_either():
    world = a_world(TWICE)
    world.provider.will(REFUSED)
    woken(world, FIRST.at)
    redone = redo(world).payout
    assert redone.status is Status.PENDING
    woken(world, SECOND.at)
    assert world.store.state.payouts[schedule(world).transaction_id(2)].status is Status.PENDING


def test_another_schedule_of_the_same_payment_is_a_duplicate():
    world = a_world(TWICE)
    planned(world, key="the key of another schedule")
    woken(world, FIRST.at)
    assert sorted(each.status for each in world.payouts) == [
        Status.AWAITING_APPROVAL, Status.PENDING,
    ]  # fmt: skip


def test_other_people_have_to_agree_by_the_rules_of_the_day_and_a_bot_drafts():
    world = a_world(AGREED)
    assert woken(world, FIRST.at) == {"made": 1}
    assert world.status is Status.AWAITING_APPROVAL
    drafting = a_world(drafted=True)
    woken(drafting, FIRST.at)
    assert drafting.status is Status.AWAITING_APPROVAL
    assessment = drafting.payout.intent.assessment
    assert isinstance(assessment, Assessment)
    assert assessment.why == ("drafted_by_bot",)


def test_it_takes_nothing_of_the_makers_rate():
    slow = replace(FREE, rates=RateRules(per_minute=1, burst=1))
    world = a_world(slow)
    world.clock.advance(FIRST.at - world.clock.now())
    world.request(key=KEY)
    paces = dict(world.store.state.paces)
    assert woken(world) == {"made": 1}
    assert world.store.state.paces == paces


def test_behind_a_closed_gate_it_is_queued():
    world = a_world()
    world.clock.advance(FIRST.at - world.clock.now())
    world.store.gate.close()
    assert woken(world) == {"made": 1}
    assert world.status is Status.QUEUED


def test_a_limit_of_the_day_refuses_it_and_the_next_goes_on():
    limit = replace(FREE.limits, customer_unverified=DayLimit(SALARY, 1))
    world = a_world(replace(FREE, limits=limit))
    world.clock.advance(FIRST.at - world.clock.now())
    world.request(order(amount=Money(5)), key=KEY)
    assert woken(world) == {"refused": 1}
    shows(world, 1, "refused", "customer_day_limit")
    assert woken(world, SECOND.at) == {"made": 1}
    assert len(world.payouts) == 2


def test_a_removed_destination_makes_it_wait_for_a_person():
    own = order(amount=SALARY, destination_id="customer-1-destination-0")
    world = a_world(wanted=own)
    customers = world.store.state.customers
    customers["customer-1"] = replace(customers["customer-1"], destinations=(), defaults=())
    assert woken(world, FIRST.at) == {"refused": 1}
    shows(world, 1, "refused", "unknown_destination")
    assert (schedule(world).state, schedule(world).why) == (
        State.NEEDS_PERSON, "unknown_destination",
    )  # fmt: skip
    assert woken(world, SECOND.at) == {}
    assert world.payouts == []


def test_the_business_s_limit_of_the_day_it_wakes_counts():
    world = a_world()
    small = Limits(Money(1), Money(500))
    assert woken(world, FIRST.at, limits=small) == {"refused": 1}
    shows(world, 1, "refused", "above_limit")
    assert schedule(world).state is State.NEEDS_PERSON


def test_a_stopped_customer_is_not_paid_and_the_next_occurrence_is_tried():
    world = a_world()
    world.stop_customer()
    assert woken(world, FIRST.at) == {"refused": 1}
    shows(world, 1, "refused", "customer_stopped")
    assert schedule(world).state is State.ACTIVE
    assert world.payouts == []


def forgetting(world, stage):
    erasure = Erasure(stage, "ada", world.clock.now(), "asked for") if stage else None
    customers = world.store.state.customers
    customers["customer-1"] = replace(customers["customer-1"], erasure=erasure)


@pytest.mark.parametrize("stage", [Erasing.ERASING, Erasing.ERASED])
def test_of_an_erased_customer_it_ends_and_forgets(stage):
    world = a_world()
    forgetting(world, stage)
    assert woken(world, FIRST.at) == {"refused": 1}
    shows(world, 1, "refused", "customer_erased")
    own = schedule(world)
    assert (own.state, own.why, own.order.reference) == (State.ENDED, ERASED, "")


def test_while_an_erasure_is_only_asked_for_it_is_not_paid_and_goes_on_if_that_is_taken_back():
    world = a_world()
    forgetting(world, Erasing.ASKED)
    assert woken(world, FIRST.at) == {"refused": 1}
    shows(world, 1, "refused", "customer_erased")
    own = schedule(world)
    assert (own.state, own.why, own.order.reference) == (State.ACTIVE, "", "Salary")
    assert world.payouts == []
    forgetting(world, None)
    assert woken(world, SECOND.at) == {"made": 1}
    assert len(world.payouts) == 1


def test_a_customer_who_is_not_there_any_more_makes_it_wait():
    world = a_world()
    world.store.state.customers.clear()
    assert woken(world, FIRST.at) == {"refused": 1}
    shows(world, 1, "refused", "not_found")
    assert schedule(world).state is State.NEEDS_PERSON


def test_without_its_balance_it_is_tried_every_hour_of_its_day():
    world = a_world(wanted=order(amount=SALARY, reference="Salary"))
    customers = world.store.state.customers
    rich = customers["customer-1"]
    customers["customer-1"] = replace(rich, available=Money(5))
    assert woken(world, FIRST.at) == {"put_off": 1}
    assert woken(world, 59 * timedelta(minutes=1)) == {}
    assert findings(world) == []
    customers["customer-1"] = rich
    assert woken(world, timedelta(minutes=1)) == {"made": 1}
    assert wakings(world) == [(1, "made", ())]
    assert schedule(world).next == SECOND


def test_without_its_balance_until_night_it_goes_before_a_person_and_is_not_made_up_for():
    world = a_world()
    customers = world.store.state.customers
    rich = customers["customer-1"]
    customers["customer-1"] = replace(rich, available=Money(5))
    told = [woken(world, FIRST.at + hour * HOUR) for hour in range(16)]
    assert [dict(each) for each in told] == [{"put_off": 1}] * 14 + [{"refused": 1}, {}]
    shows(world, 1, "refused", "insufficient_funds")
    customers["customer-1"] = rich
    woken(world, FIRST.at + DAY)
    assert world.payouts == []
    assert woken(world, SECOND.at) == {"made": 1}


def test_late_by_no_more_than_the_grace_it_is_paid():
    world = a_world()
    assert woken(world, FIRST.at + DAY) == {"made": 1}


def test_what_was_missed_is_not_paid_in_a_burst_but_goes_before_a_person():
    world = a_world()
    late = THIRD.at + HOUR
    told = [woken(world, late), woken(world), woken(world), woken(world)]
    assert [dict(each) for each in told] == [{"missed": 1}, {"missed": 1}, {"made": 1}, {}]
    shows(world, 1, "missed", "missed")
    shows(world, 2, "missed", "missed")
    assert len(world.payouts) == 1
    assert schedule(world).state is State.ENDED


def test_nobodys_grace_may_be_none():
    world = a_world()
    assert woken(world, FIRST.at + DAY, grace=0) == {"missed": 1}


def test_a_payout_that_is_there_is_never_said_to_be_missed():
    world = a_world()
    true = world.ports["schedules"]

    world.meanwhile("schedules", write=down)
    assert woken(world, FIRST.at) == {"store_unavailable": 1}
    world.ports["schedules"] = true
    assert woken(world, 10 * DAY)["made"] == 1
    assert (1, "made", ()) in wakings(world)
    assert len(world.payouts) == 1


def test_what_a_cut_run_thought_is_resolved_once_it_is_made():
    world = a_world()
    world.stop_customer()
    true = world.ports["schedules"]

    world.meanwhile("schedules", write=down)
    woken(world, FIRST.at)
    assert len(findings(world)) == 1
    world.ports["schedules"] = true
    world.stop_customer("")
    assert woken(world) == {"made": 1}
    assert findings(world) == []


def test_a_schedule_that_is_cancelled_meanwhile_makes_no_payout():
    for change in (cancelled, paused):
        world = a_world()
        at = world.clock.now()

        def stop(change=change, world=world, at=at):
            world.store.schedules.write(change(schedule(world), by="anna", reason="no", at=at))

        world.once("payouts", "write", stop)
        assert woken(world, FIRST.at) == {"conflict": 1}
        assert world.payouts == []
        assert woken(world) == {}
        assert wakings(world) == []


def test_of_two_who_wake_it_at_once_one_pays():
    world = a_world()
    world.clock.advance(FIRST.at - world.clock.now())
    world.once("payouts", "write", lambda: woken(world))
    assert woken(world) == {"stale": 1}
    assert len(world.payouts) == 1
    assert wakings(world) == [(1, "made", ())]
    assert schedule(world).next == SECOND


def test_nobody_says_refused_of_what_somebody_pays_meanwhile():
    world = a_world()
    world.stop_customer()

    def lets_go_and_pays():
        """Another run pays, and is cut off before it records anything."""
        world.stop_customer("")
        true = world.ports["findings"]
        world.meanwhile("findings", get=down)
        assert woken(world) == {"store_unavailable": 1}
        world.ports["findings"] = true

    world.once("schedules", "write", lets_go_and_pays)
    assert woken(world, FIRST.at) == {"stale": 1}
    assert wakings(world) == []
    assert woken(world) == {"made": 1}
    assert len(world.payouts) == 1


def test_an_answer_that_is_lost_is_asked_about_and_never_paid_again():
    world = a_world()
    world.provider.will(TIMED_OUT_AND_PAID)
    assert woken(world, FIRST.at) == {"made": 1}
    assert world.status is Status.UNCONFIRMED
    assert woken(world, HOUR) == {}
    assert world.executed() == SALARY


def test_what_cannot_be_woken_now_is_tried_again_and_missed_in_the_end():
    world = a_world()

    def locked(*_args, **_told):
        raise VaultUnavailable("locked")

    world.meanwhile("vault", unseal=locked)
    assert woken(world, FIRST.at) == {"vault_unavailable": 1}
    assert woken(world, FIRST.at + DAY) == {"vault_unavailable": 1}
    assert woken(world, FIRST.at + 2 * DAY) == {"missed": 1}
    shows(world, 1, "missed", "missed")


def test_one_that_cannot_be_read_goes_before_a_person_and_stops_no_other():
    world = a_world()
    own = schedule(world).schedule_id
    planned(world, key="the key of another schedule")

    def unreadable(schedule_id):
        if schedule_id == own:
            raise Corrupt("a row")

    world.meanwhile("schedules", get=unreadable)
    assert woken(world, FIRST.at) == {"corrupt": 1, "made": 1}
    (found,) = findings(world)
    assert (found.kind, found.subject, found.detail) == (Kind.SCHEDULE_STUCK, own, "corrupt")
    assert woken(world) == {"corrupt": 1}
    assert len(findings(world)) == 1


def test_a_defect_costs_one_schedule_only_even_where_nobody_can_be_told():
    world = a_world()

    def broken(*_args):
        raise ZeroDivisionError

    world.meanwhile("vault", unseal=broken)
    assert woken(world, FIRST.at) == {"defect": 1}
    assert [each.detail for each in findings(world)] == ["defect"]
    world.store.state.findings.clear()
    world.meanwhile("findings", open=down)
    assert woken(world) == {"store_unavailable": 1}


def test_whoever_keeps_being_first_is_waited_for():
    world = a_world()

    def stale(*_args, **_told):
        raise Stale("first")

    world.meanwhile("payouts", write=stale)
    assert woken(world, FIRST.at) == {"conflict": 1}
    assert schedule(world).next == FIRST


def test_without_time_none_is_begun():
    world = a_world()
    world.seconds_left = 24.9
    assert woken(world, FIRST.at) == {"left_for_next_time": 1}
    world.seconds_left = RESERVED
    assert woken(world) == {"made": 1}


def test_one_that_was_changed_since_it_was_listed_is_left_alone():
    world = a_world()
    world.once("schedules", "get", world.store.state.schedules.clear)
    assert woken(world, FIRST.at) == {"not_due": 1}


def test_daily_over_a_change_of_the_clocks_is_paid_once_a_day_at_the_same_hour():
    daily = Timetable(Daily(), date(2026, 4, 3), Adjustment.NONE, count=5)
    world = a_world(times=daily, wanted=order(amount=Money(100), reference="Salary"))
    (first,) = daily.coming(1, 1, CALENDAR)
    for hour in range(24 * 8):
        woken(world, first.at + hour * HOUR)
    assert [number for number, *_ in wakings(world)] == [1, 2, 3, 4, 5]
    assert len(world.payouts) == 5


def test_once_is_once():
    world = a_world(times=Timetable(Once(), date(2026, 3, 9)))
    assert woken(world, FIRST.at) == {"made": 1}
    assert schedule(world).state is State.ENDED
    assert woken(world, 30 * DAY) == {}


def test_where_no_destination_is_named_it_is_the_default_of_the_day():
    world = a_world(wanted=order(amount=SALARY, method=PayoutMethod.PAY_ID))
    woken(world, FIRST.at)
    assert world.payout.intent.destination.destination_id == "customer-1-destination-1"

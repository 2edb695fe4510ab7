"""The money at a glance, also where the provider does not answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import SignInRefused
from chalicelib.domain.forecast import Expected, Sum
from chalicelib.domain.liquidity import Financials, FloatRules
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.settlement import Settlement
from chalicelib.usecases.funding import MOST, overview
from tests.fakes.provider import FEE, NOT_CONNECTED, TIMED_OUT_UNPAID
from tests.usecases.planning import FIRST, MONDAYS, SALARY, planned, woken
from tests.usecases.test_line import ask, short
from tests.usecases.world import CALENDAR, DEPOSIT, World


def look(world, **changed):
    told = {
        "payouts": world.ports["payouts"], "treasury": world.ports["treasury"],
        "settlements": world.store.settlements, "schedules": world.ports["schedules"],
        "calendar": CALENDAR, "provider": world.ports["provider"],
        "gate": world.ports["gate"], "liquidity": world.ports["liquidity"], "rules": world.rules,
        "clock": world.clock, "time_left": world.time_left,
    }  # fmt: skip
    return overview(**told | changed)


def test_it_tells_what_is_at_the_provider_with_us_and_on_its_way():
    world = short(60, 50, 30, balance=100)
    oldest = world.payouts[1].intent.created_at
    told = look(world)
    left = Money(4_000) - FEE
    assert told.account.figures == Financials(left, left)
    assert told.account.why_not == ""
    assert told.funds == world.store.state.funds
    assert told.funds.received == DEPOSIT
    assert told.sums.in_flight == Sum(Money(6_000), 1)
    assert told.sums.held == told.sums.queued == told.sums.waiting == Sum(Money(8_000), 2)
    assert told.sums.waiting_since == oldest
    assert told.sums.complete
    assert told.as_of == world.clock.now()


def test_what_is_in_doubt_is_held_and_what_waits_for_another_reason_waits_for_no_funds():
    world = World().open_for_business()
    world.provider.will(TIMED_OUT_UNPAID, NOT_CONNECTED)
    ask(world, 20, 1)
    ask(world, 5, 2)
    sums = look(world).sums
    assert sums.held == Sum(Money(2_500), 2)
    assert sums.queued == Sum(Money(500), 1)
    assert (sums.waiting, sums.waiting_since, sums.in_flight) == (Sum(), None, Sum())


def test_the_forecast_knows_what_is_planned_for_its_days():
    world = World().open_for_business()
    planned(world)
    planned(world, replace(MONDAYS, start=date(2026, 6, 1)), key="the key of a later one")
    days = {each.on: each.scheduled for each in look(world).days}
    assert list(days.values()) == [Sum()] * 7
    world.clock.advance(timedelta(days=4))
    told = look(world)
    assert told.sums.complete
    assert {each.on: each.scheduled for each in told.days if each.scheduled.count} == {
        FIRST.pays_on: Sum(SALARY, 1)
    }
    world.clock.advance(timedelta(days=4))
    late = look(world).days
    assert [each.scheduled for each in late[:2]] == [Sum(SALARY, 1), Sum()]
    assert late[6].scheduled == Sum(SALARY, 1)
    woken(world)
    assert look(world).days[0].scheduled == Sum()


def test_without_time_for_all_that_is_planned_it_says_so():
    world = World().open_for_business()
    planned(world)
    left = iter([10.0] + [0.0] * 9)
    assert not look(world, time_left=lambda: next(left)).sums.complete


def test_more_than_a_page_of_what_is_planned_is_counted():
    world = World().open_for_business()
    for number in range(101):
        planned(world, key=f"the key of schedule {number:03d}")
    world.clock.advance(timedelta(days=4))
    days = {each.on: each.scheduled.count for each in look(world).days}
    assert days[FIRST.pays_on] == 101


def test_the_forecast_begins_today_with_everything_queued_and_looks_seven_days_ahead():
    world = short(60, 50, balance=100, rules=FloatRules(fee=Money(10)))
    today = sydney_date(world.clock.now())
    due = today + timedelta(days=2)
    world.store.settlements.add(
        Settlement("s-1", due, Money(20_000), "ref", world.clock.now(), "ada"), []
    )
    told = look(world)
    assert told.today == today
    assert [day.on for day in told.days] == [today + timedelta(days=n) for n in range(7)]
    assert told.expected == (Expected(due, Sum(Money(20_000), 1)),)
    assert told.days[0].available == Money(4_000) - FEE - Money(5_000) - Money(10)
    assert told.days[2].available == told.days[0].available + Money(20_000)
    assert told.warning is not None
    assert (told.warning.code, told.warning.on) == ("below_reserve", today)


def test_a_day_is_sydneys():
    world = short(balance=100)
    world.clock.advance(timedelta(hours=11, minutes=59))
    assert look(world).today.isoformat() == "2026-03-02"
    world.clock.advance(timedelta(minutes=1))
    assert look(world).today.isoformat() == "2026-03-03"


@pytest.mark.parametrize("why", ["provider_unavailable", "provider_sign_in_refused", "gate"])
def test_it_answers_when_the_provider_does_not_with_what_was_seen_last(why):
    world = short(50, balance=20)
    world.poll_after(60)
    seen_at = world.clock.now()
    world.clock.advance(60)
    if why == "gate":
        world.store.gate.close()
    elif why == "provider_unavailable":
        world.provider.down = True
    else:
        world.meanwhile("provider", financials=lambda **_: _refuse())
    told = look(world)
    assert told.account.figures is None
    assert told.account.why_not == ("provider_sign_in_refused" if why == "gate" else why)
    assert (told.account.last_seen, told.account.last_seen_at) == (Money(2_000), seen_at)
    assert told.days[0].lowest == Money(2_000) - Money(5_000) - world.rules.fee
    assert told.sums.waiting.count == 1


def _refuse():
    raise SignInRefused


def test_behind_a_closed_gate_the_provider_is_not_asked():
    world = short(balance=20)
    world.store.gate.close()
    provider = world.meanwhile("provider")
    look(world)
    assert provider.calls == []


def test_without_an_account_it_says_so_and_warns_only_of_those_who_wait():
    world = World().open_for_business()
    told = look(world)
    assert (told.account.figures, told.account.why_not) == (None, "no_account_configured")
    assert told.account.available is None
    assert told.warning is None
    world.provider.balance = ZERO
    ask(world, 50, 1)
    world.provider.balance = None
    warning = look(world).warning
    assert warning is not None
    assert warning.code == "waiting_for_funds"


def test_too_many_open_payouts_are_cut_off_and_it_says_so():
    world = short(1, balance=0)
    (sketch,) = world.store.payouts.in_line()

    class Endless:
        read = 0

        def open_work(self):
            while True:
                self.read += 1
                yield sketch

    endless = Endless()
    told = look(world, payouts=endless)
    assert (told.sums.waiting.count, told.sums.complete) == (MOST, False)
    assert endless.read <= MOST + 1


def test_without_time_the_sums_are_cut_off_and_it_answers_all_the_same():
    world = short(*[1] * 5, balance=0)
    left = iter([20.0, *[20.0] * 3, *[0.0] * 9])
    told = look(world, time_left=lambda: next(left))
    assert 0 < told.sums.waiting.count < 5
    assert not told.sums.complete


def test_exactly_as_many_as_it_reads_are_all():
    world = short(*[1] * 3, balance=0)
    told = look(world)
    assert (told.sums.waiting.count, told.sums.complete) == (3, True)

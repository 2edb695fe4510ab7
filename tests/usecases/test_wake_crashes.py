"""Waking is cut at every call, again and again: the next run leaves one payout and one record."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.policy import FREE, DayLimit
from chalicelib.domain.schedule import State
from tests.usecases.planning import (
    FIRST,
    MONDAYS,
    SALARY,
    findings,
    planned,
    schedule,
    wakings,
    woken,
)
from tests.usecases.test_crashes import Cut, run
from tests.usecases.world import World

LIMITED = replace(FREE, limits=replace(FREE.limits, customer_unverified=DayLimit(SALARY, 0)))


def cut_everywhere(policy, then):
    """Once for each call: the run that is cut there, the run after it, and what is so then."""
    for after in (True, False):
        for dies in (True, False):
            at, fell = 0, True
            while fell:
                world = World(policy=policy).open_for_business()
                planned(world, replace(MONDAYS, count=1))
                world.clock.advance(FIRST.at - world.clock.now())
                cut = Cut(at, after=after, dies=dies)
                run(world, cut, woken)
                woken(world)
                try:
                    then(world)
                except AssertionError as error:
                    error.add_note(f"cut {'after' if after else 'before'} call {at} of {cut.seen}")
                    raise
                at, fell = at + 1, cut.fell
            assert at > 5


def test_one_that_may_be_paid_is_paid_once_and_recorded():
    def then(world):
        assert wakings(world) == [(1, "made", ())]
        assert schedule(world).state is State.ENDED
        assert world.executed() <= SALARY
        assert len(world.payouts) == 1
        assert findings(world) == []
        world.check_books()

    cut_everywhere(FREE, then)


def test_one_that_is_refused_is_before_a_person_and_recorded():
    def then(world):
        assert wakings(world) == [(1, "refused", ("customer_day_limit",))]
        assert schedule(world).state is State.ENDED
        assert world.payouts == []
        assert len(findings(world)) == 1

    cut_everywhere(LIMITED, then)


@pytest.mark.parametrize("number", range(4))
def test_a_run_that_is_cut_often_never_pays_twice(number):
    world = World().open_for_business()
    planned(world)
    for occurrence in MONDAYS.coming(1, 3, world.calendar):
        world.clock.advance(occurrence.at - world.clock.now())
        for at in range(number, 40, 3):
            run(world, Cut(at, after=bool(at % 2), dies=at % 4 < 2), woken)
        woken(world)
    assert [each for _, each, _ in wakings(world)] == ["made"] * 3
    assert len(world.payouts) == 3
    assert world.executed().cents <= 3 * SALARY.cents

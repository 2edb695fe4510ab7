"""The round over all schedules: what nobody can read goes before a person, wherever it rests."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.findings import Kind
from chalicelib.usecases.look_over import look_over
from tests.usecases.planning import findings, planned
from tests.usecases.world import World

DAY = timedelta(days=1)


class Torn:
    """Schedules of which one is there that cannot be read."""

    def __init__(self, schedules):
        self._schedules, self.looked = schedules, 0

    def looked_through(self):
        self.looked += 1
        return iter([*self._schedules.looked_through(), ("schedule-torn", False)])


@pytest.fixture
def world():
    made = World().open_for_business()
    planned(made)
    made.ports["schedules"] = Torn(made.store.schedules)
    return made


def round_of(world, after=timedelta(0)):
    world.clock.advance(after)
    names = ("schedules", "findings", "rounds", "clock", "time_left")
    return look_over(**world._ports(*names))


def test_one_that_cannot_be_read_goes_before_a_person_whatever_its_state(world):
    assert round_of(world) == {"schedules_unreadable": 1}
    (found,) = findings(world)
    assert (found.kind, found.subject, found.detail) == (
        Kind.SCHEDULE_STUCK, "schedule-torn", "corrupt",
    )  # fmt: skip


def test_the_round_is_made_once_a_day_and_opens_one_finding(world):
    for after in (timedelta(0), timedelta(hours=1), DAY):
        round_of(world, after)
    assert world.ports["schedules"].looked == 2
    assert len(findings(world)) == 1


def test_without_time_it_is_made_in_the_next_run(world):
    world.seconds_left = 4.0
    assert round_of(world) == {"schedules_left": 1}
    world.seconds_left = 60.0
    assert round_of(world) == {"schedules_unreadable": 1}

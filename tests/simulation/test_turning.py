"""What each scene of another rail comes to where nothing fails: one payment, or a person knows."""

from __future__ import annotations

import pytest

from tests.simulation.monoova import REFUSES, REPEATS
from tests.simulation.scenes import OWN, Stage
from tests.simulation.turning_scenes import OF_TURNS

ONCE = {
    "a payout that turns to another rail": "-2",
    "a poll that goes by another rail": "-2",
    "a first attempt that lives, found before the next is sent": "-1",
    "a first attempt that lives, told before the next is sent": "-1",
}
# The provider breaks its word when nothing can be undone any more.
BEFORE_A_PERSON = {
    "a first attempt that lives beside the next": ("contradiction", {"-1", "-2"}),
    "a first attempt that lives when the next is in doubt": ("contradiction", {"-1"}),
    "a first attempt that lives when the next came back": ("Disputed", {"-1", "-2"}),
    "a first attempt that lives when it was cancelled": ("Disputed", {"-1"}),
}


def ended(scene, habits):
    stage = Stage({}, habits)
    OF_TURNS[scene].before(stage)
    stage.act(OF_TURNS[scene].deed)
    stage.end()
    executed = [each.reference[36:] for each in stage.business.provider.of(OWN)]
    return stage.business.books.lives[OWN], executed


@pytest.mark.parametrize("habits", [REPEATS, REFUSES], ids=lambda habits: habits.name)
@pytest.mark.parametrize("scene", ONCE)
def test_it_is_paid_once_by_the_attempt_that_lives(scene, habits):
    life, executed = ended(scene, habits)
    assert executed == [ONCE[scene]]
    assert (str(life.status), life.waits) == ("Completed", False)


@pytest.mark.parametrize("scene", BEFORE_A_PERSON)
def test_what_the_provider_executes_against_its_own_word_is_before_a_person(scene):
    life, executed = ended(scene, REPEATS)
    why, references = BEFORE_A_PERSON[scene]
    assert set(executed) == references
    assert life.waits
    assert why in {str(life.status), life.row.get("needs_person", {"S": ""})["S"]}


def test_every_scene_of_another_rail_is_judged_here():
    assert ONCE.keys() | BEFORE_A_PERSON.keys() == OF_TURNS.keys()

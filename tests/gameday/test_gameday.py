"""On each of the days whoever has to be called is called, and nobody else."""

from __future__ import annotations

import pytest

from chalicelib import wiring
from deployment.alarms import ALARMS, To
from tests.gameday.__main__ import play
from tests.gameday.scenes import LATER, NOT_PLAYED, SCENES, SOON, Scene


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_who_has_to_be_called_is_called_and_nobody_else(scene: Scene):
    try:
        rang = play(scene)
    finally:
        wiring._current.clear()
    assert set(rang) == scene.rings
    soon = {each.name for each in ALARMS if each.to is To.PAGER} - LATER
    assert {name: rang[name] for name in soon & set(rang) if rang[name] > SOON} == {}


def test_every_alarm_has_a_day_or_is_said_to_have_none():
    played = {name for scene in SCENES for name in scene.rings}
    assert played | NOT_PLAYED == {each.name for each in ALARMS}
    assert not played & NOT_PLAYED

"""Webhooks that are sent again under other ids: asked for once, and known for what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.front_door.happenings import assert_noticed, told_with

if TYPE_CHECKING:
    from tests.front_door.town import Town


def test_what_was_lost_and_is_sent_again_under_another_id_is_asked_for_once(town: Town):
    town.next_morning()
    town.control.settings(resend_keeps_id=False)
    told = told_with(town, "lost")
    town.until(lambda: not told.wrong(), told.wrong, step=town.minutes_pass())
    assert_noticed(told)
    town.report_is_read(twice=True)
    assert_noticed(told)

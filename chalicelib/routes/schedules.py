"""Payouts for later, and again: planned, looked at, stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api import schedules as views
from chalicelib.api import schemas
from chalicelib.api.access import only_drafts
from chalicelib.api.operation import Call, Key, Reply
from chalicelib.api.schedules import NewSchedule, ScheduleListing, ScheduleView
from chalicelib.api.schemas import Nothing
from chalicelib.domain.schedule import State
from chalicelib.entrance import door
from chalicelib.ports import ScheduleFilter
from chalicelib.usecases.schedules import cancel, coming, existing, pause, plan, resume

if TYPE_CHECKING:
    from chalicelib.wiring import World

# Occurrences that are shown with a schedule: ahead, and behind.
AHEAD, BEHIND = 5, 25


@door("GET /schedules", ScheduleListing, views.SchedulePage)
def list_schedules(call: Call[ScheduleListing], w: World) -> Reply:
    """List schedules: active ones first, the soonest first."""
    state = State(call.said.state) if call.said.state else None
    some = w.schedules.page(
        ScheduleFilter(call.said.customer_id or "", state),
        limit=call.said.limit, position=call.position,
    )  # fmt: skip
    return call.page([views.schedule(each) for each in some.items], some.position)


@door("GET /schedules/{schedule_id}", Nothing, views.ScheduleWithDates)
def show_schedule(_: Call[Nothing], w: World, schedule_id: str) -> Reply:
    """Show a schedule, the dates that come next, and what became of its occurrences."""
    found = existing(w.schedules, schedule_id)
    ahead = coming(found, AHEAD, calendar=w.calendar)
    return Reply(views.with_dates(found, ahead, w.schedules.wakings(schedule_id, most=BEHIND)))


@door("POST /schedules", NewSchedule, ScheduleView, 201,
      key=Key.REQUIRED, refuses={404, 422})  # fmt: skip
def plan_schedule(call: Call[NewSchedule], w: World) -> Reply:
    """Plan a payout for later, or again and again, once for each Idempotency-Key."""
    planned = plan(
        call.said.order(), call.said.timetable(), key=call.key, by=call.by,
        drafted=only_drafts(call.roles), schedules=w.schedules, customers=w.customers,
        limits=w.limits, calendar=w.calendar, clock=w.clock,
    )  # fmt: skip
    return Reply(views.schedule(planned.schedule), replayed=planned.replayed)


def _as_it_is(_: Call[schemas.Why], w: World, schedule_id: str) -> Reply:
    return Reply(views.schedule(existing(w.schedules, schedule_id)))


@door("POST /schedules/{schedule_id}/cancel", schemas.Why, ScheduleView,
      key=Key.OPTIONAL, again=_as_it_is)  # fmt: skip
def cancel_schedule(call: Call[schemas.Why], w: World, schedule_id: str) -> Reply:
    """End a schedule: it makes no payout any more; those that it made stay as they are."""
    return Reply(views.schedule(cancel(
        schedule_id, reason=call.said.reason, by=call.by, schedules=w.schedules, clock=w.clock,
    )))  # fmt: skip


@door("POST /schedules/{schedule_id}/pause", schemas.Why, ScheduleView,
      key=Key.OPTIONAL, again=_as_it_is)  # fmt: skip
def pause_schedule(call: Call[schemas.Why], w: World, schedule_id: str) -> Reply:
    """Let a schedule rest: what falls into the pause is not paid, then or later."""
    return Reply(views.schedule(pause(
        schedule_id, reason=call.said.reason, by=call.by, schedules=w.schedules, clock=w.clock,
    )))  # fmt: skip


@door("POST /schedules/{schedule_id}/resume", schemas.Why, ScheduleView,
      key=Key.OPTIONAL, again=_as_it_is)  # fmt: skip
def resume_schedule(call: Call[schemas.Why], w: World, schedule_id: str) -> Reply:
    """Let a schedule go on that was paused, or that waits for a person."""
    return Reply(views.schedule(resume(
        schedule_id, reason=call.said.reason, by=call.by, schedules=w.schedules,
        calendar=w.calendar, clock=w.clock,
    )))  # fmt: skip

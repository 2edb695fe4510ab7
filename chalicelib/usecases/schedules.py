"""Plan a payout for later, or again and again; stop it, let it rest, let it go on.

Moves no money and holds none: whether it may be paid is decided when it wakes (`wake.py`). What
could never be paid is refused at once, with everything that is wrong with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from chalicelib.domain import timetable
from chalicelib.domain.errors import (
    CustomerErased,
    Fault,
    InsufficientFunds,
    KeyTaken,
    NotFound,
    RuleBroken,
    Stale,
)
from chalicelib.domain.identifiers import derived_id
from chalicelib.domain.order import Conditions, candidates, destination_of, faults_of
from chalicelib.domain.schedule import (
    ERASED,
    Schedule,
    State,
    cancelled,
    forgotten,
    paused,
    remembers,
    resumed,
)
from chalicelib.domain.ways import choose

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from chalicelib.domain.calendar import Calendar
    from chalicelib.domain.customer import Customer
    from chalicelib.domain.order import Limits, Order
    from chalicelib.domain.timetable import Occurrence, Timetable
    from chalicelib.ports import Clock, Customers, Schedules

# How often a change is made anew when somebody else was first.
TRIES = 10
_TEXTS = frozenset({"reference", "description"})


@dataclass(frozen=True, slots=True)
class Planned:
    """The schedule that a request became, and whether it was there before."""

    schedule: Schedule
    replayed: bool


def plan(
    order: Order,
    times: Timetable,
    *,
    key: str,
    by: str,
    drafted: bool,
    schedules: Schedules,
    customers: Customers,
    limits: Limits,
    calendar: Calendar,
    clock: Clock,
) -> Planned:
    """Store a schedule, or find what the key made before.

    Raises:
        NotFound: no such customer.
        CustomerErased: nothing new is done for them.
        RuleBroken: it would never be, or never be paid: all that is wrong; or the key was used for
            another one.
        KeyTaken: the key is somebody else's.
        StoreUnavailable: whether it is stored is not known; the same key is safe to use again.
    """
    own, now = derived_id("schedule", key), clock.now()
    before = schedules.get(own)
    if before is not None:
        return _replay(before, order, times, by)
    customer = customers.get(order.customer_id)
    if customer is None:
        raise NotFound("customer")
    if customer.erasure is not None:
        raise CustomerErased
    faults = _faults(order, customer, limits, now)
    faults += timetable.faults_of(times, order.rail, now, calendar)
    first = times.occurrence(1, calendar)
    if faults or first is None:
        raise RuleBroken(faults, "It could never be paid like this.")
    new = Schedule(
        own, order, times, first, first.at, created_at=now, created_by=by, changed_at=now,
        changed_by=by, drafted=drafted,
    )  # fmt: skip
    try:
        schedules.add(new)
    except Stale:
        return _replay(existing(schedules, own), order, times, by)
    return Planned(new, replayed=False)


def existing(schedules: Schedules, schedule_id: str) -> Schedule:
    """The schedule of that id.

    Raises:
        NotFound: there is none.
    """
    found = schedules.get(schedule_id)
    if found is None:
        raise NotFound("schedule")
    return found


def coming(it: Schedule, many: int, *, calendar: Calendar) -> list[Occurrence]:
    """Its next occurrences, as far as anybody can tell now; none once it has ended."""
    if it.state is State.ENDED:
        return []
    return it.timetable.coming(it.next.number, many, calendar)


def cancel(
    schedule_id: str, *, reason: str, by: str, schedules: Schedules, clock: Clock
) -> Schedule:
    """End it: from here on it makes no payout; again changes nothing.

    Raises:
        NotFound: no such schedule.
        Conflict: it has ended otherwise.
    """
    change = partial(cancelled, by=by, reason=reason, at=clock.now())
    return _changed(schedule_id, change, schedules)


def pause(
    schedule_id: str, *, reason: str, by: str, schedules: Schedules, clock: Clock
) -> Schedule:
    """Let it rest: it makes no payout until somebody resumes it; again changes nothing.

    Raises:
        NotFound: no such schedule.
        Conflict: it has ended.
    """
    change = partial(paused, by=by, reason=reason, at=clock.now())
    return _changed(schedule_id, change, schedules)


def resume(
    schedule_id: str, *, reason: str, by: str, schedules: Schedules, calendar: Calendar,
    clock: Clock,
) -> Schedule:  # fmt: skip
    """Let it go on with what is still ahead; again changes nothing.

    Raises:
        NotFound: no such schedule.
        Conflict: it has ended, or nothing of it is ahead any more.
    """
    change = partial(resumed, calendar=calendar, by=by, reason=reason, at=clock.now())
    return _changed(schedule_id, change, schedules)


def forget_schedule(schedule_id: str, *, schedules: Schedules, clock: Clock) -> bool:
    """End it and destroy its texts; whether anything was left to destroy."""
    if not remembers(existing(schedules, schedule_id)):
        return False
    _changed(schedule_id, partial(forgotten, at=clock.now()), schedules)
    return True


def _changed(
    schedule_id: str, change: Callable[[Schedule], Schedule], schedules: Schedules
) -> Schedule:
    """Change it as it is now, however often somebody else does so first.

    Raises:
        Stale: others change it again and again.
    """
    for _ in range(TRIES):
        before = existing(schedules, schedule_id)
        after = change(before)
        if after == before:
            return before
        try:
            schedules.write(after)
        except Stale:
            continue
        return after
    raise Stale("Too many others change this schedule.")


def _faults(order: Order, customer: Customer, limits: Limits, at: datetime) -> list[Fault]:
    """What no day will change of amount, texts, destination and rail; the balance may."""
    told = faults_of(order, customer, limits)
    faults = [each for each in told if each.code != InsufficientFunds.code]
    routing = limits.routing
    then = Conditions(at, routing.calendar, routing.costs)
    faults += choose(order.wish(routing.usual), candidates(order, None, then)).faults
    destination = destination_of(order, customer)
    return [*faults, destination] if isinstance(destination, Fault) else faults


def _replay(before: Schedule, order: Order, times: Timetable, by: str) -> Planned:
    if before.created_by != by:
        raise KeyTaken("The idempotency key belongs to another principal's schedule.")
    gone = _TEXTS if before.why == ERASED else frozenset()
    asked = {*before.order.told, *before.timetable.told}
    differing = [
        name
        for name, value in (*order.told, *times.told)
        if name not in gone and (name, value) not in asked
    ]
    if differing:
        faults = [
            Fault(f"/{name}", "idempotency_key_reused", "differs from what the key was used for")
            for name in differing
        ]
        raise RuleBroken(faults, "The idempotency key was used for another schedule.")
    return Planned(before, replayed=True)

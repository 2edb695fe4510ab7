"""Schedules in a business in memory: planned, woken, looked at."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.domain.money import Money
from chalicelib.domain.recurrence import Weekly
from chalicelib.domain.timetable import Timetable
from chalicelib.usecases.schedules import plan
from chalicelib.usecases.wake import Means, wake
from tests.usecases.world import CALENDAR, LIMITS, order

if TYPE_CHECKING:
    from collections import Counter
    from datetime import datetime

    from chalicelib.domain.findings import Finding
    from chalicelib.domain.order import Order
    from chalicelib.domain.schedule import Schedule, Waking
    from chalicelib.usecases.schedules import Planned
    from tests.usecases.world import World

KEY = "the key of a schedule"
# Three Mondays at nine; the world's clock begins on the Monday before, at noon.
MONDAYS = Timetable(Weekly((0,)), date(2026, 3, 9), count=3)
FIRST, SECOND, THIRD = MONDAYS.coming(1, 3, CALENDAR)
SALARY = Money(10_000)


def planned(
    world: World, times: Timetable = MONDAYS, wanted: Order | None = None, *, key: str = KEY,
    by: str = "olive", drafted: bool = False,
) -> Planned:  # fmt: skip
    return plan(
        wanted or order(amount=SALARY, reference="Salary"), times, key=key, by=by, drafted=drafted,
        schedules=world.ports["schedules"], customers=world.ports["customers"], limits=LIMITS,
        calendar=CALENDAR, clock=world.clock,
    )  # fmt: skip


def schedule(world: World) -> Schedule:
    (only,) = world.store.state.schedules.values()
    return only


def wakings(world: World) -> list[tuple[int, str, tuple[str, ...]]]:
    """What became of the occurrences, as number, result and codes."""
    told: list[Waking] = list(world.store.state.wakings.values())
    return sorted((each.occurrence.number, str(each.result), each.codes) for each in told)


def findings(world: World) -> list[Finding]:
    return [each for each in world.store.state.findings.values() if each.is_open]


def woken(world: World, at: datetime | timedelta | None = None, **changed: Any) -> Counter[str]:
    """A run, at a moment or after a while, unless it is that now."""
    if at is not None:
        world.clock.advance(at if isinstance(at, timedelta) else at - world.clock.now())
    told = {"grace": 1, "calendar": CALENDAR, "limits": LIMITS, **changed}
    names = ("schedules", "payouts", "findings", "provider", "vault")
    ports = {name: world.ports[name] for name in names}
    return wake(Means(clock=world.clock, **ports, **told), time_left=world.time_left)

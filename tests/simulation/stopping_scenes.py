"""The scenes of pauses, holds and schedules: who stops what is to be sent, and who wakes it."""

from __future__ import annotations

from datetime import date, time
from operator import methodcaller
from typing import Any

from tests.simulation.books import Broken
from tests.simulation.brakes import Brakes
from tests.simulation.diary import Diary, Plan
from tests.simulation.faults import Fault
from tests.simulation.scenes import OWN, Scene, Stage, asked_for, asks, one_after_the_other, polls
from tests.simulation.timeline import DAY, MINUTE

PAUSE = "00000000-0000-4000-8000-00000000aaaa"
# On the second day of a stage; it begins on a Monday, at noon.
PLAN = Plan("key-of-a-schedule-0000", "customer-0", 5_000, date(2026, 3, 3), time(9), 1)


def watch(stage: Stage) -> None:
    """From here on pauses and holds are held to what they promise; in the end none is left."""
    stage.brakes = brakes = Brakes(stage.business)

    def none_is_left() -> None:
        if brakes.standing() or brakes.held:
            raise Broken("something is kept for ever")

    stage.checks.append(none_is_left)


def waits_to_be_sent(stage: Stage) -> None:
    """A payout was asked for, and could not be sent."""
    watch(stage)
    stage.meanwhile(*[Fault.NOT_CONNECTED] * 4)
    stage.invoke("api", asked_for())
    stage.quietly()
    stage.run(2 * MINUTE)


def _is_planned(stage: Stage) -> None:
    """An occurrence is due."""
    diary = Diary(stage.business)
    diary.add(PLAN)
    stage.invoke("api", methodcaller("plan_later", PLAN))
    stage.run(DAY)
    stage.checks.append(diary.end_well)


def _told(stage: Stage, deed: Any) -> None:
    """Whoever is not answered asks again; what is answered is held against the truth."""
    assert stage.brakes is not None
    told, value = stage.invoke("api", deed)
    if told != "returned":
        stage.run(1)
        told, value = stage.invoke("api", deed)
    stage.brakes.answered(value)


def _pauses(stage: Stage) -> None:
    _told(stage, pauses)


def _ends_it(stage: Stage) -> None:
    stage.twice("api", ends_pause)


def _wakes(stage: Stage) -> None:
    stage.twice("wake", wakes)


def _holds(stage: Stage) -> None:
    stage.twice("api", holds)


def _lifts(stage: Stage) -> None:
    stage.twice("api", lifts)


pauses = methodcaller("pause", PAUSE, ("everything", ""), by="anna")
ends_pause = methodcaller("end_pause", PAUSE, by="paul")
holds = methodcaller("hold", OWN, by="olive")
lifts = methodcaller("lift", OWN, by="anna")
wakes = methodcaller("wake")
OF_STOPS: dict[str, Scene] = {
    "a pause, and its end": Scene(
        "store.transact_write_items", one_after_the_other(_pauses, asks, _ends_it), watch,
        in_pairs=False,
    ),
    "a hold, and its end": Scene(
        "store.transact_write_items", one_after_the_other(_holds, polls, _lifts), waits_to_be_sent,
        in_pairs=False,
    ),
    "a schedule that wakes": Scene("monoova.execute", _wakes, _is_planned, in_pairs=False),
}  # fmt: skip

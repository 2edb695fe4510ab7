"""A third of all webhooks is lost, and in the evening the books are equal to the cent."""

from __future__ import annotations

import io
import random
from decimal import Decimal
from typing import TYPE_CHECKING

from rich.console import Console

from local.demo.books import compare
from local.demo.stage import Stage
from tests.front_door.day import Day

if TYPE_CHECKING:
    from tests.front_door.town import Town

SEED = 7
QUARTERS = 20
THIRD = "0.333"


def test_with_a_third_of_the_webhooks_lost_the_books_are_equal_by_evening(town: Town):
    day = Day(town, random.Random(SEED))  # noqa: S311 (it has to be repeatable)
    assert_equal_by_evening(day, seed=SEED, quarters=QUARTERS, payouts=2, receipts=1)


def assert_equal_by_evening(
    day: Day, *, seed: int, quarters: int, payouts: int, receipts: int
) -> int:
    """Play the day and wait for its evening, in which nobody helps; how many were lost."""
    day.begin()
    town, date = day.town, day.town.now().date()
    town.control.random_faults(seed, THIRD, ["lost"], on="webhook")
    for _ in range(quarters):
        day.quarter(payouts=payouts, receipts=receipts)
    town.control.clear_faults()
    lost = int(town.control.state()["notifications"]["lost"])
    assert lost >= quarters / 4, f"only {lost} were lost"
    town.until(lambda: not day.unfinished(), day.unfinished, step=town.minutes_pass())
    town.report_is_read(twice=True)
    assert town.now().date() == date, "only by the next morning"
    unequal = differing(town)
    assert not unequal, unequal
    assert Decimal(town.get("/funds")["received"]) == day.received
    for before_a_person in ("/attention", "/findings", "/dead-letters"):
        waiting = town.every(before_a_person)
        assert not waiting, waiting
    return lost


def differing(town: Town) -> list[str]:
    """The figures in which both sides' books differ, fees included."""
    silent = Console(file=io.StringIO())
    stage = Stage(
        town.as_("admin"),
        town.as_("operator"),
        town.as_("approver"),
        town.as_("admin"),
        town.control,
        silent,
    )
    return [
        f"{line.what.strip()}: {line.ours} and {line.theirs}"
        for line in compare(stage)
        if not line.equal
    ]

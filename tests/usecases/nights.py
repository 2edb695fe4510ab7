"""A business whose nights are run: its days, its tick, and what a night left behind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.workbench import SqliteWorkbench
from chalicelib.domain import attestation
from chalicelib.domain.calendar import SYDNEY
from chalicelib.domain.report import names
from chalicelib.usecases.night import Means, go_on, start, work
from tests.fakes.provider import TIMED_OUT_AND_PAID
from tests.usecases.world import CALENDAR, DIRECT_ENTRY, PATIENCE, World, order

if TYPE_CHECKING:
    from collections import Counter

    from chalicelib.domain.night import Reconciliation

DAY = timedelta(days=1)
# A Friday: the day whose night most tests run.
D = date(2026, 3, 6)
HOUR = 3


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of Sydney's wall clock."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SYDNEY).astimezone(UTC)


class Nights(World):
    """The business, with the nights' ports."""

    def means(self) -> Means:
        """What a night works with, as the ports are now."""
        names = (
            "payouts", "changes", "nights", "day_book", "receipts", "findings", "provider", "gate",
            "archive", "signer", "herald", "clock",
        )  # fmt: skip
        ports: dict[str, Any] = self._ports(*names)
        ports["checks"] = self.store.account_checks
        return Means(**ports, calendar=CALENDAR, patience=PATIENCE, workbench=SqliteWorkbench)

    def tick(self) -> Counter[str]:
        """What the schedule does."""
        return work(hour=HOUR, means=self.means(), time_left=self.time_left)

    def start(self, day: date, by: str = "ada") -> Reconciliation:
        return start(day, by=by, means=self.means())

    def go_on(self, night: Reconciliation) -> Reconciliation:
        return go_on(night, means=self.means(), time_left=self.time_left)

    def open_for_business(self) -> Nights:
        """A customer, and their money."""
        super().open_for_business()
        return self

    def now(self, day: date, hour: int, minute: int = 0) -> Nights:
        """It is then in Sydney."""
        passed = at(day, hour, minute) - self.clock.now()
        assert passed >= timedelta(0)
        self.clock.advance(passed)
        return self

    def night(self, day: date) -> Reconciliation:
        """The latest run of a date."""
        found = self.store.nights.get(day)
        assert found is not None
        return found

    def left_behind(self, day: date, run: int = 1) -> bool:
        """Whether all that a night leaves for good lies there."""
        lies = names(day, run)
        wanted = {lies.markdown, lies.csv, attestation.name_of(day)}
        there = wanted & self.archive.objects.keys()
        assert there in (set(), wanted), there
        return bool(there)

    def ended(self, day: date) -> bool:
        """Whether a night was brought to its end, with all that it leaves."""
        night = self.store.nights.get(day)
        if night is None or not night.is_over:
            return False
        assert night.ended_at is not None
        assert night.root
        return self.left_behind(day, night.run)


def busy_day() -> Nights:
    """Money came in days ago; on D three payouts went out, and nobody has heard of them since.

    The provider has paid them all: one by Direct Entry, of one the reply was lost.
    """
    world = Nights()
    world.open_for_business()
    world.now(D, 11)
    world.request(key="1" * 16)
    world.request(order(rail=DIRECT_ENTRY), key="2" * 16)
    world.provider.will(TIMED_OUT_AND_PAID)
    world.request(key="3" * 16)
    for each in world.provider.executions:
        world.provider.settle(each.reference, "Complete")
    return world

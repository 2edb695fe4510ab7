"""The whole store in memory: five ports over one state, so that transactions span them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import Calendar
from chalicelib.domain.patience import Patience
from tests.fakes.payouts import MemoryPayouts
from tests.fakes.registers import MemoryCustomers, MemoryGate, MemoryNotices, MemoryTreasury
from tests.fakes.state import State

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.ports import Clock


def _no_holidays(_day: date) -> bool:
    return False


class MemoryStore:
    """The ports `payouts`, `customers`, `treasury`, `notices` and `gate`, and their `state`."""

    def __init__(
        self,
        clock: Clock,
        *,
        patience: Patience | None = None,
        calendar: Calendar | None = None,
        wait: timedelta = timedelta(minutes=65),
    ) -> None:
        self.state = State()
        self.payouts = MemoryPayouts(
            self.state,
            clock=clock,
            patience=patience or Patience(),
            calendar=calendar or Calendar(_no_holidays),
        )
        self.customers = MemoryCustomers(self.state)
        self.treasury = MemoryTreasury(self.state)
        self.notices = MemoryNotices(self.state)
        self.gate = MemoryGate(self.state, clock=clock, wait=wait)

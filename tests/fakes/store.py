"""The whole store in memory: five ports over one state, so that transactions span them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import Calendar
from chalicelib.domain.patience import Patience
from chalicelib.domain.policy import FREE
from tests.fakes.account_checks import MemoryAccountChecks
from tests.fakes.bank_files import MemoryBankFiles
from tests.fakes.changes import MemoryChanges
from tests.fakes.circuits import MemoryCircuits
from tests.fakes.desk import MemoryDesk
from tests.fakes.findings import MemoryFindings
from tests.fakes.keeping import MemorySweeps
from tests.fakes.liquidity import MemoryLiquidity
from tests.fakes.nights import MemoryNights
from tests.fakes.notices import MemoryNotices
from tests.fakes.parked import MemoryParkedLetters
from tests.fakes.pauses import MemoryPauses
from tests.fakes.payouts import MemoryPayouts
from tests.fakes.policies import MemoryPolicies
from tests.fakes.receipts import MemoryReceipts
from tests.fakes.registers import MemoryCustomers, MemoryGate, MemoryTreasury
from tests.fakes.rounds import MemoryRounds
from tests.fakes.schedules import MemorySchedules
from tests.fakes.settlements import MemorySettlements
from tests.fakes.state import State

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.domain.policy import Policy
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
        policy: Policy = FREE,
    ) -> None:
        self.state = State()
        self.payouts = MemoryPayouts(
            self.state,
            clock=clock,
            patience=patience or Patience(),
            calendar=calendar or Calendar(_no_holidays),
            default_policy=policy,
        )
        self.changes = MemoryChanges(self.state)
        self.nights = MemoryNights(self.state)
        self.policies = MemoryPolicies(self.state)
        self.customers = MemoryCustomers(self.state)
        self.treasury = MemoryTreasury(self.state)
        self.receipts = MemoryReceipts(self.state)
        self.notices = MemoryNotices(self.state)
        self.findings = MemoryFindings(self.state)
        self.settlements = MemorySettlements(self.state)
        self.schedules = MemorySchedules(self.state)
        self.parked = MemoryParkedLetters(self.state)
        self.rounds = MemoryRounds(self.state)
        self.account_checks = MemoryAccountChecks(self.state)
        self.desk = MemoryDesk(self.state)
        self.sweeps = MemorySweeps(self.state)
        self.pauses = MemoryPauses(self.state)
        self.liquidity = MemoryLiquidity(self.state)
        self.circuits = MemoryCircuits(self.state)
        self.bank_files = MemoryBankFiles(self.state)
        self.gate = MemoryGate(self.state, clock=clock, wait=wait)

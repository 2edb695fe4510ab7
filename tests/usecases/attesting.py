"""Nights that are attested in memory: payouts that change on known days, and who signs for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.ecdsa import verifies
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.events import Returned
from chalicelib.domain.money import Money
from chalicelib.domain.night import Reconciliation, Stage
from chalicelib.usecases.attest import attest
from chalicelib.usecases.hear import hear
from chalicelib.usecases.verify import verify
from tests.fakes.archive import MemoryArchive
from tests.fakes.changes import MemoryChanges
from tests.fakes.nights import MemoryNights
from tests.fakes.signer import FakeSigner
from tests.usecases.world import World, order

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.domain.payout import Payout
    from chalicelib.domain.verification import Verdict

DAY = timedelta(days=1)


class Nights(World):
    """A business with an archive and a key. `saved` has every checkpoint."""

    def __init__(self) -> None:
        super().__init__()
        self.changes: Any = MemoryChanges(self.store.state)
        self.connect()
        self.open_for_business()
        self.nights = MemoryNights(self.store.state)
        self.archive = MemoryArchive()
        self.signer = FakeSigner()
        self.saved: list[Reconciliation] = []
        self.numbers = 0

    def connect(self) -> None:
        """Put other ports in the place of the fakes."""

    @property
    def today(self) -> date:
        return sydney_date(self.clock.now())

    def pay(self, count: int = 1) -> list[Payout]:
        """So many payouts that are asked for and sent now."""
        made = []
        for _ in range(count):
            self.numbers += 1
            key = f"a key of night {self.numbers:08d}"
            made.append(self.request(order(amount=Money(100)), key=key).payout)
        return made

    def hears(self, payout: Payout, **told: Any) -> Payout:
        """A payout changes now."""
        now = self.ports["payouts"].get(payout.transaction_id)
        told = {"attempt": now.attempt, "at": self.clock.now(), "by": "monoova", **told}
        return hear(now, Returned(**told), payouts=self.ports["payouts"]).payout

    def arrange(self, **told: Any) -> None:
        """Put another agenda in the place of what there is."""
        self.nights.arrange(replace(self.nights.agenda(), **told))

    def night(self, day: date, **told: Any) -> Reconciliation:
        plain = {"run": 1, "started_at": self.clock.now(), "stage": Stage.ATTESTED}
        return Reconciliation(day, **{**plain, **told})

    def save(self, night: Reconciliation) -> Reconciliation:
        self.saved.append(replace(night, version=night.version + 1))
        return self.saved[-1]

    def attest(self, night: Reconciliation, **told: Any) -> Reconciliation:
        ports = {
            "changes": self.changes, "payouts": self.ports["payouts"], "nights": self.nights,
            "archive": self.archive, "signer": self.signer, "clock": self.clock,
            "time_left": self.time_left, "save": self.save,
        }  # fmt: skip
        return attest(night, **{**ports, **told})

    def next_day(self, days: int = 1) -> None:
        self.clock.advance(DAY * days)

    def attest_yesterday(self, **told: Any) -> Reconciliation:
        return self.attest(self.night(self.today - DAY), **told)

    def verify(self, day: date, **told: Any) -> Verdict:
        ports = {
            "limit": 100, "position": None, "payouts": self.ports["payouts"],
            "archive": self.archive, "nights": self.nights, "signer": self.signer,
            "verifies": verifies,
            "time_left": self.time_left,
        }  # fmt: skip
        return verify(day, **{**ports, **told})

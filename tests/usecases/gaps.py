"""A business whose provider says what it told us, and what of it we kept: for repairing gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.adapters.dynamo.notices import DynamoNotices
from chalicelib.adapters.dynamo.parked import DynamoParkedLetters
from chalicelib.adapters.dynamo.repairs import DynamoRepairs
from chalicelib.adapters.dynamo.session import Session
from chalicelib.domain.notices import DeadLetter, Notice
from chalicelib.domain.parked import ParkedLetter
from chalicelib.usecases.repair import repair
from tests.fakes.clock import FakeClock
from tests.fakes.dynamo_template import simulated_tables
from tests.fakes.store import MemoryStore
from tests.fakes.subscriptions import BASE, FakeSubscriptions

if TYPE_CHECKING:
    from collections import Counter
    from datetime import datetime


class Gaps:
    """The use case over the real memory of repairs, on a DynamoDB in memory or any other."""

    def __init__(self, dynamo: Any = None, tables: Any = None, **clock: Any) -> None:
        self.clock = FakeClock(**clock)
        self.provider = FakeSubscriptions(self.clock)
        store = MemoryStore(self.clock)
        self.findings, self.gate = store.findings, store.gate
        made: Any = (dynamo, tables) if dynamo else simulated_tables()
        self.dynamo, self.tables = made
        session = Session(self.dynamo)
        self.notices = DynamoNotices(session, self.tables.control)
        self.letters = DynamoParkedLetters(session, self.tables.control)
        self.repairs: Any = DynamoRepairs(session, self.tables.control)
        self.seconds_left = 60.0
        self.base = BASE
        self.deaf = False
        self.provider.hear = self.hear

    def hear(self, webhook_id: str) -> bool:
        """Our door: keeps what comes, unless it is deaf."""
        if not self.deaf:
            self.keep(webhook_id)
        return not self.deaf

    def keep(
        self, webhook_id: str, *, at: datetime | None = None, authentic: bool = True
    ) -> None:  # fmt: skip
        """Keep a notice of that webhook."""
        moment = at or self.clock.now()
        self.notices.keep(
            Notice(
                f"NppReturn#{webhook_id}#{'0' * 32}", "NppReturn", webhook_id, moment, b"{}",
                authentic=authentic,
            )
        )  # fmt: skip

    def park(self, webhook_id: str) -> None:
        """Have a letter of that webhook before a person."""
        letter = DeadLetter("NppReturn", webhook_id, b"{}", self.clock.now(), "defect", 9)
        self.letters.put(ParkedLetter(f"NppReturn#{webhook_id}#x", letter, self.clock.now()))

    def run(self) -> Counter[str]:
        """The poller comes by now."""
        return repair(
            base=self.base, bulletins=self.provider, repairs=self.repairs, findings=self.findings,
            gate=self.gate, clock=self.clock, time_left=lambda: self.seconds_left,
        )  # fmt: skip

    def run_later(self, minutes: int = 10) -> Counter[str]:
        """The poller comes by so many minutes later."""
        self.clock.advance(minutes * 60)
        return self.run()

    def run_until_quiet(self, most: int = 12) -> list[Counter[str]]:
        """Every ten minutes, until a run has nothing to tell."""
        told = []
        for _ in range(most):
            told.append(self.run_later())
            if not told[-1]:
                return told
        raise AssertionError(f"never quiet: {told}")

    @property
    def missing(self) -> set[str]:
        """What the findings are about."""
        page = self.findings.page(resolved=False, limit=1000, position=None)
        return {each.subject for each in page.items}

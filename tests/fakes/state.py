"""What the stores in memory share, so that one transaction spans them all.

It can be `down` (nothing is read or written), and it can lose the replies to its next writes
(they are written, and their writers told that nothing is known).
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import RLock
from typing import TYPE_CHECKING

from chalicelib.domain.breaker import Board
from chalicelib.domain.customer import Funds
from chalicelib.domain.errors import Stale, StoreUnavailable
from chalicelib.domain.liquidity import Outlook
from chalicelib.domain.pause import keys_of
from chalicelib.domain.wire import passage
from chalicelib.ports.policies import InForce

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from chalicelib.domain.account_check import KeptCheck
    from chalicelib.domain.allowance import Spent
    from chalicelib.domain.approver_day import ApproverDay
    from chalicelib.domain.archive import Sweep
    from chalicelib.domain.bank_file import BankFile
    from chalicelib.domain.credit_request import CreditRequest
    from chalicelib.domain.customer import Customer
    from chalicelib.domain.findings import Finding
    from chalicelib.domain.funding import Credit, Entry, Receipt
    from chalicelib.domain.habits import Habits
    from chalicelib.domain.notices import Notice
    from chalicelib.domain.parked import ParkedLetter
    from chalicelib.domain.pause import Pause
    from chalicelib.domain.payout import Payout
    from chalicelib.domain.policy_change import Change
    from chalicelib.domain.rails import Rail
    from chalicelib.domain.receipts import Banked, Movement
    from chalicelib.domain.schedule import Schedule, Waking
    from chalicelib.domain.settlement import Settlement, Share
    from chalicelib.domain.step import Step
    from chalicelib.domain.twins import Twin
    from chalicelib.domain.wire import Execution, Sending
    from chalicelib.ports import Recorded, Use


@dataclass
class State:
    """Everything stored, by its key."""

    payouts: dict[str, Payout] = field(default_factory=dict)
    steps: dict[str, list[Recorded]] = field(default_factory=dict)
    expiries: dict[tuple[str, int], datetime] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)
    funds: Funds = field(default_factory=Funds)
    entries: list[Entry] = field(default_factory=list)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    credits: dict[str, Credit] = field(default_factory=dict)
    banked: dict[str, Banked] = field(default_factory=dict)
    movements: dict[str, Movement] = field(default_factory=dict)
    notices: dict[str, Notice] = field(default_factory=dict)
    parked: dict[str, ParkedLetter] = field(default_factory=dict)
    settlements: dict[str, tuple[Settlement, tuple[Share, ...]]] = field(default_factory=dict)
    findings: dict[str, Finding] = field(default_factory=dict)
    schedules: dict[str, Schedule] = field(default_factory=dict)
    wakings: dict[str, Waking] = field(default_factory=dict)
    bank_files: dict[str, BankFile] = field(default_factory=dict)
    rounds: dict[str, str] = field(default_factory=dict)
    uses: dict[str, Use] = field(default_factory=dict)
    checks: dict[str, KeptCheck] = field(default_factory=dict)
    checks_called: dict[tuple[str, str], KeptCheck] = field(default_factory=dict)
    approver_days: dict[str, ApproverDay] = field(default_factory=dict)
    credit_requests: dict[str, CreditRequest] = field(default_factory=dict)
    closed_until: datetime | None = None
    outlook: Outlook = field(default_factory=Outlook)
    board: Board = field(default_factory=Board)
    sweep: Sweep | None = None
    pauses: dict[str, Pause] = field(default_factory=dict)
    sendings: dict[str, Sending] = field(default_factory=dict)
    last: dict[Rail, Execution] = field(default_factory=dict)
    last_of: dict[str, Execution] = field(default_factory=dict)
    policies: InForce = field(default_factory=InForce)
    policy_changes: list[Change] = field(default_factory=list)
    spent: dict[str, Spent] = field(default_factory=dict)
    twins: dict[str, Twin] = field(default_factory=dict)
    habits: dict[str, Habits] = field(default_factory=dict)
    paces: dict[str, int] = field(default_factory=dict)
    places: dict[str, frozenset[str]] = field(default_factory=dict)
    down: bool = False
    lost_replies: int = 0
    lock: RLock = field(default_factory=RLock)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One consistent read."""
        with self.lock:
            if self.down:
                raise StoreUnavailable("The store is down.")
            yield

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction; whoever raises in it has not changed anything yet."""
        with self.reading():
            yield
            if self.lost_replies:
                self.lost_replies -= 1
                raise StoreUnavailable("The reply was lost.")

    def keep_with_step(self, notice: Notice) -> None:
        """Keep a notice with the step that it caused; one kept before says what it did after all.

        Part of a transaction.
        """
        known = self.notices.get(notice.key)
        if known is not None:
            own = notice.transaction_id or known.transaction_id
            notice = replace(known, outcome=notice.outcome, transaction_id=own)
        self.notices[notice.key] = notice

    def paused(self, rail: Rail, customer_id: str) -> frozenset[str]:
        """The keys of scopes that are paused, of those that such a payout lies within."""
        keys = keys_of(rail, customer_id)
        return frozenset(
            each.scope.key
            for each in self.pauses.values()
            if each.in_force_at and not each.lifted_at and each.scope.key in keys
        )

    def pass_by(self, steps: Sequence[Step]) -> None:
        """Change what is on the wire. Part of a transaction."""
        told = passage(steps)
        if told is None:
            return
        own, customer_id = told.payout.transaction_id, told.payout.intent.customer_id
        self.sendings.pop(own, None)
        if told.entered is not None:
            self.sendings[own] = told.entered
        if told.executed is not None:
            self.last[told.executed.rail] = self.last_of[customer_id] = told.executed

    def check_day(self, day: ApproverDay) -> None:
        """Refuse what is not one version after what is stored. Part of a transaction."""
        stored = self.approver_days.get(day.by)
        if (stored.version if stored else 0) != day.version - 1:
            raise Stale("The approver has agreed to something else meanwhile.")

    def check_next(self, request: CreditRequest) -> None:
        """Refuse what is not one version after what is stored. Part of a transaction."""
        stored = self.credit_requests.get(request.credit_id)
        if (stored.version if stored else 0) != request.version - 1:
            raise Stale("What was asked for is not as it was read.")

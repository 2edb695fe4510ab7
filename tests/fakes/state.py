"""What the stores in memory share, so that one transaction spans them all.

It can be `down` (nothing is read or written), and it can lose the replies to its next writes
(they are written, and their writers told that nothing is known).
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import RLock
from typing import TYPE_CHECKING

from chalicelib.domain.customer import Funds
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.liquidity import Outlook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from chalicelib.domain.archive import Sweep
    from chalicelib.domain.customer import Customer
    from chalicelib.domain.findings import Finding
    from chalicelib.domain.funding import Credit, Entry, Receipt
    from chalicelib.domain.notices import Notice
    from chalicelib.domain.parked import ParkedLetter
    from chalicelib.domain.payout import Payout
    from chalicelib.domain.receipts import Banked, Movement
    from chalicelib.domain.settlement import Settlement, Share
    from chalicelib.ports import Recorded


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
    rounds: dict[str, str] = field(default_factory=dict)
    closed_until: datetime | None = None
    outlook: Outlook = field(default_factory=Outlook)
    sweep: Sweep | None = None
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

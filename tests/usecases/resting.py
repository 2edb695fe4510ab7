"""A business whose payouts have ended long ago, and the sweep that puts them into the archive."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.domain.archive import read
from chalicelib.domain.events import Confirmed, Returned
from chalicelib.domain.notices import PayoutNews
from chalicelib.usecases.archive import RESERVE, sweep
from chalicelib.usecases.trail import timeline
from tests.fakes.archive import MemoryArchive
from tests.fakes.changes import MemoryChanges
from tests.usecases.world import World, order

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from chalicelib.domain.money import Money
    from chalicelib.domain.payout import Payout
    from chalicelib.domain.recorded import Recorded

AFTER_DAYS = 90
REST = timedelta(days=AFTER_DAYS)
LONGEST = 900.0


class Resting(World):
    """A business with an archive. `ended` makes payouts that are over."""

    def __init__(self, payouts: int = 0) -> None:
        super().__init__()
        self.archive = MemoryArchive()
        self.seconds_left = LONGEST
        self.looks: int | None = None
        self.ports |= {
            "archive": self.archive, "changes": MemoryChanges(self.store.state),
            "sweeps": self.store.sweeps,
        }  # fmt: skip
        self.true = dict(self.ports)
        self.open_for_business()
        for number in range(payouts):
            self.ended(number)

    def time_left(self) -> float:
        """Seconds; of few looks at the clock only, where `looks` says so."""
        if self.looks is None:
            return self.seconds_left
        self.looks -= 1
        return self.seconds_left if self.looks >= 0 else RESERVE

    def paid(self, number: int = 0, **changed: Any) -> Payout:
        """A payout that the provider took."""
        key = f"key-of-payout-{number:04d}"
        placed: Payout = self.request(order(**changed), key=key).payout
        return placed

    def ended(self, number: int = 0, **changed: Any) -> Payout:
        """A payout that is completed."""
        payout = self.paid(number, **changed)
        return self.hear(payout, Confirmed)

    def hear(self, payout: Payout, kind: Any, **told: Any) -> Payout:
        """A webhook about a payout comes in at the real door."""
        raw = f"{kind.__name__} of {payout.transaction_id}".encode()
        self.inbox.teach_later(
            raw,
            lambda at: (
                PayoutNews(
                    payout.unique_reference, payout.transaction_id,
                    kind(at=at, by="monoova", attempt=payout.attempt, **told),
                ),
            ),
        )  # fmt: skip
        self.receive(raw)
        return self.now(payout)

    def returned(self, payout: Payout, amount: Money | None = None) -> Payout:
        """The money comes back."""
        return self.hear(payout, Returned, amount=amount, reason="ACCOUNT CLOSED")

    def now(self, payout: Payout) -> Payout:
        return self.store.state.payouts[payout.transaction_id]

    def sweep(self) -> Counter[str]:
        return sweep(
            after_days=AFTER_DAYS,
            **self._ports(
                "payouts", "changes", "archive", "sweeps", "clock", "time_left"
            ),
        )  # fmt: skip

    def sweep_after(self, span: timedelta = REST) -> Counter[str]:
        self.clock.advance(span)
        return self.sweep()

    def timeline(self, payout: Payout) -> Sequence[Recorded]:
        return timeline(self.now(payout), **self._ports("payouts", "archive"))

    def in_table(self, payout: Payout) -> list[int]:
        """Sequences of the steps that are not gone."""
        return [each.sequence for each in self.store.payouts.steps(payout.transaction_id)]

    def expiring(self, payout: Payout) -> list[int]:
        """Sequences of the steps that have a time to go."""
        of_all = self.store.state.expiries
        return [sequence for own, sequence in sorted(of_all) if own == payout.transaction_id]

    def objects(self) -> list[str]:
        return [name for name in self.archive.objects if name.endswith(".jsonl.gz")]

    def steps_ever(self, payout: Payout) -> list[Recorded]:
        """All that was ever written, gone or not."""
        return list(self.store.state.steps[payout.transaction_id])

    def check_nothing_lost(self) -> None:
        """Whatever goes, or may go, is in an object that the row names; and all of it is shown."""
        for payout in self.payouts:
            whole = self.steps_ever(payout)
            assert list(self.timeline(payout)) == whole
            held = self.archived_steps(payout)
            assert set(self.expiring(payout)) <= set(held)
            assert bool(payout.intent.destination.ciphertext) == (not payout.archives)

    def archived_steps(self, payout: Payout) -> list[int]:
        """Sequences of the steps that the objects hold that the row names."""
        return [
            step.sequence
            for name in payout.archives
            for line in read(name, self.archive.objects.get(name))
            if line.transaction_id == payout.transaction_id
            for step in line.steps
        ]

"""A night's figures while they are added up: counts, sums in cents, and what was found.

They are kept with the position, so that a night that was handed on counts everything once.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from chalicelib.domain.comparison import came_back, is_tonights
from chalicelib.domain.money import Money
from chalicelib.domain.payout import OPEN, Status
from chalicelib.ports import Found

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.account_day import Attempt, Reading
    from chalicelib.domain.night import Reconciliation, Sighting

# Ids that a night names: more would not go into its row; all are counted.
MOST_NAMED = 2000


@dataclass(slots=True)
class Figures:
    """What has been added up so far."""

    counts: Counter[str] = field(default_factory=Counter)
    sums: Counter[str] = field(default_factory=Counter)
    findings: dict[str, None] = field(default_factory=dict)

    @classmethod
    def of(cls, night: Reconciliation) -> Figures:
        """Those that a night had when it was last kept."""
        sums = Counter({name: amount.cents for name, amount in night.sums.items()})
        return cls(Counter(night.counts), sums, dict.fromkeys(night.findings))

    def on(self, night: Reconciliation, position: str) -> Reconciliation:
        """The night with these figures, as far as `position`."""
        return replace(
            night,
            position=position,
            counts=dict(self.counts),
            sums={name: Money(cents) for name, cents in self.sums.items()},
            findings=tuple(self.findings),
        )

    def found(self, finding_id: str, found: Found) -> None:
        """Count a finding, and name it."""
        if finding_id in self.findings:
            return
        self.counts["findings"] += 1
        if found is not Found.KNOWN:
            self.counts[f"{found}_findings"] += 1
        if len(self.findings) < MOST_NAMED:
            self.findings[finding_id] = None

    def count(
        self, ours: Sighting, attempts: Sequence[Attempt], reading: Reading, *, agrees: bool
    ) -> None:
        """Count a payout as it is in the end; one of another date only for what it needs."""
        counts, sums = self.counts, self.sums
        if ours.needs_person:
            counts["needs_person"] += 1
        for each in attempts:
            if each.back_on == reading.day:
                counts["came_back"] += 1
                sums["came_back"] += each.back
        if not is_tonights(ours, attempts, reading):
            return
        counts["payouts"] += 1
        counts["agreed"] += agrees and (bool(attempts) or ours.status not in OPEN)
        sums["fees"] += ours.fee.cents if ours.fee else 0
        if ours.status in OPEN:
            counts["waiting"] += 1
            sums["waiting"] += ours.amount.cents
        elif ours.status in {Status.COMPLETED, Status.DISPUTED}:
            counts["paid"] += 1
            back = came_back(ours.status, ours.amount, ours.came_back)
            sums["paid"] += (ours.amount - back).cents

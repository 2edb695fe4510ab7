"""What one run of the poller may still spend of the account. Refuses to guess: unknown stays so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.domain.liquidity import FloatRules
    from chalicelib.domain.money import Money
    from chalicelib.domain.payout import Payout
    from chalicelib.ports import Sketch

# Payouts that are added up, at the most.
COUNTED = 10_000


@dataclass
class Purse:
    """What a run may still spend of the account; `left` is `None` where nobody can say."""

    rules: FloatRules
    left: Money | None = None

    def allows(self, payout: Payout) -> bool:
        """Whether it fits, as far as is known, with its fee and above the reserve."""
        return self.left is None or self.rules.fits(self.left, payout.intent.amount)

    def spend(self, payout: Payout) -> None:
        """What it takes, or may have taken."""
        if self.left is not None:
            self.left -= payout.intent.amount + (payout.fee or self.rules.fee)

    def close(self) -> None:
        """Nothing more goes out in this run."""
        self.left = self.rules.reserve

    def covers(self, line: Iterable[Sketch]) -> bool:
        """Whether what is left is enough for everybody who still waits, with fees and reserve."""
        left = self.left
        if left is None:
            return False
        for number, each in enumerate(line):
            left -= each.amount + self.rules.fee
            if number == COUNTED or left < self.rules.reserve:
                return False
        return True

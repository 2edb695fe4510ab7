"""The business's money at a glance, as values: at the provider, with us, and in the coming days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from chalicelib.domain.customer import Funds
    from chalicelib.domain.forecast import Day, Expected, Shortage, Sum
    from chalicelib.domain.liquidity import Financials, FloatRules
    from chalicelib.domain.money import Money


@dataclass(frozen=True, slots=True)
class Account:
    """The account as the provider tells it, or why it does not, and what was last seen of it."""

    figures: Financials | None
    why_not: str
    last_seen: Money | None
    last_seen_at: datetime | None

    @property
    def available(self) -> Money | None:
        """What can be reckoned with: what is told now, else what was told last."""
        return self.last_seen if self.figures is None else self.figures.available


@dataclass(frozen=True, slots=True)
class OpenSums:
    """Sums of open payouts. `queued` and `waiting` (for funds) are parts of `held`.

    `complete` says whether all were read.
    """

    held: Sum
    in_flight: Sum
    queued: Sum
    waiting: Sum
    waiting_since: datetime | None
    complete: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything at a glance. `days` begin with today."""

    as_of: datetime
    account: Account
    funds: Funds
    sums: OpenSums
    rules: FloatRules
    expected: tuple[Expected, ...]
    days: tuple[Day, ...]
    warning: Shortage | None

    @property
    def today(self) -> date:
        """The Sydney date that it is of."""
        return self.days[0].on

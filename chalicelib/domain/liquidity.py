"""What the account at the provider holds, and who waits for it: rules of order, never of truth.

Payouts that wait for funds stand in one line, the oldest first. One that does not fit stops all
behind it, also smaller ones: else a large one would wait for ever. What was last seen of the
account is a hint; whether a payment can be made, only the provider says.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.events import Hindrance
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.payout import Payout, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.ways import Way

# How long what was seen of the account is worth something where nobody waits.
FRESH = timedelta(minutes=10)
# How often the provider is asked for its own limit of one payment over NPP.
LIMIT_FRESH = timedelta(hours=1)
# How often it is looked at what the ways of late have cost.
COSTS_FRESH = timedelta(hours=1)
# A turn at the line ends by itself after this: longer than a run of the poller, clocks included.
LONGEST_TURN = timedelta(minutes=3)
# What a payment costs at most, by the provider's examples, until somebody says otherwise.
LIKELY_FEE = Money(15)
_FIRST_RETRY, _LONGEST_RETRY = timedelta(seconds=30), timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class FloatRules:
    """What must stay in the account, what is little, and what a payment is likely to cost.

    Where `warning` is nothing, nobody is warned.
    """

    reserve: Money = ZERO
    warning: Money = ZERO
    fee: Money = LIKELY_FEE

    def fits(self, available: Money, amount: Money) -> bool:
        """Whether paying so much leaves the reserve untouched."""
        return available - amount - self.fee >= self.reserve

    def is_low(self, available: Money) -> bool:
        """Whether somebody should be warned."""
        return available < self.warning


@dataclass(frozen=True, slots=True)
class Financials:
    """The provider's figures of our account. `available` is what it would let us pay with now."""

    actual: Money
    available: Money
    npp_balance: Money | None = None
    npp_limit: Money | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What was last seen of the account, for whoever cannot ask: a hint that may be old or lost.

    `short_since` is when payouts began to wait for funds, `None` where none is known to.
    `turn_until` is when the present turn at the line ends, `warned_at` when it was last low.
    `npp_limit` is the most that the provider lets one payment over NPP be, `None` where it has not
    said; `limit_seen_at` is when it was asked. `costs` is what each way was seen to cost,
    `costs_seen_at` when that was looked at.
    """

    short_since: datetime | None = None
    available: Money | None = None
    seen_at: datetime | None = None
    warned_at: datetime | None = None
    turn_until: datetime | None = None
    npp_limit: Money | None = None
    limit_seen_at: datetime | None = None
    costs: Mapping[Way, Money] = field(default_factory=dict)
    costs_seen_at: datetime | None = None

    def is_old(self, now: datetime) -> bool:
        """Whether the account should be looked at again although nobody waits."""
        return self.seen_at is None or now >= self.seen_at + FRESH

    def is_taken(self, now: datetime) -> bool:
        """Whether somebody is at the line; a clock far ahead of ours holds nobody up."""
        return self.turn_until is not None and now < self.turn_until <= now + LONGEST_TURN

    def wants_limit(self, now: datetime) -> bool:
        """Whether the provider should be asked for its limit again."""
        return self.limit_seen_at is None or now >= self.limit_seen_at + LIMIT_FRESH

    def saw_limit(self, limit: Money | None, now: datetime) -> Outlook:
        """The outlook after that; a limit of nothing is none that was told."""
        told = limit if limit is not None and limit > ZERO else None
        return replace(self, npp_limit=told, limit_seen_at=now)

    def wants_costs(self, now: datetime) -> bool:
        """Whether it should be looked at again what the ways cost."""
        return self.costs_seen_at is None or now >= self.costs_seen_at + COSTS_FRESH

    def saw_costs(self, costs: Mapping[Way, Money], now: datetime) -> Outlook:
        """The outlook after that; a way that was not gone of late costs what it did."""
        return replace(self, costs={**self.costs, **costs}, costs_seen_at=now)

    def saw(self, available: Money, now: datetime) -> Outlook:
        """The outlook after the account was looked at."""
        return replace(self, available=available, seen_at=now)

    def warns(self, now: datetime) -> bool:
        """Whether it is time to say again that there is little."""
        return self.warned_at is None or now >= self.warned_at + FRESH


def waits_for_funds(payout: Payout) -> bool:
    """Whether a payout stands in the line; what is contradicted, or held, stands nowhere."""
    return (
        payout.status is Status.QUEUED
        and payout.hindrance == Hindrance.FUNDS
        and payout.needs_person != CONTRADICTION
        and payout.held is None
    )


def may_try(payout: Payout, now: datetime) -> bool:
    """Whether a payout in the line may be tried again by now.

    What the provider has refused waits longer each time: each try uses a reference up.
    """
    refused = payout.attempt - 1
    if not refused:
        return True
    wait = min(_LONGEST_RETRY, _FIRST_RETRY * (1 << min(refused - 1, 10)))
    return now >= payout.updated_at + wait

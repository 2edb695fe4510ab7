"""A customer's own history of payouts: what is usual for them. A picture, not a book of account.

Two payouts at once may each not see the other: nothing that has to be exact goes by it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from chalicelib.domain.money import Money
    from chalicelib.domain.rails import Rail

# How far back hours are kept: the longest time that a rule looks at, and the hour it begins in.
HOURS = 24
AN_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Habits:
    """Payouts asked for so far: their number, the sums of their cents and of their squares.

    `hours` counts those of each recent UTC hour (`2026112107`), `proven` are the destinations that
    a completed payment has reached, `used` the rails that it came by (as `by_rail` names them),
    `first_at` is when the first one was asked for.
    """

    count: int = 0
    cents: int = 0
    squares: int = 0
    hours: Mapping[str, int] = field(default_factory=dict)
    proven: frozenset[str] = frozenset()
    first_at: datetime | None = None
    used: frozenset[str] = frozenset()

    def is_first_use(self, rail: Rail, destination_id: str) -> bool:
        """Whether no payment is known to have reached the destination by that rail."""
        return by_rail(rail, destination_id) not in self.used


class Moments(NamedTuple):
    """Mean and variance without a division: `total / number` and `spread / number²`, in cents."""

    number: int
    total: int
    spread: int


def after(habits: Habits, amount: Money, at: datetime) -> Habits:
    """The habits with one payout more; hours that no rule looks at any more are forgotten."""
    now, gone = hour_of(at), over(habits, at)
    kept = {hour: count for hour, count in habits.hours.items() if hour not in gone}
    return Habits(
        count=habits.count + 1,
        cents=habits.cents + amount.cents,
        squares=habits.squares + amount.cents**2,
        hours={**kept, now: kept.get(now, 0) + 1},
        proven=habits.proven,
        first_at=habits.first_at or at,
        used=habits.used,
    )


def by_rail(rail: Rail, destination_id: str) -> str:
    """The name of a destination as one that is reached by a rail."""
    return f"{rail}#{destination_id}"


def moments(habits: Habits) -> Moments:
    """Of the amounts of all payouts so far, exact."""
    spread = habits.count * habits.squares - habits.cents**2
    return Moments(habits.count, habits.cents, spread)


def within(habits: Habits, at: datetime, hours: int) -> int:
    """How many were asked for within the `hours` (at most 24) before a moment.

    Of the hour in which that time began, as many as if they had come evenly, rounded up. One that
    seems to be of later on counts: clocks differ.
    """
    oldest = hour_of(at - timedelta(hours=hours))
    passed = at.minute * 60 + at.second
    partly = habits.hours.get(oldest, 0) * (AN_HOUR - passed)
    wholly = sum(count for hour, count in habits.hours.items() if hour > oldest)
    return wholly - (-partly // AN_HOUR)


def hour_of(at: datetime) -> str:
    """The name of the UTC hour of an aware moment: `2026112107`. Names sort as the hours do."""
    return at.astimezone(UTC).strftime("%Y%m%d%H")


def over(habits: Habits, at: datetime) -> tuple[str, ...]:
    """The hours that no rule looks at any more."""
    oldest = hour_of(at - timedelta(hours=HOURS))
    return tuple(sorted(hour for hour in habits.hours if hour < oldest))

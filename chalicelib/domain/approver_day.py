"""How much one person has agreed to within the last 24 hours, and whether more may be added.

Counted by the hour, and an hour that is partly over counts whole: never too little. What was
agreed to stays counted, whatever becomes of it afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Fault
from chalicelib.domain.money import Money

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

WINDOW = timedelta(hours=24)


def beyond_anybody(amount: Money, most: Money, one: str) -> tuple[Fault, ...]:
    """Why it may not wait for a word that nobody may give; `one` is whose word, as words begin."""
    if amount <= most:
        return ()
    why = f"{one} agrees to at most {most} within 24 hours"
    return (Fault("/amount", "above_approver_limit", why),)


@dataclass(frozen=True, slots=True)
class ApproverDay:
    """What `by` agreed to: cents by UTC hour (`2026112107`). `version` counts its writes."""

    by: str
    version: int = 0
    hours: Mapping[str, int] = field(default_factory=dict)

    def agreed(self, now: datetime) -> Money:
        """The sum of all hours of which a part is within the last 24."""
        return Money(sum(self._within(now).values()))

    def more(self, amount: Money, now: datetime, most: Money) -> ApproverDay | None:
        """One version later, with the amount added; `None` where that were more than `most`."""
        if self.agreed(now) + amount > most:
            return None
        hours, hour = self._within(now), _hour(now)
        hours[hour] = hours.get(hour, 0) + amount.cents
        return ApproverDay(self.by, self.version + 1, hours)

    def _within(self, now: datetime) -> dict[str, int]:
        # Hours to come stay: they are of a clock that is ahead of ours.
        first = _hour(now - WINDOW)
        return {hour: cents for hour, cents in self.hours.items() if hour >= first}


def _hour(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%d%H")

"""When a payout should be there, and until when it has to be agreed to for that.

Nobody's promise: nothing is decided by it. Refuses to expect what is not on its way any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.payout import OPEN, UNSENT, Status
from chalicelib.domain.rails import Rail
from chalicelib.domain.ways import arrival

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.calendar import Calendar
    from chalicelib.domain.payout import Payout
    from chalicelib.domain.ways import Arrival

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when a payout makes today's batches, in whole minutes from now."""

    at: datetime
    minutes: int

    @property
    def words(self) -> str:
        """What to do, for whoever may."""
        return f"approve within {self.minutes} min to make today's cut-off"


def expected_arrival(payout: Payout, now: datetime, calendar: Calendar) -> Arrival | None:
    """When it should be there; of what was not sent yet, if it were sent now."""
    if payout.status not in OPEN | {Status.COMPLETED}:
        return None
    sent_at = now if payout.status in UNSENT else payout.sent_at or payout.updated_at
    return arrival(payout.rail, sent_at, calendar.of(payout))


def approve_within(payout: Payout, now: datetime, calendar: Calendar) -> Deadline | None:
    """Until when agreeing to a direct credit sends it today; `None` where it changes nothing."""
    waits = payout.status is Status.AWAITING_APPROVAL
    last = calendar.cut_off_today(now)
    if not waits or payout.rail is not Rail.DIRECT_ENTRY or last is None:
        return None
    minutes = (last - now) // _MINUTE
    return Deadline(last, minutes) if minutes else None

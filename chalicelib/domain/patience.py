"""When a payout is to be looked at next, and when it becomes a person's: pure functions of it.

Times decide only when we ask, never what is true: no rule of money rests on them but the
quarantine, and that only beside a look-up that found nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.breaker import waits_for_rail
from chalicelib.domain.errors import CustomerStopped
from chalicelib.domain.liquidity import waits_for_funds
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.pause import sits_out
from chalicelib.domain.payout import OPEN, Payout, Status
from chalicelib.domain.rails import Rail

if TYPE_CHECKING:
    from chalicelib.domain.calendar import Calendar

# Why a person has to look at what a person keeps back.
HELD = "held"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long we wait for what.

    `quarantine` is longer than any request can be in flight plus twice the clocks' skew. A claim
    is `abandoned` once its sender cannot be alive any more. `window_days` are business days after
    the sending in which a direct credit may come back.
    """

    abandoned: timedelta = timedelta(seconds=60)
    first_ask: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(hours=1)
    quarantine: timedelta = timedelta(minutes=30)
    stuck: timedelta = timedelta(hours=24)
    window_days: int = 5
    most_sends: int = 3

    def due(self, payout: Payout, calendar: Calendar) -> datetime | None:
        """When the poller should look at it (aware UTC); `None` where it has nothing to do."""
        match payout.status:
            case Status.AWAITING_APPROVAL:
                return None if payout.needs_person == CONTRADICTION else payout.lapses_at
            case Status.QUEUED:
                return self._due_queued(payout)
            case Status.SENDING | Status.RESENDING:
                return self._due_sent(payout)
            case Status.PENDING if payout.rail is Rail.DIRECT_ENTRY:
                closes = calendar.of(payout).window_closes(
                    payout.sent_at or payout.updated_at, self.window_days
                )
                since = payout.asked_at or payout.updated_at
                return max(closes, since + self._backoff(payout.asks)) if payout.asks else closes
            case Status.PENDING | Status.UNCONFIRMED:
                since = payout.asked_at or payout.updated_at
                return since + self._backoff(payout.asks)
            case _:
                return None

    def _due_queued(self, payout: Payout) -> datetime | None:
        if payout.needs_person == CONTRADICTION or payout.held is not None:
            return None
        if waits_for_funds(payout) or waits_for_rail(payout) or sits_out(payout):
            # In a line, or apart, whose order is that of creation: it is always due.
            return payout.intent.created_at
        return payout.updated_at + self._backoff(payout.delays)

    def _due_sent(self, payout: Payout) -> datetime | None:
        if payout.file_id:
            return None  # it is the bank's, which tells people: nobody can be asked
        since = payout.asked_at or payout.sent_at or payout.updated_at
        return since + max(self.abandoned, self._backoff(payout.asks))

    def may_send_again(self, payout: Payout, now: datetime) -> bool:
        """Whether an unconfirmed payout that was *just asked for and not found* may be sent again.

        Never after an answer that sending again cannot cure, and never within the quarantine,
        which every sending starts anew. Whether the customer is stopped, the store knows.
        """
        return (
            payout.status is Status.UNCONFIRMED
            and payout.needs_person in {"", CustomerStopped.code}
            and payout.proposal is None
            and payout.held is None
            and payout.sends < self.most_sends
            and self.quarantine_over(payout, now)
        )

    def quarantine_over(self, payout: Payout, now: datetime) -> bool:
        """Whether no request of ours can still be in flight."""
        return payout.sent_at is not None and now >= payout.sent_at + self.quarantine

    def escalation(self, payout: Payout, now: datetime) -> str:
        """Why the payout should go before a person now; empty where it need not."""
        if payout.status not in OPEN or payout.needs_person:
            return ""
        if payout.status is Status.AWAITING_APPROVAL:
            return ""  # it is on the approvers' desk, and lapses by itself
        if payout.status is Status.UNCONFIRMED and payout.sends >= self.most_sends:
            return "sent_often_and_not_found"
        if payout.status is Status.PENDING and payout.missed >= 3:
            return "accepted_and_not_found"
        since = payout.intent.created_at
        if payout.approvals:
            since = payout.approvals[-1].at  # nobody could do anything before
        if payout.rail is Rail.DIRECT_ENTRY and payout.status is Status.PENDING:
            # From its own sending, however long it had waited: no window outlasts this.
            since = (payout.sent_at or since) + timedelta(days=2 * self.window_days + 7)
        return "open_too_long" if now >= since + self.stuck else ""

    def _backoff(self, times: int) -> timedelta:
        """Twice as long each time, up to `longest`."""
        return min(self.longest, self.first_ask * (1 << min(times, 20)))


def rests(payout: Payout) -> bool:
    """Whether it is queued and held: not due, and its money is to be reckoned with all the same."""
    calm = payout.needs_person != CONTRADICTION
    return payout.status is Status.QUEUED and payout.held is not None and calm


def attention(payout: Payout) -> str:
    """Why a person has to look at it; empty where nobody has to."""
    if payout.status is Status.DISPUTED:
        return "disputed"
    if payout.proposal is not None:
        return "resolution_proposed"
    return payout.needs_person or (HELD if payout.held else "")

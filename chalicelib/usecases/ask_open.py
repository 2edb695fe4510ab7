"""Ask about everything still open that was sent before the days that a night reads as a whole.

One by one, as the poller does, and nothing is sent. A direct credit whose window is open is not
asked about: each night reads all lines of its day, and would see it come back. One payout's trouble
costs only itself; a provider that answers for none of them ends the asking.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import ProviderUnavailable, SignInRefused, Stale, StoreUnavailable
from chalicelib.domain.night import Stage
from chalicelib.domain.payout import OPEN, UNSENT, Status
from chalicelib.domain.rails import Rail
from chalicelib.usecases.ask import (
    LONGEST_QUESTION,
    ReadOnce,
    ask,
    close_window,
    escalate,
    find,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from chalicelib.domain.calendar import Calendar
    from chalicelib.domain.night import Reconciliation
    from chalicelib.domain.patience import Patience
    from chalicelib.domain.payout import Payout
    from chalicelib.ports import Clock, Payouts, Provider, Settled, Sketch

    Save = Callable[[Reconciliation], Reconciliation]

# Seconds that one payout may need at the worst: with less left, none is begun.
RESERVE = 20.0
# So many without an answer in a row are the provider's trouble, not theirs.
IN_A_ROW = 3
# Times that it is tried to have an answer for each.
ROUNDS = 3
DAY = timedelta(days=1)


def ask_open(
    night: Reconciliation,
    *,
    payouts: Payouts,
    provider: Provider,
    clock: Clock,
    calendar: Calendar,
    patience: Patience,
    time_left: Callable[[], float],
    save: Save,
) -> Reconciliation:
    """Ask about all of it; the night as saved, at its next stage or still at this one.

    What was asked about since the night began is not asked again, so it may stop anywhere.

    Raises:
        ProviderUnavailable, SignInRefused: the provider answers for none; what is left, stays so.
        StoreUnavailable, Stale: as the ports say.
    """
    asking = _Asking(
        night, payouts=payouts, provider=provider, clock=clock, calendar=calendar,
        patience=patience, time_left=time_left,
    )  # fmt: skip
    whole = asking.all()
    told = asking.told
    known = {name: night.counts.get(name, 0) + told[name] for name in ("asked", "answered")}
    counts = {**night.counts, **known}
    rounds = int(night.position or 0) + 1
    if not whole or (told["unanswered"] and rounds < ROUNDS):
        at = str(rounds) if whole else night.position
        return save(replace(night, position=at, counts=counts))
    # Whatever it is that they have: the figures say it, and the poller goes on with them.
    counts["not_asked"] = told["unanswered"] + told["troubled"]
    return save(replace(night, stage=Stage.COMPARED, position="", counts=counts))


class _Asking:
    """One go at it: its ports, and what it has learnt."""

    def __init__(
        self,
        night: Reconciliation,
        *,
        payouts: Payouts,
        provider: Provider,
        clock: Clock,
        calendar: Calendar,
        patience: Patience,
        time_left: Callable[[], float],
    ) -> None:
        self.night, self.payouts, self.provider, self.clock = night, payouts, provider, clock
        self.calendar, self.patience, self.time_left = calendar, patience, time_left
        self.told: Counter[str] = Counter()
        self.in_a_row = 0
        self.read = ReadOnce(provider, clock)

    def all(self) -> bool:
        """Whether there was the time for each."""
        for sketch in self.payouts.open_work():
            if not self._may_concern(sketch):
                continue
            if self.time_left() < RESERVE:
                return False
            payout = self.payouts.get(sketch.transaction_id)
            if payout is not None and self._concerns(payout):
                self._attend(payout)
        return True

    def _may_concern(self, sketch: Sketch) -> bool:
        """Of what the index shows, all but what the payout itself would surely not be asked for."""
        if sketch.in_line or sketch.status in UNSENT:
            return False
        if sketch.status is Status.PENDING and sketch.rail is Rail.DIRECT_ENTRY:
            # A window of business days is never shorter than as many days.
            return sketch.created_at + self.patience.window_days * DAY <= self.clock.now()
        return sydney_date(sketch.created_at) < self.night.day - DAY

    def _concerns(self, payout: Payout) -> bool:
        if payout.status not in OPEN - UNSENT or payout.sent_at is None or payout.file_id:
            return False
        if sydney_date(payout.sent_at) >= self.night.day - DAY:
            return False
        if payout.asked_at is not None and payout.asked_at >= self.night.started_at:
            return False
        return not _in_its_window(payout) or self._is_due(payout)

    def _is_due(self, payout: Payout) -> bool:
        due = self.patience.due(payout, self.calendar)
        return due is not None and due <= self.clock.now()

    def _attend(self, payout: Payout) -> None:
        """Ask about one.

        Raises:
            ProviderUnavailable: it was not the first in a row; or our key was refused.
        """
        self.told["asked"] += 1
        try:
            self._ask(payout)
        except (SignInRefused, StoreUnavailable):
            raise
        except ProviderUnavailable:
            self.told["asked"] -= 1
            self.told["unanswered"] += 1
            self.in_a_row += 1
            if self.in_a_row >= IN_A_ROW:
                raise
            return
        except Stale:
            pass  # somebody else has heard of it just now
        except Exception:  # noqa: BLE001 (whatever it was, it costs this payout only)
            self.told["troubled"] += 1
        self.in_a_row = 0

    def _ask(self, payout: Payout) -> None:
        if _in_its_window(payout):
            after = close_window(
                payout, payouts=self.payouts, provider=self.read, clock=self.clock,
                time_left=self.time_left,
            )  # fmt: skip
        else:
            news = find(payout, provider=self.provider, clock=self.clock, time_left=self.time_left)
            if news is not None and payout.fee is None and payout.sent_at is not None:
                # Unread, its fee would be forgotten with the news: then it is asked again.
                self._statement(sydney_date(payout.sent_at))
            after = ask(
                payout, news, payouts=self.payouts, clock=self.clock, statement=self._statement
            )
        self.told["answered"] += after.status is not payout.status
        escalate(after, payouts=self.payouts, clock=self.clock, patience=self.patience)

    def _statement(self, day: date) -> Mapping[str, Settled]:
        return self.read.statement(day, within=min(self.time_left(), LONGEST_QUESTION))


def _in_its_window(payout: Payout) -> bool:
    return payout.status is Status.PENDING and payout.rail is Rail.DIRECT_ENTRY

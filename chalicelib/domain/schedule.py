"""A payout that is to be made later, or again and again: what, when, and how far it has come.

Holds the id of a destination at most, never the destination. Pays nobody: each occurrence becomes a
payout of its own, under an id that follows from the schedule and the occurrence's number, and is
decided upon when it wakes, as if it were asked for then.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import Conflict, InsufficientFunds
from chalicelib.domain.identifiers import derived_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from chalicelib.domain.calendar import Calendar
    from chalicelib.domain.order import Order
    from chalicelib.domain.timetable import Occurrence, Timetable

# How soon it is tried again where only the customer's balance is missing, within its day.
AGAIN_AFTER = timedelta(hours=1)
# How many occurrences back a payment counts as the schedule's own, not as somebody's duplicate.
OWN = 100
# Why it has ended; else `why` is what stopped it.
OVER, CANCELLED, ERASED = "over", "cancelled", "customer_erased"
# Refusals that the next occurrence may not meet. At any other the schedule waits for a person.
PASSING = frozenset({
    "insufficient_funds", "customer_stopped", "customer_day_limit", "operator_day_limit",
    "business_day_limit", "cooling_off", "first_payment_limit", "risk_blocked",
    "above_provider_limit", ERASED,
})  # fmt: skip


class State(StrEnum):
    """Whether it goes on."""

    ACTIVE = "active"
    NEEDS_PERSON = "needs_person"  # an occurrence was refused, and the next would be, too
    PAUSED = "paused"  # by a person
    ENDED = "ended"


class Result(StrEnum):
    """What became of an occurrence."""

    MADE = "made"  # there is a payout
    REFUSED = "refused"  # a rule said no when it woke
    MISSED = "missed"  # nobody woke it in time


@dataclass(frozen=True, slots=True)
class Waking:
    """What became of an occurrence, and why: `codes` are those of the rules that refused it."""

    schedule_id: str
    occurrence: Occurrence
    woken_at: datetime
    result: Result
    transaction_id: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Schedule:
    """`next` is the occurrence to come (once it has ended, the last), `wakes_at` when it is tried.

    `drafted` where the maker may only draft, as a bot. `version` counts changes, from 1; `reason`
    is what the person wrote who changed it last.
    """

    schedule_id: str
    order: Order = field(repr=False)
    timetable: Timetable
    next: Occurrence
    wakes_at: datetime
    created_at: datetime
    created_by: str
    changed_at: datetime
    changed_by: str
    drafted: bool = False
    state: State = State.ACTIVE
    why: str = ""
    reason: str = field(default="", repr=False)
    version: int = 1

    def is_due(self, now: datetime) -> bool:
        """Whether its next occurrence is to be tried."""
        return self.state is State.ACTIVE and self.wakes_at <= now

    def transaction_id(self, number: int) -> str:
        """The id of the payout that an occurrence becomes: the same whenever it is tried.

        Of a kind of its own, so that no idempotency key can take it.
        """
        return derived_id("scheduled payout", f"{self.schedule_id}/{number}")

    @property
    def own(self) -> frozenset[str]:
        """The payouts of the occurrences before the next."""
        first = max(1, self.next.number - OWN)
        return frozenset(self.transaction_id(each) for each in range(first, self.next.number))

    def waking(self, result: Result, at: datetime, codes: Sequence[str] = ()) -> Waking:
        """What became of the next occurrence."""
        own = self.transaction_id(self.next.number)
        return Waking(self.schedule_id, self.next, at, result, own, tuple(codes))


def coming_by(it: Schedule, last: date, calendar: Calendar) -> list[Occurrence]:
    """The occurrences that are still to come, and paid on a date up to the last."""
    found: list[Occurrence] = []
    each: Occurrence | None = it.next
    while each is not None and each.pays_on <= last:
        found.append(each)
        each = it.timetable.occurrence(each.number + 1, calendar)
    return found


def is_missed(it: Schedule, now: datetime, grace: int, calendar: Calendar) -> bool:
    """Whether its next occurrence is more than so many business days late."""
    return sydney_date(now) > calendar.after(it.next.pays_on, grace)


def may_wait(it: Schedule, codes: Sequence[str], now: datetime) -> bool:
    """Whether only the balance is missing, and there is time left of its day to try again."""
    short = set(codes) == {InsufficientFunds.code}
    return short and sydney_date(now + AGAIN_AFTER) <= it.next.pays_on


def put_off(it: Schedule, now: datetime) -> Schedule:
    """The same, its occurrence to be tried again later."""
    return _after(it, wakes_at=now + AGAIN_AFTER)


def advanced(it: Schedule, codes: Sequence[str], calendar: Calendar, *, at: datetime) -> Schedule:
    """The same after its next occurrence, which met these refusals.

    Where the refusals last, it waits for a person. While nobody knows whether its customer will be
    forgotten it goes on: that can be taken back, and whoever destroys the rest ends it, too.
    """
    following = it.timetable.occurrence(it.next.number + 1, calendar)
    if following is None:
        return _after(it, state=State.ENDED, why=OVER, changed_at=at)
    it = replace(it, next=following, wakes_at=following.at)
    lasting = [code for code in codes if code not in PASSING]
    if lasting:
        return _after(it, state=State.NEEDS_PERSON, why=lasting[0], changed_at=at)
    return _after(it)


def paused(it: Schedule, *, by: str, reason: str, at: datetime) -> Schedule:
    """The same, waiting until somebody lets it go on; paused already, as it is.

    Raises:
        Conflict: it has ended.
    """
    _refuse_ended(it)
    if it.state is State.PAUSED:
        return it
    return _after(it, state=State.PAUSED, why="", changed_at=at, changed_by=by, reason=reason)


def resumed(it: Schedule, calendar: Calendar, *, by: str, reason: str, at: datetime) -> Schedule:
    """The same, going on with what is still ahead: nothing is made up for; active, as it is.

    Raises:
        Conflict: it has ended, or nothing of it is ahead any more.
    """
    _refuse_ended(it)
    if it.state is State.ACTIVE:
        return it
    following = it.timetable.ahead(it.next.number, at, calendar)
    if following is None:
        raise Conflict("Nothing of the schedule lies ahead any more: cancel it.")
    return _after(
        it, state=State.ACTIVE, why="", next=following, wakes_at=following.at, changed_at=at,
        changed_by=by, reason=reason,
    )  # fmt: skip


def cancelled(it: Schedule, *, by: str, reason: str, at: datetime) -> Schedule:
    """The same, at an end; cancelled already, as it is.

    Raises:
        Conflict: it has ended otherwise.
    """
    if it.state is State.ENDED and it.why == CANCELLED:
        return it
    _refuse_ended(it)
    return _after(it, state=State.ENDED, why=CANCELLED, changed_at=at, changed_by=by, reason=reason)


def forgotten(it: Schedule, *, at: datetime) -> Schedule:
    """The same at an end, without any text that somebody wrote; forgotten already, as it is."""
    if not remembers(it):
        return it
    order = replace(it.order, reference="", description="")
    return _after(it, state=State.ENDED, why=ERASED, order=order, reason="", changed_at=at)


def remembers(it: Schedule) -> bool:
    """Whether it goes on, or says anything that a customer could be known by."""
    return it.state is not State.ENDED or bool(
        it.order.reference or it.order.description or it.reason
    )


def _refuse_ended(it: Schedule) -> None:
    if it.state is State.ENDED:
        raise Conflict("The schedule has ended.")


def _after(it: Schedule, **changed: object) -> Schedule:
    return replace(it, version=it.version + 1, **changed)  # type: ignore[arg-type] # by its names

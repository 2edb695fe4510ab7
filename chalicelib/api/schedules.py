"""Schedules at the edge: what is said of a payout for later, and how it is shown.

Form only: whether it may be paid at all, the use cases say, at once and again when it wakes.
"""

import re
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic import WithJsonSchema as Published

from chalicelib.api.fields import Day, Id, refusal
from chalicelib.api.filters import Listing
from chalicelib.api.recurrences import AnyRule
from chalicelib.api.schemas import NewPayout, shown
from chalicelib.api.shapes import AmountText, Moment, PageView, Shape, SydneyDate
from chalicelib.api.times import rfc3339
from chalicelib.domain import recurrence
from chalicelib.domain.destination import PayoutMethod
from chalicelib.domain.money import CURRENCY, Money
from chalicelib.domain.order import Order
from chalicelib.domain.recurrence import NAMES, WEEKDAYS, Rule
from chalicelib.domain.schedule import Result, Schedule, State, Waking
from chalicelib.domain.timetable import (
    USUAL_TIME,
    Adjustment,
    Occurrence,
    Timetable,
    usual_adjustment,
)

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_PAYOUT = {
    "customer_id": "6f1d2a0e-6d5c-4b0a-9b53-0d8f4c2c1a77", "amount": "100.00",
    "payout_method": "BankAccount",
}  # fmt: skip
MOST_OCCURRENCES = 1000


def _time(value: object) -> time:
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise refusal("invalid_time", "must be a time of day, as in 09:00")
    return time.fromisoformat(value)


TimeOfDay = Annotated[
    time,
    BeforeValidator(_time),
    Published({"type": "string", "pattern": f"^{_TIME.pattern}$"}),
]


class NewSchedule(NewPayout):
    """A payout for later, or again and again, until a date or for so many times, if at all."""

    model_config = ConfigDict(
        json_schema_extra=shown(
            _PAYOUT | {"rule": {"type": "once"}, "start": "2098-07-01"},
            _PAYOUT
            | {
                "rule": {"type": "weekly", "weekdays": ["Thu"], "every": 2},
                "start": "2098-07-03", "time": "10:30", "adjustment": "preceding",
                "until": "2099-06-30", "reference": "Salary",
            },
            _PAYOUT
            | {
                "rule": {"type": "monthly_on_business_day", "nth": -1}, "start": "2098-07-01",
                "count": 12,
            },
        )
    )  # fmt: skip
    rule: AnyRule
    start: Day = Field(description="The first Sydney date that may be one of the rule's.")
    time: TimeOfDay | None = Field(
        default=None, description="Sydney's time of day; 09:00 if absent."
    )
    adjustment: Annotated[Adjustment, Field(strict=False)] | None = Field(
        default=None,
        description="What becomes of dates on which banks do not settle; following if absent, and"
        " for a daily rule none.",
    )
    until: Day | None = Field(default=None, description="The last Sydney date, included.")
    count: Annotated[int, Field(ge=1, le=MOST_OCCURRENCES)] | None = Field(
        default=None, description="How many times; with until, whichever comes first."
    )

    def timetable(self) -> Timetable:
        """When it is to be paid, as the domain knows it."""
        rule = self.rule.rule()
        return Timetable(
            rule, self.start, self.adjustment or usual_adjustment(rule), self.time or USUAL_TIME,
            self.until, self.count,
        )  # fmt: skip


class ScheduleListing(Listing):
    """Which schedules: active ones first, the soonest first; of a customer, by time alone."""

    customer_id: Id | None = Field(default=None, description="Those of one customer.")
    state: Literal["active", "needs_person", "paused", "ended"] | None = Field(
        default=None, description="Those in one state."
    )


class OccurrenceView(Shape):
    """An occurrence: the rule's `date`, and the date and moment of paying."""

    number: int
    date: SydneyDate
    pays_on: SydneyDate
    at: Moment


class WakingView(OccurrenceView):
    """What became of an occurrence; `transaction_id` names its payout, where there is one.

    `refused_by` are the codes of all the rules that said no.
    """

    woken_at: Moment
    result: Literal["made", "refused", "missed"]
    transaction_id: str | None
    refused_by: list[str]


class RuleView(Shape):
    """A calendar rule; what a kind does not have is null."""

    type: str
    every: int | None
    weekdays: list[str] | None
    day: int | None
    nth: int | None
    weekday: str | None


class ScheduleView(Shape):
    """A payout for later. `next` is what comes next, and null once nothing does.

    `why` is a code that says why it waits for a person or has ended; `tries_at` when the next one
    is tried, later than its own moment where the customer's balance did not suffice.
    """

    schedule_id: str
    customer_id: str
    amount: AmountText
    currency: str
    payout_method: Literal["PayId", "BankAccount"]
    destination_id: str | None
    rail: Literal["NPP", "DirectEntry"] | None
    strategy: Literal["cheapest", "fastest", "by_urgency"] | None
    urgency: Literal["urgent", "normal"] | None
    reference: str | None
    description: str | None
    rule: RuleView
    start: SydneyDate
    time: str
    adjustment: Literal["following", "preceding", "modified_following", "none"]
    until: SydneyDate | None
    count: int | None
    state: Literal["active", "needs_person", "paused", "ended"]
    why: str | None
    reason: str | None
    next: OccurrenceView | None
    tries_at: Moment | None
    drafts: bool
    created_by: str
    created_at: Moment
    changed_by: str
    changed_at: Moment


class SchedulePage(PageView[ScheduleView]):
    """Some schedules."""


class ScheduleWithDates(ScheduleView):
    """A schedule with the dates that come next and what became of its latest occurrences."""

    coming: list[OccurrenceView]
    occurrences: list[WakingView]


def schedule(it: Schedule) -> ScheduleView:
    """A schedule."""
    order, times = it.order, it.timetable
    active = it.state is State.ACTIVE
    return ScheduleView(
        schedule_id=it.schedule_id, customer_id=order.customer_id, amount=str(order.amount),
        currency=CURRENCY, payout_method=order.method.value,
        destination_id=order.destination_id or None, rail=order.rail.value if order.rail else None,
        strategy=order.strategy.value if order.strategy else None,
        urgency=order.urgency.value if order.urgency else None,
        reference=order.reference or None, description=order.description or None,
        rule=_rule(times.rule), start=times.start.isoformat(),
        time=times.at.isoformat(timespec="minutes"), adjustment=times.adjustment.value,
        until=times.until.isoformat() if times.until else None, count=times.count,
        state=it.state.value, why=it.why or None, reason=it.reason or None,
        next=None if it.state is State.ENDED else _occurrence(it.next),
        tries_at=rfc3339(it.wakes_at) if active else None, drafts=it.drafted,
        created_by=it.created_by, created_at=rfc3339(it.created_at),
        changed_by=it.changed_by, changed_at=rfc3339(it.changed_at),
    )  # fmt: skip


def with_dates(it: Schedule, coming: list[Occurrence], wakings: list[Waking]) -> ScheduleWithDates:
    """A schedule with what comes, and what became of what came."""
    return ScheduleWithDates(
        **dict(schedule(it)), coming=[_occurrence(each) for each in coming],
        occurrences=[_waking(each) for each in wakings],
    )  # fmt: skip


def examples() -> dict[type[BaseModel], list[BaseModel]]:
    """An example of each answer, for the published document."""
    at = datetime(2026, 7, 2, 1, 2, 3, tzinfo=UTC)
    first = Occurrence(1, date(2026, 7, 2), date(2026, 7, 2), datetime(2026, 7, 1, 23, tzinfo=UTC))
    second = Occurrence(
        2, date(2026, 7, 16), date(2026, 7, 16), datetime(2026, 7, 15, 23, tzinfo=UTC)
    )
    by = "2f0d1c3b-7b1e-4c5e-8f7e-6a4a3c2b1d00"
    order = Order(
        _PAYOUT["customer_id"], Money(10_000), PayoutMethod.BANK_ACCOUNT, reference="Salary"
    )
    it = Schedule(
        "5a7e9c1b-3d2f-8b4a-96c8-0e1f2a3b4c5d", order,
        Timetable(recurrence.Weekly((3,), 2), date(2026, 7, 2)), second, second.at, at, by, at, by,
    )  # fmt: skip
    done = Waking(it.schedule_id, first, at, Result.MADE, "0c9f6f8a-3a38-8c5e-9a41-5d6f2b1f7e20")
    return {
        ScheduleView: [schedule(it)],
        SchedulePage: [SchedulePage(data=[schedule(it)], next_cursor=None)],
        ScheduleWithDates: [with_dates(it, [second], [done])],
    }


def _rule(rule: Rule) -> RuleView:
    told: dict[str, Any] = dict.fromkeys(("every", "weekdays", "day", "nth", "weekday"))
    told |= asdict(rule)
    if told["weekdays"] is not None:
        told["weekdays"] = [WEEKDAYS[each] for each in told["weekdays"]]
    if told["weekday"] is not None:
        told["weekday"] = WEEKDAYS[told["weekday"]]
    return RuleView(type=NAMES[type(rule)], **told)


def _occurrence(it: Occurrence) -> OccurrenceView:
    return OccurrenceView(**_dates(it))


def _waking(it: Waking) -> WakingView:
    return WakingView(
        **_dates(it.occurrence), woken_at=rfc3339(it.woken_at), result=it.result.value,
        transaction_id=it.transaction_id if it.result is Result.MADE else None,
        refused_by=list(it.codes) if it.result is Result.REFUSED else [],
    )  # fmt: skip


def _dates(it: Occurrence) -> dict[str, Any]:
    return {
        "number": it.number, "date": it.on.isoformat(), "pays_on": it.pays_on.isoformat(),
        "at": rfc3339(it.at),
    }  # fmt: skip

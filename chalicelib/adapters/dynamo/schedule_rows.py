"""A schedule, and what became of an occurrence, as rows of the control table, and back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, time
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.dynamo.understood import understood
from chalicelib.adapters.dynamo.values import Row, instant, moment, number
from chalicelib.domain.destination import PayoutMethod
from chalicelib.domain.money import Money
from chalicelib.domain.order import Order
from chalicelib.domain.rails import Rail
from chalicelib.domain.recurrence import NAMES, RULES
from chalicelib.domain.schedule import Result, Schedule, State, Waking
from chalicelib.domain.timetable import Adjustment, Occurrence, Timetable
from chalicelib.domain.ways import Strategy, Urgency

if TYPE_CHECKING:
    from chalicelib.domain.recurrence import Rule

# What partitions begin with: those of the index `listing` by state, of `about` by customer.
SCHEDULE, WAKING = "schedule#", "waking#"


def schedule_key(schedule_id: str) -> str:
    """The key of a schedule's row."""
    return SCHEDULE + schedule_id


def schedule_row(it: Schedule) -> Row:
    """The row of a schedule: in the list of its state, an active one by when it wakes."""
    active = it.state is State.ACTIVE
    return {
        "key": schedule_key(it.schedule_id),
        "version": it.version,
        "listing": SCHEDULE + it.state,
        "listed_at": instant(it.wakes_at if active else it.changed_at),
        "about": SCHEDULE + it.order.customer_id,
        **_order_row(it.order),
        **_timetable_row(it.timetable),
        **_occurrence_row(it.next),
        "wakes_at": instant(it.wakes_at),
        "created_at": instant(it.created_at),
        "created_by": it.created_by,
        "changed_at": instant(it.changed_at),
        "changed_by": it.changed_by,
        "drafted": it.drafted,
        "state": str(it.state),
        "why": it.why,
        "reason": it.reason,
    }


def schedule_from(row: Row) -> Schedule:
    """The schedule of a row.

    Raises:
        Corrupt: the row is not what a schedule can be.
    """
    with understood(f"the row of {row.get('key')}"):
        return Schedule(
            schedule_id=row["key"].removeprefix(SCHEDULE),
            order=_order(row),
            timetable=_timetable(row),
            next=_occurrence(row),
            wakes_at=moment(row["wakes_at"]),
            created_at=moment(row["created_at"]),
            created_by=row["created_by"],
            changed_at=moment(row["changed_at"]),
            changed_by=row["changed_by"],
            drafted=row["drafted"],
            state=State(row["state"]),
            why=row.get("why", ""),
            reason=row.get("reason", ""),
            version=int(row["version"]),
        )


def waking_row(it: Waking) -> Row:
    """The row of what became of an occurrence."""
    return {
        "key": f"{SCHEDULE}{it.schedule_id}#{it.occurrence.number}",
        "about": WAKING + it.schedule_id,
        "listed_at": instant(it.woken_at),
        **_occurrence_row(it.occurrence),
        "woken_at": instant(it.woken_at),
        "result": str(it.result),
        "transaction_id": it.transaction_id,
        "codes": list(it.codes),
    }


def waking_from(row: Row) -> Waking:
    """What became of an occurrence.

    Raises:
        Corrupt: the row does not say.
    """
    with understood(f"the row of {row.get('key')}"):
        return Waking(
            row["about"].removeprefix(WAKING), _occurrence(row), moment(row["woken_at"]),
            Result(row["result"]), row["transaction_id"], tuple(row["codes"]),
        )  # fmt: skip


def _order_row(it: Order) -> Row:
    return {
        "customer_id": it.customer_id,
        "amount": number(it.amount),
        "method": str(it.method),
        "destination_id": it.destination_id,
        "rail": str(it.rail or ""),
        "strategy": str(it.strategy or ""),
        "urgency": str(it.urgency or ""),
        "reference": it.reference,
        "description": it.description,
    }


def _order(row: Row) -> Order:
    rail, strategy, urgency = (row.get(name) for name in ("rail", "strategy", "urgency"))
    return Order(
        row["customer_id"], Money.exactly(row["amount"]), PayoutMethod(row["method"]),
        row.get("destination_id", ""), Rail(rail) if rail else None, row.get("reference", ""),
        row.get("description", ""), Strategy(strategy) if strategy else None,
        Urgency(urgency) if urgency else None,
    )  # fmt: skip


def _timetable_row(it: Timetable) -> Row:
    return {
        "rule": {"name": NAMES[type(it.rule)], **asdict(it.rule)},
        "start": it.start.isoformat(),
        "adjustment": str(it.adjustment),
        "time": it.at.isoformat(),
        "until": it.until.isoformat() if it.until else None,
        "count": it.count,
    }


def _timetable(row: Row) -> Timetable:
    until, count = row.get("until"), row.get("count")
    return Timetable(
        _rule(dict(row["rule"])), date.fromisoformat(row["start"]), Adjustment(row["adjustment"]),
        time.fromisoformat(row["time"]), date.fromisoformat(until) if until else None,
        int(count) if count is not None else None,
    )  # fmt: skip


def _rule(told: dict[str, Any]) -> Rule:
    kind = RULES[told.pop("name")]
    plain = {
        name: tuple(map(int, value)) if isinstance(value, list) else int(value)
        for name, value in told.items()
    }
    return kind(**plain)  # type: ignore[arg-type] # its own fields, or it is refused


def _occurrence_row(it: Occurrence) -> Row:
    return {
        "number": it.number,
        "on": it.on.isoformat(),
        "pays_on": it.pays_on.isoformat(),
        "pays_at": instant(it.at),
    }


def _occurrence(row: Row) -> Occurrence:
    return Occurrence(
        int(row["number"]), date.fromisoformat(row["on"]), date.fromisoformat(row["pays_on"]),
        moment(row["pays_at"]),
    )  # fmt: skip

"""Schedules and their occurrences: rows of the control table, each change one transaction.

An occurrence is written with the schedule that goes on behind it, and under a condition on its
payout, so that no record ever denies a payment, nor claims one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from chalicelib.adapters.dynamo.listing import Index, Wanted, listings, read_page
from chalicelib.adapters.dynamo.parts import new_row, versioned_row
from chalicelib.adapters.dynamo.readable import page_of
from chalicelib.adapters.dynamo.schedule_rows import (
    SCHEDULE,
    WAKING,
    schedule_from,
    schedule_key,
    schedule_row,
    waking_from,
    waking_row,
)
from chalicelib.adapters.dynamo.session import Refused
from chalicelib.adapters.dynamo.values import Row, from_item, instant, to_item
from chalicelib.domain.errors import Corrupt, CustomerErased, NotFound, Stale
from chalicelib.domain.schedule import Result, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from mypy_boto3_dynamodb.type_defs import ConditionCheckTypeDef, TransactWriteItemTypeDef

    from chalicelib.adapters.dynamo.client import Tables
    from chalicelib.adapters.dynamo.session import Session
    from chalicelib.domain.schedule import Schedule, Waking
    from chalicelib.ports import Page, ScheduleFilter

T = TypeVar("T")
# Rows of one question.
AT_ONCE = 100
# Before any moment, as an index has them.
FIRST = "0"
OWN, CUSTOMER = "schedule", "customer"


class DynamoSchedules:
    """The port `Schedules` on DynamoDB."""

    def __init__(self, session: Session, tables: Tables) -> None:
        self._session = session
        self._tables = tables
        self._about = Index(tables.control, "about", "about", "listed_at", "key")

    def add(self, schedule: Schedule) -> None:
        """Store a new schedule of a customer who is there, and not about to be forgotten.

        Raises:
            Stale, NotFound, CustomerErased, StoreUnavailable: as the port says.
        """
        row = schedule_row(schedule)
        customer = _check(
            self._tables.customers, {"customer_id": schedule.order.customer_id},
            "attribute_exists(customer_id) AND attribute_not_exists(erasing_at)",
        )  # fmt: skip
        parts = {OWN: new_row(self._tables.control, row, key="key"), CUSTOMER: customer}
        try:
            self._session.transact(parts, recognise=lambda: self._has(row))
        except Refused as refused:
            if refused.in_doubt and self._has(row):
                return
            if OWN in refused.found:
                raise Stale("The schedule's id is taken.") from refused
            if refused.found[CUSTOMER] is None:
                raise NotFound("customer") from refused
            raise CustomerErased from refused

    def get(self, schedule_id: str) -> Schedule | None:
        """The schedule as it is now.

        Raises:
            Corrupt: it cannot be read.
        """
        row = self._session.row(self._tables.control, {"key": schedule_key(schedule_id)})
        return schedule_from(row) if row else None

    def write(self, schedule: Schedule, *, waking: Waking | None = None) -> None:
        """Store a change in the place of the version before it, and what became of an occurrence.

        Raises:
            Stale, StoreUnavailable: as the port says.
        """
        row = schedule_row(schedule)
        parts = {OWN: versioned_row(self._tables.control, row, version=schedule.version - 1)}
        parts |= self._waking_parts(waking) if waking else {}
        try:
            self._session.transact(parts, recognise=lambda: self._has(row))
        except Refused as refused:
            if refused.in_doubt and self._has(row):
                return
            raise Stale("The schedule, or its payout, is not as it was read.") from refused

    def due(self, now: datetime) -> Iterator[str]:
        """Ids of active schedules that are due, the longest due first; may lag: read them again."""
        wanted = Wanted([SCHEDULE + State.ACTIVE], between=(FIRST, instant(now)))
        yield from (row["key"].removeprefix(SCHEDULE) for row in self._rows(wanted))

    def looked_through(self) -> Iterator[tuple[str, bool]]:
        """The id of every schedule, and whether it can be read; may lag."""
        for row in self._rows(Wanted([SCHEDULE + each for each in State])):
            yield row["key"].removeprefix(SCHEDULE), _readable(row, schedule_from) is not None

    def page(
        self, wanted: ScheduleFilter, *, limit: int, position: Mapping[str, str] | None
    ) -> Page[Schedule]:
        """Active ones first, the soonest first, then those that wait, then the ended; may lag."""
        states = [wanted.state] if wanted.state else list(State)
        if wanted.customer_id:
            index = self._about
            only = ("state", [str(each) for each in states])
            asked = Wanted([SCHEDULE + wanted.customer_id], only=only)
        else:
            index = listings(self._tables.control)
            asked = Wanted([SCHEDULE + each for each in states])
        rows, rest = read_page(self._session, index, asked, limit=limit, position=position)
        return page_of(rows, rest, schedule_from)

    def wakings(self, schedule_id: str, *, most: int) -> list[Waking]:
        """What became of its latest occurrences, the newest first; may lag behind by a moment."""
        wanted = Wanted([WAKING + schedule_id], newest_first=True)
        rows, _ = read_page(self._session, self._about, wanted, limit=most, position=None)
        found = (_readable(row, waking_from) for row in rows)
        return [each for each in found if each is not None]

    def _rows(self, wanted: Wanted) -> Iterator[Row]:
        """All rows of the list, page by page."""
        position: Mapping[str, str] | None = None
        while True:
            rows, position = read_page(
                self._session, listings(self._tables.control), wanted, limit=AT_ONCE,
                position=position,
            )  # fmt: skip
            yield from rows
            if position is None:
                return

    def _waking_parts(self, waking: Waking) -> dict[str, TransactWriteItemTypeDef]:
        there = "attribute_exists" if waking.result is Result.MADE else "attribute_not_exists"
        key = {"transaction_id": waking.transaction_id}
        condition = f"{there}(transaction_id)"
        return {
            "waking": new_row(self._tables.control, waking_row(waking), key="key"),
            "payout": _check(self._tables.transactions, key, condition),
        }

    def _has(self, row: Row) -> bool:
        """Whether the schedule is stored just as this row."""
        found = self._session.row(self._tables.control, {"key": row["key"]})
        return found == from_item(to_item(row))


def _check(table: str, key: Row, condition: str) -> TransactWriteItemTypeDef:
    check: ConditionCheckTypeDef = {
        "TableName": table,
        "Key": to_item(key),
        "ConditionExpression": condition,
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    return {"ConditionCheck": check}


def _readable(row: Row, read: Callable[[Row], T]) -> T | None:
    try:
        return read(row)
    except Corrupt:
        return None

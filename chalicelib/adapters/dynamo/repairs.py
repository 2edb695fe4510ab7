"""How far the repair of gaps has come and what it asked for: rows of the control table, mere hints.

One row has the next run's due time and how far the last whole one came; one for each webhook that
was asked for says how often. These go after 30 days. No rule of money rests on any of them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.dynamo.notice_rows import NO, NOTICE, seconds
from chalicelib.adapters.dynamo.parked import PARKED, RESOLVED
from chalicelib.adapters.dynamo.session import ROW, Refused
from chalicelib.adapters.dynamo.understood import understood
from chalicelib.adapters.dynamo.values import (
    Row,
    from_item,
    in_expression,
    instant,
    moment,
    perhaps_instant,
    perhaps_moment,
    to_item,
)
from chalicelib.domain.calendar import days, sydney_date
from chalicelib.domain.repair import Asked, Ending
from chalicelib.ports import Run

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from chalicelib.adapters.dynamo.session import Session

REPAIR = "repair"
ASKED = "asked-again"
OPEN = "repair#open"
EVERY = timedelta(minutes=10)
REMEMBERED = timedelta(days=30)
# How far back the very first run looks.
REACH = timedelta(days=3)
# Keys that one reading of many rows may name.
AT_ONCE = 100


class DynamoRepairs:
    """The port `Repairs` on DynamoDB."""

    def __init__(self, session: Session, table: str) -> None:
        self._session = session
        self._table = table

    def begin(self, now: datetime) -> Run | None:
        """Take the next run; `None` where it is not due, or somebody else has it."""
        row = self._row()
        due, since = run_from(row)
        if due is not None and due > now:
            return None
        values = {"now": instant(now), "next": instant(now + EVERY)}
        condition = "attribute_not_exists(due_at)"
        if due is not None:
            values["due"], condition = row["due_at"], "due_at = :due"
        # Without a whole run yet, what the first could have read is still to be accounted for.
        expression = "SET due_at = :next, began_at = :now, first_at = if_not_exists(first_at, :now)"
        if not self._update(expression, condition, values):
            return None
        return Run(now, since, bool(row.get("keeps_id")))

    def finish(self, run: Run, *, since: datetime, keeps_id: bool) -> None:
        """Remember how far a complete run came; an overtaken one leaves nothing."""
        self._update(
            "SET since = :since, keeps_id = :keeps",
            "began_at = :began",
            {"since": instant(since), "keeps": keeps_id, "began": instant(run.began_at)},
        )

    def seen(self, first: datetime, last: datetime) -> Collection[str]:
        """The ids of what was received between these and is kept or before a person; may lag.

        What did not prove to be the provider's proves nothing.
        """
        between = (instant(first), instant(last))
        listings = [
            *(f"{NOTICE}#{day}" for day in days(sydney_date(first), sydney_date(last))),
            RESOLVED,
        ]
        rows = [row for each in listings for row in self._query("listing", each, between)]
        rows += self._query("attention", PARKED, between)
        return {
            row["webhook_id"]
            for row in rows
            if row.get("webhook_id") and row.get("authentic") != NO
        }

    def open(self) -> Mapping[str, Asked]:
        """All that were asked for and still are waited for, by id; may lag."""
        rows = self._query("listing", OPEN, None)
        found = self.asked([row["webhook_id"] for row in rows])
        return {name: asked for name, asked in found.items() if asked.is_open}

    def asked(self, webhook_ids: Collection[str]) -> Mapping[str, Asked]:
        """Those of these that were ever asked for, by id."""
        ids, found = sorted(webhook_ids), dict[str, Asked]()
        for start in range(0, len(ids), AT_ONCE):
            keys = [_key(each) for each in ids[start : start + AT_ONCE]]
            for row in self._session.batch({self._table: keys})[self._table]:
                asked = asked_from(row)
                found[asked.webhook_id] = asked
        return found

    def ask(self, asked: Asked) -> bool:
        """Count that it is asked for once more; `False` where somebody else has counted that."""
        return self._put(asked, "#times = :before AND #ending = :open", {"before": asked.times - 1})

    def took(self, asked: Asked) -> bool:
        """Keep that the provider took this asking; `False` where it is not the last any more."""
        return self._put(asked, "#times = :before AND #ending = :open", {"before": asked.times})

    def end(self, asked: Asked) -> bool:
        """Keep how it ended; `False` where it had ended before."""
        return self._put(asked, "#ending = :open", {})

    def _row(self) -> Row:
        return self._session.row(self._table, {"key": REPAIR}) or {}

    def _update(self, expression: str, condition: str, values: Row) -> bool:
        """Change the run's row; `False` where somebody was there first, or perhaps we ourselves."""
        try:
            self._session.call(
                self._session.client.update_item,
                TableName=self._table,
                Key=to_item({"key": REPAIR}),
                UpdateExpression=expression,
                ConditionExpression=condition,
                ExpressionAttributeValues=in_expression(values),
            )
        except Refused:
            return False
        return True

    def _put(self, asked: Asked, condition: str, values: Row) -> bool:
        row = _row(asked)
        names = {"#key": "key", "#ending": "ending"}
        names |= {"#times": "times"} if "#times" in condition else {}
        try:
            self._session.call(
                self._session.client.put_item,
                TableName=self._table,
                Item=to_item(row),
                ConditionExpression=f"attribute_not_exists(#key) OR ({condition})",
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=in_expression({"open": str(Ending.OPEN), **values}),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except Refused as refused:
            # The run's own time is in it: nobody else writes the same.
            return refused.in_doubt and refused.found[ROW] == from_item(to_item(row))
        return True

    def _query(self, index: str, partition: str, between: tuple[str, str] | None) -> Iterator[Row]:
        """Ids of the rows of a partition of an index, page by page."""
        names = {"listing": ("listing", "listed_at"), "attention": _ATTENTION}[index]
        values = {"hash": partition}
        question: dict[str, Any] = {
            "TableName": self._table,
            "IndexName": index,
            "KeyConditionExpression": "#hash = :hash",
            "ProjectionExpression": "webhook_id, authentic",
            "ExpressionAttributeNames": {"#hash": names[0]},
        }
        if between is not None:
            question["KeyConditionExpression"] += " AND #range BETWEEN :first AND :last"
            question["ExpressionAttributeNames"]["#range"] = names[1]
            values["first"], values["last"] = between
        question["ExpressionAttributeValues"] = in_expression(values)
        while True:
            answer = self._session.call(self._session.client.query, **question)
            yield from (from_item(item) for item in answer["Items"])
            if not answer.get("LastEvaluatedKey"):
                return
            question["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


_ATTENTION = ("attention_bucket", "attention_since")


def _key(webhook_id: str) -> Row:
    return {"key": f"{ASKED}#{webhook_id}"}


def _row(asked: Asked) -> Row:
    listed = {"listing": OPEN, "listed_at": instant(asked.asked_at)} if asked.is_open else {}
    return {
        **_key(asked.webhook_id),
        **listed,
        "webhook_id": asked.webhook_id,
        "event_name": asked.event,
        "times": asked.times,
        "asked_at": instant(asked.asked_at),
        "run_at": instant(asked.run_at),
        "was_sent": asked.was_sent,
        "latest": perhaps_instant(asked.latest),
        "ending": str(asked.ending),
        "taken": asked.taken,
        "expires_at": seconds(asked.asked_at + REMEMBERED),
    }


def run_from(row: Row) -> tuple[datetime | None, datetime | None]:
    """When the next run is due, and since when nobody has looked through everything.

    Raises:
        Corrupt: the row does not say.
    """
    with understood("the row of repairs"):
        first = perhaps_moment(row.get("first_at"))
        since = perhaps_moment(row.get("since")) or (first - REACH if first else None)
        return perhaps_moment(row.get("due_at")), since


def asked_from(row: Row) -> Asked:
    """What was asked for, by its row.

    Raises:
        Corrupt: the row does not say.
    """
    with understood(f"the row {row.get('key')}"):
        return Asked(
            webhook_id=row["webhook_id"],
            event=row.get("event_name", ""),
            times=int(row["times"]),
            asked_at=moment(row["asked_at"]),
            run_at=moment(row["run_at"]),
            was_sent=bool(row["was_sent"]),
            latest=perhaps_moment(row.get("latest")),
            ending=Ending(row["ending"]),
            taken=bool(row.get("taken")),
        )

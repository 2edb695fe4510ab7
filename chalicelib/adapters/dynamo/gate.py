"""The provider's gate: shut after a refused sign-in until a person or a long wait opens it.

One row of the control table, read consistently. A longer closing is never shortened but by a
person. A row that cannot be read is a gate that is shut, until a person opens it, which mends it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.session import Refused
from chalicelib.adapters.dynamo.understood import understood
from chalicelib.adapters.dynamo.values import in_expression, instant, moment, to_item
from chalicelib.domain.errors import Corrupt

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.adapters.dynamo.session import Session
    from chalicelib.adapters.dynamo.values import Row
    from chalicelib.ports import Clock

GATE = "gate"
# The provider locks an account for an hour; the rest is for its clock and ours.
WAIT = timedelta(minutes=65)


def is_closed(row: Row | None, now: datetime) -> bool:
    """Whether the gate's row says that no call may go out."""
    if row is None or "closed_until" not in row:
        return False
    try:
        with understood("the row of the gate"):
            return moment(row["closed_until"]) > now
    except Corrupt:
        return True


class DynamoGate:
    """The port `Gate` on DynamoDB."""

    def __init__(
        self, session: Session, table: str, *, clock: Clock, wait: timedelta = WAIT
    ) -> None:
        self._session = session
        self._table = table
        self._clock = clock
        self._wait = wait

    def closed(self) -> bool:
        """Whether no call may go out now (consistent; asks the store)."""
        return is_closed(self._session.row(self._table, {"key": GATE}), self._clock.now())

    def close(self) -> None:
        """Shut it for everybody, after the provider refused our key."""
        now = self._clock.now()
        self._update(
            "SET closed_until = :until, closed_at = :now",
            "attribute_not_exists(closed_until) OR closed_until < :until",
            {"until": instant(now + self._wait), "now": instant(now)},
        )

    def open(self, *, by: str) -> None:
        """Open it, on a person's word."""
        self._update(
            "SET opened_by = :by, opened_at = :now REMOVE closed_until",
            "attribute_exists(closed_until)",
            {"by": by, "now": instant(self._clock.now())},
        )

    def _update(self, expression: str, condition: str, values: Row) -> None:
        """Change the row; where the condition does not hold it is so already."""
        try:
            self._session.call(
                self._session.client.update_item,
                TableName=self._table,
                Key=to_item({"key": GATE}),
                UpdateExpression=expression,
                ConditionExpression=condition,
                ExpressionAttributeValues=in_expression(values),
            )
        except Refused:
            return

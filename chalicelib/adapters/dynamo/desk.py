"""The approvers' desk: what each has agreed to, and the credits that wait for one of them.

Each writing is of one row, on top of the version that was read. An approver's day is only read
here: it is written with what they agree to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.desk_rows import (
    APPROVER,
    REQUEST,
    WAITING,
    day_from,
    request_from,
    request_part,
)
from chalicelib.adapters.dynamo.listing import Index, Wanted, listings, read_all, read_page
from chalicelib.adapters.dynamo.readable import page_of
from chalicelib.adapters.dynamo.session import Refused
from chalicelib.domain.errors import Stale

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalicelib.adapters.dynamo.session import Session
    from chalicelib.domain.approver_day import ApproverDay
    from chalicelib.domain.credit_request import CreditRequest
    from chalicelib.ports import Page

# Rows of one question.
AT_ONCE = 100


class DynamoDesk:
    """The port `Desk` on DynamoDB."""

    def __init__(self, session: Session, table: str) -> None:
        self._session = session
        self._table = table

    def day(self, by: str) -> ApproverDay:
        """What somebody has agreed to."""
        return day_from(self._session.row(self._table, {"key": APPROVER + by}), by)

    def credits(self, *, limit: int, position: Mapping[str, str] | None) -> Page[CreditRequest]:
        """Credits that wait to be agreed to, the oldest first; may lag."""
        rows, rest = read_page(
            self._session, listings(self._table), Wanted([WAITING]), limit=limit, position=position
        )
        return page_of(rows, rest, request_from)

    def credits_of(self, customer_id: str) -> Iterator[str]:
        """The ids of a customer's credits that wait to be agreed to; may lag.

        One that cannot be read is there all the same: of none more than the key is looked at.
        """
        index = Index(self._table, "about", "about", "listed_at", "key")
        rows = read_all(self._session, index, REQUEST + customer_id, at_once=AT_ONCE)
        return (row["key"].removeprefix(REQUEST) for row in rows)

    def credit(self, credit_id: str) -> CreditRequest | None:
        """What was asked for under that id, however it ended."""
        row = self._session.row(self._table, {"key": REQUEST + credit_id})
        return request_from(row) if row else None

    def ask(self, request: CreditRequest) -> None:
        """Keep what is asked for; the same again is no failure.

        Raises:
            Stale, StoreUnavailable: as the port says.
        """
        self._put(request)

    def end(self, request: CreditRequest) -> None:
        """Keep the end of what was asked for, and gave no money; the same again is no failure.

        Raises:
            Stale, StoreUnavailable: as the port says.
        """
        self._put(request)

    def _put(self, request: CreditRequest) -> None:
        part = request_part(self._table, request)
        try:
            self._session.call(self._session.client.put_item, **part["Put"])
        except Refused as refused:
            (found,) = refused.found.values()
            if found is None or request_from(found) != request:
                raise Stale("What was asked for is not as it was read.") from refused

"""What became of the receipts: matched with a settlement, closed, or found to be a return.

Each change is conditional on the receipt's own row; a match on the settlement's version as well, in
one transaction. The lists come from an index, and decide nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.listing import Wanted, listings, read_all, read_page
from chalicelib.adapters.dynamo.parts import versioned_row
from chalicelib.adapters.dynamo.readable import page_of, readable
from chalicelib.adapters.dynamo.receipt_rows import (
    MOVEMENT,
    RECEIPT,
    TO_FOLLOW,
    banked_from,
    change_of_receipt,
    listing_of,
    movement_from,
    stage_update,
)
from chalicelib.adapters.dynamo.session import ROW, Refused
from chalicelib.adapters.dynamo.settlement_rows import settlement_row
from chalicelib.adapters.dynamo.values import instant
from chalicelib.domain.calendar import start_of, sydney_date
from chalicelib.domain.errors import Stale
from chalicelib.domain.receipts import Banked, Movement, Stage, State

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime

    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from chalicelib.adapters.dynamo.session import Session
    from chalicelib.adapters.dynamo.values import Row
    from chalicelib.domain.findings import Kind
    from chalicelib.domain.settlement import Settlement
    from chalicelib.ports import Page

# Rows of one question.
AT_ONCE = 500


class DynamoReceipts:
    """The port `Receipts` on DynamoDB."""

    def __init__(self, session: Session, table: str) -> None:
        self._session = session
        self._table = table
        self._index = listings(table)

    def get(self, receipt_id: str) -> Banked | None:
        """The receipt as it is now."""
        row = self._session.row(self._table, {"key": RECEIPT + receipt_id})
        return banked_from(row) if row else None

    def open(self) -> Iterator[Banked]:
        """Receipts that nothing explains yet, the oldest first; may lag: a write tells."""
        return readable(self._listed(listing_of(State.OPEN)), banked_from)

    def page(self, state: State, *, limit: int, position: Mapping[str, str] | None) -> Page[Banked]:
        """Open receipts, the oldest first, or others, the newest first; may lag by a moment."""
        wanted = Wanted([listing_of(state)], newest_first=state is not State.OPEN)
        rows, rest = read_page(self._session, self._index, wanted, limit=limit, position=position)
        return page_of(rows, rest, banked_from)

    def of_days(self, first: date, last: date) -> Iterator[Banked]:
        """Receipts that came in on those Sydney dates, whatever became of them; may lag."""
        bounds = (instant(start_of(first)), instant(start_of(last + timedelta(days=1))))
        wanted = Wanted([listing_of(state) for state in State], between=bounds)
        position: Mapping[str, str] | None = None
        while True:
            rows, position = read_page(
                self._session, self._index, wanted, limit=AT_ONCE, position=position
            )
            found = map(banked_from, rows)
            yield from (each for each in found if sydney_date(each.receipt.received_at) <= last)
            if position is None:
                return

    def match(self, banked: Banked, settlement: Settlement) -> None:
        """Match an open receipt with a settlement, both in one transaction.

        Raises:
            Stale, StoreUnavailable: as the port says.
        """
        changed = {
            "state": str(State.MATCHED),
            "listing": listing_of(State.MATCHED),
            "settlement_id": settlement.settlement_id,
        }
        if banked.matched_by:
            changed |= {"matched_by": banked.matched_by, "reason": banked.reason}
        receipt = change_of_receipt(self._table, banked.receipt_id, changed)
        row, version = settlement_row(settlement), settlement.version - 1
        parts: dict[str, TransactWriteItemTypeDef] = {
            "receipt": {"Update": receipt},
            "settlement": versioned_row(self._table, row, version=version),
        }
        own = (State.MATCHED, settlement.settlement_id)

        def recognise() -> bool:
            found = self.get(banked.receipt_id)
            return found is not None and (found.state, found.settlement_id) == own

        try:
            self._session.transact(parts, recognise=recognise)
        except Refused as refused:
            found = refused.found.get("receipt")
            if not found or (found.get("state"), found.get("settlement_id")) != own:
                raise Stale("The receipt or the settlement is not as it was read.") from None

    def note(self, banked: Banked, kind: Kind) -> None:
        """Remember that a finding was opened about an open receipt.

        Raises:
            Stale, StoreUnavailable: as the port says.
        """
        self._change(banked, {"noted": sorted({*banked.noted, kind})})

    def close(self, banked: Banked, *, at: datetime) -> None:
        """Take a receipt off the list on a person's word; again is no failure.

        Raises:
            Stale, StoreUnavailable: as the port says.
        """
        said = {"state": str(State.CLOSED), "closed_by": banked.closed_by, "reason": banked.reason}
        try:
            listed = {"listing": listing_of(State.CLOSED), "closed_at": instant(at)}
            self._change(banked, {**said, **listed})
        except Stale:
            found = self.get(banked.receipt_id)
            if found is None or found != banked:
                raise

    def returns(self) -> Iterator[Movement]:
        """Returns that are to be followed, the oldest first; may lag: read them again."""
        found = readable(self._listed(TO_FOLLOW), movement_from)
        return (each for each in found if each is not None)

    def movement(self, movement_id: str) -> Movement | None:
        """The return of that id as it is now; `None` where no payout has heard one."""
        row = self._session.row(self._table, {"key": MOVEMENT + movement_id})
        return movement_from(row) if row else None

    def followed(self, movement: Movement, stage: Stage) -> None:
        """Remember how far a return has been followed.

        Raises:
            Stale, StoreUnavailable: as the port says.
        """
        update = stage_update(self._table, movement.movement_id, movement.stage, stage)
        try:
            self._session.call(self._session.client.update_item, **update)
        except Refused as refused:
            found = refused.found[ROW]
            if not (refused.in_doubt and found and found["stage"] == stage):
                raise Stale("The return was followed by somebody else.") from None

    def _change(self, banked: Banked, changed: Row) -> None:
        update = change_of_receipt(self._table, banked.receipt_id, changed)
        try:
            self._session.call(self._session.client.update_item, **update)
        except Refused:
            raise Stale("The receipt is not open any more.") from None

    def _listed(self, partition: str) -> Iterator[Row]:
        return read_all(self._session, self._index, partition, at_once=AT_ONCE)

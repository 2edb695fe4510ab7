"""Expected settlements: one row for each, and its shares in chunks that are all there before it.

A chunk's key holds the digest of all the shares, so that chunks of another body, left behind by a
sender who ended half way, are never taken for those of this one. They stay, and belong to nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.listing import Index, Wanted, listings, read_all, read_page
from chalicelib.adapters.dynamo.parts import new_row, versioned_row
from chalicelib.adapters.dynamo.readable import page_of, readable
from chalicelib.adapters.dynamo.session import ROW, Refused
from chalicelib.adapters.dynamo.settlement_rows import (
    ALL,
    CHUNK,
    OPEN,
    chunk_key,
    chunk_row,
    key_of,
    settlement_from,
    settlement_row,
    shares_from,
)
from chalicelib.adapters.dynamo.values import from_item, to_item
from chalicelib.domain.errors import Corrupt, Stale
from chalicelib.domain.settlement import with_shares

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from chalicelib.adapters.dynamo.session import Session
    from chalicelib.adapters.dynamo.values import Row
    from chalicelib.domain.settlement import Settlement, Share
    from chalicelib.ports import Page

# Rows that one BatchGetItem may ask for.
AT_ONCE = 100


class DynamoSettlements:
    """The port `Settlements` on DynamoDB."""

    def __init__(self, session: Session, table: str) -> None:
        self._session = session
        self._table = table

    def add(self, settlement: Settlement, shares: Sequence[Share]) -> None:
        """Store a new settlement with all of its rows: it is there only once they all are.

        Raises:
            Stale, StoreUnavailable, ValueError: as the port says.
            Corrupt: a chunk of the same name holds other shares.
        """
        _refuse_unsound(settlement, shares)
        for start in range(0, len(shares), CHUNK):
            row = chunk_row(settlement, start // CHUNK, shares[start : start + CHUNK])
            if not self._put(new_row(self._table, row, key="key"), row, always=True):
                raise Corrupt(f"rows of settlement {settlement.settlement_id}")
        row = settlement_row(settlement)
        if not self._put(new_row(self._table, row, key="key"), row):
            raise Stale("The settlement's id is taken.")

    def get(self, settlement_id: str) -> Settlement | None:
        """The settlement as it is now."""
        row = self._session.row(self._table, {"key": key_of(settlement_id)})
        return settlement_from(row) if row else None

    def shares(self, settlement: Settlement, *, first: int, most: int) -> Sequence[Share]:
        """Rows from number `first` on, in order, at most `most` of them; all if `most` covers it.

        Raises:
            Corrupt: rows are missing.
        """
        last = min(first + most - 1, settlement.shares)
        numbers = range((first - 1) // CHUNK, (last - 1) // CHUNK + 1)
        found: dict[int, Share] = {}
        for some in (numbers[start : start + AT_ONCE] for start in range(0, len(numbers), AT_ONCE)):
            keys = [{"key": chunk_key(settlement, each)} for each in some]
            for row in self._session.batch({self._table: keys})[self._table]:
                found |= {share.row: share for share in shares_from(row)}
        wanted = range(first, last + 1)
        if not found.keys() >= set(wanted):
            raise Corrupt(f"rows of settlement {settlement.settlement_id}")
        return [found[each] for each in wanted]

    def write(self, settlement: Settlement, *, version: int) -> None:
        """Store a change (stage, receipts, progress) as version + 1.

        Raises:
            Stale: its version is no longer `version`.
            StoreUnavailable: whether it was written is not known.
        """
        row = settlement_row(replace(settlement, version=version + 1))
        if not self._put(versioned_row(self._table, row, version=version), row):
            raise Stale("The settlement is not as it was read.")

    def open(self) -> Sequence[Settlement]:
        """Every settlement that is expected or being allocated, the earliest due first; may lag."""
        rows = read_all(self._session, listings(self._table), OPEN, at_once=AT_ONCE)
        found = readable(rows, settlement_from)
        return sorted(found, key=lambda each: (each.due_on, each.created_at))

    def page(self, *, limit: int, position: Mapping[str, str] | None) -> Page[Settlement]:
        """All of them, the newest first; may lag behind by a moment."""
        index = Index(self._table, "about", "about", "listed_at", "key")
        wanted = Wanted([ALL], newest_first=True)
        rows, rest = read_page(self._session, index, wanted, limit=limit, position=position)
        return page_of(rows, rest, settlement_from)

    def _put(self, part: TransactWriteItemTypeDef, row: Row, *, always: bool = False) -> bool:
        """Put a row under its condition; whether it is there as it is.

        One of the same content is ours where a reply was lost, and `always` where it can be no
        other's.
        """
        try:
            self._session.call(self._session.client.put_item, **part["Put"])
        except Refused as refused:
            return (always or refused.in_doubt) and refused.found[ROW] == from_item(to_item(row))
        return True


def _refuse_unsound(settlement: Settlement, shares: Sequence[Share]) -> None:
    if with_shares(settlement, shares) != settlement:
        raise ValueError("a settlement has the count, the sum and the digest of its rows")
    if [share.row for share in shares] != list(range(1, len(shares) + 1)):
        raise ValueError("the rows of a settlement are numbered from 1")

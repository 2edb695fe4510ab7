"""Bank files in the control table: one row for each, each change on top of the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.bank_file_rows import (
    ALL,
    UNSETTLED,
    WAITING,
    bank_file_from,
    bank_file_row,
    key_of,
)
from chalicelib.adapters.dynamo.listing import Index, Wanted, listings, read_all, read_page
from chalicelib.adapters.dynamo.parts import new_row, versioned_row
from chalicelib.adapters.dynamo.session import ROW, Refused
from chalicelib.adapters.dynamo.values import from_item, to_item
from chalicelib.domain.errors import Stale
from chalicelib.ports import Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from chalicelib.adapters.dynamo.session import Session
    from chalicelib.adapters.dynamo.values import Row
    from chalicelib.domain.bank_file import BankFile

# Rows asked for at once.
AT_ONCE = 20


class DynamoBankFiles:
    """The port `BankFiles` on DynamoDB."""

    def __init__(self, session: Session, table: str) -> None:
        self._session = session
        self._table = table

    def add(self, file: BankFile) -> None:
        """Store a new file.

        Raises:
            Stale, StoreUnavailable: as the port says.
        """
        row = bank_file_row(file)
        self._put(new_row(self._table, row, key="key"), row)

    def get(self, file_id: str) -> BankFile | None:
        """The file as it is now."""
        row = self._session.row(self._table, {"key": key_of(file_id)})
        return bank_file_from(row) if row else None

    def write(self, file: BankFile) -> None:
        """Store a change in the place of the version before it.

        Raises:
            Stale, StoreUnavailable: as the port says.
        """
        row = bank_file_row(file)
        self._put(versioned_row(self._table, row, version=file.version - 1), row)

    def unsettled(self) -> Iterator[str]:
        """Ids of files with something left to do, the oldest first; may lag: read them again."""
        return self._listed(UNSETTLED)

    def waiting(self) -> Iterator[str]:
        """Ids of files that wait for a person, or for the bank, the oldest first; may lag."""
        yield from self._listed(UNSETTLED)
        yield from self._listed(WAITING)

    def page(self, *, limit: int, position: Mapping[str, str] | None) -> Page[str]:
        """Ids of all files, the newest first; may lag behind by a moment."""
        index = Index(self._table, "about", "about", "listed_at", "key")
        wanted = Wanted([ALL], newest_first=True)
        rows, rest = read_page(self._session, index, wanted, limit=limit, position=position)
        return Page([_id(row) for row in rows], rest)

    def _listed(self, partition: str) -> Iterator[str]:
        rows = read_all(self._session, listings(self._table), partition, at_once=AT_ONCE)
        return map(_id, rows)

    def _put(self, part: TransactWriteItemTypeDef, row: Row) -> None:
        """Put a row under its condition; one of the same content is ours, by a lost reply."""
        try:
            self._session.call(self._session.client.put_item, **part["Put"])
        except Refused as refused:
            if not refused.in_doubt or refused.found[ROW] != from_item(to_item(row)):
                raise Stale("The bank file is not as it was read.") from None


def _id(row: Row) -> str:
    return str(row["key"]).removeprefix(key_of(""))

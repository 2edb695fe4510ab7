"""The runs of the nights and their agenda: rows of the control table, written by version.

The runs of a date are numbered from 1 without a gap, so reading keys in turn finds the last of them
consistently. Who wrote a row is known by a mark of that writing alone.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.listing import Index, Wanted, read_page
from chalicelib.adapters.dynamo.night_rows import (
    AGENDA,
    NIGHT,
    agenda_from,
    agenda_row,
    chunks_of,
    key_of,
    night_from,
    night_row,
)
from chalicelib.adapters.dynamo.parts import new_row, versioned_row
from chalicelib.adapters.dynamo.readable import page_of
from chalicelib.adapters.dynamo.session import ROW, Refused
from chalicelib.adapters.dynamo.values import to_item
from chalicelib.domain.errors import Stale

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from chalicelib.adapters.dynamo.session import Session
    from chalicelib.adapters.dynamo.values import Row
    from chalicelib.domain.agenda import Agenda
    from chalicelib.domain.night import Reconciliation
    from chalicelib.ports import Page

# Runs of a date that one reading looks for: a second one is rare.
AT_ONCE = 3
# Keys that one BatchGetItem may name.
MOST_KEYS = 100


class DynamoNights:
    """The port `Nights` on DynamoDB."""

    def __init__(self, session: Session, table: str) -> None:
        self._session = session
        self._table = table

    def get(self, day: date, run: int | None = None) -> Reconciliation | None:
        """A run of a date, the latest where none is named (consistent)."""
        if run is not None:
            row = self._session.row(self._table, key_of(day, run))
            rows = [row] if row else []
        else:
            rows = self._rows(day)[-1:]
        return next(iter(self._nights(rows)), None)

    def runs(self, day: date) -> Sequence[Reconciliation]:
        """Every run of a date, the first one first (consistent)."""
        return self._nights(self._rows(day))

    def save(self, night: Reconciliation) -> None:
        """Keep a run: new at version 1, else in the place of the version before.

        Raises:
            Stale, StoreUnavailable: as the port says.
        """
        chunks = chunks_of(night)
        for chunk in chunks:
            # Named by what is in it: whoever writes it writes the same.
            self._session.call(
                self._session.client.put_item, TableName=self._table, Item=to_item(chunk)
            )
        self._put(night_row(night, chunks), night.version - 1)

    def page(self, *, limit: int, position: Mapping[str, str] | None) -> Page[Reconciliation]:
        """Runs, the newest first; may lag.

        One that cannot be read is left out, and named: the others tell of their own dates.
        """
        index = Index(self._table, "about", "about", "listed_at", "key")
        wanted = Wanted([NIGHT], newest_first=True)
        rows, rest = read_page(self._session, index, wanted, limit=limit, position=position)
        return page_of(rows, rest, lambda row: self._nights([row])[0])

    def agenda(self) -> Agenda:
        """Which dates are still to be done, by one consistent read of one row."""
        return agenda_from(self._session.row(self._table, AGENDA))

    def arrange(self, agenda: Agenda) -> None:
        """Keep it as version + 1.

        Raises:
            Stale, StoreUnavailable: as the port says.
        """
        row = agenda_row(agenda) | {"version": agenda.version + 1}
        self._put(row, agenda.version)

    def _rows(self, day: date) -> list[Row]:
        rows: list[Row] = []
        while len(rows) % AT_ONCE == 0:
            wanted = range(len(rows) + 1, len(rows) + 1 + AT_ONCE)
            found = self._by_key(key_of(day, run)["key"] for run in wanted)
            if not found:
                break
            rows += sorted(found.values(), key=lambda row: int(row["run"]))
        return rows

    def _nights(self, rows: Sequence[Row]) -> list[Reconciliation]:
        named = {key for row in rows for key in row.get("chunks", ())}
        chunks = self._by_key(named)
        return [night_from(row, chunks) for row in rows]

    def _by_key(self, keys: Iterable[str]) -> dict[str, Row]:
        wanted = sorted(keys)
        found: dict[str, Row] = {}
        for start in range(0, len(wanted), MOST_KEYS):
            some = [{"key": key} for key in wanted[start : start + MOST_KEYS]]
            rows = self._session.batch({self._table: some})[self._table]
            found |= {row["key"]: row for row in rows}
        return found

    def _put(self, row: Row, before: int) -> None:
        """Put a row in the place of the version before; 0 is none."""
        row = row | {"saved_by": str(uuid.uuid4())}
        part = versioned_row(self._table, row, version=before)
        if before == 0:
            part = new_row(self._table, row, key="key")
        try:
            self._session.call(self._session.client.put_item, **part["Put"])
        except Refused as refused:
            found = refused.found[ROW]
            if not (refused.in_doubt and found and found["saved_by"] == row["saved_by"]):
                raise Stale("Somebody else has written it.") from refused

"""The checks of destinations: two rows each, written together, so that the latest is one read away.

The latest check's row carries the version that every write is conditional on; a check's own row
stays when another one becomes the latest, and is found by its name and by its date.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.check_rows import (
    about,
    kept_from,
    latest_key,
    latest_row,
    listed_under,
    own_key,
    own_row,
)
from chalicelib.adapters.dynamo.listing import Index, listings, read_all
from chalicelib.adapters.dynamo.parts import new_row, versioned_row
from chalicelib.adapters.dynamo.session import Refused
from chalicelib.adapters.dynamo.values import from_item, to_item
from chalicelib.domain.erasure import forgotten_check
from chalicelib.domain.errors import Stale

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from chalicelib.adapters.dynamo.session import Session
    from chalicelib.adapters.dynamo.values import Row
    from chalicelib.domain.account_check import KeptCheck

AT_ONCE = 100


class DynamoAccountChecks:
    """The port `AccountChecks` on DynamoDB."""

    def __init__(self, session: Session, table: str) -> None:
        self._session = session
        self._table = table

    def current(self, destination_id: str) -> KeptCheck | None:
        """The latest check of a destination, as it is now."""
        return self._kept(latest_key(destination_id))

    def called(self, destination_id: str, identifier: str) -> KeptCheck | None:
        """A check by what it is called, be it the latest or not."""
        return self._kept(own_key(destination_id, identifier))

    def write(self, kept: KeptCheck, *, version: int) -> None:
        """Store a destination's check as version + 1; version 0 says that there was none.

        Raises:
            Stale: the destination's version is another one.
            StoreUnavailable: whether it was written is not known.
        """
        after = replace(kept, version=version + 1)
        latest, own = latest_row(after), own_row(after)
        first = new_row(self._table, latest, key="key")
        later = versioned_row(self._table, latest, version=version)
        # Its own row follows the latest one's condition.
        always = {"Put": {"TableName": self._table, "Item": to_item(own)}}
        try:
            self._session.transact(
                {"latest": later if version else first, "own": always},  # type: ignore[dict-item] # a part
                recognise=lambda: self._is(latest),
            )
        except Refused as refused:
            if not (refused.in_doubt and refused.found.get("latest") == _stored(latest)):
                raise Stale("The destination's check is not as it was read.") from None

    def started_on(self, day: date) -> Sequence[KeptCheck]:
        """The checks that were started on a Sydney date, the oldest first; may lag."""
        index = listings(self._table)
        rows = read_all(self._session, index, listed_under(day), at_once=AT_ONCE)
        return [kept_from(row) for row in rows]

    def forget(self, customer_id: str) -> int:
        """Destroy tokens and masked names of all of a customer's checks; of how many it did.

        Raises:
            StoreUnavailable: some may be destroyed; again goes on.
        """
        index = Index(self._table, "about", "about", "listed_at", "key")
        rows = read_all(self._session, index, about(customer_id), at_once=AT_ONCE)
        checks = [kept_from(row).check for row in rows]
        for name in sorted({each.destination_id for each in checks}):
            self._empty(latest_key(name), latest_row)
        # A check's own row last: as long as it has something, all is looked at again.
        names = [own_key(each.destination_id, each.identifier) for each in checks]
        return sum(self._empty(name, own_row) for name in names)

    def _empty(self, key: str, row_of: Callable[[KeptCheck], Row]) -> bool:
        """Whether something was taken away; where somebody writes meanwhile, the next time."""
        kept = self._kept(key)
        if kept is None or forgotten_check(kept) == kept:
            return False
        row = row_of(forgotten_check(kept))
        try:
            self._session.transact(
                {"row": versioned_row(self._table, row, version=kept.version)},
                recognise=lambda: self._is(row),
            )
        except Refused:
            return False
        return True

    def _kept(self, key: str) -> KeptCheck | None:
        row = self._session.row(self._table, {"key": key})
        return kept_from(row) if row else None

    def _is(self, row: Row) -> bool:
        return self._session.row(self._table, {"key": row["key"]}) == _stored(row)


def _stored(row: Row) -> Row:
    """The row as it is read back."""
    return from_item(to_item(row))

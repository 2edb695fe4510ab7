"""Webhooks that were kept: rows of the control table, written with the step that they caused.

Bodies are personal: they are kept whole and compressed, and never leave by a list. A notice that
needs nobody carries the moment at which the table lets it go; any other has none.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.listing import Index, Wanted, read_page
from chalicelib.adapters.dynamo.notice_rows import (
    NO,
    NOTICE,
    YES,
    about,
    heard_after_all,
    key_of,
    notice_of,
    notice_row,
    origin,
    without_body,
)
from chalicelib.adapters.dynamo.parts import new_row
from chalicelib.adapters.dynamo.readable import page_of
from chalicelib.adapters.dynamo.session import ROW, Refused
from chalicelib.adapters.dynamo.values import instant
from chalicelib.domain.calendar import start_of
from chalicelib.domain.notices import notice_id_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from chalicelib.adapters.dynamo.session import Session
    from chalicelib.domain.notices import Notice
    from chalicelib.ports import NoticeFilter, Page


def transact_keeping(
    session: Session,
    control: str,
    parts: Mapping[str, TransactWriteItemTypeDef],
    notice: Notice | None,
    *,
    recognise: Callable[[], bool],
) -> None:
    """Write the parts, and the notice with them.

    Where nothing but the notice is refused it was kept before, when it could not be applied: then
    the parts are written, and it says what it did after all.

    Raises:
        Refused: other parts were.
        StoreUnavailable: whether they were written is not known.
    """
    if notice is not None:
        new = new_row(control, notice_row(notice), key="key")
        for part in (new, heard_after_all(control, notice)):
            try:
                return session.transact({**parts, NOTICE: part}, recognise=recognise)
            except Refused as refused:
                if set(refused.found) != {NOTICE}:
                    raise
    return session.transact(parts, recognise=recognise)


class DynamoNotices:
    """The port `Notices` on DynamoDB."""

    def __init__(self, session: Session, table: str) -> None:
        self._session = session
        self._table = table

    def keep(self, notice: Notice) -> bool:
        """Keep a notice that caused no step; whether it is new (a repeat changes nothing)."""
        # Two deliveries make the same row: only a name of its own tells whose is there.
        own = str(uuid.uuid4())
        part = new_row(self._table, {**notice_row(notice), "kept_by": own}, key="key")
        try:
            self._session.call(self._session.client.put_item, **part["Put"])
        except Refused as refused:
            found = refused.found[ROW]
            return refused.in_doubt and found is not None and found.get("kept_by") == own
        return True

    def known(self, key: str) -> bool:
        """Whether a notice of that key was kept."""
        return self._session.row(self._table, key_of(notice_id_of(key)), only="key") is not None

    def get(self, notice_id: str) -> Notice | None:
        """The notice with its body."""
        row = self._session.row(self._table, key_of(notice_id))
        return notice_of(row, whole=True) if row else None

    def forget(self, notice_id: str) -> bool:
        """Destroy the body of a notice, if it is there; whether there was one to destroy."""
        try:
            self._session.call(self._session.client.update_item, **without_body(
                self._table, notice_id
            ))  # fmt: skip
        except Refused as refused:
            # Where a reply was lost, what is found without a body is our own doing.
            return refused.in_doubt and refused.found[ROW] is not None
        return True

    def page(
        self, wanted: NoticeFilter, *, limit: int, position: Mapping[str, str] | None
    ) -> Page[Notice]:
        """Notices without their bodies, the newest first; may lag behind by a moment."""
        name = "about" if wanted.reference else "listing"
        index = Index(self._table, name, name, "listed_at", "key")
        rows, rest = read_page(self._session, index, _asked(wanted), limit=limit, position=position)
        return page_of(rows, rest, lambda row: notice_of(row, whole=False))


def _asked(wanted: NoticeFilter) -> Wanted:
    if wanted.reference:
        between = _within(wanted.day) if wanted.day else None
        return Wanted(
            [about(wanted.reference)], newest_first=True, between=between, only=_only(wanted)
        )
    if wanted.day is None:
        raise ValueError("a list of notices is that of a reference or of a day")
    return Wanted([f"{NOTICE}#{wanted.day.isoformat()}"], newest_first=True, only=_only(wanted))


def _within(day: date) -> tuple[str, str]:
    last = start_of(day + timedelta(days=1)) - timedelta(microseconds=1)
    return instant(start_of(day)), instant(last)


def _only(wanted: NoticeFilter) -> tuple[str, list[str]] | None:
    either = [True, False] if wanted.authentic is None else [wanted.authentic]
    if wanted.event_name:
        return "origin", [origin(wanted.event_name, authentic=each) for each in either]
    return None if wanted.authentic is None else ("authentic", [YES if wanted.authentic else NO])

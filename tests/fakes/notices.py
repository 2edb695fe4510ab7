"""Notices in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import sydney_date
from tests.fakes.paging import paged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.notices import Notice
    from chalicelib.ports import NoticeFilter, Page
    from tests.fakes.state import State


class MemoryNotices:
    """The port `Notices`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def keep(self, notice: Notice) -> bool:
        """Keep a notice; whether it is new."""
        with self._state.writing():
            new = notice.key not in self._state.notices
            self._state.notices.setdefault(notice.key, notice)
            return new

    def known(self, key: str) -> bool:
        """Whether a notice of that key was kept."""
        with self._state.reading():
            return key in self._state.notices

    def get(self, notice_id: str) -> Notice | None:
        """The notice with its body."""
        with self._state.reading():
            found = (n for n in self._state.notices.values() if n.notice_id == notice_id)
            return next(found, None)

    def forget(self, notice_id: str) -> bool:
        """Destroy the body of a notice."""
        found = self.get(notice_id)
        with self._state.writing():
            if found is None or not found.raw:
                return False
            self._state.notices[found.key] = replace(found, raw=b"")
            return True

    def page(
        self, wanted: NoticeFilter, *, limit: int, position: Mapping[str, str] | None
    ) -> Page[Notice]:
        """Notices without their bodies, the newest first."""
        if not wanted.reference and wanted.day is None:
            raise ValueError("a list of notices is that of a reference or of a day")
        with self._state.reading():
            found = [n for n in self._state.notices.values() if _fits(n, wanted)]
        name = f"about {wanted.reference}" if wanted.reference else f"of {wanted.day}"
        return paged(
            [replace(each, raw=b"") for each in found], _place, name=name, limit=limit,
            position=position, newest_first=True,
        )  # fmt: skip


def _fits(notice: Notice, wanted: NoticeFilter) -> bool:
    if wanted.reference and notice.reference != wanted.reference:
        return False
    if not wanted.reference and notice.part_of:
        return False
    return (
        wanted.day in {None, sydney_date(notice.received_at)}
        and wanted.event_name in {"", notice.event_name}
        and wanted.authentic in {None, notice.authentic}
    )


def _place(notice: Notice) -> tuple[str, str]:
    return notice.received_at.isoformat(timespec="microseconds"), f"notice#{notice.notice_id}"

"""Webhooks that were kept, as the use cases need them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from chalicelib.domain.notices import Notice
    from chalicelib.ports.store import Page


@dataclass(frozen=True, slots=True)
class NoticeFilter:
    """Which notices to list: those about a reference (of a Sydney date), or all of a Sydney date.

    One of the two has to be named. `event_name` and `authentic` leave out what is otherwise.
    """

    day: date | None = None
    reference: str = ""
    event_name: str = ""
    authentic: bool | None = None


class Notices(Protocol):
    """Webhooks that were kept."""

    def keep(self, notice: Notice) -> bool:
        """Keep a notice that caused no step; whether it is new (a repeat changes nothing).

        Raises:
            StoreUnavailable: whether it was kept is not known; again is safe.
        """
        ...

    def known(self, key: str) -> bool:
        """Whether a notice of that key was kept."""
        ...

    def get(self, notice_id: str) -> Notice | None:
        """The notice with its body."""
        ...

    def forget(self, notice_id: str) -> bool:
        """Destroy the body of a notice, if it is there; whether there was one to destroy.

        Raises:
            StoreUnavailable: whether it was destroyed is not known; again is safe.
        """
        ...

    def page(
        self, wanted: NoticeFilter, *, limit: int, position: Mapping[str, str] | None
    ) -> Page[Notice]:
        """Notices without their bodies, the newest first; may lag behind by a moment."""
        ...

"""Payouts, webhooks and nights of which some cannot be read: in lists they are only named."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.domain.night import Reconciliation
    from chalicelib.domain.notices import Notice
    from chalicelib.domain.payout import Payout
    from chalicelib.ports import Page


class SpoiltPayouts:
    """The port `Payouts` over another one; `lost` are the ids of what nobody can read."""

    def __init__(self, payouts: Any, lost: set[str]) -> None:
        self._payouts = payouts
        self._lost = lost

    def __getattr__(self, name: str) -> Any:
        return getattr(self._payouts, name)

    def page(self, *told: Any, **more: Any) -> Page[Payout]:
        return self._left(self._payouts.page(*told, **more))

    def needing_attention(self, **more: Any) -> Page[Payout]:
        return self._left(self._payouts.needing_attention(**more))

    def _left(self, page: Page[Payout]) -> Page[Payout]:
        ids = [each.transaction_id for each in page.items]
        items = [each for each in page.items if each.transaction_id not in self._lost]
        return replace(
            page, items=items, unreadable=tuple(each for each in ids if each in self._lost)
        )


class SpoiltNotices:
    """The port `Notices` over another one, of which no list can be read."""

    def __init__(self, notices: Any) -> None:
        self._notices = notices

    def __getattr__(self, name: str) -> Any:
        return getattr(self._notices, name)

    def page(self, *told: Any, **more: Any) -> Page[Notice]:
        page = self._notices.page(*told, **more)
        return replace(page, items=[], unreadable=tuple(each.notice_id for each in page.items))


class SpoiltNights:
    """The port `Nights` over another one; `lost` are the dates whose runs nobody can read."""

    def __init__(self, nights: Any, lost: set[date]) -> None:
        self._nights = nights
        self._lost = lost

    def __getattr__(self, name: str) -> Any:
        return getattr(self._nights, name)

    def page(self, **more: Any) -> Page[Reconciliation]:
        page = self._nights.page(**more)
        items = [each for each in page.items if each.day not in self._lost]
        lost = [each for each in page.items if each.day in self._lost]
        names = tuple(f"night#{each.day}#{each.run}" for each in lost)
        return replace(page, items=items, unreadable=names)

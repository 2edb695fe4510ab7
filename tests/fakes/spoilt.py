"""Payouts of which some cannot be read: in lists they are only named."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

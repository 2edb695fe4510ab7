"""Lists walked page by page, as their readers do."""

from __future__ import annotations

from itertools import count

from chalicelib.domain.calendar import sydney_date
from tests.fakes.clock import START

TODAY = sydney_date(START)
# More than any list here should ever need.
MOST_PAGES = 60


def everything(page_of, limit=3):
    """All items of all pages; fails where the pages do not end."""
    items, position = [], None
    for number in count(1):
        page = page_of(limit=limit, position=position)
        assert len(page.items) <= limit
        items += page.items
        position = page.position
        if position is None:
            break
        assert number < MOST_PAGES
    return items


def listed(store, wanted, limit=3):
    found = everything(lambda **where: store.payouts.page(wanted, **where), limit)
    return [payout.transaction_id for payout in found]

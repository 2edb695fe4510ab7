"""Reasons in words that nobody knows here yet: what the table of reasons should learn next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api import pages
from chalicelib.api import reasons as shapes
from chalicelib.api.filters import Listing
from chalicelib.entrance import door

if TYPE_CHECKING:
    from chalicelib.api.operation import Call, Reply
    from chalicelib.wiring import World


@door("GET /reasons/unmapped", Listing, shapes.UnmappedPage)
def list_unmapped_reasons(call: Call[Listing], w: World) -> Reply:
    """List texts of banks that no reason is known for, with how often each was heard."""
    some = pages.some(
        lambda place: w.words.page(limit=call.said.limit, position=place), call.position
    )
    return call.page([shapes.view(each) for each in some.items], some.position)

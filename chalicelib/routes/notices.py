"""The provider's webhooks that were kept: searched by reference and by day, shown in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api import correspondence as shapes
from chalicelib.api import pages
from chalicelib.api.operation import Call, Reply
from chalicelib.api.schemas import Nothing
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import NotFound
from chalicelib.entrance import door

if TYPE_CHECKING:
    from chalicelib.wiring import World


@door("GET /notices", shapes.NoticeListing, shapes.NoticePage)
def list_notices(call: Call[shapes.NoticeListing], w: World) -> Reply:
    """List webhooks that came in, and what each did, newest first."""
    wanted = call.said.wanted(sydney_date(w.clock.now()))
    some = pages.some(
        lambda place: w.notices.page(wanted, limit=call.said.limit, position=place), call.position
    )
    return call.page([shapes.view(each) for each in some.items], some.position)


@door("GET /notices/{notice_id}", Nothing, shapes.WholeNotice)
def show_notice(_: Call[Nothing], w: World, notice_id: str) -> Reply:
    """Show a webhook with its body, which is personal."""
    notice = w.notices.get(notice_id)
    if notice is None:
        raise NotFound("notice")
    return Reply(shapes.whole(notice))

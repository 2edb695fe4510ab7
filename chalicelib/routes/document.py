"""What the service says of itself: its document, for programs and for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api import docs, openapi, shapes
from chalicelib.api.operation import HTML, Call, Reply
from chalicelib.api.schemas import Nothing
from chalicelib.entrance import door

if TYPE_CHECKING:
    from chalicelib.wiring import World


@door("GET /openapi.json", Nothing, shapes.Document)
def show_document(_: Call[Nothing], __: World) -> Reply:
    """Show this document."""
    return Reply(openapi.text(door.map))


@door("GET /docs", Nothing, None, media_type=HTML)
def show_docs(_: Call[Nothing], __: World) -> Reply:
    """Show this document as a page to read."""
    return Reply(docs.page(openapi.document(door.map)), headers=docs.HEADERS)

"""How the service itself is: its health, its document, all that waits for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api import attention, docs, health, openapi, provider, shapes
from chalicelib.api.filters import Listing
from chalicelib.api.operation import HTML, Call, Key, Reply
from chalicelib.api.schemas import Nothing
from chalicelib.entrance import door

if TYPE_CHECKING:
    from chalicelib.wiring import World


@door("GET /health", Nothing, health.HealthView)
def healthy(_: Call[Nothing], __: World) -> Reply:
    """Say that it answers; it asks nobody else."""
    return Reply(health.HealthView(status="ok"))


@door("GET /openapi.json", Nothing, shapes.Document)
def show_document(_: Call[Nothing], __: World) -> Reply:
    """Show this document."""
    return Reply(openapi.text(door.map))


@door("GET /docs", Nothing, None, media_type=HTML)
def show_docs(_: Call[Nothing], __: World) -> Reply:
    """Show this document as a page to read."""
    return Reply(docs.page(openapi.document(door.map)), headers=docs.HEADERS)


@door("GET /health/deep", Nothing, health.DeepHealthView)
def healthy_throughout(call: Call[Nothing], w: World) -> Reply:
    """Say whether everything that it needs answers, too."""
    within = call.time_left()
    return Reply(
        health.checked(w.gate, w.vault, w.provider, w.dead_letters, w.courier, within=within)
    )


@door("GET /attention", Listing, attention.AttentionPage)
def list_attention(call: Call[Listing], w: World) -> Reply:
    """List all that waits for a person, and why."""
    some = attention.waiting(w, limit=call.said.limit, position=call.position)
    return call.page(some.items, some.position)


def _sign_in(_: Call[Nothing], w: World) -> Reply:
    return Reply(provider.sign_in(w.gate))


@door("POST /provider/sign-in/open", Nothing, shapes.SignInView, key=Key.OPTIONAL,
      again=_sign_in)  # fmt: skip
def open_sign_in(call: Call[Nothing], w: World) -> Reply:
    """Let calls to the provider go out again, once its key has been put right."""
    w.gate.open(by=call.by)
    return Reply(shapes.SignInView(provider_sign_in="open"))

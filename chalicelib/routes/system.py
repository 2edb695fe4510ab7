"""What waits for a person, and the gate to the provider, which people open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api import attention, provider, shapes
from chalicelib.api.filters import Listing
from chalicelib.api.operation import Call, Key, Reply
from chalicelib.api.schemas import Nothing
from chalicelib.entrance import door

if TYPE_CHECKING:
    from chalicelib.wiring import World


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

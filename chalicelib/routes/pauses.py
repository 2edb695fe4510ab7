"""Pauses: everything, a rail or a customer stopped, shown with its proof, and let go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api import pauses as shapes
from chalicelib.api.operation import Call, Key, Reply
from chalicelib.api.schemas import Nothing
from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import derived_id
from chalicelib.entrance import door
from chalicelib.usecases.pauses import pause, resume, show, standing

if TYPE_CHECKING:
    from chalicelib.wiring import World


def _paused(call: Call[shapes.NewPause], w: World) -> Reply:
    """The pause that the key asked for, or that stood already when it did."""
    scope = call.said.wanted()
    own = w.pauses.get(_id(call, w))
    stands = [each for each in w.pauses.standing() if each.scope == scope]
    for found in [own, *stands]:
        if found is not None:
            return Reply(shapes.view(show(found.pause_id, pauses=w.pauses)))
    raise NotFound("pause")


def _resumed(call: Call[shapes.PauseEnd], w: World) -> Reply:
    return Reply(shapes.view(show(call.said.pause_id, pauses=w.pauses)))


@door("POST /pause", shapes.NewPause, shapes.PauseView, key=Key.OPTIONAL, again=_paused,
      refuses={404})  # fmt: skip
def pause_payouts(call: Call[shapes.NewPause], w: World) -> Reply:
    """Claim nothing any more: of everything, by one rail, or to one customer."""
    return Reply(shapes.view(pause(
        _id(call, w), call.said.wanted(), reason=call.said.reason, by=call.by, pauses=w.pauses,
        customers=w.customers, clock=w.clock,
    )))  # fmt: skip


@door("POST /resume", shapes.PauseEnd, shapes.PauseView, key=Key.OPTIONAL, again=_resumed,
      refuses={404})  # fmt: skip
def resume_payouts(call: Call[shapes.PauseEnd], w: World) -> Reply:
    """End a pause, as somebody else than who asked for it."""
    return Reply(shapes.view(resume(
        call.said.pause_id, reason=call.said.reason, by=call.by, pauses=w.pauses, clock=w.clock
    )))  # fmt: skip


@door("GET /pauses", Nothing, shapes.PausePage)
def list_pauses(_: Call[Nothing], w: World) -> Reply:
    """List the pauses that stand, each with what still goes out."""
    shown = [shapes.view(each) for each in standing(pauses=w.pauses)]
    return Reply(shapes.PausePage(data=shown, next_cursor=None))


@door("GET /pauses/{pause_id}", Nothing, shapes.PauseView)
def show_pause(_: Call[Nothing], w: World, pause_id: str) -> Reply:
    """Show a pause with what still goes out, also when it is over."""
    return Reply(shapes.view(show(pause_id, pauses=w.pauses)))


def _id(call: Call[shapes.NewPause], w: World) -> str:
    """The same for the same key, so that what was done half way is known again."""
    return derived_id("pause", f"{call.by}/{call.key}") if call.key else w.clock.new_id()

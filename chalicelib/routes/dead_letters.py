"""Dead letters: webhooks that could not be applied, until a person has resolved each.

Whoever may ask for payouts may have a letter heard again: it tells us what the provider said, and
does nothing that hearing it the first time would not have done. What it says in full, and that it
is never to be heard, are the administrators' alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel

from chalicelib.api import dead_letters as shapes
from chalicelib.api import log, pages, schemas
from chalicelib.api.operation import Call, Key, Reply
from chalicelib.api.schemas import Nothing
from chalicelib.entrance import door
from chalicelib.usecases import dead_letters

if TYPE_CHECKING:
    from chalicelib.wiring import World

S = TypeVar("S", bound=BaseModel)


@door("GET /dead-letters", shapes.DeadLetterListing, shapes.DeadLetterPage)
def list_dead_letters(call: Call[shapes.DeadLetterListing], w: World) -> Reply:
    """List webhooks that could not be applied, and why."""
    resolved, limit = call.said.status == "resolved", call.said.limit
    some = pages.some(
        lambda place: w.parked.page(resolved=resolved, limit=limit, position=place), call.position
    )
    return call.page([shapes.view(each) for each in some.items], some.position)


@door("GET /dead-letters/{letter_id}", Nothing, shapes.WholeDeadLetter)
def show_dead_letter(_: Call[Nothing], w: World, letter_id: str) -> Reply:
    """Show a dead letter with its body, which is personal."""
    return Reply(shapes.whole(dead_letters.existing(w.parked, letter_id)))


def _still_open(_: Call[Nothing], w: World) -> Reply:
    return Reply(shapes.RedrivenView(
        heard=0, still_parked=dead_letters.still_open(w.parked), left=0
    ))  # fmt: skip


def _as_it_is(_: Call[S], w: World, letter_id: str) -> Reply:
    return Reply(shapes.view(dead_letters.existing(w.parked, letter_id)))


@door("POST /dead-letters/redrive", Nothing, shapes.RedrivenView, key=Key.OPTIONAL,
      again=_still_open)  # fmt: skip
def redrive_dead_letters(call: Call[Nothing], w: World) -> Reply:
    """Hear all open dead letters again, the oldest first, as far as the time goes."""
    told = dead_letters.redrive_all(
        by=call.by, rest=shapes.REST, inbox=w.inbox, payouts=w.payouts, treasury=w.treasury,
        notices=w.notices, findings=w.findings, parked=w.parked, clock=w.clock,
        time_left=call.time_left,
    )  # fmt: skip
    return Reply(shapes.RedrivenView(
        heard=told.heard, still_parked=told.still_parked, left=told.left
    ))  # fmt: skip


@door("POST /dead-letters/{letter_id}/redrive", Nothing, shapes.DeadLetterView,
      key=Key.OPTIONAL, again=_as_it_is, refuses={422})  # fmt: skip
def redrive_dead_letter(call: Call[Nothing], w: World, letter_id: str) -> Reply:
    """Hear a dead letter again, now."""
    return Reply(shapes.view(dead_letters.redrive(
        letter_id, by=call.by, inbox=w.inbox, payouts=w.payouts, treasury=w.treasury,
        notices=w.notices, findings=w.findings, parked=w.parked, clock=w.clock,
    )))  # fmt: skip


@door("POST /dead-letters/{letter_id}/discard", schemas.Why, shapes.DeadLetterView,
      key=Key.OPTIONAL, again=_as_it_is)  # fmt: skip
def discard_dead_letter(call: Call[schemas.Why], w: World, letter_id: str) -> Reply:
    """Decide, for a reason, that a dead letter is never applied; no money moves."""
    ended = dead_letters.discard(
        letter_id, reason=call.said.reason, by=call.by, parked=w.parked, clock=w.clock
    )
    log.deed("dead_letter_discarded", {
        "request_id": call.request_id, "letter_id": ended.letter_id, "principal": call.by,
    })  # fmt: skip
    return Reply(shapes.view(ended))

"""Findings: differences that a person has to understand, works on, and resolves with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel

from chalicelib.api import findings as shapes
from chalicelib.api import log, pages, schemas
from chalicelib.api.operation import Call, Key, Reply
from chalicelib.api.schemas import Nothing
from chalicelib.entrance import door
from chalicelib.usecases.findings import assign, comment, existing, resolve

if TYPE_CHECKING:
    from chalicelib.domain.findings import Finding
    from chalicelib.wiring import World

S = TypeVar("S", bound=BaseModel)


@door("GET /findings", shapes.FindingListing, shapes.FindingPage)
def list_findings(call: Call[shapes.FindingListing], w: World) -> Reply:
    """List what is different and has to be understood, by status, kind, owner and person."""
    resolved, limit = call.said.status == "resolved", call.said.limit
    wanted = call.said.wanted(call.by)
    some = pages.some(
        lambda place: w.findings.page(
            resolved=resolved, limit=limit, position=place, wanted=wanted
        ),
        call.position,
    )  # fmt: skip
    now = w.clock.now()
    return call.page([shapes.view(each, now) for each in some.items], some.position)


@door("GET /findings/{finding_id}", Nothing, shapes.FindingWithHistory)
def show_finding(_: Call[Nothing], w: World, finding_id: str) -> Reply:
    """Show a finding with both sides, and all that was done about it."""
    return Reply(shapes.with_history(existing(w.findings, finding_id), w.clock.now()))


def _as_it_is(_: Call[S], w: World, finding_id: str) -> Reply:
    return Reply(shapes.with_history(existing(w.findings, finding_id), w.clock.now()))


@door("POST /findings/{finding_id}/assign", shapes.Assignment,
      shapes.FindingWithHistory, key=Key.OPTIONAL, again=_as_it_is)  # fmt: skip
def assign_finding(call: Call[shapes.Assignment], w: World, finding_id: str) -> Reply:
    """Hand a finding to somebody to look after."""
    taken = assign(
        finding_id, to=call.said.to(call.by), by=call.by, findings=w.findings, clock=w.clock
    )
    return _done("finding_assigned", taken, call, w)


@door("POST /findings/{finding_id}/comment", shapes.NewComment,
      shapes.FindingWithHistory, key=Key.OPTIONAL, again=_as_it_is)  # fmt: skip
def comment_on_finding(call: Call[shapes.NewComment], w: World, finding_id: str) -> Reply:
    """Write something beside a finding, once."""
    told = comment(
        finding_id, text=call.said.text, by=call.by, findings=w.findings, clock=w.clock
    )  # fmt: skip
    return _done("finding_commented", told, call, w)


@door("POST /findings/{finding_id}/resolve", schemas.Why, shapes.FindingWithHistory,
      key=Key.OPTIONAL, again=_as_it_is)  # fmt: skip
def resolve_finding(call: Call[schemas.Why], w: World, finding_id: str) -> Reply:
    """Resolve a finding, for a reason; no money moves. A night may find it again."""
    ended = resolve(
        finding_id, reason=call.said.reason, by=call.by, findings=w.findings, clock=w.clock
    )
    return _done("finding_resolved", ended, call, w)


def _done(deed: str, finding: Finding, call: Call[S], w: World) -> Reply:
    """The answer, and a line of who did what: never what they wrote."""
    log.deed(deed, {
        "request_id": call.request_id, "finding_id": finding.finding_id, "principal": call.by,
    })  # fmt: skip
    return Reply(shapes.with_history(finding, w.clock.now()))

"""Findings: differences that a person has to understand, and resolves with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api import findings as shapes
from chalicelib.api import log, pages, schemas
from chalicelib.api.identity import APPROVERS, READERS
from chalicelib.api.operation import Call, Reply
from chalicelib.entrance import door
from chalicelib.usecases.findings import resolve

if TYPE_CHECKING:
    from chalicelib.wiring import World


@door("GET /findings", READERS, shapes.FindingListing, shapes.FindingPage)
def list_findings(call: Call[shapes.FindingListing], w: World) -> Reply:
    """List what is different and has to be understood."""
    resolved, limit = call.said.status == "resolved", call.said.limit
    some = pages.some(
        lambda place: w.findings.page(resolved=resolved, limit=limit, position=place),
        call.position,
    )
    return call.page([shapes.view(each) for each in some.items], some.position)


@door("POST /findings/{finding_id}/resolve", APPROVERS, schemas.Why, shapes.FindingView)
def resolve_finding(call: Call[schemas.Why], w: World, finding_id: str) -> Reply:
    """Resolve a finding, for a reason; no money moves."""
    ended = resolve(
        finding_id, reason=call.said.reason, by=call.by, findings=w.findings, clock=w.clock
    )
    log.deed("finding_resolved", {
        "request_id": call.request_id, "finding_id": ended.finding_id, "principal": call.by,
    })  # fmt: skip
    return Reply(shapes.view(ended))

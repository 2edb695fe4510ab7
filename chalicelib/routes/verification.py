"""Whether a night's attestation still holds: signature, link, root, and the payouts' chains."""

from __future__ import annotations

from datetime import date as sydney_day
from typing import TYPE_CHECKING

from chalicelib.api import verification as shapes
from chalicelib.api.filters import Listing
from chalicelib.api.operation import Call, Reply
from chalicelib.entrance import door
from chalicelib.usecases.verify import verify

if TYPE_CHECKING:
    from chalicelib.wiring import World


@door("GET /reconciliations/{date}/verification", Listing, shapes.VerificationView)
def verify_reconciliation(call: Call[Listing], w: World, date: str) -> Reply:
    """Verify a night's signature, link and root, and the chains of some of its payouts."""
    day = sydney_day.fromisoformat(date)
    verdict = verify(
        day, limit=call.said.limit, position=call.position, payouts=w.payouts, archive=w.archive,
        nights=w.nights, signer=w.signer, verifies=w.verifies, time_left=call.time_left,
    )  # fmt: skip
    return Reply(shapes.view(day, verdict, call.bookmark.write(verdict.position)))

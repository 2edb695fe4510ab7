"""What the acquirer is expected to send, and whose it will be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api import schemas
from chalicelib.api import settlements as views
from chalicelib.api.filters import Listing
from chalicelib.api.operation import Call, Key, Reply
from chalicelib.api.schemas import Nothing
from chalicelib.api.settlements import NewSettlement, SettlementView
from chalicelib.entrance import door
from chalicelib.usecases.expect import Expectation, allocated, existing, expect, withdraw
from chalicelib.usecases.settle import settle

if TYPE_CHECKING:
    from chalicelib.wiring import World


@door("GET /settlements", Listing, views.SettlementPage)
def list_settlements(call: Call[Listing], w: World) -> Reply:
    """List expected settlements, newest first."""
    some = w.settlements.page(limit=call.said.limit, position=call.position)
    return call.page([views.settlement(each) for each in some.items], some.position)


@door("GET /settlements/{settlement_id}", Nothing, views.SettlementWithProgress)
def show_settlement(_: Call[Nothing], w: World, settlement_id: str) -> Reply:
    """Show an expected settlement, and how far its allocation has come."""
    found = existing(w.settlements, settlement_id)
    return Reply(views.with_progress(found, allocated(found, w.settlements)))


@door("POST /settlements", NewSettlement, SettlementView, 201,
      key=Key.REQUIRED, refuses={422})  # fmt: skip
def expect_settlement(call: Call[NewSettlement], w: World) -> Reply:
    """Expect a settlement, once for each Idempotency-Key, with its rows or without."""
    said, sheet = call.said, call.said.sheet
    asked = Expectation(
        said.date, said.amount, said.reference, sheet.shares, sheet.faults, sheet.named,
        said.place,
    )  # fmt: skip
    announced = expect(
        asked, key=call.key, by=call.by,
        settlements=w.settlements, customers=w.customers, clock=w.clock,
    )  # fmt: skip
    # Its money may be here already.
    settle(
        receipts=w.receipts, settlements=w.settlements, treasury=w.treasury, findings=w.findings,
        clock=w.clock, time_left=call.time_left,
    )  # fmt: skip
    now = existing(w.settlements, announced.settlement.settlement_id)
    return Reply(views.settlement(now), replayed=announced.replayed)


def _as_it_is(_: Call[schemas.Why], w: World, settlement_id: str) -> Reply:
    return Reply(views.settlement(existing(w.settlements, settlement_id)))


@door("POST /settlements/{settlement_id}/cancel", schemas.Why, SettlementView,
      key=Key.OPTIONAL, again=_as_it_is)  # fmt: skip
def cancel_settlement(call: Call[schemas.Why], w: World, settlement_id: str) -> Reply:
    """Expect a settlement no longer with which nothing was matched."""
    return Reply(views.settlement(withdraw(
        settlement_id, reason=call.said.reason, by=call.by, settlements=w.settlements,
        findings=w.findings, clock=w.clock,
    )))  # fmt: skip

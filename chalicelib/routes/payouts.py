"""Payouts: asked for, looked at, withdrawn, and decided by two people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api import pages, schemas, shapes, views
from chalicelib.api.filters import PayoutListing
from chalicelib.api.identity import APPROVERS, MAKERS, PROPOSERS, READERS
from chalicelib.api.operation import Call, Key, Reply
from chalicelib.api.schemas import Nothing
from chalicelib.domain.calendar import sydney_date
from chalicelib.entrance import door
from chalicelib.ports import PayoutFilter
from chalicelib.usecases import resolve
from chalicelib.usecases.cancel import cancel
from chalicelib.usecases.hear import existing
from chalicelib.usecases.request import Order, request
from chalicelib.usecases.trail import timeline

if TYPE_CHECKING:
    from chalicelib.wiring import World


@door("GET /payouts", READERS, PayoutListing, shapes.PayoutPage)
def list_payouts(call: Call[PayoutListing], w: World) -> Reply:
    """List payouts by customer, status and date, newest first."""
    first, last = call.said.window(sydney_date(w.clock.now()))
    wanted = PayoutFilter(first, last, call.said.customer_id or "", call.said.statuses)
    some = pages.some(
        lambda place: w.payouts.page(wanted, limit=call.said.limit, position=place), call.position
    )
    return call.page([views.payout(each, w) for each in some.items], some.position)


@door("GET /payouts/{transaction_id}", READERS, Nothing, shapes.PayoutWithTimeline)
def show_payout(_: Call[Nothing], w: World, transaction_id: str) -> Reply:
    """Show a payout with every step of its life."""
    found = existing(w.payouts, transaction_id)
    steps = timeline(found, payouts=w.payouts, archive=w.archive)
    return Reply(views.with_timeline(views.payout(found, w), steps))


@door("POST /payouts", MAKERS, schemas.NewPayout, shapes.PayoutView, 202,
      key=Key.BY_SETTING, refuses={404, 422})  # fmt: skip
def create_payout(call: Call[schemas.NewPayout], w: World) -> Reply:
    """Pay a customer, once for each Idempotency-Key."""
    said = call.said
    order = Order(
        said.customer_id, said.amount, said.payout_method, said.destination_id or "", said.rail,
        said.reference or "", said.description or "",
    )  # fmt: skip
    placed = request(
        order, key=call.key, by=call.by, request_id=call.request_id, limits=w.limits,
        payouts=w.payouts, provider=w.provider, vault=w.vault, clock=w.clock,
        time_left=call.time_left,
    )  # fmt: skip
    return Reply(views.payout(placed.payout, w), replayed=placed.replayed)


@door("POST /payouts/{transaction_id}/cancel", MAKERS, schemas.Why, shapes.PayoutView)
def cancel_payout(call: Call[schemas.Why], w: World, transaction_id: str) -> Reply:
    """Cancel a payout that was never sent."""
    return Reply(views.payout(cancel(
        transaction_id, reason=call.said.reason, by=call.by, request_id=call.request_id,
        payouts=w.payouts, clock=w.clock,
    ), w))  # fmt: skip


@door("POST /payouts/{transaction_id}/resolution", PROPOSERS, schemas.Resolution, shapes.PayoutView)
def propose_resolution(call: Call[schemas.Resolution], w: World, transaction_id: str) -> Reply:
    """Propose, with evidence, how an unconfirmed payout ends."""
    return Reply(views.payout(resolve.propose(
        transaction_id, verdict=call.said.verdict, evidence=call.said.evidence, by=call.by,
        request_id=call.request_id, payouts=w.payouts, clock=w.clock,
    ), w))  # fmt: skip


@door("POST /payouts/{transaction_id}/resolution/agree", APPROVERS, schemas.Agreement,
      shapes.PayoutView)  # fmt: skip
def agree_to_resolution(call: Call[schemas.Agreement], w: World, transaction_id: str) -> Reply:
    """Carry a proposal out, as somebody else than its author and the payout's."""
    return Reply(views.payout(resolve.agree(
        transaction_id, verdict=call.said.verdict, by=call.by, request_id=call.request_id,
        payouts=w.payouts, provider=w.provider, gate=w.gate, clock=w.clock, patience=w.patience,
        time_left=call.time_left,
    ), w))  # fmt: skip


@door(
    "POST /payouts/{transaction_id}/resolution/dismiss", APPROVERS, schemas.Why, shapes.PayoutView
)
def dismiss_resolution(call: Call[schemas.Why], w: World, transaction_id: str) -> Reply:
    """Take a proposal away."""
    return Reply(views.payout(resolve.dismiss(
        transaction_id, reason=call.said.reason, by=call.by, request_id=call.request_id,
        payouts=w.payouts, clock=w.clock,
    ), w))  # fmt: skip

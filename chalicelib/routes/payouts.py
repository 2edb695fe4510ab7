"""Payouts: asked for, looked at, withdrawn, and decided by two people."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel

from chalicelib.api import lives, pace, pages, previews, schemas, shapes, stories, views
from chalicelib.api.access import only_drafts
from chalicelib.api.filters import PayoutListing
from chalicelib.api.operation import Call, Key, Reply
from chalicelib.api.schemas import Nothing
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.redraft import Correction
from chalicelib.entrance import door
from chalicelib.ports import PayoutFilter
from chalicelib.usecases import resolve
from chalicelib.usecases.cancel import cancel
from chalicelib.usecases.hear import existing
from chalicelib.usecases.preview import preview
from chalicelib.usecases.redraft import redraft
from chalicelib.usecases.request import request
from chalicelib.usecases.story import story_of
from chalicelib.usecases.trail import timeline

if TYPE_CHECKING:
    from chalicelib.usecases.request import Placed
    from chalicelib.wiring import World

S = TypeVar("S", bound=BaseModel)


@door("GET /payouts", PayoutListing, shapes.PayoutPage)
def list_payouts(call: Call[PayoutListing], w: World) -> Reply:
    """List payouts by customer, status and date, newest first."""
    first, last = call.said.window(sydney_date(w.clock.now()))
    wanted = PayoutFilter(first, last, call.said.customer_id or "", call.said.statuses)
    some = pages.some(
        lambda place: w.payouts.page(wanted, limit=call.said.limit, position=place), call.position
    )
    return call.page([views.payout(each, w) for each in some.items], some.position)


@door("GET /payouts/{transaction_id}", Nothing, lives.PayoutWithTimeline)
def show_payout(_: Call[Nothing], w: World, transaction_id: str) -> Reply:
    """Show a payout with every step of its life."""
    found = existing(w.payouts, transaction_id)
    steps = timeline(found, payouts=w.payouts, archive=w.archive)
    return Reply(lives.with_timeline(found, views.payout(found, w), steps))


@door("GET /payouts/{transaction_id}/story", Nothing, stories.StoryView)
def tell_payout(_: Call[Nothing], w: World, transaction_id: str) -> Reply:
    """Tell all that is kept of a payout, from every table, in order and in words."""
    return Reply(stories.view(story_of(
        transaction_id, payouts=w.payouts, archive=w.archive, notices=w.notices, parked=w.parked,
        findings=w.findings,
    )))  # fmt: skip


@door("POST /payouts", schemas.NewPayout, shapes.PayoutView, 202,
      key=Key.BY_SETTING, refuses={404, 422}, counts_itself=True)  # fmt: skip
def create_payout(call: Call[schemas.NewPayout], w: World) -> Reply:
    """Pay a customer, once for each Idempotency-Key."""
    placed = request(
        call.said.order(), key=call.key, by=call.by, request_id=call.request_id, limits=w.limits,
        payouts=w.payouts, provider=w.provider, vault=w.vault, clock=w.clock,
        time_left=call.time_left, drafted=only_drafts(call.roles),
    )  # fmt: skip
    return _placed(placed, w)


@door("POST /payouts/preview", schemas.NewPayout, previews.PreviewView, refuses={404})
def preview_payout(call: Call[schemas.NewPayout], w: World) -> Reply:
    """Say what would become of a payout, and store nothing."""
    return Reply(previews.view(preview(
        call.said.order(), by=call.by, drafted=only_drafts(call.roles), limits=w.limits,
        payouts=w.payouts, vault=w.vault, clock=w.clock,
    )))  # fmt: skip


@door("POST /payouts/{transaction_id}/redraft", schemas.Redraft, shapes.PayoutView, 202,
      key=Key.BY_SETTING, refuses={422}, counts_itself=True)  # fmt: skip
def redraft_payout(call: Call[schemas.Redraft], w: World, transaction_id: str) -> Reply:
    """Pay once more what came back, corrected: as a new payout, the only one of its original."""
    said = call.said
    placed = redraft(
        transaction_id,
        Correction(said.destination_id or "", said.rail, said.reference, said.description),
        key=call.key, by=call.by, request_id=call.request_id, limits=w.limits, payouts=w.payouts,
        customers=w.customers, provider=w.provider, vault=w.vault, clock=w.clock,
        time_left=call.time_left, drafted=only_drafts(call.roles),
    )  # fmt: skip
    return _placed(placed, w)


def _placed(placed: Placed, w: World) -> Reply:
    headers = pace.headers(placed.quota) if placed.quota else {}
    return Reply(views.payout(placed.payout, w), replayed=placed.replayed, headers=headers)


def _as_it_is(_: Call[S], w: World, transaction_id: str) -> Reply:
    return Reply(views.payout(existing(w.payouts, transaction_id), w))


@door("POST /payouts/{transaction_id}/cancel", schemas.Why, shapes.PayoutView,
      key=Key.OPTIONAL, again=_as_it_is)  # fmt: skip
def cancel_payout(call: Call[schemas.Why], w: World, transaction_id: str) -> Reply:
    """Cancel a payout that was never sent."""
    return Reply(views.payout(cancel(
        transaction_id, reason=call.said.reason, by=call.by, request_id=call.request_id,
        payouts=w.payouts, clock=w.clock,
    ), w))  # fmt: skip


@door("POST /payouts/{transaction_id}/resolution", schemas.Resolution, shapes.PayoutView,
      key=Key.OPTIONAL, again=_as_it_is)  # fmt: skip
def propose_resolution(call: Call[schemas.Resolution], w: World, transaction_id: str) -> Reply:
    """Propose, with evidence, how an unconfirmed payout ends."""
    return Reply(views.payout(resolve.propose(
        transaction_id, verdict=call.said.verdict, evidence=call.said.evidence, by=call.by,
        request_id=call.request_id, payouts=w.payouts, clock=w.clock,
    ), w))  # fmt: skip


@door("POST /payouts/{transaction_id}/resolution/agree", schemas.Agreement,
      shapes.PayoutView, key=Key.OPTIONAL, again=_as_it_is)  # fmt: skip
def agree_to_resolution(call: Call[schemas.Agreement], w: World, transaction_id: str) -> Reply:
    """Carry a proposal out, as somebody else than its author and the payout's."""
    return Reply(views.payout(resolve.agree(
        transaction_id, verdict=call.said.verdict, by=call.by, request_id=call.request_id,
        payouts=w.payouts, provider=w.provider, gate=w.gate, clock=w.clock, patience=w.patience,
        time_left=call.time_left,
    ), w))  # fmt: skip


@door("POST /payouts/{transaction_id}/resolution/dismiss", schemas.Why, shapes.PayoutView,
      key=Key.OPTIONAL, again=_as_it_is)  # fmt: skip
def dismiss_resolution(call: Call[schemas.Why], w: World, transaction_id: str) -> Reply:
    """Take a proposal away."""
    return Reply(views.payout(resolve.dismiss(
        transaction_id, reason=call.said.reason, by=call.by, request_id=call.request_id,
        payouts=w.payouts, clock=w.clock,
    ), w))  # fmt: skip

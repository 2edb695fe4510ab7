"""Payouts that a person keeps back, one by one, and lets go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel

from chalicelib.api import schemas, shapes, views
from chalicelib.api.operation import Call, Key, Reply
from chalicelib.entrance import door
from chalicelib.usecases import hold_back
from chalicelib.usecases.hear import existing

if TYPE_CHECKING:
    from chalicelib.wiring import World

S = TypeVar("S", bound=BaseModel)


def _as_it_is(_: Call[S], w: World, transaction_id: str) -> Reply:
    return Reply(views.payout(existing(w.payouts, transaction_id), w))


@door("POST /payouts/{transaction_id}/hold", schemas.Why, shapes.PayoutView,
      key=Key.OPTIONAL, again=_as_it_is)  # fmt: skip
def hold_payout(call: Call[schemas.Why], w: World, transaction_id: str) -> Reply:
    """Keep a payout back that is not on the wire."""
    return Reply(views.payout(hold_back.hold(
        transaction_id, reason=call.said.reason, by=call.by, request_id=call.request_id,
        payouts=w.payouts, clock=w.clock,
    ), w))  # fmt: skip


@door("POST /payouts/{transaction_id}/release", schemas.Why, shapes.PayoutView,
      key=Key.OPTIONAL, again=_as_it_is)  # fmt: skip
def release_payout(call: Call[schemas.Why], w: World, transaction_id: str) -> Reply:
    """Lift a payout's hold: it goes on from where it was held."""
    return Reply(views.payout(hold_back.lift(
        transaction_id, reason=call.said.reason, by=call.by, request_id=call.request_id,
        payouts=w.payouts, clock=w.clock,
    ), w))  # fmt: skip

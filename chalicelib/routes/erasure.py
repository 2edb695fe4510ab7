"""Forgetting customers, and legal holds that forbid it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel

from chalicelib.api import erasure as views
from chalicelib.api import schemas
from chalicelib.api.operation import Call, Key, Reply
from chalicelib.api.schemas import Nothing
from chalicelib.domain.errors import NotFound
from chalicelib.entrance import door
from chalicelib.usecases import erase, holds
from chalicelib.usecases.edits import existing

if TYPE_CHECKING:
    from chalicelib.usecases.erase import Forgetting
    from chalicelib.wiring import World

S = TypeVar("S", bound=BaseModel)


@door("GET /customers/{customer_id}/legal-hold", Nothing, views.HoldsView)
def show_legal_hold(_: Call[Nothing], w: World, customer_id: str) -> Reply:
    """Show whether a legal hold is set, and who did what about it."""
    return Reply(views.holds(existing(w.customers, customer_id)))


def _holds(_: Call[S], w: World, customer_id: str) -> Reply:
    return Reply(views.holds(existing(w.customers, customer_id)))


def _erasure(_: Call[S], w: World, customer_id: str) -> Reply:
    return _told(erase.shown(
        customer_id, customers=w.customers, payouts=w.payouts, notices=w.notices,
        parked=w.parked, desk=w.desk, checks=w.account_checks, schedules=w.schedules,
        clock=w.clock,
    ))  # fmt: skip


@door("PUT /customers/{customer_id}/legal-hold", schemas.Why, views.HoldsView,
      key=Key.OPTIONAL, again=_holds, refuses={422})  # fmt: skip
def place_legal_hold(call: Call[schemas.Why], w: World, customer_id: str) -> Reply:
    """Forbid to erase a customer."""
    return Reply(views.holds(holds.place_hold(
        customer_id, reason=call.said.reason, by=call.by, customers=w.customers, clock=w.clock
    )))  # fmt: skip


@door("DELETE /customers/{customer_id}/legal-hold", schemas.Why, views.HoldsView,
      key=Key.OPTIONAL, again=_holds, refuses={422})  # fmt: skip
def lift_legal_hold(call: Call[schemas.Why], w: World, customer_id: str) -> Reply:
    """Allow again to erase a customer."""
    return Reply(views.holds(holds.lift_hold(
        customer_id, reason=call.said.reason, by=call.by, customers=w.customers, clock=w.clock
    )))  # fmt: skip


@door("DELETE /customers/{customer_id}", schemas.Why, views.ErasureView,
      key=Key.OPTIONAL, again=_erasure, refuses={202, 422})  # fmt: skip
def erase_customer(call: Call[schemas.Why], w: World, customer_id: str) -> Reply:
    """Erase a customer's personal data, and certify it; 202 while that goes on by itself."""
    return _told(erase.erase(
        customer_id, reason=call.said.reason, by=call.by, customers=w.customers,
        payouts=w.payouts, notices=w.notices, parked=w.parked, desk=w.desk, checks=w.account_checks,
        schedules=w.schedules, archive=w.archive, clock=w.clock, time_left=call.time_left,
    ))  # fmt: skip


@door("GET /customers/{customer_id}/erasure", Nothing, views.ErasureView)
def show_erasure(_: Call[Nothing], w: World, customer_id: str) -> Reply:
    """Show how far the erasure of a customer has come, and what it waits for."""
    seen = erase.shown(
        customer_id, customers=w.customers, payouts=w.payouts, notices=w.notices,
        parked=w.parked, desk=w.desk, checks=w.account_checks, schedules=w.schedules,
        clock=w.clock,
    )  # fmt: skip
    return Reply(_told(seen).body)


@door("DELETE /customers/{customer_id}/erasure", Nothing, views.HoldsView,
      key=Key.OPTIONAL, again=_holds)  # fmt: skip
def take_back_erasure(_: Call[Nothing], w: World, customer_id: str) -> Reply:
    """Take back an erasure that has destroyed nothing yet."""
    return Reply(views.holds(erase.take_back(
        customer_id, customers=w.customers, clock=w.clock
    )))  # fmt: skip


def _told(it: Forgetting) -> Reply:
    asked = it.customer.erasure
    if asked is None:
        # Taken back by somebody else at this very moment.
        raise NotFound("erasure")
    told = views.erasure(it.customer.customer_id, asked, it.waits_for)
    return Reply(told, status=200 if it.done else 202)

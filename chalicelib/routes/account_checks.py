"""Checks that a destination is the customer's own."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.api import account_checks as views
from chalicelib.api.account_checks import AccountCheckView, SaidCode
from chalicelib.api.operation import Call, Key, Reply
from chalicelib.api.schemas import Nothing
from chalicelib.entrance import door
from chalicelib.usecases.check_account import show, start
from chalicelib.usecases.checks import Means
from chalicelib.usecases.confirm_account import confirm

if TYPE_CHECKING:
    from chalicelib.wiring import World


@door("GET /customers/{customer_id}/destinations/{destination_id}/verification", Nothing,
      AccountCheckView)  # fmt: skip
def show_account_check(
    _: Call[Nothing], w: World, customer_id: str, destination_id: str
) -> Reply:  # fmt: skip
    """Show how far the check of a destination has come."""
    return Reply(views.account_check(show(customer_id, destination_id, means=_means(w))))


@door("POST /customers/{customer_id}/destinations/{destination_id}/verification", Nothing,
      AccountCheckView, 202, key=Key.REQUIRED)  # fmt: skip
def start_account_check(
    call: Call[Nothing], w: World, customer_id: str, destination_id: str
) -> Reply:  # fmt: skip
    """Check a destination: send one cent with a code, once for each Idempotency-Key."""
    begun = start(
        customer_id, destination_id, key=call.key, by=call.by, means=_means(w),
        time_left=call.time_left,
    )  # fmt: skip
    return Reply(views.account_check(begun.check), replayed=begun.replayed)


@door("POST /customers/{customer_id}/destinations/{destination_id}/verification/confirm",
      SaidCode, AccountCheckView, refuses={422})  # fmt: skip
def confirm_account_check(
    call: Call[SaidCode], w: World, customer_id: str, destination_id: str
) -> Reply:  # fmt: skip
    """Confirm a check with the code that came with the cent."""
    return Reply(views.account_check(confirm(
        customer_id, destination_id, call.said.code, by=call.by, means=_means(w),
        time_left=call.time_left,
    )))  # fmt: skip


def _means(w: World) -> Means:
    return Means(
        w.account_checks, w.verifier, w.customers, w.vault, w.clock, w.word_distance,
        timedelta(hours=w.settings.verification_hours),
    )  # fmt: skip

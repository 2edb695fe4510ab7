"""The money that comes in, and whose it becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api import schemas, shapes, views
from chalicelib.api.identity import ADMINS, READERS
from chalicelib.api.operation import Call, Key, Reply
from chalicelib.api.schemas import Nothing
from chalicelib.entrance import door
from chalicelib.usecases.fund import give_credit

if TYPE_CHECKING:
    from chalicelib.wiring import World


@door("GET /funds", READERS, Nothing, shapes.FundsView)
def show_funds(_: Call[Nothing], w: World) -> Reply:
    """Show what came in, and what of it is not yet any customer's."""
    return Reply(views.funds(w.treasury.funds()))


@door("POST /customers/{customer_id}/credits", ADMINS, schemas.NewCredit, shapes.CreditView, 201,
      key=Key.REQUIRED, refuses={422})  # fmt: skip
def credit_customer(call: Call[schemas.NewCredit], w: World, customer_id: str) -> Reply:
    """Give a customer money out of the funds that are nobody's yet, once for each key."""
    given = give_credit(
        customer_id, call.said.amount, reason=call.said.reason, key=call.key, by=call.by,
        request_id=call.request_id, treasury=w.treasury, clock=w.clock,
    )  # fmt: skip
    return Reply(views.credit(given.credit), replayed=given.replayed)

"""The money that comes in, and whose it becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api import funding, money, pages, schemas, settlements, shapes, views
from chalicelib.api.identity import ADMINS, MAKERS, READERS
from chalicelib.api.operation import Call, Key, Reply
from chalicelib.api.schemas import Nothing
from chalicelib.domain.receipts import State
from chalicelib.entrance import door
from chalicelib.usecases import receipts
from chalicelib.usecases.expect import existing
from chalicelib.usecases.fund import give_credit
from chalicelib.usecases.funding import overview
from chalicelib.usecases.settle import settle

if TYPE_CHECKING:
    from chalicelib.wiring import World


@door("GET /funds", READERS, Nothing, shapes.FundsView)
def show_funds(_: Call[Nothing], w: World) -> Reply:
    """Show what came in, and what of it is not yet any customer's."""
    return Reply(views.funds(w.treasury.funds()))


@door("GET /funding", READERS, Nothing, funding.FundingView)
def show_funding(call: Call[Nothing], w: World) -> Reply:
    """Show the money at the provider and with us, and what the coming days will bring."""
    return Reply(funding.funding(overview(
        payouts=w.payouts, treasury=w.treasury, settlements=w.settlements, provider=w.provider,
        gate=w.gate, liquidity=w.liquidity, rules=w.float_rules, clock=w.clock,
        time_left=call.time_left,
    )))  # fmt: skip


@door("POST /customers/{customer_id}/credits", ADMINS, schemas.NewCredit, shapes.CreditView, 201,
      key=Key.REQUIRED, refuses={422})  # fmt: skip
def credit_customer(call: Call[schemas.NewCredit], w: World, customer_id: str) -> Reply:
    """Give a customer money out of the funds that are nobody's yet, once for each key."""
    given = give_credit(
        customer_id, call.said.amount, reason=call.said.reason, key=call.key, by=call.by,
        request_id=call.request_id, treasury=w.treasury, clock=w.clock,
    )  # fmt: skip
    return Reply(views.credit(given.credit), replayed=given.replayed)


@door("GET /receipts", READERS, money.ReceiptListing, money.ReceiptPage)
def list_receipts(call: Call[money.ReceiptListing], w: World) -> Reply:
    """List money that came in, and what became of it."""
    state, limit = State(call.said.status), call.said.limit
    some = pages.some(
        lambda place: w.receipts.page(state, limit=limit, position=place), call.position
    )
    whole = bool(call.roles & MAKERS)
    return call.page(money.receipts(some.items, whole=whole), some.position)


@door("POST /receipts/close", ADMINS, money.Explanation, money.ReceiptView, refuses={404, 409})
def close_receipt(call: Call[money.Explanation], w: World) -> Reply:
    """Explain a receipt that needs no settlement; its money stays unallocated."""
    closed = receipts.close(
        call.said.receipt_id, reason=call.said.reason, by=call.by,
        receipts=w.receipts, findings=w.findings, clock=w.clock,
    )  # fmt: skip
    return Reply(money.receipt(closed, whole=True))


@door("POST /settlements/{settlement_id}/match", ADMINS, money.Matching,
      settlements.SettlementView)  # fmt: skip
def match_receipt(call: Call[money.Matching], w: World, settlement_id: str) -> Reply:
    """Match a receipt with a settlement by hand; once all has come, its rows are allocated."""
    receipts.match(
        settlement_id, call.said.receipt_id, reason=call.said.reason, by=call.by,
        receipts=w.receipts, settlements=w.settlements, findings=w.findings, clock=w.clock,
    )  # fmt: skip
    settle(
        receipts=w.receipts, settlements=w.settlements, treasury=w.treasury, findings=w.findings,
        clock=w.clock, time_left=call.time_left,
    )  # fmt: skip
    return Reply(settlements.settlement(existing(w.settlements, settlement_id)))

"""The money that comes in, and whose it becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api import credit, funding, money, pages, schemas, settlements
from chalicelib.api.access import MAKERS
from chalicelib.api.operation import Call, Key, Reply
from chalicelib.api.schemas import Nothing
from chalicelib.domain.credit_request import CreditStage
from chalicelib.domain.receipts import State
from chalicelib.entrance import door
from chalicelib.usecases import receipts
from chalicelib.usecases.credit import ask_for_credit
from chalicelib.usecases.expect import existing
from chalicelib.usecases.fund import Given
from chalicelib.usecases.funding import overview
from chalicelib.usecases.policies import show
from chalicelib.usecases.settle import settle

if TYPE_CHECKING:
    from chalicelib.wiring import World


@door("GET /funds", Nothing, credit.FundsView)
def show_funds(_: Call[Nothing], w: World) -> Reply:
    """Show what came in, and what of it is not yet any customer's."""
    return Reply(credit.funds(w.treasury.funds()))


@door("GET /funding", Nothing, funding.FundingView)
def show_funding(call: Call[Nothing], w: World) -> Reply:
    """Show the money at the provider and with us, and what the coming days will bring."""
    return Reply(funding.funding(overview(
        payouts=w.payouts, treasury=w.treasury, settlements=w.settlements, schedules=w.schedules,
        calendar=w.calendar, provider=w.provider, gate=w.gate,
        liquidity=w.liquidity, rules=w.float_rules, clock=w.clock, time_left=call.time_left,
    )))  # fmt: skip


@door("POST /customers/{customer_id}/credits", schemas.NewCredit, credit.CreditView, 201,
      key=Key.REQUIRED, refuses={202, 422})  # fmt: skip
def credit_customer(call: Call[schemas.NewCredit], w: World, customer_id: str) -> Reply:
    """Give a customer unallocated money, once for each key; 202 where another has to agree."""
    made = ask_for_credit(
        customer_id, call.said.amount, reason=call.said.reason, key=call.key, by=call.by,
        request_id=call.request_id,
        policy=show(policies=w.policies, default=w.default_policy).current,
        treasury=w.treasury, customers=w.customers, desk=w.desk, clock=w.clock,
    )  # fmt: skip
    if isinstance(made, Given):
        return Reply(credit.given(made.credit), replayed=made.replayed)
    is_given = made.request.stage is CreditStage.GIVEN
    return Reply(
        credit.asked(made.request), replayed=made.replayed, status=201 if is_given else 202
    )


@door("GET /receipts", money.ReceiptListing, money.ReceiptPage)
def list_receipts(call: Call[money.ReceiptListing], w: World) -> Reply:
    """List money that came in, and what became of it."""
    state, limit = State(call.said.status), call.said.limit
    some = pages.some(
        lambda place: w.receipts.page(state, limit=limit, position=place), call.position
    )
    whole = bool(call.roles & MAKERS)
    return call.page(money.receipts(some.items, whole=whole), some.position)


def _receipt(call: Call[money.Explanation], w: World) -> Reply:
    return Reply(money.receipt(receipts.existing(w.receipts, call.said.receipt_id), whole=True))


@door("POST /receipts/close", money.Explanation, money.ReceiptView, key=Key.OPTIONAL,
      again=_receipt, refuses={404})  # fmt: skip
def close_receipt(call: Call[money.Explanation], w: World) -> Reply:
    """Explain a receipt that needs no settlement; its money stays unallocated."""
    closed = receipts.close(
        call.said.receipt_id, reason=call.said.reason, by=call.by,
        receipts=w.receipts, findings=w.findings, clock=w.clock,
    )  # fmt: skip
    return Reply(money.receipt(closed, whole=True))


def _settlement(_: Call[money.Matching], w: World, settlement_id: str) -> Reply:
    return Reply(settlements.settlement(existing(w.settlements, settlement_id)))


@door("POST /settlements/{settlement_id}/match", money.Matching,
      settlements.SettlementView, key=Key.OPTIONAL, again=_settlement)  # fmt: skip
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

"""Each of the provider's own bodies, told again and again: under its id, another id, reordered."""

from __future__ import annotations

import json
from itertools import permutations

import pytest

from chalicelib.adapters.monoova.tidings import tidings
from chalicelib.domain.funding import Receipt
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Status
from tests.adapters.test_monoova_tidings import (
    BODIES,
    CREDITS,
    DISHONOUR,
    NPP_RETURN,
    RECEIVED,
    REJECTED,
    STATUS,
)
from tests.adapters.test_monoova_tidings_of_others import ALL, DEBITS, PAY_TO, TRANSFER
from tests.usecases.world import DEPOSIT, World

OF_PAYOUTS = {
    "a confirmation": ("NppPaymentStatus", STATUS, Status.COMPLETED),
    "a rejection": ("NppPaymentStatus", REJECTED, Status.REJECTED),
    "a return": ("NppReturn", NPP_RETURN, Status.RETURNED),
    "a dishonour": ("DirectEntryDishonour", DISHONOUR, Status.RETURNED),
}
MONEY_IN = {
    "an NPP payment": ("NPPReceivePayment", RECEIVED, 1000, {"NPP"}),
    "a PayTo payment": ("PayToReceivePayment", PAY_TO, 1000, {"PayTo"}),
    "direct credits": ("InboundDirectCredit", CREDITS, 350, {"DirectEntry"}),
    "a transfer": ("InboundRtgsImtStatus", TRANSFER, 80_000, {"RTGS"}),
}


@pytest.fixture
def world():
    world = World().open_for_business()
    world.request()
    return world


def tell(world, event, body, webhook_id="7"):
    """Deliver one of the provider's bodies; news of a payout is made to be of the one there is."""
    told = dict(body) if isinstance(body, dict) else body
    for name in ("UniqueReference", "TransactionReference"):
        if name in told:
            told |= {name: world.payout.unique_reference, "Amount": 100.00}
    raw = json.dumps(told).encode()
    world.inbox.teach_later(raw, lambda at: tidings(event, raw, at=at))
    return world.receive(raw, event, webhookid=webhook_id)


def money(world):
    """All that is money's: everything but the notices."""
    state = world.store.state
    return (state.payouts, state.steps, state.customers, state.funds, state.entries,
            state.receipts, state.findings)  # fmt: skip


@pytest.mark.parametrize("what", OF_PAYOUTS)
def test_news_of_a_payout_is_one_step_however_often_it_is_told(world, what):
    event, body, status = OF_PAYOUTS[what]
    assert tell(world, event, body) == "heard"
    before = repr(money(world))
    for webhook_id in ("7", "8", "7", "9"):
        assert tell(world, event, body, webhook_id) == "nothing_new"
    assert world.status is status
    assert repr(money(world)) == before
    back = status is not Status.COMPLETED
    assert world.available == (DEPOSIT if back else DEPOSIT - Money(10_000))
    world.check_books()


@pytest.mark.parametrize("what", MONEY_IN)
def test_money_that_came_in_is_entered_once_however_often_it_is_told(world, what):
    event, body, cents, rails = MONEY_IN[what]
    known = set(world.store.state.receipts)
    before = world.store.state.funds.received
    assert tell(world, event, body) == "received"
    entered = repr(money(world))
    for webhook_id in ("7", "8", "7", "9"):
        assert tell(world, event, body, webhook_id) == "nothing_new"
    assert repr(money(world)) == entered
    assert world.store.state.funds.received - before == Money(cents)
    new = [each for name, each in world.store.state.receipts.items() if name not in known]
    assert {each.rail for each in new} == rails
    world.check_books()


def test_a_payto_payment_that_is_told_as_one_over_npp_too_came_once(world):
    before = world.store.state.funds.received
    assert tell(world, "NPPReceivePayment", PAY_TO) == "received"
    assert tell(world, "PayToReceivePayment", PAY_TO) == "nothing_new"
    assert world.store.state.funds.received - before == Money(1000)


def test_a_debit_is_one_finding_and_moves_nothing_however_often_it_is_told(world):
    funds = world.store.state.funds
    for webhook_id in ("7", "7", "8"):
        assert tell(world, "InboundDirectDebit", DEBITS, webhook_id) == "debit_pending"
    assert len(world.store.state.findings) == 1
    assert world.store.state.funds == funds


@pytest.mark.parametrize("event", [e for e in ALL if e not in BODIES])
def test_what_is_none_of_our_payouts_changes_none(world, event):
    payout, steps = world.payout, len(world.events())
    tell(world, event, ALL[event])
    assert (world.payout, len(world.events())) == (payout, steps)
    world.check_books()


@pytest.mark.parametrize("order", list(permutations(MONEY_IN)), ids="-".join)
def test_money_is_the_same_in_whatever_order_it_is_told(world, order):
    before = world.store.state.funds.received
    for what in (*order, *order):
        tell(world, *MONEY_IN[what][:2])
    assert world.store.state.funds.received - before == Money(1000 + 1000 + 350 + 80_000)
    world.check_books()


def test_a_transfer_counts_once_it_is_confirmed_and_not_before(world):
    before = world.store.state.funds
    for event, body in (
        ("PendingInboundRtgsImt", ALL["PendingInboundRtgsImt"]),
        ("InboundRtgsImtStatus", TRANSFER | {"Status": "Pending"}),
        ("InboundRtgsImtStatus", TRANSFER | {"Status": "Rejected"}),
    ):
        assert tell(world, event, body) in {"rtgs_pending", "rtgs_rejected"}
    assert world.store.state.funds == before
    assert tell(world, "InboundRtgsImtStatus", TRANSFER) == "received"
    receipt = world.store.state.receipts["R12345678"]
    assert isinstance(receipt, Receipt)
    assert receipt.amount == Money(80_000)

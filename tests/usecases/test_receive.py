"""Webhooks: authentic or not heard; acknowledged only once durable; heard once."""

from __future__ import annotations

import pytest

from chalicelib.domain.errors import NotAuthentic, ProviderUnavailable, QueueUnavailable
from chalicelib.domain.events import Confirmed, Rejected, Returned
from chalicelib.domain.funding import Receipt
from chalicelib.domain.money import Money
from chalicelib.domain.notices import PayoutNews, Unheard
from chalicelib.domain.patience import attention
from chalicelib.domain.payout import Status
from tests.usecases.world import AMOUNT, DEPOSIT, World, order

BODY = b'{"Status": "Payment Successful"}'


@pytest.fixture
def world():
    world = World().open_for_business()
    world.request()
    return world


def kept(world):
    return [notice.outcome for notice in world.store.state.notices.values()]


def test_news_is_heard_and_kept_in_one_write(world):
    world.teach(BODY, world.payout, Confirmed, amount=AMOUNT)
    payouts, notices = world.meanwhile("payouts"), world.meanwhile("notices")
    assert world.receive(BODY) == "heard"
    assert (payouts.calls, notices.calls) == (["get", "write"], [])
    assert world.status is Status.COMPLETED
    (notice,) = world.store.state.notices.values()
    assert (notice.outcome, notice.raw, notice.webhook_id) == ("heard", BODY, "7")
    assert notice.reference == world.payout.unique_reference


def test_what_is_not_authentic_is_not_heard(world):
    world.teach(BODY, world.payout, Confirmed)
    names = ("payouts", "treasury", "notices", "findings", "dead_letters")
    ports = {name: world.meanwhile(name) for name in names}
    with pytest.raises(NotAuthentic):
        world.receive(BODY, authorization="Bearer forged")
    called = {name: port.calls for name, port in ports.items() if port.calls}
    assert called == {"notices": ["keep"]}
    assert kept(world) == ["not_authentic"]
    assert world.status is Status.PENDING


def test_what_cannot_be_checked_is_asked_for_again(world):
    world.inbox.down = True
    with pytest.raises(ProviderUnavailable):
        world.receive(BODY)
    assert not world.dead_letters.queued
    assert not kept(world)


@pytest.mark.parametrize("webhook_id", ["7", "8"])
def test_news_doubled_is_heard_once(world, webhook_id):
    world.teach(BODY, world.payout, Returned)
    assert world.receive(BODY) == "heard"
    assert world.receive(BODY, webhookid=webhook_id) == "nothing_new"
    assert world.available == DEPOSIT
    assert world.events().count("Returned") == 1
    assert len(kept(world)) == (1 if webhook_id == "7" else 2)


def test_news_doubled_at_once_is_heard_once(world):
    world.teach(BODY, world.payout, Returned)
    world.once("payouts", "write", lambda: (world.clock.advance(1), world.receive(BODY)))
    assert world.receive(BODY) == "nothing_new"
    assert world.available == DEPOSIT
    assert world.events().count("Returned") == 1


def test_a_return_heard_before_what_it_returns_stands(world):
    returned = world.teach(b"returned", world.payout, Returned)
    confirmed = world.teach(b"confirmed", world.payout, Confirmed)
    assert world.receive(returned, "NppReturn") == "heard"
    assert world.receive(confirmed) == "nothing_new"
    assert world.status is Status.RETURNED
    assert world.available == DEPOSIT


def test_a_return_after_success_gives_the_money_back(world):
    world.receive(world.teach(b"confirmed", world.payout, Confirmed))
    world.receive(world.teach(b"returned", world.payout, Returned, amount=AMOUNT), "NppReturn")
    assert world.status is Status.RETURNED
    assert world.available == DEPOSIT


def test_a_return_of_another_amount_stops_the_customer(world):
    world.receive(world.teach(b"returned", world.payout, Returned, amount=Money(1)), "NppReturn")
    assert world.status is Status.DISPUTED
    assert "disputed" in world.store.state.customers["customer-1"].stopped
    assert world.available == DEPOSIT - AMOUNT


def test_an_unknown_reference_is_kept_and_not_dead_lettered(world):
    news = Confirmed(at=world.clock.now(), by="monoova", attempt=1)
    world.inbox.teach(BODY, PayoutNews("another-1", "another", news))
    assert world.receive(BODY) == "unknown_reference"
    assert kept(world) == ["unknown_reference"]
    assert not world.dead_letters.queued


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff\xfe", b"[]" * 1000])
def test_rubbish_that_is_authentic_is_kept(world, body):
    assert world.receive(body).startswith("not_understood")
    assert not world.dead_letters.queued
    assert len(kept(world)) == 1


def test_an_event_of_no_concern_is_kept(world):
    world.inbox.teach(BODY, Unheard("not_ours"))
    assert world.receive(BODY, "PayToReceivePayment") == "not_ours"
    assert kept(world) == ["not_ours"]


def test_a_contradiction_is_dead_lettered_and_puts_the_payout_before_a_person(world):
    world.receive(world.teach(b"confirmed", world.payout, Confirmed))
    before = world.payout
    assert world.receive(world.teach(b"rejected", world.payout, Rejected)) == "dead_lettered"
    ((letter, delay),) = world.dead_letters.queued
    assert (letter.error, letter.raw, letter.attempts, delay) == (
        "contradiction",
        b"rejected",
        1,
        30,
    )
    assert letter.request_id == "r-hook"
    assert attention(world.payout) == "contradiction"
    last = world.store.state.steps[before.transaction_id][-1]
    assert (last.event.why, last.event.request_id) == ("contradiction", "r-hook")
    assert (last.status, last.postings) == (before.status, ())
    assert world.payout.status is Status.COMPLETED


@pytest.mark.parametrize("amount", [Money(1), AMOUNT + Money(1), Money(0)])
def test_a_confirmation_of_another_amount_is_dead_lettered(world, amount):
    body = world.teach(BODY, world.payout, Confirmed, amount=amount)
    assert world.receive(body) == "dead_lettered"
    assert (world.status, attention(world.payout)) == (Status.PENDING, "contradiction")


def test_while_the_store_is_down_the_queue_has_the_body(world):
    world.teach(BODY, world.payout, Confirmed)
    world.store.state.down = True
    assert world.receive(BODY) == "dead_lettered"
    ((letter, _),) = world.dead_letters.queued
    assert (letter.error, letter.raw) == ("store_unavailable", BODY)
    assert letter.received_at == world.clock.now()


def test_with_the_queue_down_too_it_is_asked_for_again(world):
    world.teach(BODY, world.payout, Confirmed)
    world.store.state.down = world.dead_letters.down = True
    with pytest.raises(QueueUnavailable):
        world.receive(BODY)


def test_a_lost_reply_of_the_store_is_heard_once_all_the_same(world):
    world.teach(BODY, world.payout, Returned)
    world.store.state.lost_replies = 1
    assert world.receive(BODY) == "dead_lettered"
    assert world.status is Status.RETURNED
    assert world.reprocess(world.dead_letters.take()) == "nothing_new"
    assert world.available == DEPOSIT
    assert world.events().count("Returned") == 1


def test_a_defect_of_ours_does_not_lose_the_providers_word(world):
    world.inbox.teach_later(BODY, lambda _at: int("a defect"))
    assert world.receive(BODY) == "dead_lettered"
    assert world.dead_letters.queued[0][0].error == "defect"


def test_a_webhook_id_of_any_length_is_cut(world):
    world.receive(BODY, webhookid="9" * 10_000)
    (notice,) = world.store.state.notices.values()
    assert len(notice.webhook_id) <= 64


def receipt(world, name, cents=500):
    return Receipt(name, Money(cents), "NPP", world.clock.now())


def test_money_received_is_entered_once_however_often_it_is_told(world):
    world.inbox.teach(BODY, receipt(world, "N7"))
    before = world.store.state.funds
    assert world.receive(BODY, "NPPReceivePayment") == "received"
    assert world.receive(BODY, "NPPReceivePayment") == "nothing_new"
    assert world.receive(BODY, "NPPReceivePayment", webhookid="8") == "nothing_new"
    funds = world.store.state.funds
    assert funds.received - before.received == Money(500)
    assert funds.unallocated - before.unallocated == Money(500)
    world.check_books()


def test_every_receipt_of_a_batch_is_entered_once(world):
    batch = [receipt(world, f"D{number}", number + 1) for number in range(5)]
    world.inbox.teach(BODY, *batch)
    before = world.store.state.funds.received
    # The third write is lost, and all is told again.
    writes = []

    def lose_the_third(*_steps, **_told):
        writes.append(1)
        world.store.state.lost_replies = len(writes) == 3

    world.meanwhile("treasury", write=lose_the_third)
    assert world.receive(BODY, "InboundDirectCredit") == "dead_lettered"
    assert world.reprocess(world.dead_letters.take()) == "nothing_new,received"
    assert world.store.state.funds.received - before == Money(15)
    world.check_books()


def test_nothing_received_is_dead_lettered(world):
    world.inbox.teach(BODY, receipt(world, "N7", 0))
    assert world.receive(BODY, "NPPReceivePayment") == "dead_lettered"
    assert world.dead_letters.queued[0][0].error == "invalid_amount"


def test_a_body_with_several_news_is_heard_whole_or_again(world):
    world.request(order(), key="another-key-00000")
    one, two = world.payouts
    news = [
        PayoutNews(each.unique_reference, each.transaction_id,
                   Confirmed(at=world.clock.now(), by="monoova", attempt=1))
        for each in (one, two)
    ]  # fmt: skip
    world.inbox.teach(BODY, *news)
    assert world.receive(BODY) == "heard"
    assert [payout.status for payout in world.payouts] == [Status.COMPLETED] * 2
    assert kept(world) == ["heard"] * 3, "one for each line, and the whole"

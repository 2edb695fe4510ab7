"""What the provider tells about our money is never passed over: read, refused aloud, or kept."""

from __future__ import annotations

import json

import pytest

from chalicelib.adapters.monoova.tidings import tidings
from chalicelib.domain.errors import QueueUnavailable
from chalicelib.domain.events import Confirmed, Rejected, Returned
from chalicelib.domain.funding import Receipt
from chalicelib.domain.ledger import Place
from chalicelib.domain.money import Money
from chalicelib.domain.notices import PayoutNews, Unreadable
from chalicelib.domain.patience import attention
from chalicelib.domain.payout import Status
from chalicelib.usecases.receive import AT_ONCE
from tests.usecases.world import AMOUNT, DEPOSIT, World

UNREADABLE = {
    "thousands": ("NPPReceivePayment", {"TransactionId": "N1", "Amount": "1,000.0000"}),
    "a dollar sign": ("NPPReceivePayment", {"TransactionId": "N1", "Amount": "$10.00"}),
    "no id": ("NPPReceivePayment", {"Amount": "10.0000", "SourceAccountName": "x"}),
    "one bad of two": (
        "InboundDirectCredit",
        {
            "TotalCount": 2,
            "DirectCreditDetails": [
                {"TransactionId": "D1", "Amount": 10},
                {"TransactionId": None, "Amount": 20},
            ],
        },
    ),
    "half a cent": ("NppReturn", {"Amount": "100.005", "UniqueReference": "REF"}),
    "less than nothing": ("NppReturn", {"Amount": -100, "UniqueReference": "REF"}),
    "no type": ("DirectEntryDishonour", {"Amount": 100, "TransactionReference": "REF"}),
    "an unknown word": (
        "NppPaymentStatus",
        {"Status": "Returned", "UniqueReference": "REF", "Amount": 100},
    ),
}


@pytest.fixture
def world():
    world = World().open_for_business()
    world.request()
    return world


def told(world, event_name, body, **headers):
    """A webhook's true body, read as the provider's is."""
    raw = json.dumps(body).replace("REF", world.payouts[0].unique_reference).encode()
    world.inbox.teach_later(raw, lambda at: tidings(event_name, raw, at=at))
    return world.receive(raw, event_name, **headers)


def parked(world):
    return [each.letter for each in world.store.state.parked.values() if each.is_open]


@pytest.mark.parametrize("name", UNREADABLE)
def test_authentic_news_of_money_that_cannot_be_read_reaches_a_person(world, name):
    world.receive(world.teach(b"ok", world.payout, Confirmed))
    assert told(world, *UNREADABLE[name]) == "dead_lettered"
    ((letter, _),) = world.dead_letters.queued
    assert letter.error == "not_understood"
    whole = [each for each in world.store.state.notices.values() if not each.part_of]
    assert len(whole) == 2, "what it says is kept all the same"
    world.redrive()
    assert len(parked(world)) == 1


def test_what_can_be_read_of_it_is_applied_once(world):
    before = world.store.state.funds.received
    told(world, *UNREADABLE["one bad of two"])
    assert world.store.state.funds.received - before == Money(1000)
    world.redrive()
    assert world.store.state.funds.received - before == Money(1000)
    world.check_books()


def test_news_beside_what_cannot_be_read_is_heard(world):
    payout = world.payout
    news = Confirmed(at=world.clock.now(), by="monoova", attempt=1)
    heard = PayoutNews(payout.unique_reference, payout.transaction_id, news)
    world.inbox.teach(b"both", Unreadable("not_understood"), heard)
    assert world.receive(b"both") == "dead_lettered"
    assert world.status is Status.COMPLETED


def returned(number):
    return {
        "ReturnDate": "02/03/2026", "Amount": "50.00", "UniqueReference": "REF",
        "ReturnReason": "x", "ReturnTransactionId": number, "TransactionId": 5,
    }  # fmt: skip


def test_two_returns_of_the_same_amount_are_two(world):
    assert told(world, "NppReturn", returned(901), webhookid="1") == "heard"
    assert told(world, "NppReturn", returned(902), webhookid="2") == "dead_lettered"
    assert world.places()[Place.SUSPENSE] == 5_000
    assert attention(world.payout) == "disputed"
    world.redrive()
    (letter,) = parked(world)
    assert letter.error == "contradiction"


def test_a_return_told_twice_is_one(world):
    assert told(world, "NppReturn", returned(901), webhookid="1") == "heard"
    assert told(world, "NppReturn", returned(901), webhookid="2") == "nothing_new"
    assert not world.dead_letters.queued
    assert world.places()[Place.SUSPENSE] == 5_000


def test_a_second_return_of_all_of_it_is_a_contradiction(world):
    whole = {"Amount": str(AMOUNT)}
    assert told(world, "NppReturn", returned(901) | whole, webhookid="1") == "heard"
    assert told(world, "NppReturn", returned(902) | whole, webhookid="2") == "dead_lettered"
    assert (world.status, world.available) == (Status.RETURNED, DEPOSIT)
    assert attention(world.payout) == "contradiction"


@pytest.mark.parametrize("lines", [1, 2])
def test_a_receipt_of_a_known_id_with_another_amount_is_no_repeat(world, lines):
    first = Receipt("N7", Money(1000), "NPP", world.clock.now())
    other = Receipt("N7", Money(25_000), "NPP", world.clock.now())
    world.inbox.teach(b"a", first)
    world.inbox.teach(b"b", *[other] * lines)
    before = world.store.state.funds.received
    assert world.receive(b"a", "NPPReceivePayment") == "received"
    assert world.receive(b"b", "NPPReceivePayment", webhookid="8") == "dead_lettered"
    assert world.dead_letters.queued[0][0].error == "contradiction"
    assert world.store.state.funds.received - before == Money(1000)
    world.redrive()
    assert len(parked(world)) == 1


def batch(world, count):
    lines = [Receipt(f"D{n}", Money(n + 1), "DE", world.clock.now()) for n in range(count)]
    world.inbox.teach(b"money", *lines)
    return lines


class Killed(BaseException):
    """The process ran out of time."""


def test_more_lines_than_there_is_time_for_are_durable_before_any_is_applied(world):
    lines = batch(world, AT_ONCE + 1)
    treasury = world.meanwhile("treasury")
    assert world.receive(b"money", "InboundDirectCredit") == "queued"
    assert treasury.calls == []
    ((letter, delay),) = world.dead_letters.queued
    assert (letter.error, letter.raw, delay) == ("many_lines", b"money", 0)
    before = world.store.state.funds.received
    assert world.redrive() == ["received"]
    assert (world.store.state.funds.received - before).cents == sum(x.amount.cents for x in lines)


def test_as_many_as_there_is_time_for_are_applied_at_once(world):
    batch(world, AT_ONCE)
    assert world.receive(b"money", "InboundDirectCredit") == "received"
    assert not world.dead_letters.queued


def test_a_batch_that_is_killed_twice_goes_on_where_it_was(world):
    lines = batch(world, 200)
    before = world.store.state.funds.received
    world.receive(b"money", "InboundDirectCredit")
    letter = world.dead_letters.take()
    calls = []

    def tick(*_, **__):
        calls.append(1)
        if len(calls) % 250 == 0:
            raise Killed

    world.meanwhile("treasury", funds=tick, write=tick, received=tick)
    for _ in range(2):
        with pytest.raises(Killed):
            world.reprocess(letter)
    world.ports["treasury"] = world.store.treasury
    assert world.reprocess(letter) == "nothing_new,received"
    assert (world.store.state.funds.received - before).cents == sum(x.amount.cents for x in lines)
    world.check_books()


def test_with_the_queue_down_a_large_batch_is_asked_for_again(world):
    batch(world, AT_ONCE + 1)
    world.dead_letters.down = True
    with pytest.raises(QueueUnavailable):
        world.receive(b"money", "InboundDirectCredit")
    assert not world.store.state.notices


def test_a_dishonour_without_amount_is_not_taken_for_all_of_it(world):
    world.provider.settle(world.payout.unique_reference, "Dishonoured", back=Money(5000))
    world.poll_after(120)
    assert (world.status, world.available) == (Status.DISPUTED, DEPOSIT - AMOUNT)
    assert world.places()[Place.SUSPENSE] == 5000
    assert world.store.state.customers["customer-1"].stopped


@pytest.mark.parametrize("back", [None, Money(5000)])
def test_a_return_of_half_stops_the_customer_whoever_tells_it_first(world, back):
    world.provider.settle(world.payout.unique_reference, "Dishonoured", back=back)
    world.poll_after(120)
    half = world.teach(b"half", world.payout, Returned, amount=Money(5000))
    assert world.receive(half, "NppReturn") == ("nothing_new" if back else "heard")
    assert not world.dead_letters.queued
    assert world.status is Status.DISPUTED
    assert world.places()[Place.SUSPENSE] == 5000
    assert world.store.state.customers["customer-1"].stopped


def test_a_rejection_after_success_is_before_a_person_at_once(world):
    world.receive(world.teach(b"ok", world.payout, Confirmed))
    assert world.receive(world.teach(b"no", world.payout, Rejected), webhookid="8")
    assert (world.status, attention(world.payout)) == (Status.COMPLETED, "contradiction")
    found = world.store.payouts.needing_attention(limit=9, position=None).items
    assert [each.transaction_id for each in found] == [world.payout.transaction_id]


def test_a_contradiction_heard_again_is_escalated_once(world):
    world.receive(world.teach(b"ok", world.payout, Confirmed))
    world.receive(world.teach(b"no", world.payout, Rejected), webhookid="8")
    world.redrive()
    assert world.events().count("Escalated") == 1
    assert len(parked(world)) == 1


def test_a_line_that_contradicts_costs_the_other_lines_nothing(world):
    world.deposit(Money(1000), "N7")
    before = world.store.state.funds.received
    lines = [Receipt(name, Money(500), "DE", world.clock.now()) for name in ("N6", "N7", "N8")]
    world.inbox.teach(b"money", *lines)
    assert world.receive(b"money", "InboundDirectCredit") == "dead_lettered"
    world.redrive()
    assert world.store.state.funds.received - before == Money(1000)
    assert len(parked(world)) == 1
    world.check_books()


def test_what_a_payer_wrote_is_not_what_a_parked_webhook_is_about(world):
    written = Receipt("D1", Money(250), "DE", world.clock.now(), reference="rent for flat nine")
    world.inbox.teach(b"two lines", written, Unreadable("not_understood"))
    world.receive(b"two lines", "InboundDirectCredit")
    world.redrive(most=1)
    (letter,) = parked(world)
    assert letter.reference == "D1"

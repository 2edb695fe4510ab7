"""The fakes beside the store do what the tests that use them believe."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.destination import BankAccount, PayId, PayIdType
from chalicelib.domain.errors import (
    Corrupt,
    NotAuthentic,
    ProviderUnavailable,
    QueueUnavailable,
    VaultUnavailable,
)
from chalicelib.domain.events import (
    Accepted,
    Confirmed,
    Doubt,
    NeverSent,
    Refused,
    Rejected,
    Returned,
    Unclear,
)
from chalicelib.domain.money import ZERO
from chalicelib.domain.notices import DeadLetter, Unheard
from tests.contracts.making import an_intent, claimed, dollars
from tests.contracts.paging import TODAY
from tests.fakes.clock import START, FakeClock
from tests.fakes.inbox import TOKEN, FakeInbox
from tests.fakes.provider import (
    ACCEPTED,
    NOT_CONNECTED,
    REFUSED,
    SERVER_ERROR_AND_PAID,
    SIGN_IN_REFUSED,
    TIMED_OUT_AND_PAID,
    TIMED_OUT_UNPAID,
    TOO_MANY_REQUESTS,
    FakeProvider,
)
from tests.fakes.queue import FakeDeadLetters
from tests.fakes.vault import FakeVault

JO = PayId.parse(PayIdType.EMAIL, "jo@example.com", "Jo Citizen")
ACCOUNT = BankAccount.parse("062-000", "12345678", "Jo Citizen")
LETTER = DeadLetter("NppReturn", "17", b"{}", START, "store_unavailable")


@pytest.fixture
def provider():
    return FakeProvider(FakeClock())


@pytest.fixture
def payout():
    return claimed(an_intent("10.00"))[1].after


@pytest.mark.parametrize(
    ("reply", "event", "paid"),
    [
        (ACCEPTED, Accepted, 1), (REFUSED, Refused, 0), (NOT_CONNECTED, NeverSent, 0),
        (SIGN_IN_REFUSED, NeverSent, 0), (TIMED_OUT_AND_PAID, Unclear, 1),
        (TIMED_OUT_UNPAID, Unclear, 0), (SERVER_ERROR_AND_PAID, Unclear, 1),
        (TOO_MANY_REQUESTS, Unclear, 0),
    ],
)  # fmt: skip
def test_the_provider_says_one_thing_and_may_do_another(provider, payout, reply, event, paid):
    provider.will(reply)
    assert isinstance(provider.pay(payout, JO, within=5), event)
    assert provider.paid(payout.unique_reference) == paid
    assert (provider.status(payout, within=5) is None) == (paid == 0)
    assert len(provider.entries(TODAY, TODAY, within=5)) == paid
    assert len(provider.statement(TODAY, within=5)) == paid


def test_the_provider_refuses_repeats_or_does_not(provider, payout):
    provider.pay(payout, JO, within=5)
    again = provider.pay(payout, JO, within=5)
    assert (again.doubt, provider.paid(payout.unique_reference)) == (Doubt.REFERENCE_EXISTS, 1)
    provider.refuses_repeats = False
    assert isinstance(provider.pay(payout, JO, within=5), Accepted)
    assert provider.paid(payout.unique_reference) == 2


def test_the_provider_settles_what_it_was_told_to(provider, payout):
    provider.pay(payout, JO, within=5)
    for word, event in (("Complete", Confirmed), ("Rejected", Rejected), ("Dishonoured", Returned)):
        provider.settle(payout.unique_reference, word, back=dollars("10.00"))
        assert isinstance(provider.status(payout, within=5), event)
        assert isinstance(provider.statuses(TODAY, TODAY, within=5)[payout.unique_reference], event)
    debit, credit = provider.entries(TODAY, TODAY, within=5)
    assert (debit.debit, debit.credit) == (dollars("10.00"), ZERO)
    assert (credit.debit, credit.credit) == (ZERO, dollars("10.00"))
    assert provider.entries(TODAY + timedelta(days=1), TODAY + timedelta(days=2), within=5) == []


def test_the_provider_is_not_asked_without_time_nor_while_it_is_down(provider, payout):
    assert isinstance(provider.pay(payout, JO, within=0), NeverSent)
    assert provider.requests == []
    with pytest.raises(ProviderUnavailable):
        provider.status(payout, within=0)
    provider.down = True
    with pytest.raises(ProviderUnavailable):
        provider.statement(TODAY, within=5)


def test_news_can_overtake_the_providers_answer(provider, payout):
    heard = []
    provider.before_answering = lambda reference: heard.append(provider.paid(reference))
    provider.pay(payout, JO, within=5)
    assert heard == [1]


@pytest.mark.parametrize("destination", [JO, ACCOUNT])
def test_the_vault_gives_back_what_it_sealed_to_its_own_customer_only(destination):
    vault = FakeVault()
    sealed = vault.seal(destination, customer_id="customer-1", destination_id="destination-1")
    assert vault.unseal(sealed, customer_id="customer-1") == destination
    assert b"Citizen" not in sealed.ciphertext
    with pytest.raises(Corrupt):
        vault.unseal(sealed, customer_id="customer-2")
    other = vault.seal(destination, customer_id="customer-1", destination_id="destination-2")
    for ciphertext in (other.ciphertext, b"", b"rubbish"):
        moved = type(sealed)(
            sealed.destination_id, sealed.method, sealed.kind, sealed.masked, sealed.masked_name,
            ciphertext,
        )  # fmt: skip
        with pytest.raises(Corrupt):
            vault.unseal(moved, customer_id="customer-1")


def test_a_vault_that_is_down_seals_nothing():
    vault = FakeVault()
    vault.down = True
    with pytest.raises(VaultUnavailable):
        vault.seal(JO, customer_id="customer-1", destination_id="destination-1")


def test_the_queue_keeps_order_delay_and_limits():
    queue = FakeDeadLetters()
    queue.put(LETTER, delay=30)
    assert queue.queued == [(LETTER, 30)]
    assert queue.take() is LETTER
    with pytest.raises(ValueError, match="900"):
        queue.put(LETTER, delay=901)
    queue.down = True
    with pytest.raises(QueueUnavailable):
        queue.put(LETTER, delay=0)


def test_the_inbox_knows_its_own_and_says_what_it_was_taught():
    inbox = FakeInbox()
    inbox.authenticate({"authorization": TOKEN}, b"{}")
    with pytest.raises(NotAuthentic):
        inbox.authenticate({}, b"{}")
    inbox.teach(b"{}", Unheard("of no interest"))
    assert inbox.read("NppReturn", b"{}", at=START) == (Unheard("of no interest"),)
    assert inbox.read("NppReturn", b"other", at=START) == (Unheard("not_understood NppReturn"),)


def test_the_clock_moves_when_told_and_makes_every_name_once():
    clock = FakeClock()
    assert clock.advance(90) == clock.now() == START + timedelta(seconds=90)
    assert clock.monotonic() == 90
    clock.set(START)
    assert (clock.now(), clock.monotonic()) == (START, 90)
    names = {clock.new_id() for _ in range(3)} | {FakeClock(series=1).new_id()}
    assert {len(name) for name in names} == {36}
    assert len(names) == 4

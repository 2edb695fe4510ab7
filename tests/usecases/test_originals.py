"""Before a redraft goes out the provider is asked once more about what it has refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import Corrupt, ProviderUnavailable, SignInRefused, StoreUnavailable
from chalicelib.domain.events import Hindrance
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.money import Money
from chalicelib.domain.patience import attention
from chalicelib.domain.payout import Status
from chalicelib.usecases.customers import resume
from chalicelib.usecases.originals import doubt_of_originals
from tests.fakes.provider import NOT_CONNECTED, REFUSED, TIMED_OUT_UNPAID
from tests.usecases.approving import agree
from tests.usecases.filing import Town
from tests.usecases.redrafting import came_back, fall_through, now, redo
from tests.usecases.world import ACCOUNT, AMOUNT, DEPOSIT, DIRECT_ENTRY, World, order

REFUSED_AND_PAID = REFUSED._replace(executes=True)
IN_DOUBT = str(Hindrance.ORIGINAL_IN_DOUBT)


class Mute:
    """A provider whose statuses know nothing: only the account shows what was paid."""

    def __init__(self, provider):
        self._provider = provider
        self.read = []

    def __getattr__(self, name):
        return getattr(self._provider, name)

    def status(self, _payout, *, within):
        assert within > 0

    def entries(self, first, last, *, within):
        self.read.append((first, last))
        return self._provider.entries(first, last, within=within)


def lied_to():
    """A business whose payout was refused, and paid all the same."""
    world = World().open_for_business()
    world.provider.will(REFUSED_AND_PAID)
    world.request()
    assert world.status is Status.FAILED
    return world


def paid(world):
    return [each.reference for each in world.provider.executions]


def raising(error):
    def raises(*_told, **_more):
        raise error

    return raises


@pytest.mark.parametrize("mute", [False, True])
def test_a_redraft_is_not_sent_if_the_provider_knows_its_original_after_all(mute):
    world = lied_to()
    if mute:
        world.ports["provider"] = Mute(world.provider)
    redraft = redo(world).payout
    original = world.payouts[0]
    assert (redraft.status, redraft.hindrance) == (Status.QUEUED, IN_DOUBT)
    assert paid(world) == [original.unique_reference]
    assert (original.status, attention(original)) == (Status.DISPUTED, "disputed")
    assert world.store.state.customers["customer-1"].stopped
    resume("customer-1", **world._ports("customers", "clock"))
    assert world.poll_after(120) == {"original_disputed": 1}
    assert attention(now(world, redraft)) == "original_disputed"
    assert paid(world) == [original.unique_reference]
    assert world.cancel(redraft.transaction_id).status is Status.CANCELLED


@pytest.mark.parametrize("question", ["status", "entries"])
@pytest.mark.parametrize(
    ("error", "why"),
    [(ProviderUnavailable(), IN_DOUBT), (SignInRefused(), str(Hindrance.SIGN_IN_REFUSED))],
)
def test_without_an_answer_nothing_is_sent_until_there_is_one(question, error, why):
    world = came_back()
    world.meanwhile("provider", **{question: raising(error)})
    redraft = redo(world).payout
    assert (redraft.status, redraft.hindrance, redraft.sends) == (Status.QUEUED, why, 0)
    assert not paid(world)
    world.ports["provider"] = world.provider
    world.poll_after(timedelta(minutes=2))
    assert paid(world) == [redraft.unique_reference]
    world.check_equal()


@pytest.mark.parametrize("error", [StoreUnavailable("gone"), Corrupt("spoilt")])
def test_an_original_that_cannot_be_read_keeps_its_redraft_back(error):
    world = came_back()
    reads = []

    def get(*_told, **_more):
        reads.append(1)
        if len(reads) == LAST_READ:
            raise error

    world.meanwhile("payouts", get=get)
    redraft = redo(world).payout
    assert (redraft.status, redraft.hindrance) == (Status.QUEUED, IN_DOUBT)
    assert not paid(world)


# The use case reads the original to know what it was, and for its step; then it is asked about.
LAST_READ = 3


def test_the_last_word_that_it_needs_sends_it_no_sooner():
    world = lied_to()
    redraft = redo(world, by="robot", drafted=True).payout
    assert redraft.status is Status.AWAITING_APPROVAL
    assert agree(world, transaction_id=redraft.transaction_id).payout.hindrance == IN_DOUBT
    assert world.payouts[0].status is Status.DISPUTED
    assert len(paid(world)) == 1


def test_what_waited_for_a_connection_is_asked_about_when_it_goes_out():
    world = came_back()
    world.provider.will(NOT_CONNECTED)
    redraft = redo(world).payout
    asked = world.meanwhile("provider")
    world.poll_after(120)
    assert asked.calls == ["status", "entries", "validate", "pay"]
    assert now(world, redraft).status is Status.PENDING


def test_nor_is_one_in_doubt_sent_again():
    world = came_back()
    world.provider.will(TIMED_OUT_UNPAID)
    redraft = redo(world).payout
    execute(world, world.payouts[0])
    for _ in range(3):
        world.poll_after(timedelta(minutes=31))
    assert now(world, redraft).status is Status.UNCONFIRMED
    assert world.provider.requests.count(redraft.unique_reference) == 1
    assert world.payouts[0].status is Status.DISPUTED


def execute(world, payout):
    """The provider executes what it has refused before."""
    world.provider.pay(payout, ACCOUNT, within=5)


def test_all_that_was_refused_before_it_is_asked_about():
    world = came_back()
    world.provider.will(REFUSED)
    first = redo(world).payout
    execute(world, world.payouts[0])
    second = redo(world, first, key="a-second-redraft-0").payout
    assert second.hindrance == IN_DOUBT
    assert world.payouts[0].status is Status.DISPUTED
    assert now(world, first).status is Status.FAILED
    assert not world.provider.paid(second.unique_reference)


def test_what_cannot_be_true_of_it_is_before_a_person_and_keeps_its_redraft_back():
    world = lied_to()
    original = world.payouts[0]
    world.provider.settle(original.unique_reference, "Dishonoured", back=AMOUNT - Money(1))
    redraft = redo(world).payout
    assert redraft.hindrance == IN_DOUBT
    assert attention(world.payouts[0]) == CONTRADICTION
    assert world.poll_after(120) == {"original_disputed": 1}
    assert not world.provider.paid(redraft.unique_reference)


def test_what_left_and_came_back_whole_was_given_back_once_and_is_paid_once_more():
    world = lied_to()
    world.provider.settle(world.payouts[0].unique_reference, "Dishonoured", back=AMOUNT)
    redraft = redo(world).payout
    assert redraft.status is Status.PENDING
    assert world.payouts[0].came_back == AMOUNT
    assert world.available == DEPOSIT - AMOUNT


@pytest.mark.parametrize("status", [Status.RETURNED, Status.REJECTED])
def test_what_the_provider_said_came_back_is_not_asked_about(status):
    world = came_back(status)
    asked = world.meanwhile("provider")
    assert redo(world).payout.status is Status.PENDING
    assert asked.calls == ["validate", "pay"]


def test_a_payout_that_replaces_none_is_sent_without_a_question():
    world = World().open_for_business()
    asked = world.meanwhile("provider")
    world.request()
    assert asked.calls == ["validate", "pay"]


def test_every_attempt_of_it_is_asked_about_but_those_that_went_in_a_bank_file():
    world = came_back()
    original, own = world.payouts[0], world.payouts[0].transaction_id
    thrice = replace(original, attempt=3, filed=((2, "file-1"),))
    world.store.state.payouts[own] = thrice
    asked = []
    world.meanwhile("provider", status=lambda payout, **_: asked.append(payout.unique_reference))
    redraft = replace(original, intent=replace(original.intent, redraft_of=(own,)))
    ports = world._ports("payouts", "provider", "clock", "time_left")
    assert doubt_of_originals(redraft, by="sender", **ports) is None
    assert asked == [f"{own}-1", f"{own}-3"]


def test_the_account_is_read_for_the_days_on_which_it_would_be_there_and_no_longer():
    world = World().open_for_business()
    fall_through(world, rail=DIRECT_ENTRY)
    on = sydney_date(world.clock.now())
    mute = world.ports["provider"] = Mute(world.provider)
    world.clock.advance(timedelta(days=40))
    assert redo(world).payout.status is Status.PENDING
    assert mute.read == [(on - timedelta(days=1), on + timedelta(days=4))]


def test_while_nobody_can_be_asked_it_goes_into_no_bank_file_either():
    town = Town(waiting=1)
    town.store.gate.open(by="ada")
    town.provider.will(REFUSED_AND_PAID)
    original = town.request(order(amount=Money(1_000)), key="7" * 16).payout
    assert original.status is Status.FAILED
    town.store.gate.close()
    redraft = redo(town, original).payout
    assert redraft.status is Status.QUEUED
    file = town.export()
    assert dict(file.left) == {redraft.transaction_id: "original_refused"}
    assert [line.transaction_id for line in file.lines] == town.ids
    town.store.gate.open(by="ada")
    town.poll_after(timedelta(hours=1))
    assert now(town, original).status is Status.DISPUTED
    assert paid(town) == [original.unique_reference]

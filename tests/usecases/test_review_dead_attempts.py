"""What two people declared dead was executed after all: nothing more of it may leave."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.errors import Conflict, CustomerStopped
from chalicelib.domain.events import Accepted, Confirmed, Escalated, Rejected, Returned, Verdict
from chalicelib.domain.money import Money
from chalicelib.domain.patience import attention
from chalicelib.domain.payout import Status
from tests.fakes.provider import NOT_CONNECTED, TIMED_OUT_AND_PAID, TIMED_OUT_UNPAID
from tests.usecases.doubt import BOTH
from tests.usecases.test_send import sending
from tests.usecases.world import AMOUNT, DEPOSIT, PATIENCE, World, order

QUARANTINE = timedelta(minutes=31)


class Crash(BaseException):
    """The process is gone."""


class HidesFirst:
    """A provider whose look-ups never show a first attempt: what two people may fall for."""

    def __init__(self, provider):
        self._provider = provider

    def __getattr__(self, name):
        return getattr(self._provider, name)

    def status(self, payout, *, within):
        found = self._provider.status(payout, within=within)
        return None if payout.attempt == 1 else found

    def entries(self, first, last, *, within):
        lines = self._provider.entries(first, last, within=within)
        return [line for line in lines if not line.reference.endswith("-1")]


def reattempted(first=TIMED_OUT_UNPAID, *later, refuses_repeats=True):
    """The first attempt timed out, and two people agreed to a new reference."""
    world = World(refuses_repeats=refuses_repeats).open_for_business()
    world.ports["provider"] = HidesFirst(world.provider)
    world.provider.will(first, *later)
    world.request()
    world.poll_after(61)
    world.clock.advance(QUARANTINE)
    world.propose(world.payout.transaction_id, Verdict.NEW_REFERENCE)
    world.agree(world.payout.transaction_id)
    assert (world.payout.attempt, world.status) == (2, Status.QUEUED)
    return world


def contradicted():
    """The second attempt is unconfirmed, when the first is told to be paid; both timed out."""
    world = reattempted(TIMED_OUT_UNPAID, TIMED_OUT_UNPAID)
    world.poll_after(31)
    assert world.status is Status.UNCONFIRMED
    world.receive(world.teach(b"late", world.payout, Confirmed, attempt=1))
    return world


@pytest.mark.parametrize("kind", [Accepted, Confirmed, Returned])
@BOTH
def test_news_that_a_dead_attempt_was_executed_stops_the_next_from_being_sent_again(
    kind, refuses_repeats
):
    world = reattempted(TIMED_OUT_UNPAID, TIMED_OUT_UNPAID, refuses_repeats=refuses_repeats)
    world.poll_after(31)
    assert world.receive(world.teach(b"late", world.payout, kind, attempt=1)) == "dead_lettered"
    assert attention(world.payout) == "contradiction"
    world.redrive()
    for _ in range(4):
        world.poll_after(QUARANTINE)
    assert not world.provider.paid(f"{world.payout.transaction_id}-2")
    assert world.provider.requests.count(f"{world.payout.transaction_id}-2") == 1


@BOTH
def test_of_two_attempts_the_second_is_not_executed_once_the_first_is_told_to_be(refuses_repeats):
    world = reattempted(TIMED_OUT_AND_PAID, TIMED_OUT_UNPAID, refuses_repeats=refuses_repeats)
    world.poll_after(31)
    assert world.status is Status.UNCONFIRMED
    world.receive(world.teach(b"paid", world.payout, Confirmed, attempt=1))
    world.redrive()
    for _ in range(4):
        world.poll_after(QUARANTINE)
    assert world.executed() == AMOUNT
    world.check_books()


def test_nor_where_the_second_was_only_claimed():
    world = reattempted(TIMED_OUT_AND_PAID)
    between = world.ports["provider"]

    def die(*_, **__):
        raise Crash

    world.meanwhile("provider", pay=die)
    with pytest.raises(Crash):
        world.poll_after(31)
    world.ports["provider"] = between
    assert world.status is Status.SENDING
    world.receive(world.teach(b"paid", world.payout, Confirmed, attempt=1))
    world.redrive()
    for _ in range(4):
        world.poll_after(QUARANTINE)
    assert world.executed() == AMOUNT
    assert attention(world.payout) == "contradiction"
    world.check_books()


@pytest.mark.parametrize("kind", [Accepted, Confirmed])
@pytest.mark.parametrize(
    ("word", "ending", "status"),
    [("Rejected", Rejected, Status.REJECTED), ("Dishonoured", Returned, Status.RETURNED)],
)
def test_a_dead_attempt_paid_after_the_next_was_given_back_is_disputed(kind, word, ending, status):
    world = reattempted()
    world.poll_after(31)
    world.provider.settle(world.payout.unique_reference, word, back=AMOUNT)
    world.receive(world.teach(b"back", world.payout, ending))
    assert (world.status, world.available) == (status, DEPOSIT)
    assert world.receive(world.teach(b"late", world.payout, kind, attempt=1)) == "heard"
    assert (world.status, world.available) == (Status.DISPUTED, DEPOSIT)
    assert world.store.state.customers["customer-1"].stopped
    with pytest.raises(CustomerStopped):
        world.request(order(amount=DEPOSIT), key="another-key-00000")
    world.check_books()


@BOTH
def test_success_of_another_amount_stops_the_sending_again(refuses_repeats):
    world = World(refuses_repeats=refuses_repeats).open_for_business()
    world.provider.will(TIMED_OUT_UNPAID)
    world.request()
    world.poll_after(61)
    world.receive(world.teach(b"odd", world.payout, Confirmed, amount=Money(9_999)))
    assert attention(world.payout) == "contradiction"
    world.redrive()
    for _ in range(4):
        world.poll_after(QUARANTINE)
    assert (world.payout.sends, len(world.provider.requests)) == (1, 1)


@pytest.mark.parametrize("before", ["", "not_understood"])
def test_a_contradiction_survives_the_reply_that_leaves_it_in_doubt(before):
    world = World().open_for_business()
    world.provider.will(TIMED_OUT_UNPAID)

    def escalate(_reference):
        for why in filter(None, [before, "contradiction"]):
            alarm = Escalated(at=world.clock.now(), by="monoova", why=why)
            world.store.payouts.write(advance(world.payout, alarm))

    world.provider.before_answering = escalate
    world.request()
    assert (world.status, attention(world.payout)) == (Status.UNCONFIRMED, "contradiction")
    world.poll_after(QUARANTINE)
    assert len(world.provider.requests) == 1


def test_what_was_contradicted_and_never_left_is_neither_due_nor_sent():
    world = World().open_for_business()
    world.provider.will(NOT_CONNECTED)

    def overtake(_reference):
        world.receive(world.teach(b"odd", world.payout, Confirmed, amount=Money(9_999)))

    world.provider.before_answering = overtake
    world.request()
    assert (world.status, attention(world.payout)) == (Status.QUEUED, "contradiction")
    assert PATIENCE.due(world.payout, world.calendar) is None
    with pytest.raises(Conflict, match="a person"):
        sending(world)
    assert world.poll_after(timedelta(days=1)) == {}
    assert not world.provider.executions


@pytest.mark.parametrize("verdict", list(Verdict))
def test_two_people_end_a_contradiction(verdict):
    world = contradicted()
    world.clock.advance(QUARANTINE)
    world.propose(world.payout.transaction_id, verdict)
    decided = world.agree(world.payout.transaction_id)
    assert (attention(decided), decided.needs_person) == ("", "")
    assert decided.status is (Status.FAILED if verdict is Verdict.DEAD else Status.QUEUED)


def test_a_proposal_that_is_dismissed_does_not_end_a_contradiction():
    world = contradicted()
    world.propose(world.payout.transaction_id, Verdict.DEAD)
    world.dismiss(world.payout.transaction_id)
    assert attention(world.payout) == "contradiction"
    world.poll_after(QUARANTINE)
    assert not world.provider.executions

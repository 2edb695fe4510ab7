"""A payout whose rail is closed to it goes by the next: once, and never beside a live attempt."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.answers import Answer, Mishap
from chalicelib.domain.destination import PayoutMethod
from chalicelib.domain.events import Accepted, Confirmed, Hindrance, Rejected
from chalicelib.domain.money import Money
from chalicelib.domain.patience import attention
from chalicelib.domain.payout import Status
from chalicelib.domain.rails import Rail
from tests.fakes.provider import ACCEPTED, NOT_CONNECTED, OUT_OF_FUNDS, TIMED_OUT_UNPAID, Reply
from tests.usecases.doubt import BOTH
from tests.usecases.test_pauses import BY_BATCH, BY_NPP, paused, resumed
from tests.usecases.world import AMOUNT, DEPOSIT, World, order

CODE = "FinancialValidateNppCreditBankAccountDetailsAreInvalid"
TURNED_AWAY = Reply(Answer(http_status=400, code=CODE), executes=False)
# The provider contradicts its own word.
TURNED_AWAY_AND_PAID = Reply(Answer(http_status=400, code=CODE), executes=True)
QUARANTINE = timedelta(minutes=31)
NPP, DIRECT = Rail.NPP, Rail.DIRECT_ENTRY


def turned(first=TURNED_AWAY, *later, wanted=None, refuses_repeats=True):
    world = World(refuses_repeats=refuses_repeats).open_for_business()
    world.provider.will(first, *later)
    world.request(wanted)
    return world


def rails_of(world):
    return [(each.reference[-2:], each.rail) for each in world.provider.executions]


def test_it_is_queued_for_the_next_rail_and_the_poller_sends_it_there():
    world = turned()
    waits = world.payout
    assert (waits.status, waits.rail, waits.hindrance) == (
        Status.QUEUED, DIRECT, Hindrance.OTHER_RAIL,
    )  # fmt: skip
    assert not world.provider.executions
    assert world.poll_after(31) == {"Pending": 1}
    assert rails_of(world) == [("-2", DIRECT)]
    assert (world.payout.rail, world.payout.attempt) == (DIRECT, 2)
    world.check_books()


@pytest.mark.parametrize("wanted", [
    order(rail=NPP), order(method=PayoutMethod.PAY_ID), order(reference="invoice 12"),
    order(description="more than eighteen characters"),
], ids=["named", "PayID", "reference", "description"])  # fmt: skip
def test_where_no_other_rail_carries_it_or_one_was_named_the_refusal_is_the_end(wanted):
    world = turned(wanted=wanted)
    assert (world.status, world.available) == (Status.FAILED, DEPOSIT)
    assert world.poll_after(QUARANTINE) == {}
    assert not world.provider.executions


def test_the_next_rail_is_not_gone_by_before_the_provider_was_asked_about_the_attempt_before():
    world = turned()
    asked = world.meanwhile("provider")
    world.poll_after(31)
    assert asked.calls.index("pay") > max(asked.calls.index("status"), asked.calls.index("entries"))


def test_while_the_provider_does_not_answer_it_does_not_go_by_the_next_rail():
    world = turned()
    world.provider.down = True
    world.poll_after(31)
    assert (world.status, len(world.provider.requests)) == (Status.QUEUED, 1)
    world.provider.down = False
    world.poll_after(timedelta(minutes=5))
    assert rails_of(world) == [("-2", DIRECT)]


@BOTH
def test_a_first_attempt_that_was_executed_all_the_same_is_found_and_is_the_payout(refuses_repeats):
    world = turned(TURNED_AWAY_AND_PAID, refuses_repeats=refuses_repeats)
    world.poll_after(31)
    assert rails_of(world) == [("-1", NPP)]
    assert (world.status, world.payout.attempt, world.payout.rail) == (Status.PENDING, 1, NPP)
    world.provider.settle(world.payout.unique_reference, "Complete")
    world.poll_after(31)
    assert world.status is Status.COMPLETED
    world.check_equal(fees=False)


def test_one_of_which_the_status_says_nothing_is_found_in_the_account():
    world = turned(TURNED_AWAY_AND_PAID)
    provider = world.provider

    class Silent:
        def __getattr__(self, name):
            return getattr(provider, name)

        def status(self, *_asked, **_within):
            return None

    world.ports["provider"] = Silent()
    world.poll_after(31)
    assert rails_of(world) == [("-1", NPP)]
    assert (world.status, world.payout.attempt) == (Status.PENDING, 1)


@pytest.mark.parametrize("kind", [Accepted, Confirmed])
def test_told_that_the_first_lives_before_the_next_is_sent_nothing_more_is(kind):
    world = turned(TURNED_AWAY_AND_PAID)
    world.receive(world.teach(b"late", world.payout, kind, attempt=1))
    assert (world.payout.attempt, world.payout.rail) == (1, NPP)
    for _ in range(4):
        world.poll_after(QUARANTINE)
    assert world.executed() == AMOUNT
    world.check_books()


@pytest.mark.parametrize("second", [ACCEPTED, TIMED_OUT_UNPAID], ids=["accepted", "in doubt"])
@pytest.mark.parametrize("kind", [Accepted, Confirmed])
def test_told_of_it_while_the_next_may_be_alive_it_is_before_a_person(kind, second):
    world = turned(TURNED_AWAY, second)
    world.poll_after(31)
    sent = len(world.provider.requests)
    assert world.receive(world.teach(b"late", world.payout, kind, attempt=1)) == "dead_lettered"
    assert attention(world.payout) == "contradiction"
    world.redrive()
    for _ in range(4):
        world.poll_after(QUARANTINE)
    assert len(world.provider.requests) == sent


def test_rejected_after_it_was_taken_it_is_given_back_and_goes_nowhere_else():
    world = turned(ACCEPTED)
    world.receive(world.teach(b"no", world.payout, Rejected, reason="Account not reachable"))
    assert (world.status, world.available) == (Status.REJECTED, DEPOSIT)
    assert world.poll_after(QUARANTINE) == {}


def test_in_doubt_a_refusal_of_the_second_sending_sends_it_nowhere_else():
    world = turned(TIMED_OUT_UNPAID, TURNED_AWAY)
    world.poll_after(31)
    world.poll_after(QUARANTINE)
    assert len(world.provider.requests) == 2
    assert (world.status, world.payout.attempt) == (Status.UNCONFIRMED, 1)
    assert attention(world.payout) == "refused_when_in_doubt"


def test_what_never_left_stays_on_the_rail_that_it_turned_to_and_arrives_there_once():
    world = turned(TURNED_AWAY, NOT_CONNECTED)
    world.poll_after(31)
    assert (world.status, world.payout.rail) == (Status.QUEUED, DIRECT)
    world.poll_after(timedelta(minutes=5))
    assert rails_of(world) == [("-2", DIRECT)]


def test_what_lacks_funds_on_the_next_rail_waits_for_them_there():
    world = turned(TURNED_AWAY, OUT_OF_FUNDS)
    world.poll_after(31)
    assert (world.payout.hindrance, world.payout.rail) == (Hindrance.FUNDS, DIRECT)
    world.provider.balance = DEPOSIT
    world.poll_after(timedelta(minutes=5))
    assert rails_of(world) == [("-3", DIRECT)]


class ShowsLate:
    """A provider whose look-ups show a first attempt late: not before they are `late` no more."""

    def __init__(self, provider):
        self._provider, self.late = provider, True

    def __getattr__(self, name):
        return getattr(self._provider, name)

    def status(self, payout, *, within):
        found = self._provider.status(payout, within=within)
        return None if self.late and payout.attempt == 1 else found

    def entries(self, first, last, *, within):
        lines = self._provider.entries(first, last, within=within)
        return [line for line in lines if not (self.late and line.reference.endswith("-1"))]


@BOTH
def test_before_a_third_attempt_the_first_is_asked_about_once_more(refuses_repeats):
    world = turned(TURNED_AWAY_AND_PAID, OUT_OF_FUNDS, refuses_repeats=refuses_repeats)
    world.ports["provider"] = provider = ShowsLate(world.provider)
    world.poll_after(31)
    assert (world.payout.attempt, world.payout.hindrance) == (3, Hindrance.FUNDS)
    provider.late = False
    world.provider.balance = DEPOSIT
    world.poll_after(timedelta(minutes=5))
    assert rails_of(world) == [("-1", NPP)]
    assert (world.status, world.payout.attempt, world.payout.rail) == (Status.PENDING, 1, NPP)
    world.check_books()


@BOTH
def test_before_the_next_is_sent_again_the_first_is_asked_about_too(refuses_repeats):
    world = turned(TURNED_AWAY_AND_PAID, TIMED_OUT_UNPAID, refuses_repeats=refuses_repeats)
    world.ports["provider"] = provider = ShowsLate(world.provider)
    world.poll_after(31)
    assert (world.payout.attempt, world.status) == (2, Status.UNCONFIRMED)
    provider.late = False
    world.poll_after(QUARANTINE)
    assert rails_of(world) == [("-1", NPP)]
    assert attention(world.payout) == "contradiction"
    world.check_books()


def test_a_doubt_that_the_first_refusal_left_is_asked_about_by_the_first_rail():
    world = turned(Reply(Answer(Mishap.TIMED_OUT), executes=True))
    world.poll_after(31)
    assert rails_of(world) == [("-1", NPP)]
    assert world.payout.turns == ()


def test_a_direct_credit_that_it_turned_to_completes_only_when_its_window_shows_no_return():
    world = turned()
    world.poll_after(31)
    world.provider.settle(world.payout.unique_reference, "Complete")
    world.receive(world.teach(b"done", world.payout, Confirmed))
    seen = [world.status]
    world.poll_after(timedelta(days=10))
    seen.append(world.status)
    assert seen == [Status.PENDING, Status.COMPLETED]


def test_above_what_the_provider_takes_over_npp_it_may_not_come_back_there():
    world = World().open_for_business()
    world.provider.balance, world.provider.npp_limit = DEPOSIT, AMOUNT - Money(1)
    world.request(order(rail=DIRECT))
    assert world.payout.intent.fallbacks == ()


@pytest.mark.parametrize(("scope", "goes"), [(BY_NPP, True), (BY_BATCH, False)], ids=str)
def test_of_the_pauses_of_both_rails_the_next_ones_keeps_it(scope, goes):
    world = turned()
    paused(world, scope)
    world.poll_after(31)
    assert bool(rails_of(world)) is goes
    resumed(world)
    world.poll_after(31)
    assert rails_of(world) == [("-2", DIRECT)]

"""A question that hangs costs its own payout: what is healthy is sent, found and ended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.errors import ProviderUnavailable
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Status
from chalicelib.usecases.poll import MANY
from tests.fakes.provider import NOT_CONNECTED, TIMED_OUT_AND_PAID, TIMED_OUT_UNPAID
from tests.usecases.world import World, order

SMALL = Money(100)
LAMBDA = 55


class Hangs:
    """A provider that does not answer some questions until their time is up."""

    def __init__(self, world, question, hangs=lambda *_: True):
        self._world, self._question, self._hangs = world, question, hangs

    def __getattr__(self, name):
        def call(*args, within, **told):
            if name == self._question and self._hangs(*args):
                self._world.clock.advance(within - 0.5)
                raise ProviderUnavailable("It hangs.")
            return getattr(self._world.provider, name)(*args, within=within, **told)

        return call


def asked_for(world, count, reply, first=0):
    world.provider.will(*[reply] * count)
    for number in range(first, first + count):
        world.clock.advance(1)
        world.request(order(amount=SMALL), key=f"key-number-{number:06d}")


def polls(world, minutes):
    """A run each minute, of a process that lives for less than one."""
    for _ in range(minutes):
        began = world.clock.monotonic()
        world.time_left = lambda began=began: LAMBDA - (world.clock.monotonic() - began)
        world.poll()
        world.clock.advance(max(1, 60 - (world.clock.monotonic() - began)))


def with_statuses(world, *statuses):
    return [each for each in world.payouts if each.status in statuses]


def test_one_payout_whose_question_hangs_does_not_starve_what_waits():
    world = World().open_for_business()
    asked_for(world, 1, TIMED_OUT_UNPAID)
    hanging = world.payout.unique_reference
    asked_for(world, 1, NOT_CONNECTED, first=1)
    world.ports["provider"] = Hangs(
        world, "status", lambda payout: payout.unique_reference == hanging
    )
    polls(world, 10)
    assert [each.status for each in world.payouts] == [Status.UNCONFIRMED, Status.PENDING]


def test_what_waits_is_sent_before_anything_is_asked():
    world = World().open_for_business()
    asked_for(world, 3, TIMED_OUT_UNPAID)
    asked_for(world, 1, NOT_CONNECTED, first=3)
    world.clock.advance(120)
    provider = world.meanwhile("provider")
    world.poll()
    assert provider.calls[:2] == ["validate", "pay"]


@pytest.mark.parametrize("question", ["status", "entries"])
def test_many_payouts_whose_questions_hang_do_not_starve_the_others(question):
    world = World().open_for_business()
    asked_for(world, MANY - 2, TIMED_OUT_UNPAID)
    hanging = {each.unique_reference for each in world.payouts}
    asked_for(world, 1, TIMED_OUT_AND_PAID, first=MANY)
    healthy = world.payouts[-1]
    reply = (lambda payout: payout.unique_reference in hanging) if question == "status" else None
    world.ports["provider"] = Hangs(world, question, reply or (lambda *_: True))
    polls(world, 30)
    (found,) = with_statuses(world, Status.PENDING)
    assert found.transaction_id == healthy.transaction_id
    assert len(with_statuses(world, Status.UNCONFIRMED)) == len(hanging)


@pytest.mark.parametrize("days", [1, 6])
def test_a_question_for_a_day_that_hangs_does_not_starve_everything(days):
    world = World().open_for_business()
    for day in range(days):
        asked_for(world, MANY, TIMED_OUT_AND_PAID, first=day * MANY)
        world.clock.advance(timedelta(days=1))
    world.ports["provider"] = Hangs(world, "statuses")
    polls(world, 60)
    assert with_statuses(world, Status.PENDING), "none was ever asked by itself"


def test_a_statement_that_hangs_does_not_starve_what_is_found():
    world = World().open_for_business()
    asked_for(world, 5, TIMED_OUT_AND_PAID)
    world.ports["provider"] = Hangs(world, "statement")
    polls(world, 10)
    assert len(with_statuses(world, Status.PENDING)) == 5


def test_a_question_without_an_answer_gives_others_their_turn_and_proves_nothing():
    world = World().open_for_business()
    asked_for(world, 1, TIMED_OUT_UNPAID)
    world.ports["provider"] = Hangs(world, "status")
    asked = []
    world.clock.advance(31)
    for _ in range(4):
        world.poll()
        asked.append(world.payout.asks)
    assert asked == [1, 1, 1, 1], "asked once, it is not due at once again"
    assert (world.events()[-1], world.payout.missed) == ("Unanswered", 0)
    world.ports["provider"] = world.provider
    world.poll_after(timedelta(minutes=31))
    assert world.executed() == SMALL
    world.check_books()

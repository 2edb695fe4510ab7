"""Dead letters are heard again, later each time, and are never lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import QueueUnavailable, StoreUnavailable
from chalicelib.domain.events import Confirmed, Rejected
from chalicelib.domain.payout import Status
from chalicelib.usecases.reprocess import LONGEST_WAIT, MOST_AWAY, wait
from tests.usecases.world import World

BODY = b"confirmed"
MOST = 3


@pytest.fixture
def world():
    world = World().open_for_business()
    world.request()
    world.teach(BODY, world.payout, Confirmed)
    world.store.state.down = True
    world.receive(BODY)
    return world


def test_a_letter_is_heard_when_the_store_is_back(world):
    world.store.state.down = False
    assert world.reprocess(world.dead_letters.take()) == "heard"
    assert world.status is Status.COMPLETED
    assert not world.dead_letters.queued
    assert [notice.raw for notice in world.store.state.notices.values()] == [BODY]


def test_a_letter_is_a_step_of_the_time_at_which_it_is_heard(world):
    world.store.state.down = False
    world.clock.advance(timedelta(days=2))
    assert world.reprocess(world.dead_letters.take()) == "heard"
    assert world.payout.updated_at == world.clock.now()
    (notice,) = world.store.state.notices.values()
    assert notice.received_at < world.payout.updated_at


def test_a_letter_that_was_applied_meanwhile_changes_nothing(world):
    world.store.state.down = False
    world.receive(BODY)
    before = world.payout
    assert world.reprocess(world.dead_letters.take()) == "nothing_new"
    assert world.payout == before


def test_a_letter_waits_longer_each_time(world):
    waits = [wait(attempts) for attempts in range(1, 30)]
    assert waits == sorted(waits)
    assert waits[0] > 30
    assert max(waits) == LONGEST_WAIT == 900
    delays = []
    for _ in range(MOST - 1):
        assert world.reprocess(world.dead_letters.take(), MOST) == "queued_again"
        ((letter, delay),) = world.dead_letters.queued
        delays.append(delay)
    assert delays == [wait(2), wait(3)]
    assert letter.attempts == MOST
    assert letter.raw == BODY


def contradicted(world):
    world.store.state.down = False
    world.dead_letters.queued.clear()
    world.receive(BODY)
    assert world.receive(world.teach(b"rejected", world.payout, Rejected)) == "dead_lettered"
    return world.dead_letters.take()


def test_after_the_limit_a_letter_is_parked_for_a_person(world):
    letter = contradicted(world)
    for _ in range(MOST - 1):
        assert world.reprocess(letter, MOST) == "queued_again"
        letter = world.dead_letters.take()
    assert world.reprocess(letter, MOST) == "parked"
    assert not world.dead_letters.queued
    (parked,) = (each.letter for each in world.store.state.parked.values())
    assert (parked.raw, parked.error, parked.attempts) == (b"rejected", "contradiction", MOST + 1)
    assert world.status is Status.COMPLETED


def test_parking_twice_parks_once(world):
    letter = replace(contradicted(world), attempts=MOST)
    assert world.reprocess(letter, MOST) == world.reprocess(letter, MOST) == "parked"
    assert len(world.store.state.parked) == 1


def test_what_cannot_be_parked_stays_in_the_queue(world):
    letter = replace(world.dead_letters.take(), attempts=MOST_AWAY)
    assert world.reprocess(letter, MOST) == "queued_again"
    ((again, delay),) = world.dead_letters.queued
    assert (again.raw, delay) == (BODY, LONGEST_WAIT)
    world.store.state.down = False
    assert world.reprocess(again, MOST) == "heard"


@pytest.mark.parametrize("attempts", [1, MOST_AWAY])
def test_with_everything_down_the_message_stays_where_it_is(world, attempts):
    letter = replace(world.dead_letters.take(), attempts=attempts)
    world.dead_letters.down = True
    with pytest.raises(QueueUnavailable):
        world.reprocess(letter, MOST)


def test_a_defect_is_parked_like_anything_else(world):
    world.store.state.down = False
    letter = replace(world.dead_letters.take(), attempts=MOST)
    world.inbox.teach_later(BODY, lambda _at: int("a defect"))
    assert world.reprocess(letter, MOST) == "parked"
    (parked,) = (each.letter for each in world.store.state.parked.values())
    assert parked.error == "defect"


def _away(*_args):
    raise StoreUnavailable("away")


def test_while_the_store_answers_only_in_part_a_letter_is_not_put_before_a_person(world):
    """Parking would work; but nobody could do more about it than wait."""
    letter = replace(world.dead_letters.take(), attempts=MOST + 5)
    world.store.state.down = False
    world.meanwhile("payouts", get=_away)
    assert world.reprocess(letter, MOST) == "queued_again"
    assert world.dead_letters.take().attempts == MOST + 6
    assert not world.store.state.parked
    assert world.reprocess(replace(letter, attempts=MOST_AWAY), MOST) == "parked"

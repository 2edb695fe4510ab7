"""Parked letters: heard again on a person's word, or discarded; never twice, never by two."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.errors import Conflict, NotFound, RuleBroken, Stale, StoreUnavailable
from chalicelib.domain.events import Confirmed, Rejected
from chalicelib.domain.notices import DeadLetter, Unreadable
from chalicelib.domain.parked import HEARING, UNREADABLE, Fate, ParkedLetter
from chalicelib.domain.payout import Status
from chalicelib.usecases.dead_letters import (
    READS,
    WORST,
    Redriven,
    discard,
    existing,
    park,
    redrive,
    redrive_all,
)
from tests.usecases.world import World

REST = timedelta(minutes=10)
BODY = b"confirmed"
HEARD_BY = ("inbox", "payouts", "treasury", "notices", "findings", "parked", "clock")


@pytest.fixture
def world():
    world = World().open_for_business()
    world.request()
    world.teach(BODY, world.payout, Confirmed)
    return world


def parked(world, raw=BODY, error="defect", name="1"):
    letter = DeadLetter("NppPaymentStatus", name, raw, world.clock.now(), error, 9, "r-hook")
    park(letter, parked=world.ports["parked"], at=world.clock.now())
    own = [each for each in world.store.state.parked.values() if each.letter == letter]
    return own[0].letter_id if own else ""


def now(world, letter_id):
    return world.store.state.parked[letter_id]


def hear(world, letter_id, by="olive"):
    return redrive(letter_id, by=by, **world._ports(*HEARD_BY))


def hear_all(world, by="olive"):
    return redrive_all(by=by, rest=REST, **world._ports(*HEARD_BY, "time_left"))


def drop(world, letter_id, reason="doubled", by="ada"):
    return discard(letter_id, reason=reason, by=by, **world._ports("parked", "clock"))


def test_a_letter_that_is_heard_is_applied_and_resolved(world):
    own = parked(world)
    told = hear(world, own)
    assert world.status is Status.COMPLETED
    assert told == now(world, own)
    assert told.ending is not None
    assert (told.ending.fate, told.ending.by, told.ending.outcome) == ("heard", "olive", "heard")
    assert told.letter.attempts == 10
    world.check_books()


def test_what_is_heard_days_later_is_a_step_of_the_date_on_which_it_is_heard(world):
    """The night of the date on which it came has signed for that date, and never looks again."""
    own = parked(world)
    world.clock.advance(timedelta(days=3))
    hear(world, own)
    assert world.payout.updated_at == world.clock.now()
    assert world.payout.eve is not None


def test_however_often_it_is_heard_it_is_applied_once(world):
    own = parked(world)
    first = hear(world, own)
    steps = world.events()
    assert [hear(world, own, by) for by in ("olive", "paul")] == [first, first]
    assert world.events() == steps


def test_a_letter_that_was_applied_meanwhile_changes_nothing(world):
    own = parked(world)
    world.receive(BODY)
    before = world.events()
    ending = hear(world, own).ending
    assert ending is not None
    assert ending.outcome == "nothing_new"
    assert world.events() == before


def test_what_contradicts_stays_parked_and_counts_the_attempt(world):
    world.receive(BODY)
    own = parked(world, world.teach(b"rejected", world.payout, Rejected), "defect")
    with pytest.raises(Conflict):
        hear(world, own)
    left = now(world, own)
    assert (left.is_open, left.letter.error, left.letter.attempts) == (True, "contradiction", 10)
    assert left.heard_by == ""
    with pytest.raises(Conflict):
        hear(world, own)
    assert now(world, own).letter.attempts == 11


def test_what_cannot_be_read_says_why(world):
    own = parked(world, b"odd")
    world.inbox.teach(b"odd", Unreadable("unknown_status"))
    with pytest.raises(RuleBroken, match="unknown_status") as refused:
        hear(world, own)
    assert [each.code for each in refused.value.faults] == ["not_understood"]
    assert now(world, own).is_open


def test_a_defect_of_ours_is_said_and_no_word_of_it(world):
    own = parked(world, b"odd")
    world.inbox.teach_later(b"odd", lambda _at: int("personal words"))
    with pytest.raises(RuleBroken, match="our fault") as refused:
        hear(world, own)
    assert "personal" not in str(refused.value)
    assert [each.code for each in refused.value.faults] == ["defect"]
    assert now(world, own).letter.error == "defect"


def test_while_the_store_is_away_nothing_is_decided(world):
    own = parked(world)
    world.meanwhile("payouts", get=lambda *_: fail(StoreUnavailable("away")))
    with pytest.raises(StoreUnavailable):
        hear(world, own)
    left = now(world, own)
    assert (left.is_open, left.letter.error, left.heard_by) == (True, "store_unavailable", "")


def fail(error):
    raise error


def test_a_hearing_whose_failure_cannot_be_written_ends_by_itself(world):
    """The store goes away in the middle of it, for the failure, too."""
    own = parked(world)
    world.meanwhile("payouts", get=lambda *_: setattr(world.store.state, "down", True))
    with pytest.raises(StoreUnavailable):
        hear(world, own)
    world.store.state.down = False
    world.ports["payouts"] = world.store.payouts
    with pytest.raises(Conflict, match="at this moment"):
        hear(world, own)
    world.clock.advance(HEARING)
    assert hear(world, own).ending is not None
    assert now(world, own).letter.attempts == 11


def test_a_hearing_that_died_before_its_end_is_heard_again(world):
    """Applied, and not resolved: again, it changes nothing, and is."""
    own = parked(world)

    class Died(BaseException):
        pass

    def second(letter):
        if letter.ending is not None:
            raise Died

    world.meanwhile("parked", put=second)
    with pytest.raises(Died):
        hear(world, own)
    world.ports["parked"] = world.store.parked
    assert world.status is Status.COMPLETED
    steps = world.events()
    world.clock.advance(HEARING)
    ending = hear(world, own).ending
    assert ending is not None
    assert ending.outcome == "nothing_new"
    assert world.events() == steps


def test_nobody_discards_what_is_being_heard(world):
    own = parked(world)
    refused = []

    def meanwhile(*_):
        try:
            drop(world, own)
        except Conflict as conflict:
            refused.append(str(conflict))

    world.once("payouts", "get", meanwhile)
    ending = hear(world, own).ending
    assert refused
    assert ending is not None
    assert ending.fate is Fate.HEARD


@pytest.mark.parametrize("first", ["hear", "drop"])
def test_of_two_who_decide_at_once_one_does(world, first):
    """Both have read the letter; whoever writes later is told to look again."""
    own = parked(world)
    acts: dict[str, Any] = {"hear": hear, "drop": drop}
    (second,) = acts.keys() - {first}
    world.once("parked", "put", lambda: acts[first](world, own))
    with pytest.raises(Stale):
        acts[second](world, own)
    ending = now(world, own).ending
    assert ending is not None
    assert ending.fate is (Fate.HEARD if first == "hear" else Fate.DISCARDED)
    done = world.status is Status.COMPLETED
    assert done == (first == "hear")


def test_a_discarded_letter_is_never_heard_and_moves_no_money(world):
    own = parked(world)
    before = (world.places(), world.events(), world.payout)
    ended = drop(world, own)
    assert ended.ending is not None
    assert (ended.ending.by, ended.ending.reason) == ("ada", "doubled")
    with pytest.raises(Conflict):
        hear(world, own)
    assert (world.places(), world.events(), world.payout) == before


def test_discarding_again_with_the_same_words_is_no_failure_and_with_others_it_is(world):
    own = parked(world)
    first = drop(world, own)
    world.clock.advance(60)
    assert drop(world, own) == first
    for other in ({"by": "paul"}, {"reason": "another"}):
        with pytest.raises(Conflict):
            drop(world, own, **other)
    heard = parked(world, b"news", name="2")
    hear(world, heard)
    with pytest.raises(Conflict):
        drop(world, heard)


def test_what_is_no_webhook_is_never_heard(world):
    own = parked(world, BODY, UNREADABLE)
    with pytest.raises(RuleBroken):
        hear(world, own)
    assert hear_all(world) == Redriven(0, 1, 0)
    assert world.status is Status.PENDING
    assert drop(world, own).ending is not None


def test_what_is_not_there_cannot_be_dealt_with(world):
    for act in (hear, drop, lambda w, own: existing(w.store.parked, own)):
        with pytest.raises(NotFound):
            act(world, "nothing")


def test_a_letter_that_comes_again_after_its_end_is_before_a_person_again(world):
    world.receive(BODY)
    raw = world.teach(b"rejected", world.payout, Rejected)
    own = parked(world, raw)
    drop(world, own)
    world.clock.advance(3600)
    assert world.receive(raw, webhookid="1") == "dead_lettered"
    world.redrive()
    back = now(world, own)
    assert back.is_open
    assert [each.reason for each in back.earlier] == ["doubled"]


def test_parking_again_is_no_failure_and_neither_is_somebody_elses(world):
    own = parked(world)
    before = now(world, own)
    world.clock.advance(60)
    letter = replace(before.letter, attempts=12)
    park(letter, parked=world.store.parked, at=world.clock.now())
    assert now(world, own) == before
    other = DeadLetter("NppReturn", "5", b"{}", world.clock.now(), "defect")
    theirs = ParkedLetter("NppReturn#5#44136fa355b3678a1146ad16f7e8649e", other, other.received_at)
    world.once("parked", "put", lambda: world.store.parked.put(theirs))
    park(other, parked=world.ports["parked"], at=world.clock.now())
    assert now(world, theirs.letter_id) == theirs


def test_a_letter_that_everybody_writes_at_once_is_not_said_to_be_parked(world):
    writes = world.meanwhile("parked", put=lambda *_: fail(Stale("again")))
    with pytest.raises(StoreUnavailable):
        parked(world)
    assert writes.calls.count("put") == READS


def many(world, count):
    owns = []
    for number in range(count):
        owns.append(parked(world, b"news %d" % number, name=str(number)))
        world.clock.advance(1)
    return owns


def test_all_are_heard_the_oldest_first_and_one_that_fails_costs_only_itself(world):
    owns = many(world, 5)
    world.inbox.teach_later(b"news 1", lambda _at: int("a defect"))
    order = []
    world.meanwhile("notices", keep=lambda notice: order.append(notice.raw))
    assert hear_all(world) == Redriven(4, 1, 0)
    assert order == [b"news 0", b"news 2", b"news 3", b"news 4"]
    assert [now(world, own).is_open for own in owns] == [False, True, False, False, False]


def test_more_than_a_page_of_letters_is_heard(world):
    many(world, 103)
    assert hear_all(world) == Redriven(103, 0, 0)
    assert hear_all(world) == Redriven(0, 0, 0)


def test_none_is_begun_without_the_time_to_end_it(world):
    owns = many(world, 3)
    world.seconds_left = WORST + 1
    world.meanwhile("notices", keep=lambda _: setattr(world, "seconds_left", WORST - 0.1))
    assert hear_all(world) == Redriven(1, 0, 2)
    assert [now(world, own).letter.attempts for own in owns] == [10, 9, 9]


def test_asking_again_goes_on_where_it_ended_past_those_that_failed(world):
    many(world, 3)
    world.inbox.teach_later(b"news 0", lambda _at: int("a defect"))
    done = world.meanwhile("parked")

    def time_for(letters):
        done.calls.clear()
        world.time_left = lambda: WORST if done.calls.count("put") < 2 * letters else 0.0

    time_for(1)
    assert hear_all(world) == Redriven(0, 1, 2)
    time_for(2)
    assert hear_all(world) == Redriven(2, 1, 0)
    time_for(1)
    world.clock.advance(REST)
    world.inbox.teach(b"news 0")
    assert hear_all(world) == Redriven(1, 0, 0)

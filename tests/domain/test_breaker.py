"""When a circuit opens, lets one through and closes: by tables of what went well and wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.domain import breaker
from chalicelib.domain.advance import advance
from chalicelib.domain.breaker import (
    FIRST_OUT,
    KEPT_CHANGES,
    MOST_OUT,
    NAMES,
    OF_RAIL,
    PROBE_LIFE,
    PROVIDER,
    REST,
    Board,
    Circuit,
    Sign,
    Slot,
    State,
    concerned,
    sign_of,
    slot_of,
    waits_for_rail,
)
from chalicelib.domain.events import (
    Accepted,
    Delayed,
    Doubt,
    Escalated,
    Hindrance,
    NeverSent,
    OutOfFunds,
    Refused,
    Started,
    Unclear,
)
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.payout import Status
from chalicelib.domain.rails import Rail
from tests.domain.making import begun, event, in_status
from tests.fakes.clock import START

S = timedelta(seconds=1)
MINUTE = 60 * S
GOOD, BAD = Sign.GOOD, Sign.BAD
NONE: dict[datetime, int] = {}


def after(*bad_at: int, goods: int = 0, own: str = "p-1") -> Circuit:
    """A circuit after failures at such seconds; the goods were told with the first of them."""
    circuit = Circuit("npp")
    for number, second in enumerate(bad_at):
        good = {slot_of(START): goods} if goods and not number else {}
        circuit = circuit.heard(BAD, own, START + second * S, good)
    return circuit


def opened() -> Circuit:
    return after(0, 1, 2, 3, 4)


OPENED_AT = START + 4 * S


@pytest.mark.parametrize(
    ("bad_at", "goods", "state"),
    [
        ((0, 1, 2, 3), 0, State.CLOSED),
        ((0, 1, 2, 3, 4), 0, State.OPEN),
        ((0, 7, 14, 21, 29), 0, State.OPEN),
        ((0, 7, 14, 21, 30), 0, State.CLOSED),  # the first is no longer of these 30 seconds
        ((0, 1, 2, 3, 4), 1000, State.OPEN),  # five at once are enough, however much goes well
        ((*range(0, 190, 10),), 0, State.CLOSED),  # 19 calls, all of them wrong
        ((*range(0, 200, 10),), 0, State.OPEN),  # 20
        ((*range(0, 200, 10),), 19, State.OPEN),  # 20 of 39
        ((*range(0, 200, 10),), 20, State.CLOSED),  # half is not more than half
    ],
)
def test_it_opens_by_either_rule_and_by_no_less(bad_at, goods, state):
    circuit = after(*bad_at, goods=goods)
    assert circuit.state(START + bad_at[-1] * S) is state


def test_what_is_older_than_five_minutes_counts_no_more():
    circuit = after(*range(0, 190, 10))
    assert circuit.failures(START + 190 * S) == 19
    late = circuit.heard(BAD, "p", START + 8 * MINUTE, NONE)
    assert late.state(START + 8 * MINUTE) is State.CLOSED
    assert late.failures(START + 8 * MINUTE) == 1
    assert late.failures(START + 20 * MINUTE) == 0


def test_it_says_which_rule_opened_it_when_and_by_whom():
    (change,) = opened().history
    assert (change.at, change.state, change.by) == (OPENED_AT, State.OPEN, breaker.ITSELF)
    assert change.why == "5 failures within 30 seconds"
    assert after(*range(0, 200, 10)).history[-1].why == "20 of 20 payments failed within 5 minutes"


@pytest.mark.parametrize(
    ("seconds", "state"),
    [(0, State.OPEN), (59.999, State.OPEN), (60, State.HALF_OPEN), (6000, State.HALF_OPEN)],
)
def test_it_rests_for_a_minute(seconds, state):
    assert opened().state(OPENED_AT + timedelta(seconds=seconds)) is state


def test_a_clock_far_ahead_of_ours_holds_nobody_up():
    assert opened().state(OPENED_AT - timedelta(hours=3)) is State.HALF_OPEN
    probed = opened().probed_by("p-9", OPENED_AT + REST)
    assert probed
    assert not probed.is_probed(OPENED_AT - timedelta(hours=3))


def test_one_only_may_try_and_no_longer_than_its_time():
    at = OPENED_AT + REST
    circuit = opened()
    assert circuit.probed_by("p-2", at - S) is None, "it rests"
    assert Circuit("npp").probed_by("p-2", at) is None, "nobody has to try"
    probed = circuit.probed_by("p-2", at)
    assert probed
    assert probed.is_probed(at)
    assert probed.probed_by("p-3", at + PROBE_LIFE - S) is None
    assert probed.probed_by("p-2", at + S) is None, "two workers may have one payout in hand"
    again = probed.probed_by("p-3", at + PROBE_LIFE)
    assert again
    assert again.probe == "p-3"


def test_what_the_probe_meets_closes_it_or_has_it_rest_again():
    at = OPENED_AT + REST
    probed = opened().probed_by("p-2", at)
    assert probed
    closed = probed.heard(GOOD, "p-2", at + S, NONE)
    assert (closed.state(at + S), closed.since, closed.probe) == (State.CLOSED, at + S, "")
    assert closed.failures(at + S) == 0
    assert not closed.is_troubled(at + S)
    assert [each.state for each in closed.history] == [State.OPEN, State.CLOSED]
    resting = probed.heard(BAD, "p-2", at + 12 * S, NONE)
    assert resting.state(at + 12 * S) is State.OPEN
    assert resting.state(at + 12 * S + REST) is State.HALF_OPEN
    assert (resting.since, resting.probe) == (OPENED_AT, "")
    assert len(resting.history) == 1, "it has not been closed in between"


@pytest.mark.parametrize("sign", [GOOD, BAD])
def test_an_open_circuit_hears_nobody_else(sign):
    assert opened().heard(sign, "late", OPENED_AT + S, {slot_of(START): 5}) == opened()
    probed = opened().probed_by("p-2", OPENED_AT + REST)
    assert probed
    assert probed.heard(sign, "late", OPENED_AT + REST + S, NONE) == probed


def test_a_probe_is_given_back_by_its_own_payout_alone():
    probed = opened().probed_by("p-2", OPENED_AT + REST)
    assert probed
    assert probed.given_back("p-3") is probed
    assert probed.given_back("p-2") == opened()


def test_whoever_opens_it_by_hand_keeps_it_open_until_it_is_reset():
    hand = Circuit("npp").opened_by_hand("ada", "told by phone", START)
    assert hand.state(START + timedelta(days=3)) is State.OPEN
    assert hand.probed_by("p-2", START + timedelta(days=3)) is None
    assert hand.opened_by_hand("bob", "again", START + S) is hand
    assert (hand.history[-1].by, hand.history[-1].why) == ("ada", "told by phone")
    closed = hand.reset("bob", "they are back", START + MINUTE)
    assert closed.state(START + MINUTE) is State.CLOSED
    assert not closed.by_hand
    assert (closed.history[-1].by, closed.history[-1].why) == ("bob", "they are back")
    assert closed.reset("ada", "again", START + 2 * MINUTE) is closed


def test_a_person_has_to_look_at_what_was_opened_by_hand_or_for_long():
    assert Circuit("npp").opened_by_hand("ada", "told", START).is_before_a_person(START)
    assert not Circuit("npp").is_before_a_person(START)
    assert not opened().is_before_a_person(OPENED_AT + 59 * MINUTE)
    assert opened().is_before_a_person(OPENED_AT + 60 * MINUTE)


def test_a_hand_takes_the_probe_away_and_a_reset_forgets_what_went_wrong():
    probed = opened().probed_by("p-2", OPENED_AT + REST)
    assert probed
    hand = probed.opened_by_hand("ada", "no", OPENED_AT + REST + S)
    assert hand.heard(GOOD, "p-2", OPENED_AT + REST + 2 * S, NONE) is hand
    again = opened().reset("ada", "try", OPENED_AT).heard(BAD, "p", OPENED_AT + S, NONE)
    assert again.state(OPENED_AT + S) is State.CLOSED


def test_so_many_changes_are_kept():
    circuit = Circuit("npp")
    for number in range(KEPT_CHANGES):
        at = START + number * MINUTE
        circuit = circuit.opened_by_hand("ada", str(number), at).reset("ada", "-", at)
    assert len(circuit.history) == KEPT_CHANGES
    assert circuit.history[-1].state is State.CLOSED


@pytest.mark.parametrize(
    ("minutes", "number"),
    [(0, FIRST_OUT), (0.99, FIRST_OUT), (1, 8), (2, 16), (4, 64), (5, MOST_OUT), (9, MOST_OUT),
     (10_000, MOST_OUT), (-5, FIRST_OUT)],
)  # fmt: skip
def test_few_go_out_at_first_and_twice_as_many_each_minute(minutes, number):
    closed = replace(Circuit("npp"), since=START)
    assert closed.lets_out(START + timedelta(minutes=minutes)) == number
    assert Circuit("npp").lets_out(START) == MOST_OUT, "it was never open"


def test_goods_are_counted_in_their_slots_and_matter_while_something_went_wrong():
    circuit = after(0).heard(GOOD, "p", START + S, {slot_of(START): 3, slot_of(START + MINUTE): 2})
    assert circuit.slots == (Slot(slot_of(START), 3, 1), Slot(slot_of(START + MINUTE), 2, 0))
    assert circuit.is_troubled(START + MINUTE)
    assert not circuit.is_troubled(START + 6 * MINUTE)
    assert not Circuit("npp").is_troubled(START)
    assert opened().is_troubled(START + 60 * MINUTE)


def test_slots_are_half_minutes():
    at = START.replace(second=0, microsecond=0)
    assert slot_of(at) == slot_of(at + timedelta(seconds=29.9)) == at
    assert slot_of(at + timedelta(seconds=59.9)) == at + timedelta(seconds=30)


@pytest.mark.parametrize(
    ("kind", "told", "sign", "names"),
    [
        (Accepted, {}, GOOD, {"npp", PROVIDER}),
        (Refused, {"refusal": "InvalidTotalAmount"}, GOOD, {"npp", PROVIDER}),
        (OutOfFunds, {"refusal": "x"}, GOOD, {"npp", PROVIDER}),
        (Unclear, {"doubt": Doubt.REFERENCE_EXISTS}, GOOD, {"npp", PROVIDER}),
        (Unclear, {"doubt": Doubt.TIMED_OUT}, BAD, {"npp"}),
        (Unclear, {"doubt": Doubt.SERVER_ERROR}, BAD, {"npp"}),
        (Unclear, {"doubt": Doubt.NOT_UNDERSTOOD}, BAD, {"npp"}),
        (Unclear, {"doubt": Doubt.CONNECTION_LOST}, BAD, {PROVIDER}),
        (Unclear, {"doubt": Doubt.TOO_MANY_REQUESTS}, BAD, {PROVIDER}),
        (NeverSent, {"reason": Hindrance.NO_CONNECTION}, BAD, {PROVIDER}),
        (NeverSent, {"reason": Hindrance.OUT_OF_TIME}, None, None),
        (NeverSent, {"reason": Hindrance.SIGN_IN_REFUSED}, None, None),
    ],
)
def test_what_each_answer_says_of_the_way(kind, told, sign, names):
    news = kind(at=START, by="provider", attempt=1, **told)
    assert sign_of(news) is sign
    if sign:
        assert set(concerned(news, Rail.NPP)) == names


def test_each_rail_has_a_circuit_of_its_own_and_needs_the_providers():
    assert set(OF_RAIL) == set(Rail)
    assert len(set(NAMES)) == len(Rail) + 1
    board = Board().put(replace(opened(), name="npp"))
    assert board.holds(Rail.NPP, OPENED_AT)
    assert board.holds(Rail.NPP, OPENED_AT + REST), "half open is not closed"
    assert not board.holds(Rail.DIRECT_ENTRY, OPENED_AT)
    assert not Board().holds(Rail.NPP, START)
    all_down = Board().put(replace(opened(), name=PROVIDER))
    assert all(all_down.holds(rail, OPENED_AT) for rail in Rail)


def test_who_waits_for_a_rail_stands_with_those_who_wait_for_the_sign_in():
    for reason in Hindrance:
        waiting = advance(begun(), event(Delayed, reason=reason)).after
        expected = reason in {Hindrance.RAIL_DOWN, Hindrance.SIGN_IN_REFUSED}
        assert waits_for_rail(waiting) is expected
    down = advance(begun(), event(Delayed, reason=Hindrance.RAIL_DOWN)).after
    assert not waits_for_rail(advance(down, event(Started)).after)
    assert not waits_for_rail(advance(down, event(Escalated, why=CONTRADICTION)).after)
    assert waits_for_rail(advance(down, event(Escalated, why="open_too_long")).after)
    assert not waits_for_rail(in_status(Status.PENDING))

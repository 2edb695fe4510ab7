"""A provider that goes away and comes back: payouts wait, one tries, all go out by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.breaker import (
    FIRST_OUT,
    OF_RAIL,
    PROBE_LIFE,
    PROVIDER,
    REST,
    Circuit,
    State,
)
from chalicelib.domain.errors import VaultUnavailable
from chalicelib.domain.events import Escalated, Hindrance
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Status
from chalicelib.domain.refusals import TooManyWait
from chalicelib.usecases.breaker import REMEMBERED, TELLS_EVERY, TRIES, Breaker
from chalicelib.usecases.circuits import standing
from tests.fakes.provider import (
    ACCEPTED,
    NOT_CONNECTED,
    OUT_OF_FUNDS,
    REFUSED,
    SIGN_IN_REFUSED,
    TIMED_OUT_UNPAID,
)
from tests.usecases import world as worlds
from tests.usecases.world import DIRECT_ENTRY, NPP, World, order

MINUTE = timedelta(minutes=1)
# By a rail that is named, so that nothing goes another way.
ONE = order(amount=Money(100), rail=NPP)
NPP_CIRCUIT = OF_RAIL[NPP]


@pytest.fixture
def world():
    return World(breaks=True).open_for_business()


def ask(world, number, wanted=ONE):
    return world.request(wanted, key=f"key-of-payout-{number:04}").payout


def state(world, name=PROVIDER):
    return world.store.state.board.of(name).state(world.clock.now())


def trip(world, reply=NOT_CONNECTED, times=5):
    """Have so many payments go wrong; those that did."""
    world.provider.will(*[reply] * times)
    return [ask(world, 9000 + number) for number in range(times)]


def by_hand(world, name=NPP_CIRCUIT):
    """Open a circuit until it is reset, as a person does."""
    circuit = world.store.state.board.of(name)
    world.store.circuits.keep(circuit, circuit.opened_by_hand("ada", "told", world.clock.now()))


def reset(world, name=NPP_CIRCUIT):
    circuit = world.store.state.board.of(name)
    world.store.circuits.keep(circuit, circuit.reset("bob", "back", world.clock.now()))


def held(world):
    return [each for each in world.payouts if each.hindrance == Hindrance.RAIL_DOWN]


def wait(world, number, wanted=ONE, start=0):
    """So many payouts more that wait."""
    made = []
    for each in range(number):
        world.clock.advance(0.001)
        made.append(ask(world, start + each, wanted))
    assert {each.hindrance for each in made} <= {Hindrance.RAIL_DOWN}
    return made


def multiplied(world, payout, times):
    """So many others that stand as this one does; nobody has their money, or reads their steps."""
    for each in range(times):
        intent = replace(payout.intent, transaction_id=f"{each:036}")
        world.store.state.payouts[intent.transaction_id] = replace(payout, intent=intent)


def test_five_failures_open_the_circuit_and_what_comes_then_waits(world):
    trip(world)
    assert state(world) is State.OPEN
    asked = len(world.provider.requests)
    payout = ask(world, 1)
    assert (payout.status, payout.hindrance) == (Status.QUEUED, Hindrance.RAIL_DOWN)
    assert len(world.provider.requests) == asked, "nothing was sent"
    assert world.request(ONE, key="key-of-payout-0001").replayed
    assert world.preview(ONE).hindrance is Hindrance.RAIL_DOWN
    assert world.cancel(payout.transaction_id).status is Status.CANCELLED


def test_refusals_open_nothing(world):
    world.provider.will(*[REFUSED] * 30)
    for number in range(30):
        assert ask(world, number).status is Status.FAILED
    assert state(world) is State.CLOSED
    assert not world.store.state.board.circuits, "nobody was told anything"


def test_late_answers_stop_their_own_rail_alone(world):
    trip(world, TIMED_OUT_UNPAID)
    assert (state(world, NPP_CIRCUIT), state(world)) == (State.OPEN, State.CLOSED)
    assert ask(world, 1).hindrance == Hindrance.RAIL_DOWN
    assert ask(world, 2, order(amount=Money(100), rail=DIRECT_ENTRY)).status is Status.PENDING


def test_what_goes_well_is_told_only_while_something_went_wrong(world):
    circuits = world.breaker._circuits = worlds.Between(world.store.circuits)
    for number in range(3):
        ask(world, number)
    assert circuits.calls == []
    world.provider.will(NOT_CONNECTED)
    ask(world, 3)
    assert circuits.calls == ["keep"]
    assert [(each.good, each.bad) for each in world.store.state.board.of(PROVIDER).slots] == [
        (3, 1)
    ]
    for number in range(4, 8):
        ask(world, number)
    assert circuits.calls == ["keep", "keep"], "the others are told later, in one"
    world.clock.advance(TELLS_EVERY)
    ask(world, 8)
    (slot,) = world.store.state.board.of(PROVIDER).slots
    assert (slot.good, slot.bad) == (8, 1)
    assert world.store.state.board.of(NPP_CIRCUIT) == Circuit(NPP_CIRCUIT), "it had no trouble"
    world.clock.advance(timedelta(minutes=6))
    ask(world, 9)
    assert circuits.calls == ["keep"] * 3, "that is long ago"


def test_more_wait_than_may_are_turned_away_and_nothing_is_stored(world):
    trip(world)
    wait(world, 3)
    world.limits = replace(world.limits, most_waiting=3)
    with pytest.raises(TooManyWait) as refused:
        ask(world, 7)
    assert refused.value.retry_after == 60
    assert len(world.payouts) == 8
    assert ask(world, 2).status is Status.QUEUED, "what is stored is shown"
    world.limits = replace(world.limits, most_waiting=4)
    assert ask(world, 7).status is Status.QUEUED, "the same key, once there is room"


def test_behind_a_closed_gate_as_many_wait_and_no_more(world):
    world.store.gate.close()
    for number in range(2):
        assert ask(world, number).hindrance == Hindrance.SIGN_IN_REFUSED
    world.limits = replace(world.limits, most_waiting=2)
    with pytest.raises(TooManyWait):
        ask(world, 3)
    world.store.gate.open(by="ada")
    assert world.poll() == {"Pending": 2}


def test_the_poller_lets_one_try_and_then_a_few_and_then_more(world):
    trip(world)
    waiting = wait(world, 40)
    assert world.poll() == {}, "it rests"
    world.clock.advance(REST)
    assert state(world) is State.HALF_OPEN
    assert ask(world, 999).hindrance == Hindrance.RAIL_DOWN, "requests do not try"
    told = world.poll()
    assert state(world) is State.CLOSED
    assert told["Pending"] >= FIRST_OUT
    gone = [each for each in world.payouts if each.status is Status.PENDING]
    mine = {each.transaction_id for each in waiting}
    assert [each.transaction_id for each in gone if each.transaction_id in mine] == [
        each.transaction_id for each in waiting[:FIRST_OUT]
    ], "the oldest first"
    assert len(held(world)) == 41 - FIRST_OUT
    world.poll_after(MINUTE)
    assert len(held(world)) == 41 - FIRST_OUT - 2 * FIRST_OUT
    world.poll_after(MINUTE)
    assert len(held(world)) == 41 - FIRST_OUT - 2 * FIRST_OUT - 4 * FIRST_OUT
    world.poll_after(MINUTE)
    assert not held(world)
    assert len({each.reference for each in world.provider.executions}) == 46
    world.check_equal()


def test_a_probe_that_fails_has_it_rest_again_and_nobody_else_go(world):
    trip(world)
    wait(world, 10)
    world.clock.advance(REST)
    world.provider.will(*[NOT_CONNECTED] * 2)
    before = len(world.provider.requests)
    world.poll()
    assert len(world.provider.requests) == before + 1
    assert state(world) is State.OPEN
    world.poll_after(REST - timedelta(seconds=1))
    assert len(world.provider.requests) == before + 1
    world.poll_after(1)
    assert len(world.provider.requests) == before + 2
    world.poll_after(REST)
    assert state(world) is State.CLOSED
    world.check_equal()


def test_two_pollers_have_one_probe_between_them(world):
    trip(world)
    wait(world, 10)
    world.clock.advance(REST)
    other = Breaker(world.store.circuits, clock=world.clock)
    other.board()
    seen = []

    def meanwhile(_reference):
        world.provider.before_answering = lambda _reference: None
        mine, world.ports["breaker"] = world.ports["breaker"], other
        before = len(world.provider.requests)
        seen.append(world.poll())
        seen.append(len(world.provider.requests) - before)
        world.ports["breaker"] = mine

    world.provider.before_answering = meanwhile
    world.poll()
    assert seen[1] == 0, "the other one sent nothing while the probe was out"
    assert seen[0]["rail_down"] >= 1
    assert state(world) is State.CLOSED
    world.check_equal()


def test_two_workers_with_one_payout_in_hand_have_one_probe_between_them(world):
    """Whoever finds it claimed by the other one frees no place for a third."""
    trip(world)
    wait(world, 3)
    world.clock.advance(REST)
    first, second, third, fourth = (
        Breaker(world.store.circuits, clock=world.clock) for _ in range(4)
    )
    lost = next(each for each in world.payouts if each.hindrance == Hindrance.RAIL_DOWN)
    another = replace(lost, intent=replace(lost.intent, transaction_id="0" * 36))
    assert first.admits(lost)
    assert first.admits(lost), "its own, once more"
    assert not second.admits(lost)
    second.give_back(lost)
    assert not third.admits(another), "the first is still on the way"
    first.give_back(lost)
    assert fourth.admits(another)


def test_a_probe_that_never_tells_is_given_back_after_its_time(world):
    trip(world)
    wait(world, 3)
    world.clock.advance(REST)
    dead = Breaker(world.store.circuits, clock=world.clock)
    lost = next(each for each in world.payouts if each.hindrance == Hindrance.RAIL_DOWN)
    assert dead.admits(replace(lost, intent=replace(lost.intent, transaction_id="0" * 36)))
    before = len(world.provider.requests)
    world.poll()
    assert len(world.provider.requests) == before
    world.poll_after(PROBE_LIFE)
    assert len(world.provider.requests) > before
    assert state(world) is State.CLOSED


def test_a_payout_that_cannot_be_sent_does_not_keep_the_circuit_from_being_tried(world):
    world.register("customer-2")
    world.deposit(name="N00100000002")
    world.credit(key="credit-key-000002", customer_id="customer-2")
    trip(world)
    wait(world, 3)
    wait(world, 3, order("customer-2", amount=Money(100)), start=100)
    world.stop_customer("they asked")
    world.clock.advance(REST)
    told = world.poll()
    assert told["customer_stopped"] >= 1
    assert state(world) is State.CLOSED
    gone = {each.intent.customer_id for each in world.payouts if each.status is Status.PENDING}
    assert gone == {"customer-2"}
    tried = world.poll_after(MINUTE)["customer_stopped"]
    assert tried == 5 + 1, "of those who wait one, and the five that are due by themselves"


def test_what_fails_on_our_side_ends_the_letting_out_and_no_probe_is_lost(world):
    trip(world)
    wait(world, 3)
    world.clock.advance(REST)
    real = world.ports["vault"]

    def fail(*_args, **_told):
        raise VaultUnavailable("away")

    world.meanwhile("vault", unseal=fail)
    told = world.poll()
    assert told["vault_unavailable"] >= 1
    assert world.store.state.board.of(PROVIDER).probe == ""
    world.ports["vault"] = real
    world.poll_after(MINUTE)
    assert state(world) is State.CLOSED


def test_queued_for_another_reason_a_payout_joins_those_who_wait_for_the_rail(world):
    first, *_ = trip(world)
    assert first.hindrance == Hindrance.NO_CONNECTION
    by_hand(world, PROVIDER)
    told = world.poll_after(MINUTE)
    assert told["Queued"] == 5
    assert len(held(world)) == 5
    assert world.poll() == {}, "once"


def test_an_unconfirmed_payout_is_asked_for_while_the_circuit_is_open_and_not_sent_again(world):
    made = trip(world, TIMED_OUT_UNPAID)
    by_hand(world)
    before = len(world.provider.requests)
    for _ in range(40):
        world.poll_after(MINUTE)
    assert len(world.provider.requests) == before
    now = world.store.state.payouts[made[0].transaction_id]
    assert (now.status, now.sends) == (Status.UNCONFIRMED, 1)
    assert now.asks > 3, "asking goes on"
    reset(world)
    for _ in range(60):
        world.poll_after(MINUTE)
    assert {each.status for each in world.payouts} == {Status.PENDING}
    world.check_equal()


def test_who_waits_for_funds_stays_in_that_line_and_bars_nobody_of_another_rail(world):
    world.provider.balance = Money(500)
    world.provider.will(OUT_OF_FUNDS)
    first = ask(world, 1)
    assert first.hindrance == Hindrance.FUNDS
    other = ask(world, 2, order(amount=Money(100), rail=DIRECT_ENTRY))
    assert other.hindrance == Hindrance.FUNDS
    by_hand(world)
    world.poll_after(MINUTE)
    statuses = {each.transaction_id: each for each in world.payouts}
    assert statuses[first.transaction_id].hindrance == Hindrance.FUNDS
    assert statuses[other.transaction_id].status is Status.PENDING
    reset(world)
    world.poll_after(MINUTE)
    assert {each.status for each in world.payouts} == {Status.PENDING}
    world.check_equal()


def test_whoever_is_let_out_while_others_wait_for_funds_joins_them(world):
    by_hand(world)
    waiting = wait(world, 3)
    world.provider.balance = Money(50)
    world.provider.will(OUT_OF_FUNDS)
    poor = ask(world, 50, order(amount=Money(100), rail=DIRECT_ENTRY))
    assert poor.hindrance == Hindrance.FUNDS
    reset(world)
    told = world.poll_after(MINUTE)
    assert told["joined_line"] == 3
    line = [each.transaction_id for each in world.store.payouts.in_line()]
    assert line == [*(each.transaction_id for each in waiting), poor.transaction_id], "by their age"
    world.provider.balance = Money(5000)
    world.poll_after(timedelta(minutes=10))
    assert {each.status for each in world.payouts} == {Status.PENDING}
    world.check_equal()


def test_the_first_that_meets_an_empty_account_sends_the_rest_into_the_line(world):
    trip(world)
    wait(world, 3)
    world.clock.advance(REST)
    world.provider.will(ACCEPTED, *[OUT_OF_FUNDS] * 9)
    told = world.poll()
    assert told["joined_line"] >= 1
    assert world.store.state.outlook.short_since is not None


def test_a_refused_sign_in_behind_an_opened_gate_stops_the_rest(world):
    world.store.gate.close()
    for number in range(3):
        ask(world, number)
    world.store.gate.open(by="ada")
    world.provider.will(*[SIGN_IN_REFUSED] * 3)
    before = len(world.provider.requests)
    world.poll()
    assert len(world.provider.requests) == before + 1


def test_without_time_those_who_wait_are_left_for_the_next_run(world):
    trip(world)
    wait(world, 3)
    world.clock.advance(REST)
    world.seconds_left = 24.0
    assert world.poll()["left_for_next_time"] >= 1
    assert state(world) is State.HALF_OPEN


def test_what_has_gone_since_the_index_was_read_is_passed_over(world):
    trip(world)
    first, second, _ = wait(world, 3)
    sketches = list(world.store.payouts.stranded(NPP))
    world.cancel(first.transaction_id)
    lagging = world.meanwhile("payouts")
    lagging.stranded = lambda rail: iter(sketches if rail is NPP else ())
    world.clock.advance(REST)
    world.poll()
    assert state(world) is State.CLOSED
    assert world.store.state.payouts[first.transaction_id].status is Status.CANCELLED
    assert world.store.state.payouts[second.transaction_id].status is Status.PENDING


def test_one_that_cannot_be_read_costs_itself_only(world):
    trip(world)
    first, second, _ = wait(world, 3)
    world.clock.advance(REST)

    def get(transaction_id):
        if transaction_id == first.transaction_id:
            raise VaultUnavailable("unreadable")

    world.meanwhile("payouts", get=get)
    world.poll()
    assert world.store.state.payouts[second.transaction_id].status is Status.PENDING
    assert world.store.state.payouts[first.transaction_id].status is Status.QUEUED


def test_one_that_cannot_join_the_line_costs_itself_only(world):
    by_hand(world)
    first, second = wait(world, 2)
    world.provider.balance = Money(50)
    world.provider.will(OUT_OF_FUNDS)
    ask(world, 50, order(amount=Money(100), rail=DIRECT_ENTRY))
    reset(world)

    def write(*steps, **_told):
        if steps[0].after.transaction_id == first.transaction_id:
            raise RuntimeError("a defect")

    world.meanwhile("payouts", write=write)
    told = world.poll_after(MINUTE)
    assert (told["defect"], told["joined_line"]) == (1, 1)
    now = world.store.state.payouts
    assert now[first.transaction_id].hindrance == Hindrance.RAIL_DOWN
    assert now[second.transaction_id].hindrance == Hindrance.FUNDS


def test_the_store_being_away_is_no_trouble_of_the_payouts(world):
    broken = Breaker(_Away(), clock=world.clock)
    payout = ask(world, 1)
    world.provider.heard = broken.heard
    world.provider.will(NOT_CONNECTED)
    assert ask(world, 2).hindrance == Hindrance.NO_CONNECTION
    assert broken.board().circuits == {}
    assert broken.admits(payout), "what nobody knows of is closed"


def test_nor_is_a_defect_of_theirs(world):
    """It is heard between the provider's answer and our writing it down."""
    world.breaker = world.ports["breaker"] = broken = Breaker(_Away(ValueError), clock=world.clock)
    world.provider.heard = broken.heard
    world.provider.will(NOT_CONNECTED, TIMED_OUT_UNPAID)
    assert [ask(world, number).status for number in (1, 2)] == [Status.QUEUED, Status.UNCONFIRMED]
    assert world.poll_after(MINUTE) == {"Pending": 1, "Unconfirmed": 1}


class _Away:
    def __init__(self, trouble=VaultUnavailable):
        self.trouble = trouble

    def board(self):
        raise self.trouble("away")

    def keep(self, *_circuits):
        self.board()


def test_what_was_read_is_believed_for_a_few_seconds(world):
    circuits = worlds.Between(world.store.circuits)
    breaker = Breaker(circuits, clock=world.clock)
    breaker.board()
    world.clock.advance(REMEMBERED)
    breaker.board()
    assert circuits.calls == ["board"]
    world.clock.advance(0.1)
    breaker.board()
    breaker.board(fresh=True)
    assert circuits.calls == ["board"] * 3


def test_each_worker_counts_on_top_of_the_others(world):
    workers = [Breaker(world.store.circuits, clock=world.clock) for _ in range(5)]
    for number, worker in enumerate(workers):
        world.provider.heard = worker.heard
        world.provider.will(NOT_CONNECTED)
        ask(world, number)
    assert state(world) is State.OPEN


def test_whoever_is_always_overtaken_gives_up(world):
    circuits = worlds.Between(world.store.circuits)
    breaker = Breaker(circuits, clock=world.clock)

    def overtake(before, _after):
        now = world.store.state.board.of(before.name)
        world.store.state.board = world.store.state.board.put(replace(now, version=now.version + 1))

    circuits._first["keep"] = overtake
    world.provider.heard = breaker.heard
    world.provider.will(NOT_CONNECTED)
    assert ask(world, 1).hindrance == Hindrance.NO_CONNECTION
    assert circuits.calls.count("keep") == TRIES


def test_whatever_a_person_has_to_see_of_it_a_payout_that_waited_goes_out(world):
    trip(world)
    (payout,) = wait(world, 1)
    alarm = Escalated(at=world.clock.now(), by="poller", why="open_too_long")
    assert world.store.payouts.write(advance(payout, alarm)).needs_person
    world.poll_after(REST)
    assert world.store.state.payouts[payout.transaction_id].status is Status.PENDING


def test_what_went_well_long_ago_is_told_to_nobody(world):
    ask(world, 1)
    world.clock.advance(timedelta(minutes=6))
    ask(world, 2)
    world.provider.will(NOT_CONNECTED)
    ask(world, 3)
    assert [(each.good, each.bad) for each in world.store.state.board.of(PROVIDER).slots] == [
        (1, 1)
    ]


def test_one_that_somebody_else_has_just_claimed_costs_itself_only(world):
    trip(world)
    first, second = wait(world, 2)
    world.clock.advance(REST)
    world.once("payouts", "write", lambda: world.cancel(first.transaction_id))
    told = world.poll()
    assert told["stale"] == 1
    now = world.store.state.payouts
    assert now[first.transaction_id].status is Status.CANCELLED
    assert now[second.transaction_id].status is Status.PENDING
    assert state(world) is State.CLOSED


def test_a_long_queue_of_a_rail_that_is_away_hides_nobody_of_another(world):
    by_hand(world)
    (first,) = wait(world, 1)
    by_hand(world, OF_RAIL[DIRECT_ENTRY])
    world.clock.advance(1)
    last = ask(world, 5000, order(amount=Money(100), rail=DIRECT_ENTRY))
    multiplied(world, first, 2001)
    told = standing(circuits=world.store.circuits, payouts=world.store.payouts, most=1000)
    assert told.waiting == {NPP_CIRCUIT: 1000, OF_RAIL[DIRECT_ENTRY]: 1, PROVIDER: 1000}
    reset(world, OF_RAIL[DIRECT_ENTRY])
    world.poll_after(1)
    assert world.store.state.payouts[last.transaction_id].status is Status.PENDING
    assert len(world.provider.requests) == 1


def test_the_oldest_of_all_rails_goes_first_and_each_goes_at_its_own_pace(world):
    by_hand(world)
    by_hand(world, OF_RAIL[DIRECT_ENTRY])
    for number in range(FIRST_OUT + 1):
        wait(world, 1, order(amount=Money(100), rail=DIRECT_ENTRY), start=2 * number)
        wait(world, 1, start=2 * number + 1)
    reset(world)
    reset(world, OF_RAIL[DIRECT_ENTRY])
    world.poll_after(1)
    rails = [each.rail for each in world.provider.executions]
    assert rails == [DIRECT_ENTRY, NPP] * FIRST_OUT


def test_where_the_first_shows_that_nobody_is_there_nobody_of_another_rail_goes_either(world):
    trip(world)
    wait(world, 1)
    wait(world, 1, order(amount=Money(100), rail=DIRECT_ENTRY), start=1)
    sent = len(world.provider.requests)
    world.provider.will(NOT_CONNECTED)
    world.poll_after(REST)
    assert len(world.provider.requests) == sent + 1
    assert state(world) is State.OPEN

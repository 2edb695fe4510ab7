"""Everything, a rail or a customer is stopped; what waits goes out once somebody else says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import Forbidden, NotFound, Stale, StoreUnavailable
from chalicelib.domain.events import StartedAgain
from chalicelib.domain.money import Money
from chalicelib.domain.pause import Ending, Kind, Pause, Scope
from chalicelib.domain.payout import Status
from chalicelib.domain.rails import Rail
from chalicelib.domain.refusals import Paused
from chalicelib.usecases.pauses import pause, resume, show, standing
from chalicelib.usecases.sit_out import GENTLY
from tests.fakes.provider import (
    NOT_CONNECTED,
    OUT_OF_FUNDS,
    TIMED_OUT_AND_PAID,
    TIMED_OUT_UNPAID,
)
from tests.usecases.approving import agree, waiting
from tests.usecases.test_breaker import multiplied
from tests.usecases.world import DEPOSIT, World, order

EVERYTHING = Scope(Kind.EVERYTHING)
BY_NPP, BY_BATCH = Scope(Kind.RAIL, Rail.NPP), Scope(Kind.RAIL, Rail.DIRECT_ENTRY)
THEIRS = Scope(Kind.CUSTOMER, customer_id="customer-1")
SCOPES = pytest.mark.parametrize("scope", [EVERYTHING, BY_NPP, THEIRS], ids=str)


def paused(world, scope=EVERYTHING, pause_id="pause-1", by="hanna"):
    return pause(
        pause_id, scope, reason="an alarm", by=by, **world._ports("pauses", "customers", "clock")
    )


def resumed(world, pause_id="pause-1", by="anna"):
    return resume(pause_id, reason="a false alarm", by=by, **world._ports("pauses", "clock"))


def asked(*replies):
    world = World().open_for_business()
    world.provider.will(*replies)
    world.request()
    return world


def sent(world):
    return len(world.provider.requests)


@SCOPES
def test_while_it_is_in_force_a_payout_is_taken_and_waits_and_goes_out_afterwards(scope):
    world = World().open_for_business()
    told = paused(world, scope)
    assert (told.pause.is_in_force, told.proof.final, told.proof.last) == (True, True, None)
    world.request()
    assert (world.payout.status, world.payout.hindrance) == (Status.QUEUED, "paused")
    for _ in range(3):
        world.poll_after(3600)
    assert (sent(world), len(world.events())) == (0, 2)
    assert not resumed(world).pause.is_in_force
    world.poll_after(60)
    assert (world.payout.status, sent(world)) == (Status.PENDING, 1)
    world.check_equal()


@SCOPES
def test_what_was_due_already_sits_it_out_apart_from_what_is_due(scope):
    world = asked(NOT_CONNECTED)
    paused(world, scope)
    world.poll_after(3600)
    assert (world.payout.hindrance, sent(world)) == ("paused", 1)
    before = world.payout
    assert list(world.store.payouts.due(world.clock.now() + timedelta(days=1))) == []
    world.poll_after(3600)
    assert world.payout == before
    resumed(world)
    world.poll_after(60)
    assert world.payout.status is Status.PENDING


def test_what_lies_outside_its_scope_goes_on():
    world = World().open_for_business()
    paused(world, BY_BATCH)
    world.request()
    assert world.payout.status is Status.PENDING


@SCOPES
def test_a_sender_that_was_at_it_when_it_came_into_force_does_not_send(scope):
    world = asked(NOT_CONNECTED)
    world.once("vault", "unseal", lambda: paused(world, scope))
    told = world.poll_after(3600)
    assert (told[Paused.code], sent(world)) == (1, 1)
    assert world.payout.status is Status.QUEUED


@SCOPES
def test_who_asks_for_a_payout_while_it_comes_into_force_has_one_that_waits(scope):
    world = World().open_for_business()
    world.once("payouts", "write", lambda: paused(world, scope))
    world.request()
    assert (world.payout.hindrance, sent(world)) == ("paused", 0)


@SCOPES
def test_what_is_unconfirmed_is_asked_about_and_not_sent_again(scope):
    world = asked(TIMED_OUT_UNPAID)
    paused(world, scope)
    for _ in range(5):
        world.poll_after(3600)
    assert (world.payout.status, sent(world)) == (Status.UNCONFIRMED, 1)
    assert world.payout.asks > 1
    resumed(world)
    world.poll_after(2 * 3600)
    assert (StartedAgain.__name__ in world.events(), sent(world)) == (True, 2)
    world.check_equal()


def test_what_was_sent_before_is_heard_all_the_same():
    world = asked(TIMED_OUT_AND_PAID)
    told = paused(world)
    assert (told.proof.final, told.proof.last.certain) == (True, False)
    world.poll_after(3600)
    assert world.payout.status in {Status.PENDING, Status.COMPLETED}


def test_that_it_is_agreed_to_does_not_send_it():
    world = waiting()
    paused(world)
    assert agree(world).payout.hindrance == "paused"
    resumed(world)
    world.poll_after(60)
    assert (world.payout.status, sent(world)) == (Status.PENDING, 1)


def test_a_preview_says_that_it_would_wait():
    world = World().open_for_business()
    paused(world, BY_NPP)
    assert world.preview().hindrance == "paused"


def test_what_waits_may_be_cancelled():
    world = World().open_for_business()
    paused(world)
    world.request()
    assert world.cancel(world.payout.transaction_id).status is Status.CANCELLED
    assert world.available == DEPOSIT
    resumed(world)
    assert world.poll_after(60).total() == 0


def test_somebody_else_than_who_paused_lets_it_go_on_and_once():
    world = World().open_for_business()
    paused(world)
    with pytest.raises(Forbidden):
        resumed(world, by="hanna")
    assert show("pause-1", pauses=world.ports["pauses"]).pause.is_in_force
    first = resumed(world)
    assert first.pause.ended == Ending("anna", world.clock.now(), "a false alarm")
    world.clock.advance(60)
    assert resumed(world, by="bert").pause == first.pause
    assert (first.proof.final, standing(pauses=world.ports["pauses"])) == (False, [])


def test_a_second_pause_of_the_same_is_the_first():
    world = World().open_for_business()
    assert paused(world).pause == paused(world, pause_id="pause-2", by="bert").pause
    with pytest.raises(NotFound):
        show("pause-2", pauses=world.ports["pauses"])


def test_asked_for_again_when_it_is_over_it_stays_over():
    world = World().open_for_business()
    paused(world)
    over = resumed(world).pause
    assert paused(world).pause == over
    assert paused(world, pause_id="pause-2").pause.is_in_force


def test_nobody_pauses_or_resumes_what_is_not_there():
    world = World().open_for_business()
    with pytest.raises(NotFound, match="customer"):
        paused(world, Scope(Kind.CUSTOMER, customer_id="nobody"))
    with pytest.raises(NotFound, match="pause"):
        resumed(world)
    assert world.store.state.pauses == {}


def test_what_was_ended_and_not_lifted_is_lifted_before_the_next_of_its_scope():
    world = World().open_for_business()
    ended = world.store.pauses.end(paused(world).pause, Ending("anna", world.clock.now(), "over"))
    told = paused(world, pause_id="pause-2")
    assert (told.pause.pause_id, told.pause.is_in_force) == ("pause-2", True)
    assert show(ended.pause_id, pauses=world.store.pauses).pause.lifted_at


def test_who_is_overtaken_again_and_again_says_so():
    world = World().open_for_business()

    def overtaken(*_, **__):
        raise Stale("The pause was ended meanwhile.")

    world.meanwhile("pauses", enforce=overtaken)
    with pytest.raises(StoreUnavailable):
        paused(world)


def test_killed_before_it_was_in_force_the_poller_finishes_it():
    world = World().open_for_business()
    world.store.pauses.begin(Pause("pause-1", EVERYTHING, "an alarm", "hanna", world.clock.now()))
    assert world.poll_after(60)["pause_finished"] == 1
    assert show("pause-1", pauses=world.store.pauses).pause.is_in_force
    assert world.poll_after(60).total() == 0


def test_killed_before_it_was_lifted_the_poller_finishes_that():
    world = World().open_for_business()
    world.store.pauses.end(paused(world).pause, Ending("anna", world.clock.now(), "over"))
    world.request()
    assert world.payout.hindrance == "paused"
    assert world.poll_after(60)["pause_lifted"] == 1
    world.poll_after(60)
    assert world.payout.status is Status.PENDING


def test_a_pause_that_is_ended_while_the_poller_finishes_it_stops_nothing_in_the_poller():
    world = asked(NOT_CONNECTED)
    begun = Pause("pause-1", EVERYTHING, "an alarm", "hanna", world.clock.now())
    world.store.pauses.begin(begun)
    end = Ending("anna", world.clock.now(), "over")
    world.once("pauses", "enforce", lambda: world.store.pauses.end(begun, end))
    assert world.poll_after(3600)["pause_finished"] == 0
    assert standing(pauses=world.store.pauses)[0].pause.ended == end


def test_a_row_that_cannot_be_read_stops_no_poller_and_claims_meet_the_pause_all_the_same():
    world = asked(NOT_CONNECTED)
    paused(world)
    world.store.pauses.torn.add("pause-1")
    world.store.pauses.begin(Pause("pause-2", THEIRS, "an alarm", "hanna", world.clock.now()))
    assert world.poll_after(3600)["pause_finished"] == 1, "another one is finished all the same"
    resumed(world, "pause-2")
    told = world.poll_after(3600)
    assert (told["pause_finished"], sent(world)) == (0, 1)
    told = world.poll_after(3600)
    assert (world.payout.status, sent(world)) == (Status.QUEUED, 1)
    assert [each.pause.pause_id for each in standing(pauses=world.store.pauses)] == []


def test_with_the_gate_shut_the_poller_finishes_it_all_the_same():
    world = World().open_for_business()
    world.store.gate.close()
    world.store.pauses.begin(Pause("pause-1", EVERYTHING, "an alarm", "hanna", world.clock.now()))
    assert world.poll_after(60) == {"pause_finished": 1, "gate_closed": 1}


def test_what_has_waited_goes_out_gently():
    world = World().open_for_business()
    paused(world)
    for number in range(2 * GENTLY + 1):
        world.request(order(amount=Money(100)), key=f"key-number-{number:06d}")
    resumed(world)
    waited = []
    for _ in range(3):
        world.poll_after(60)
        waited.append(sent(world))
    assert waited == [GENTLY, 2 * GENTLY, 2 * GENTLY + 1]
    world.check_equal()


def test_the_oldest_goes_first_and_what_is_still_paused_keeps_nobody():
    world = World().open_for_business()
    paused(world, THEIRS, "pause-1")
    paused(world, EVERYTHING, "pause-2")
    first = world.request(key="key-number-000001").payout
    world.clock.advance(1)
    assert first.hindrance == "paused"
    resumed(world, "pause-2")
    world.poll_after(60)
    assert sent(world) == 0
    resumed(world)
    world.poll_after(60)
    assert sent(world) == 1


def test_in_the_line_for_funds_what_is_paused_is_passed_and_bars_nobody():
    world = World().open_for_business()
    world.provider.balance = Money(0)
    world.provider.will(OUT_OF_FUNDS)
    first = world.request(key="key-number-000001").payout
    assert first.hindrance == "funds"
    paused(world, THEIRS)
    world.provider.balance = DEPOSIT
    world.poll_after(3600)
    now = world.store.state.payouts[first.transaction_id]
    assert (now.hindrance, list(world.store.payouts.in_line())) == ("paused", [])
    resumed(world)
    world.poll_after(60)
    assert world.store.state.payouts[first.transaction_id].status is Status.PENDING
    world.check_equal()


def test_in_the_line_for_funds_what_is_paused_bars_nobody_behind_it():
    world = World().open_for_business()
    world.provider.balance = Money(0)
    world.provider.will(OUT_OF_FUNDS)
    first = world.request(order(rail=Rail.DIRECT_ENTRY), key="key-number-000001").payout
    world.clock.advance(1)
    second = world.request(key="key-number-000002").payout
    paused(world, BY_BATCH)
    world.provider.balance = DEPOSIT
    world.poll_after(3600)
    assert world.store.state.payouts[first.transaction_id].hindrance == "paused"
    assert world.store.state.payouts[second.transaction_id].status is Status.PENDING


def test_the_proof_is_final_only_once_nothing_is_sent_any_more_and_says_what_was_last():
    world = World().open_for_business()
    seen = []

    def look(*_, **__):
        seen.append(paused(world).proof)

    world.meanwhile("provider", pay=look)
    world.request()
    (during,) = seen
    assert (during.final, [each.reference for each in during.sendings]) == (
        False, [world.payout.unique_reference],
    )  # fmt: skip
    after = show("pause-1", pauses=world.store.pauses).proof
    assert (after.final, after.sendings) == (True, ())
    assert after.last
    assert (after.last.reference, after.last.certain) == (world.payout.unique_reference, True)


def test_of_a_customer_it_is_their_last():
    world = World().open_for_business()
    world.request()
    told = paused(world, THEIRS)
    assert told.proof.last.transaction_id == world.payout.transaction_id
    assert paused(world, BY_BATCH, "pause-2").proof.last is None
    assert paused(world, BY_NPP, "pause-3").proof.last == told.proof.last


def test_what_one_customers_pause_keeps_hides_nobody_elses():
    world = World().open_for_business()
    world.register("customer-2")
    world.deposit(Money(100), "N2")
    world.credit(Money(100), key="credit-key-000002", customer_id="customer-2")
    paused(world, THEIRS, "pause-1")
    paused(world, EVERYTHING, "pause-2")
    multiplied(world, world.request().payout, 2001)
    world.clock.advance(1)
    world.request(order("customer-2", amount=Money(100)), key="key-of-the-other")
    resumed(world, "pause-2")
    world.poll_after(60)
    assert [each.amount for each in world.provider.executions] == [Money(100)]


def test_a_stopped_customers_many_are_in_the_way_of_nobody():
    world = World().open_for_business()
    world.register("customer-2")
    world.deposit(Money(100), "N2")
    world.credit(Money(100), key="credit-key-000002", customer_id="customer-2")
    paused(world)
    for number in range(GENTLY + 1):
        world.request(order(amount=Money(1)), key=f"key-number-{number:06d}")
    world.clock.advance(1)
    world.request(order("customer-2", amount=Money(100)), key="key-of-the-other")
    customer = world.store.state.customers["customer-1"]
    world.store.state.customers["customer-1"] = replace(customer, stopped="disputed")
    resumed(world)
    for _ in range(3):
        world.poll_after(60)
    assert [each.amount for each in world.provider.executions] == [Money(100)]
    world.store.state.customers["customer-1"] = customer
    for _ in range(2):
        world.poll_after(60)
    assert sent(world) == GENTLY + 2
    world.check_equal()


def test_of_all_rails_the_oldest_comes_back_first():
    world = World().open_for_business()
    paused(world)
    by_batch = order(amount=Money(1), rail=Rail.DIRECT_ENTRY)
    for number in range(GENTLY):
        world.request(
            by_batch if number % 2 else order(amount=Money(1)), key=f"key-number-{number:06d}"
        )
        world.clock.advance(1)
    for number in range(GENTLY):
        world.request(order(amount=Money(1)), key=f"key-of-later-{number:06d}")
    resumed(world)
    world.poll_after(60)
    rails = [each.rail for each in world.provider.executions]
    assert rails == [Rail.NPP, Rail.DIRECT_ENTRY] * (GENTLY // 2)


def test_without_time_what_has_waited_is_left_for_the_next_run():
    world = World().open_for_business()
    paused(world)
    world.request()
    resumed(world)
    world.seconds_left = 20.0
    assert world.poll_after(60) == {}
    world.seconds_left = 26.0

    def passes(*_asked, **_told):
        world.seconds_left = 20.0

    world.meanwhile("liquidity", outlook=passes)
    assert world.poll_after(60) == {"left_for_next_time": 1}
    assert sent(world) == 0


def test_what_was_cancelled_since_the_index_was_read_does_not_come_back():
    world = World().open_for_business()
    paused(world)
    payout = world.request().payout
    resumed(world)
    world.once("payouts", "get", lambda: world.cancel(payout.transaction_id))
    assert world.poll_after(60) == {}
    assert (world.payout.status, sent(world)) == (Status.CANCELLED, 0)

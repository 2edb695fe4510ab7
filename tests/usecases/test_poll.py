"""The poller: what is due, one payout's trouble for itself, and when to stop."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import ProviderUnavailable, SignInRefused, StoreUnavailable
from chalicelib.domain.events import Escalated, Rejected
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.money import Money
from chalicelib.domain.patience import attention
from chalicelib.domain.payout import Status
from chalicelib.usecases.due import MOST_LOOKED_AT
from chalicelib.usecases.hear import hear
from chalicelib.usecases.poll import MANY, RESERVE
from tests.fakes.provider import (
    NOT_CONNECTED,
    OUT_OF_FUNDS,
    SIGN_IN_REFUSED,
    TIMED_OUT_AND_PAID,
    TIMED_OUT_UNPAID,
)
from tests.usecases.approving import TWO, agree, waiting
from tests.usecases.test_breaker import multiplied
from tests.usecases.world import AMOUNT, DEPOSIT, World, order

SMALL = Money(100)


def many(count, reply=TIMED_OUT_AND_PAID, **changed):
    """As many payouts, the first asked for a second before the next."""
    world = World().open_for_business()
    world.provider.will(*[reply] * count)
    for number in range(count):
        world.clock.advance(1)
        world.request(order(amount=SMALL, **changed), key=f"key-number-{number:06d}")
    world.provider.requests.clear()
    return world


def statuses(world):
    return [payout.status for payout in world.payouts]


def test_what_is_not_due_is_left_alone():
    world = many(2)
    payouts = world.meanwhile("payouts")
    assert world.poll_after(10) == {}
    assert payouts.calls == ["due", "sitting_out", "sitting_out", "in_line", "stranded", "stranded"]


def test_what_ended_is_never_looked_at_again():
    world = many(1)
    world.provider.settle(world.payout.unique_reference, "Complete")
    assert world.poll_after(31) == {"Completed": 1}
    provider = world.meanwhile("provider")
    assert world.poll_after(timedelta(days=30)) == {}
    assert provider.calls == []


def test_an_index_that_lags_makes_nothing_due_that_is_not():
    world = many(1)
    world.poll_after(31)
    lagging = world.payout.transaction_id

    class Lagging:
        def __getattr__(self, name):
            return getattr(world.store.payouts, name)

        def due(self, _now):
            return iter([lagging, "a payout that was archived"])

    world.ports["payouts"] = Lagging()
    provider = world.meanwhile("provider")
    assert world.poll() == {}
    assert provider.calls == []


def test_behind_a_closed_gate_nothing_is_asked():
    world = many(1)
    world.store.gate.close()
    payouts, provider = world.meanwhile("payouts"), world.meanwhile("provider")
    assert world.poll_after(60) == {"gate_closed": 1}
    assert payouts.calls == provider.calls == []


@pytest.mark.parametrize("error", [ProviderUnavailable(), ValueError("a defect"), KeyError("x")])
def test_a_payout_that_fails_costs_only_itself(error):
    world = many(3)
    bad = world.payouts[0].unique_reference

    def fail(payout, **_):
        if payout.unique_reference == bad:
            raise error

    world.meanwhile("provider", status=fail)
    code = getattr(error, "code", "defect")
    assert world.poll_after(60) == {code: 1, "Pending": 2}


def test_a_payout_that_cannot_be_read_costs_only_itself():
    world = many(3)
    bad = world.payouts[1].transaction_id

    def fail(transaction_id):
        if transaction_id == bad:
            raise StoreUnavailable

    world.meanwhile("payouts", get=fail)
    assert world.poll_after(60) == {"store_unavailable": 1, "Pending": 2}


def test_a_destination_that_was_tampered_with_is_never_paid_and_goes_before_a_person():
    world = many(2, NOT_CONNECTED)
    good, bad = world.payouts
    sealed = replace(bad.intent.destination, ciphertext=good.intent.destination.ciphertext[:-3])
    torn = replace(bad, intent=replace(bad.intent, destination=sealed))
    world.store.state.payouts[bad.transaction_id] = torn
    assert world.poll_after(120) == {"corrupt": 1, "Pending": 1}
    now = world.store.payouts.get(bad.transaction_id)
    assert (now.status, attention(now)) == (Status.QUEUED, "corrupt")
    assert world.provider.requests == [good.unique_reference]


def test_a_defect_goes_before_a_person():
    world = many(1)
    world.meanwhile("provider", status=lambda *_, **__: int("a defect"))
    world.poll_after(60)
    assert attention(world.payout) == "defect"


@pytest.mark.parametrize("down", [False, True])
def test_what_ends_at_the_moment_at_which_it_is_open_too_long_is_before_nobody(down):
    """Nobody could ever say that they have seen to it, and it could not be redrafted."""
    world = many(1)
    world.poll_after(60)
    said = world.teach(b"no", world.payout, Rejected)

    def ends(*steps, **_):
        if isinstance(steps[-1].event, Escalated) and world.status is Status.PENDING:
            world.receive(said)

    world.meanwhile("payouts", write=ends)
    world.provider.down = down
    world.poll_after(timedelta(days=1))
    assert (world.status, attention(world.payout)) == (Status.REJECTED, "")


@pytest.mark.parametrize("port", ["provider", "vault"])
def test_what_cannot_be_attended_to_for_a_day_goes_before_a_person(port):
    world = many(1, TIMED_OUT_UNPAID if port == "provider" else NOT_CONNECTED)
    getattr(world, port).down = True
    for _ in range(23):
        world.poll_after(timedelta(hours=1))
    assert attention(world.payout) == ""
    world.poll_after(timedelta(hours=1))
    assert attention(world.payout) == "open_too_long"
    getattr(world, port).down = False
    world.poll_after(timedelta(hours=1))
    assert len(world.provider.requests) == (port == "vault"), "a person decides what is in doubt"


def test_without_time_for_another_payout_the_rest_is_left_for_the_next_run():
    world = many(3)
    left = iter([*[RESERVE] * 6, *[RESERVE - 0.1] * 100])
    world.time_left = lambda: next(left)
    told = world.poll_after(60)
    assert told["left_for_next_time"] == 2
    assert statuses(world).count(Status.PENDING) == 1
    world.time_left = lambda: 1000.0
    assert world.poll()["Pending"] == 2


def test_a_refused_sign_in_stops_the_asking():
    world = many(3)
    provider = world.meanwhile("provider", status=lambda *_, **__: _refuse())
    assert world.poll_after(60) == {"provider_sign_in_refused": 1}
    assert provider.calls == ["status"]


def test_a_refused_sign_in_stops_the_looking_up_of_days():
    world = many(2 * MANY)
    provider = world.meanwhile("provider", statuses=lambda *_, **__: _refuse())
    assert world.poll_after(60) == {"provider_sign_in_refused": 1}
    assert provider.calls == ["statuses"]


def test_a_refused_sign_in_stops_the_sending():
    """Five refused sign-ins lock the account for an hour."""
    world = many(5, NOT_CONNECTED)
    world.provider.will(*[SIGN_IN_REFUSED] * 5)
    assert world.poll_after(120) == {"Queued": 1, "provider_sign_in_refused": 1}
    assert len(world.provider.requests) == 1
    assert statuses(world) == [Status.QUEUED] * 5


def _refuse():
    raise SignInRefused


def test_a_day_with_many_is_looked_up_once():
    world = many(MANY)
    for payout in world.payouts[:3]:
        world.provider.settle(payout.unique_reference, "Complete")
    provider = world.meanwhile("provider")
    assert world.poll_after(60) == {"Completed": 3, "Pending": MANY - 3}
    assert provider.calls == ["statuses", "statement"]
    world.check_equal()


def test_a_day_with_few_is_asked_payout_by_payout():
    world = many(MANY - 1)
    provider = world.meanwhile("provider")
    world.poll_after(60)
    assert provider.calls.count("status") == MANY - 1
    assert "statuses" not in provider.calls


def test_what_the_look_up_of_a_day_lacks_is_asked_for_by_itself():
    world = many(MANY, TIMED_OUT_UNPAID)
    provider = world.meanwhile("provider")
    assert world.poll_after(60) == {"Unconfirmed": MANY}
    assert provider.calls.count("status") == provider.calls.count("entries") == MANY


def test_a_look_up_of_a_day_that_fails_costs_only_time():
    world = many(MANY)

    def fail(*_args, **_told):
        raise ProviderUnavailable

    world.meanwhile("provider", statuses=fail)
    assert world.poll_after(60) == {"Pending": MANY}


def test_a_run_looks_at_so_many_and_the_longest_due_first():
    world = many(3, NOT_CONNECTED)
    first, *_ = world.payouts
    assert MOST_LOOKED_AT >= 100

    class Endless:
        taken = 0

        def __getattr__(self, name):
            return getattr(world.store.payouts, name)

        def due(self, now):
            for transaction_id in [*world.store.payouts.due(now), *["unknown"] * 10**6]:
                self.taken += 1
                yield transaction_id

    endless = world.ports["payouts"] = Endless()
    assert world.poll_after(120) == {"Pending": 3}
    assert endless.taken == MOST_LOOKED_AT
    assert world.provider.requests[0] == first.unique_reference


def test_two_pollers_at_once_send_once():
    world = many(3, NOT_CONNECTED)
    world.once("vault", "unseal", world.poll)
    assert world.poll_after(120)["stale"] >= 1
    assert len(world.provider.requests) == 3
    world.check_equal()


def test_two_pollers_at_once_send_again_once():
    world = many(1, TIMED_OUT_UNPAID)
    world.once("vault", "unseal", world.poll)
    assert world.poll_after(timedelta(minutes=31)) == {"stale": 1}
    assert len(world.provider.requests) == 1
    world.check_equal()


def awaiting(**changed):
    """A payout that waits for others to agree, and the moment after which nobody can."""
    world = waiting(**changed)
    return world, world.payout.lapses_at


def test_until_it_lapses_what_awaits_approval_costs_nothing():
    world, until = awaiting()
    payouts, provider = world.meanwhile("payouts"), world.meanwhile("provider")
    world.clock.set(until - timedelta(microseconds=1))
    assert world.poll() == {}
    assert (payouts.calls, provider.calls) == (
        ["due", "sitting_out", "sitting_out", "in_line", "stranded", "stranded"],
        [],
    )


def test_what_nobody_agreed_to_in_time_lapses_and_costs_one_read_and_one_write():
    world, until = awaiting()
    payouts, provider = world.meanwhile("payouts"), world.meanwhile("provider")
    world.clock.set(until)
    assert world.poll() == {"Cancelled": 1}
    assert payouts.calls == [
        "due",
        "get",
        "sitting_out",
        "sitting_out",
        "in_line",
        "stranded",
        "stranded",
        "write",
    ]
    assert provider.calls == []
    assert (world.status, world.available) == (Status.CANCELLED, DEPOSIT)
    assert world.store.state.steps[world.payout.transaction_id][-1].event.by == "poller"
    assert world.poll_after(timedelta(days=9)) == {}
    world.check_equal()


def test_one_word_of_two_is_not_enough_to_keep_it():
    world, until = awaiting(amount=TWO)
    agree(world)
    world.clock.set(until)
    assert world.poll() == {"Cancelled": 1}
    assert world.available == DEPOSIT


def test_what_is_contradicted_does_not_lapse():
    """The provider knows of it: giving the money back is for people."""
    world, until = awaiting()
    alarm = Escalated(at=world.clock.now(), by="monoova:webhook", why=CONTRADICTION)
    hear(world.payout, alarm, payouts=world.store.payouts)
    world.clock.set(until)
    assert world.poll_after(timedelta(days=9)) == {}
    assert (world.status, world.available) == (Status.AWAITING_APPROVAL, DEPOSIT - AMOUNT)
    assert attention(world.payout) == CONTRADICTION


def test_behind_a_closed_gate_it_lapses_once_that_is_open():
    world, until = awaiting()
    world.clock.set(until)
    world.store.gate.close()
    assert world.poll() == {"gate_closed": 1}
    world.store.gate.open(by="ada")
    assert world.poll() == {"Cancelled": 1}


def test_two_pollers_at_once_give_the_money_back_once():
    world, until = awaiting()
    world.clock.set(until)
    world.once("payouts", "write", lambda: world.poll_after(1))
    assert world.poll() == {"stale": 1}
    assert world.events().count("Lapsed") == 1
    assert world.available == DEPOSIT


def test_beside_a_line_that_waits_for_funds_it_lapses_all_the_same():
    world, until = awaiting()
    world.provider.balance = Money(0)
    world.provider.will(OUT_OF_FUNDS)
    small = order(amount=SMALL)
    world.request(small, key="another-key-0000")
    world.clock.set(until)
    told = world.poll()
    assert told["Cancelled"] == 1
    assert statuses(world) == [Status.CANCELLED, Status.QUEUED]


def test_a_store_that_fails_is_tried_again():
    world, until = awaiting()
    world.clock.set(until)

    def fail(*_steps, **_told):
        raise StoreUnavailable

    true = world.ports["payouts"]
    world.meanwhile("payouts", write=fail)
    assert world.poll() == {"store_unavailable": 1}
    assert (world.status, attention(world.payout)) == (Status.AWAITING_APPROVAL, "")
    world.ports["payouts"] = true
    assert world.poll() == {"Cancelled": 1}


def test_those_of_a_stopped_customer_are_in_the_way_of_nobody_else():
    world = World().open_for_business()
    world.provider.will(NOT_CONNECTED, NOT_CONNECTED)
    first = world.request().payout
    world.stop_customer()
    world.poll_after(60)
    first = world.store.state.payouts[first.transaction_id]
    assert first.needs_person == "customer_stopped"
    multiplied(world, first, 501)
    world.register("customer-2")
    world.deposit(Money(100), "N2")
    world.credit(Money(100), key="credit-key-000002", customer_id="customer-2")
    last = world.request(order("customer-2", amount=Money(100)), key="key-of-the-other").payout
    assert last.status is Status.QUEUED
    for _ in range(2):
        world.poll_after(60)
    assert world.store.state.payouts[last.transaction_id].status is Status.PENDING
    assert len(world.provider.executions) == 1


def test_without_time_nothing_is_even_read():
    world = World().open_for_business()
    world.provider.will(NOT_CONNECTED)
    world.request()
    world.seconds_left = 20.0
    payouts = world.meanwhile("payouts")
    world.poll_after(60)
    assert "get" not in payouts.calls

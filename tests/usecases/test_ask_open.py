"""What was sent before the days of a night and is still open, is asked about one by one."""

from __future__ import annotations

import pytest

from chalicelib.domain.errors import Corrupt, ProviderUnavailable, SignInRefused, Stale
from chalicelib.domain.night import Stage
from chalicelib.domain.payout import Status
from tests.fakes.provider import FEE, NOT_CONNECTED, TIMED_OUT_AND_PAID, TIMED_OUT_UNPAID
from tests.usecases.nights import DAY, D, Nights
from tests.usecases.world import DIRECT_ENTRY, order


@pytest.fixture
def world() -> Nights:
    """Money came in days ago; it is the 6th of March, noon."""
    return Nights().open_for_business().now(D, 12)


def sent_before(world: Nights, *replies, days: int = 3, key: str = "1", **changed):
    """A payout that was asked for some days before, and of which nobody heard since."""
    world.clock.set(world.clock.now() - days * DAY)
    world.provider.will(*replies)
    payout = world.request(order(**changed), key=key * 16).payout
    world.clock.set(world.clock.now() + days * DAY)
    return payout


def unconfirmed(world: Nights, count: int, *, paid: bool = True) -> None:
    reply = TIMED_OUT_AND_PAID if paid else TIMED_OUT_UNPAID
    for number in range(count):
        sent_before(world, reply, key="abcdefghij"[number])


def night_of(world: Nights) -> Nights:
    """The morning after, at the hour."""
    return world.now(D + DAY, 3)


def test_what_is_still_open_from_before_is_asked_about_and_heard(world):
    sent_before(world, TIMED_OUT_AND_PAID)
    world.provider.settle(world.provider.executions[0].reference, "Complete")
    night_of(world).tick()
    assert (world.status, world.payout.fee) == (Status.COMPLETED, FEE)
    counts = world.night(D).counts
    assert (counts["asked"], counts["answered"], counts["not_asked"]) == (1, 1, 0)


def test_what_is_not_found_is_not_sent_again_by_a_night(world):
    sent_before(world, TIMED_OUT_UNPAID)
    before = list(world.provider.requests)
    night_of(world).tick()
    assert world.provider.requests == before
    assert world.status is Status.UNCONFIRMED
    assert (world.payout.missed, world.night(D).counts["asked"]) == (1, 1)


@pytest.mark.parametrize("days", [0, 1])
def test_what_was_sent_on_the_days_that_are_read_as_a_whole_is_not_asked_for(world, days):
    sent_before(world, TIMED_OUT_AND_PAID, days=days)
    between = night_of(world).meanwhile("provider")
    world.tick()
    assert between.calls == []
    assert world.night(D).counts["asked"] == 0


def test_what_was_asked_for_long_ago_and_sent_on_those_days_is_not_asked_for(world):
    world.provider.down = True
    sent_before(world, TIMED_OUT_UNPAID, days=4)
    world.provider.down = False
    # Sent again by the poller, and taken.
    world.poll()
    assert world.status is Status.PENDING
    night_of(world).tick()
    assert world.night(D).counts["asked"] == 0


def test_what_waits_to_be_sent_has_nothing_to_be_asked_for(world):
    sent_before(world, NOT_CONNECTED, NOT_CONNECTED, NOT_CONNECTED, NOT_CONNECTED, NOT_CONNECTED)
    assert world.status is Status.QUEUED
    payouts = night_of(world).meanwhile("payouts")
    world.tick()
    assert "get" not in payouts.calls
    assert world.night(D).counts["asked"] == 0
    assert world.status is Status.QUEUED


def test_a_direct_credit_in_its_window_costs_neither_a_call_nor_a_read(world):
    sent_before(world, days=3, rail=DIRECT_ENTRY)
    payouts, provider = night_of(world).meanwhile("payouts"), world.meanwhile("provider")
    world.tick()
    assert provider.calls == []
    assert "get" not in payouts.calls
    assert world.status is Status.PENDING


def test_a_direct_credit_that_waited_before_it_was_sent_is_read_and_left_in_its_window(world):
    world.provider.down = True
    sent_before(world, TIMED_OUT_UNPAID, days=3, rail=DIRECT_ENTRY)
    world.provider.down = False
    world.poll()
    assert world.status is Status.PENDING
    world.now(D + 4 * DAY, 3)
    provider = world.meanwhile("provider")
    world.go_on(world.start(D + 3 * DAY))
    assert provider.calls == []
    assert world.status is Status.PENDING


def test_a_direct_credit_whose_window_is_over_is_completed_if_nothing_came_back(world):
    sent_before(world, days=3, rail=DIRECT_ENTRY)
    world.now(D + 8 * DAY, 3)
    world.go_on(world.start(D + 7 * DAY))
    assert world.status is Status.COMPLETED
    assert world.night(D + 7 * DAY).counts["answered"] == 1


def test_windows_that_are_over_together_read_the_account_once(world):
    for key in "abc":
        sent_before(world, days=3, rail=DIRECT_ENTRY, key=key)
    provider = world.now(D + 8 * DAY, 3).meanwhile("provider")
    world.go_on(world.start(D + 7 * DAY))
    assert {each.status for each in world.store.state.payouts.values()} == {Status.COMPLETED}
    assert provider.calls.count("entries") == 1


def test_one_payouts_trouble_costs_itself_only(world):
    unconfirmed(world, 3)
    for each in world.provider.executions:
        world.provider.settle(each.reference, "Complete")
    bad = world.payouts[1].transaction_id

    def fail(payout, **_told):
        if payout.transaction_id == bad:
            raise Corrupt("its answer")

    night_of(world).meanwhile("provider", status=fail)
    world.tick()
    night = world.night(D)
    assert night.is_over
    assert (night.counts["asked"], night.counts["not_asked"]) == (3, 1)
    assert sorted(each.status for each in world.payouts) == [
        Status.COMPLETED, Status.COMPLETED, Status.UNCONFIRMED,
    ]  # fmt: skip


def test_one_that_is_never_answered_is_asked_three_times_and_then_told_of(world):
    unconfirmed(world, 2)
    for each in world.provider.executions:
        world.provider.settle(each.reference, "Complete")
    bad = world.payouts[0].transaction_id

    def fail(payout, **_told):
        if payout.transaction_id == bad:
            raise ProviderUnavailable("Not this one.")

    asked = night_of(world).meanwhile("provider", status=fail)
    for place in ("1", "2"):
        assert world.tick() == {"handed_on": 1}
        assert (world.night(D).stage, world.night(D).position) == (Stage.OPEN, place)
        world.clock.advance(300)
    assert world.tick()["reported"] == 1
    # The other one was asked for once.
    assert asked.calls.count("status") == 4
    counts = world.night(D).counts
    assert (counts["asked"], counts["answered"], counts["not_asked"]) == (1, 1, 1)


def test_a_fee_that_cannot_be_read_is_not_forgotten_but_asked_for_once_more(world):
    unconfirmed(world, 1)
    world.provider.settle(world.provider.executions[0].reference, "Complete")

    def fail(*_args, **_told):
        raise ProviderUnavailable("No statement.")

    night_of(world).once("provider", "statement", fail)
    world.tick()
    assert world.status is Status.UNCONFIRMED
    world.tick()
    assert (world.status, world.payout.fee) == (Status.COMPLETED, FEE)


def test_after_three_without_an_answer_nobody_is_asked_any_more(world):
    unconfirmed(world, 5)
    night_of(world).provider.down = True
    asked = world.meanwhile("provider")
    assert world.tick() == {"provider_unavailable": 1}
    assert asked.calls.count("status") == 3
    assert (world.night(D).stage, world.night(D).position) == (Stage.OPEN, "")
    assert not world.left_behind(D)


def test_a_refused_key_ends_the_asking_at_once(world):
    unconfirmed(world, 2)

    def refuse(*_args, **_told):
        raise SignInRefused

    asked = night_of(world).meanwhile("provider", status=refuse)
    assert world.tick() == {"provider_sign_in_refused": 1}
    assert asked.calls == ["status"]


def test_where_time_is_short_the_rest_is_asked_later_and_nobody_twice(world):
    unconfirmed(world, 4, paid=False)
    world.seconds_left = 60.0

    def slow(*_args, **_told):
        world.seconds_left -= 15.0

    asked = night_of(world).meanwhile("provider", status=slow)
    assert world.tick() == {"handed_on": 1}
    assert world.night(D).counts["asked"] == 3
    assert world.night(D).stage is Stage.OPEN
    world.seconds_left = 3600.0
    world.clock.advance(300)
    world.tick()
    assert asked.calls.count("status") == 4
    assert world.night(D).counts["asked"] == 4


def test_what_somebody_else_heard_meanwhile_is_nobodys_trouble(world):
    unconfirmed(world, 1, paid=False)

    def overtaken(*_args, **_told):
        raise Stale("somebody wrote first")

    night_of(world).once("payouts", "write", overtaken)
    world.tick()
    assert world.night(D).counts["not_asked"] == 0
    assert world.night(D).is_over


def test_what_the_index_still_shows_and_is_over_is_not_asked_for(world):
    unconfirmed(world, 1)
    world.provider.settle(world.provider.executions[0].reference, "Complete")
    first = next(iter(world.store.payouts.open_work()))
    world.poll()
    assert world.status is Status.COMPLETED

    class Lagging:
        def __getattr__(self, name):
            return getattr(world.store.payouts, name)

        def open_work(self):
            yield first

    world.ports["payouts"] = Lagging()
    provider = night_of(world).meanwhile("provider")
    world.tick()
    assert provider.calls == []
    assert world.night(D).counts["asked"] == 0


def test_what_stays_open_too_long_goes_before_a_person(world):
    unconfirmed(world, 1, paid=False)
    night_of(world).tick()
    assert world.payout.needs_person == "open_too_long"

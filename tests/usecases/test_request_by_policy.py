"""Asking for a payout under a policy: what waits for people, what is taken, what is redecided."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import allowance
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import (
    Conflict,
    CustomerStopped,
    NotFound,
    RuleBroken,
    Stale,
)
from chalicelib.domain.events import Hindrance
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Status
from chalicelib.domain.policy import FREE, ApprovalRules, DayLimit, RateRules
from chalicelib.domain.refusals import TooFast
from chalicelib.usecases.request import TRIES
from tests.fakes.provider import REFUSED
from tests.usecases.world import AMOUNT, DEPOSIT, KEY, World, order

AGREED = replace(FREE, approvals=replace(FREE.approvals, one_above=Money(0), hours=2))
TWICE = replace(FREE, duplicate_days=7)
SMALL = replace(
    FREE, limits=replace(FREE.limits, customer_unverified=DayLimit(AMOUNT + AMOUNT, 10))
)
SLOW = replace(FREE, rates=RateRules(per_minute=1, burst=1))
OTHER, THIRD = "another-key-0000", "a-third-key-0000"


def under(policy):
    return World(policy=policy).open_for_business()


def spent(world):
    key = allowance.keys("customer-1", "olive", sydney_date(world.clock.now()))[0]
    assert world.store.state.spent == allowance.expected(world.store.state.payouts.values())
    return world.store.state.spent[key]


def test_what_somebody_has_to_agree_to_is_held_and_not_sent():
    world = under(AGREED)
    payout = world.request().payout
    assert payout.status is Status.AWAITING_APPROVAL
    assert (payout.needs, payout.intent.assessment.why) == (1, ("amount",))
    assert payout.lapses_at == payout.intent.created_at + timedelta(hours=2)
    assert world.events() == ["Requested", "ApprovalAsked"]
    assert world.available == DEPOSIT - AMOUNT
    assert world.provider.requests == []
    assert world.request().replayed
    world.check_equal()


def test_behind_a_closed_gate_it_is_still_people_who_are_waited_for():
    world = under(AGREED)
    world.store.gate.close()
    assert world.request().payout.status is Status.AWAITING_APPROVAL
    world.store.gate.open(by="ada")
    world.poll_after(120)
    assert world.status is Status.AWAITING_APPROVAL
    assert world.provider.requests == []


def test_what_a_bot_drafts_waits_for_a_person():
    world = under(FREE)
    assert world.request(drafted=True).payout.status is Status.AWAITING_APPROVAL
    assert world.provider.requests == []


def test_the_same_payment_again_waits_for_somebody_else():
    world = under(TWICE)
    assert world.request().payout.status is Status.PENDING
    again = world.request(key=OTHER).payout
    assert (again.status, again.intent.assessment.why) == (
        Status.AWAITING_APPROVAL, ("duplicate",),
    )  # fmt: skip
    assert len(world.provider.requests) == 1
    other = world.request(order(reference="Invoice 8"), key=THIRD).payout
    assert other.status is Status.PENDING


def test_two_that_are_the_same_at_once_are_one_and_a_duplicate():
    world = under(TWICE)
    world.once("payouts", "write", lambda: world.request(key=OTHER))
    later = world.request().payout
    assert later.status is Status.AWAITING_APPROVAL
    assert len(world.provider.requests) == 1


def test_what_failed_may_be_asked_for_again_by_the_same_person():
    world = under(TWICE)
    world.provider.will(REFUSED)
    assert world.request().payout.status is Status.FAILED
    assert world.request(key=OTHER).payout.status is Status.PENDING


def test_a_days_limit_is_told_and_what_failed_gives_its_part_back():
    world = under(SMALL)
    world.provider.will(REFUSED)
    world.request()
    world.request(key=OTHER)
    world.request(key=THIRD)
    with pytest.raises(RuleBroken) as broken:
        world.request(key="the-last-key-000")
    assert [fault.code for fault in broken.value.faults] == ["customer_day_limit"]
    assert spent(world).amount == AMOUNT + AMOUNT
    world.clock.advance(timedelta(days=1))
    assert world.request(key="the-last-key-000").payout.status is Status.PENDING


def test_a_days_limit_is_that_of_sydneys_date():
    world = under(SMALL)
    world.clock.advance(timedelta(hours=12, minutes=30))  # half past midnight in Sydney
    world.request()
    world.request(key=OTHER)
    with pytest.raises(RuleBroken) as broken:
        world.request(key=THIRD)
    assert [fault.code for fault in broken.value.faults] == ["customer_day_limit"]


def test_whoever_finds_an_allowance_taken_meanwhile_decides_again():
    world = under(SMALL)
    world.request()
    world.once("payouts", "write", lambda: world.request(key=OTHER))
    with pytest.raises(RuleBroken) as broken:
        world.request(key=THIRD)
    assert [fault.code for fault in broken.value.faults] == ["customer_day_limit"]
    assert len(world.provider.requests) == 2
    assert world.available == DEPOSIT - AMOUNT - AMOUNT


def test_who_is_never_first_is_told_so_and_nothing_is_taken():
    world = under(FREE)

    def late(*_steps, **_told):
        raise Stale("somebody else was first")

    payouts = world.meanwhile("payouts", write=late)
    with pytest.raises(Conflict, match="first again and again"):
        world.request()
    assert payouts.calls.count("write") == TRIES
    assert world.available == DEPOSIT


def test_who_asks_too_fast_waits_and_a_replay_costs_nothing():
    world = under(SLOW)
    placed = world.request()
    assert (placed.quota.remaining, placed.quota.limit) == (0, 1)
    assert world.request().replayed
    with pytest.raises(TooFast) as refused:
        world.request(key=OTHER)
    assert refused.value.retry_after == 60
    assert world.request(key=THIRD, by="oscar").payout.status is Status.PENDING
    world.clock.advance(60)
    assert world.request(key=OTHER).payout.status is Status.PENDING


def test_the_version_that_it_was_decided_under_is_kept():
    world = under(replace(FREE, version=3))
    assert world.request().payout.intent.assessment.policy_version == 3


def test_a_preview_says_what_would_come_of_it_and_stores_nothing():
    world = under(AGREED)
    shown = world.preview()
    assert shown.intent.assessment.needs == 1
    assert (shown.faults, shown.stopped, shown.hindrance) == ((), "", None)
    assert world.store.state.payouts == {}
    assert world.available == DEPOSIT
    assert world.preview(drafted=True).intent.assessment.why == ("amount", "drafted_by_bot")


def test_a_preview_tells_every_rule_that_forbids_it():
    shown = under(SMALL).preview(order(amount=DEPOSIT + DEPOSIT, description="x" * 300))
    assert shown.intent is None
    assert {fault.code for fault in shown.faults} == {
        "above_limit", "insufficient_funds", "customer_day_limit", "rail_cannot_carry",
    }  # fmt: skip


def test_a_preview_tells_why_nothing_is_done_for_a_customer_and_why_it_would_wait():
    world = under(replace(FREE, approvals=ApprovalRules()))
    world.store.gate.close()
    assert world.preview().hindrance is Hindrance.SIGN_IN_REFUSED
    customer = world.store.state.customers["customer-1"]
    world.store.state.customers["customer-1"] = replace(customer, stopped="disputed")
    assert world.preview().stopped == CustomerStopped.code
    with pytest.raises(NotFound):
        world.preview(order("nobody"))


def test_the_key_that_made_it_finds_it_although_others_have_taken_what_it_took():
    world = under(SMALL)
    first = world.request(key=KEY).payout
    world.request(key=OTHER)
    assert world.request(key=KEY).payout.transaction_id == first.transaction_id

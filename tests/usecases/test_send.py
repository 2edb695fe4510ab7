"""Sending once: only who claimed may pay, and only while the claim is young."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.errors import Stale, StoreUnavailable, VaultUnavailable
from chalicelib.domain.events import (
    Accepted,
    Confirmed,
    Doubt,
    Reattempted,
    Rejected,
    Returned,
    Started,
    Unclear,
)
from chalicelib.domain.patience import attention
from chalicelib.domain.payout import Status
from chalicelib.usecases.hear import TRIES, hear
from chalicelib.usecases.send import CLAIM_LIFE, send
from tests.fakes.provider import NOT_CONNECTED, TIMED_OUT_AND_PAID, TIMED_OUT_UNPAID
from tests.usecases.world import AMOUNT, DEPOSIT, World


@pytest.fixture
def world():
    world = World().open_for_business()
    world.provider.will(NOT_CONNECTED)
    world.request()
    world.provider.requests.clear()
    assert world.status is Status.QUEUED
    return world


def sending(world, payout=None):
    return send(
        payout or world.payout, by="poller",
        **world._ports("payouts", "provider", "vault", "clock", "time_left"),
    )  # fmt: skip


def news(world, kind, **told):
    return kind(at=world.clock.now(), by="monoova", attempt=world.payout.attempt, **told)


def hear_now(world, kind, payout=None, **told):
    return hear(payout or world.payout, news(world, kind, **told), payouts=world.ports["payouts"])


def test_a_queued_payout_is_claimed_and_paid(world):
    assert sending(world).status is Status.PENDING
    assert world.payout.sends == 1, "what was never sent is no sending"
    world.check_equal()


def test_who_loses_the_claim_does_not_pay(world):
    before = world.payout
    sending(world)
    with pytest.raises(Stale):
        sending(world, before)
    assert len(world.provider.requests) == 1


def test_of_two_senders_at_once_one_pays(world):
    world.once("payouts", "write", lambda: sending(world))
    with pytest.raises(Stale):
        sending(world)
    assert len(world.provider.requests) == 1
    world.check_equal()


def test_a_claim_whose_reply_was_lost_is_not_acted_upon(world):
    world.store.state.lost_replies = 1
    with pytest.raises(StoreUnavailable):
        sending(world)
    assert world.status is Status.SENDING
    assert not world.provider.requests


@pytest.mark.parametrize(
    ("seconds", "sent"), [(0, True), (CLAIM_LIFE - 0.1, True), (CLAIM_LIFE, False), (3600, False)]
)
def test_a_claim_that_has_grown_old_is_not_acted_upon(world, seconds, sent):
    world.once("payouts", "write", lambda: world.clock.advance(seconds))
    provider = world.meanwhile("provider")
    payout = sending(world)
    assert ("pay" in provider.calls) is sent
    assert payout.status is (Status.PENDING if sent else Status.QUEUED)
    assert payout.hindrance == ("" if sent else "out_of_time")


def test_the_age_of_a_claim_is_that_of_the_monotonic_clock(world):
    """A wall clock that is put right in between says nothing."""
    ahead = world.clock.now().replace(year=2030)
    world.once("payouts", "write", lambda: world.clock.set(ahead))
    assert sending(world).status is Status.PENDING


def test_the_age_of_a_claim_in_a_request_counts_from_before_the_claim():
    world = World().open_for_business()
    world.once("vault", "unseal", lambda: world.clock.advance(CLAIM_LIFE))
    assert world.request().payout.hindrance == "out_of_time"
    assert not world.provider.requests


@pytest.mark.parametrize("left", [0.0, -5.0])
def test_without_time_nothing_is_sent(world, left):
    world.seconds_left = left
    provider = world.meanwhile("provider")
    assert sending(world).hindrance == "out_of_time"
    assert provider.calls == []


@pytest.mark.parametrize(("left", "given"), [(5.0, 5.0), (100.0, CLAIM_LIFE)])
def test_the_provider_gets_the_time_that_is_left_of_both(world, left, given):
    within = []
    world.seconds_left = left
    world.meanwhile("provider", pay=lambda *_, **told: within.append(told["within"]))
    sending(world)
    assert within == [given]


def test_without_the_vault_nothing_is_claimed(world):
    world.vault.down = True
    before = world.payout
    with pytest.raises(VaultUnavailable):
        sending(world)
    assert world.payout == before


def test_an_outcome_that_cannot_be_stored_leaves_the_claim(world):
    world.once("provider", "pay", lambda: setattr(world.store.state, "down", True))
    assert sending(world).status is Status.SENDING
    world.store.state.down = False
    assert world.status is Status.SENDING
    world.poll_after(61)
    assert world.payouts[0].status is Status.PENDING
    world.check_equal()


def test_an_outcome_whose_reply_is_lost_is_stored_all_the_same(world):
    world.once("provider", "pay", lambda: setattr(world.store.state, "lost_replies", 1))
    assert sending(world).status is Status.SENDING
    assert world.status is Status.PENDING
    world.check_equal()


@pytest.mark.parametrize(
    ("reply", "kind", "status"),
    [
        (None, Confirmed, Status.COMPLETED),
        (None, Returned, Status.RETURNED),
        (TIMED_OUT_AND_PAID, Confirmed, Status.COMPLETED),
        (TIMED_OUT_AND_PAID, Rejected, Status.REJECTED),
    ],
)
def test_news_that_overtakes_the_reply_stands(world, reply, kind, status):
    if reply:
        world.provider.will(reply)
    world.once("provider", "pay", lambda: hear_now(world, kind))
    assert sending(world).status is status
    assert world.status is status


def burial(world):
    """Two people bury the attempt while its reply is on the way; the next is being sent."""
    common = {"at": world.clock.now(), "by": "poller"}
    payout = world.payout
    for event in (
        Unclear(**common, attempt=1, doubt=Doubt.NO_ANSWER_RECORDED),
        Reattempted(**common, evidence="a letter"),
        Started(**common, claim_id="another"),
    ):
        payout = world.store.payouts.write(advance(payout, event))


def test_an_answer_that_cannot_be_true_puts_the_payout_before_a_person(world):
    world.once("provider", "pay", lambda: burial(world))
    assert sending(world).status is Status.SENDING
    assert world.payout.attempt == 2
    assert attention(world.payout) == "contradiction"


def test_an_alarm_that_cannot_be_stored_does_not_fail_who_asked(world):
    """The money may have left: an error would make the caller believe that it did not."""
    reads = []

    def break_down(_id):
        reads.append(1)
        world.store.state.down = len(reads) == 2

    world.once("provider", "pay", lambda: burial(world))
    world.meanwhile("payouts", get=break_down)
    assert sending(world).status is Status.SENDING
    assert len(reads) == 2


def test_hearing_what_is_known_writes_nothing(world):
    sending(world)
    payouts = world.meanwhile("payouts")
    heard = hear_now(world, Accepted)
    assert (heard.changed, heard.payout) == (False, world.payout)
    assert payouts.calls == []


def test_hearing_on_an_outdated_payout_reads_again(world):
    before = world.payout
    sending(world)
    hear_now(world, Confirmed)
    heard = hear_now(world, Returned, payout=before)
    assert heard.payout == world.payout
    assert world.status is Status.RETURNED
    assert world.available == DEPOSIT


def test_hearing_what_somebody_else_has_heard_meanwhile_changes_nothing(world):
    sending(world)
    told = news(world, Confirmed)
    world.clock.advance(1)
    world.once("payouts", "write", lambda: hear_now(world, Confirmed))
    assert not hear(world.payout, told, payouts=world.ports["payouts"]).changed
    assert world.events().count("Confirmed") == 1


def test_hearing_gives_up_after_as_many_races_as_are_no_race(world):
    sending(world)
    tries = []

    def interfere(*_steps, **_told):
        tries.append(1)
        other = replace(world.payout, version=world.payout.version + 1)
        world.store.state.payouts[other.transaction_id] = other

    world.meanwhile("payouts", write=interfere)
    with pytest.raises(StoreUnavailable):
        hear_now(world, Confirmed)
    assert len(tries) == TRIES


def test_a_time_out_is_an_event_and_no_error(world):
    world.provider.will(TIMED_OUT_UNPAID)
    payout = sending(world)
    assert (payout.status, payout.error_code) == (Status.UNCONFIRMED, "timed_out")
    assert world.available == DEPOSIT - AMOUNT

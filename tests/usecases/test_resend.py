"""Sending again only what is certainly not there, with the same reference, and not for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.answers import Answer
from chalicelib.domain.errors import ProviderUnavailable
from chalicelib.domain.events import Accepted, Doubt
from chalicelib.domain.patience import attention
from chalicelib.domain.payout import Status
from tests.fakes.provider import (
    SERVER_ERROR_UNPAID,
    TIMED_OUT_AND_PAID,
    TIMED_OUT_UNPAID,
    TOO_MANY_REQUESTS,
    Reply,
)
from tests.usecases.doubt import BOTH, QUARANTINE, Blind, unconfirmed
from tests.usecases.world import AMOUNT, DEPOSIT, World

EXISTS = Reply(Answer(http_status=400, code="UniqueReferenceExists"), executes=False)
STRANGE = Reply(Answer(http_status=418, code="Teapot"), executes=False)
LATE_REFUSAL = Reply(Answer(http_status=400, code="InvalidTotalAmount"), executes=False)


@BOTH
def test_not_found_is_noted_and_asked_again_until_the_quarantine_is_over(refuses_repeats):
    world = unconfirmed(refuses_repeats=refuses_repeats)
    for _ in range(4):
        world.poll_after(timedelta(minutes=7))
        assert world.status is Status.UNCONFIRMED
        assert len(world.provider.requests) == 1
    assert world.payout.missed == 4
    world.poll_after(timedelta(minutes=8))
    assert world.status is Status.PENDING
    assert world.events()[-3:] == ["Asked", "StartedAgain", "Accepted"]
    assert world.events().count("Asked") == 5, "the look-up that allowed it is on record"
    world.check_equal()


@BOTH
def test_what_was_missed_before_is_looked_for_once_more_before_it_is_sent_again(refuses_repeats):
    world = unconfirmed(TIMED_OUT_AND_PAID, refuses_repeats=refuses_repeats)
    world.ports["provider"] = Blind(world.provider)
    world.poll_after(60)
    assert world.payout.missed == 1
    world.ports["provider"] = world.provider
    world.poll_after(QUARANTINE)
    assert world.status is Status.PENDING
    assert len(world.provider.requests) == 1
    world.check_equal()


def test_it_is_sent_again_with_the_same_reference_and_the_same_body():
    world = unconfirmed(TIMED_OUT_UNPAID, reference="INV-7")
    seen = []
    world.meanwhile("provider", pay=lambda *told, **_: seen.append(told))
    before = world.payout
    world.poll_after(QUARANTINE)
    ((again, destination),) = seen
    assert again.unique_reference == before.unique_reference
    assert again.intent == before.intent
    assert world.provider.executions[0].destination == destination
    assert world.provider.requests == [before.unique_reference] * 2


def test_a_claim_that_nobody_answered_for_becomes_unconfirmed_and_then_is_sent_again():
    world = World().open_for_business()
    world.store.state.lost_replies = 1
    with pytest.raises(Exception, match="reply was lost"):
        world.request()
    assert world.status is Status.SENDING
    world.poll_after(59)
    assert world.status is Status.SENDING, "its sender may still be alive"
    world.poll_after(1)
    assert world.payouts[0].status is Status.UNCONFIRMED
    assert world.events()[-2:] == ["Unclear", "Asked"]
    world.poll_after(QUARANTINE)
    assert world.payouts[-1].status is Status.PENDING
    world.check_equal()


@BOTH
def test_what_the_provider_did_before_we_asked_is_never_done_twice(refuses_repeats):
    world = unconfirmed(TIMED_OUT_AND_PAID, refuses_repeats=refuses_repeats)
    for _ in range(5):
        world.poll_after(QUARANTINE)
    assert len(world.provider.requests) == 1
    world.check_equal()


def test_without_an_answer_to_the_question_nothing_is_sent_again():
    world = unconfirmed(TIMED_OUT_AND_PAID, refuses_repeats=False)
    world.provider.down = True
    for _ in range(3):
        told = world.poll_after(QUARANTINE)
        assert told == {"provider_unavailable": 1}
    assert world.status is Status.UNCONFIRMED
    assert len(world.provider.requests) == 1


@pytest.mark.parametrize("lacking", ["status", "entries"])
def test_one_of_the_two_questions_alone_is_not_enough(lacking):
    world = unconfirmed(refuses_repeats=False)
    world.meanwhile("provider", **{lacking: lambda *_, **__: _unavailable()})
    world.poll_after(QUARANTINE)
    assert world.status is Status.UNCONFIRMED
    assert len(world.provider.requests) == 1


def _unavailable():
    raise ProviderUnavailable


@BOTH
@pytest.mark.parametrize("reply", [TIMED_OUT_UNPAID, SERVER_ERROR_UNPAID, TOO_MANY_REQUESTS])
def test_after_three_sendings_a_person_is_asked_and_nothing_is_sent(reply, refuses_repeats):
    world = unconfirmed(*[reply] * 9, refuses_repeats=refuses_repeats)
    for _ in range(20):
        world.poll_after(QUARANTINE)
    assert len(world.provider.requests) == 3
    assert world.status is Status.UNCONFIRMED
    assert attention(world.payout) == "sent_often_and_not_found"
    assert world.available == DEPOSIT - AMOUNT, "the money stays held"
    world.check_equal()


@BOTH
@pytest.mark.parametrize(
    ("replies", "why", "requests"),
    [
        ([EXISTS], Doubt.REFERENCE_EXISTS, 1),
        ([STRANGE], Doubt.NOT_UNDERSTOOD, 1),
        ([TIMED_OUT_UNPAID, EXISTS], Doubt.REFERENCE_EXISTS, 2),
        ([TIMED_OUT_UNPAID, STRANGE], Doubt.NOT_UNDERSTOOD, 2),
        ([TIMED_OUT_UNPAID, LATE_REFUSAL], "refused_when_in_doubt", 2),
    ],
)
def test_what_sending_again_does_not_cure_is_never_sent_again(
    replies, why, requests, refuses_repeats
):
    world = unconfirmed(*replies, refuses_repeats=refuses_repeats)
    for _ in range(10):
        world.poll_after(QUARANTINE)
    assert len(world.provider.requests) == requests
    assert attention(world.payout) == why
    assert world.available == DEPOSIT - AMOUNT


@BOTH
def test_a_second_sending_loses_its_claim_to_news(refuses_repeats):
    world = unconfirmed(TIMED_OUT_AND_PAID, refuses_repeats=refuses_repeats)
    world.ports["provider"] = Blind(world.provider)
    body = world.teach(b"late", world.payout, Accepted)
    world.once("vault", "unseal", lambda: world.receive(body))
    assert world.poll_after(QUARANTINE) == {"stale": 1}
    assert len(world.provider.requests) == 1
    assert world.status is Status.PENDING

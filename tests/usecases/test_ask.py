"""Asking what became of a payout, and hearing what is found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from chalicelib.domain.answers import Answer
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.events import Accepted
from chalicelib.domain.patience import attention
from chalicelib.domain.payout import Status
from tests.fakes.provider import (
    FEE,
    SERVER_ERROR_AND_PAID,
    TIMED_OUT_AND_PAID,
    TIMED_OUT_UNPAID,
    Reply,
)
from tests.usecases.doubt import QUARANTINE, Blind, Forgetful, Unstated, unconfirmed
from tests.usecases.world import AMOUNT, DEPOSIT, World


@pytest.mark.parametrize("reply", [TIMED_OUT_AND_PAID, SERVER_ERROR_AND_PAID])
@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Pending", Status.PENDING),
        ("Complete", Status.COMPLETED),
        ("Rejected", Status.REJECTED),
        ("Dishonoured", Status.RETURNED),
    ],
)
def test_what_left_unheard_is_found_by_its_status(reply, word, status):
    world = unconfirmed(reply)
    assert world.status is Status.UNCONFIRMED
    back = AMOUNT if word == "Dishonoured" else None
    world.provider.settle(world.payout.unique_reference, word, back=back)
    world.poll_after(31)
    assert world.status is status
    assert len(world.provider.requests) == 1


def test_a_dishonour_whose_amount_no_line_shows_yet_was_accepted_at_least():
    world = unconfirmed(TIMED_OUT_AND_PAID)
    reference = world.payout.unique_reference
    world.provider.settle(reference, "Dishonoured")
    world.poll_after(31)
    assert (world.status, world.available) == (Status.PENDING, DEPOSIT - AMOUNT)
    world.poll_after(31)
    assert world.status is Status.PENDING
    world.provider.settle(reference, "Dishonoured", back=AMOUNT)
    world.poll_after(timedelta(hours=1))
    assert (world.status, world.available) == (Status.RETURNED, DEPOSIT)
    world.check_equal()


def test_the_accounts_lines_are_read_in_pieces_that_the_provider_answers_whole():
    world = unconfirmed(TIMED_OUT_UNPAID)
    read = []
    world.meanwhile("provider", entries=lambda first, last, **_: read.append((first, last)))
    created = sydney_date(world.payout.intent.created_at)
    world.poll_after(timedelta(days=200))
    assert read[0][0] == created - timedelta(days=1)
    assert read[-1][1] == sydney_date(world.clock.now()) + timedelta(days=1)
    assert all(last - first <= timedelta(days=80) for first, last in read)
    joints = pairwise(read)
    assert all(after[0] == before[1] + timedelta(days=1) for before, after in joints)
    assert len(read) == 3


@pytest.mark.parametrize("question", ["status", "entries"])
def test_no_question_may_take_more_than_ten_seconds(question):
    world = unconfirmed(TIMED_OUT_UNPAID)
    took = []
    world.meanwhile("provider", **{question: lambda *_, within: took.append(within)})
    world.poll_after(31)
    assert took == [10.0]


def test_the_fee_of_a_lost_reply_is_learnt_from_the_statement():
    world = unconfirmed(TIMED_OUT_AND_PAID)
    world.provider.settle(world.payout.unique_reference, "Complete")
    assert world.payouts[0].fee is None
    world.poll_after(31)
    assert world.payout.fee == FEE
    assert world.payout.monoova_transaction_id == world.provider.executions[0].transaction_id
    world.check_equal()


def test_a_statement_that_cannot_be_read_does_not_hide_the_outcome():
    world = unconfirmed(TIMED_OUT_AND_PAID)
    world.once("provider", "statement", lambda: setattr(world.provider, "down", True))
    world.poll_after(31)
    assert world.status is Status.PENDING
    assert world.payout.fee is None
    world.provider.down = False
    world.poll_after(31)
    assert world.payout.fee == FEE


def test_the_fee_of_a_payment_settled_after_midnight_is_learnt_all_the_same():
    world = World().open_for_business()
    last_second = datetime(2026, 3, 2, 12, 59, 59, tzinfo=UTC)
    world.clock.advance(last_second - world.clock.now())
    world.provider.will(TIMED_OUT_AND_PAID)
    world.once("provider", "pay", lambda: world.clock.advance(2))
    world.request()
    world.poll_after(31)
    assert world.payout.fee == FEE
    world.check_equal()


def test_the_fee_of_a_payment_sent_twice_is_that_of_the_day_of_the_first_sending():
    world = World().open_for_business()
    before_midnight = datetime(2026, 3, 2, 12, 45, tzinfo=UTC)
    world.clock.advance(before_midnight - world.clock.now())
    world.provider.will(TIMED_OUT_AND_PAID, TIMED_OUT_AND_PAID)
    world.request()
    world.ports["provider"] = Blind(world.provider)
    world.poll_after(QUARANTINE)
    assert world.payout.sends == 2
    world.ports["provider"] = world.provider
    world.poll_after(QUARANTINE)
    assert world.payout.fee == FEE
    world.check_equal()


def test_a_fee_that_no_statement_shows_stays_unknown():
    world = unconfirmed(TIMED_OUT_AND_PAID)
    world.provider.settle(world.payout.unique_reference, "Complete")
    world.ports["provider"] = Unstated(world.provider)
    world.poll_after(31)
    assert (world.status, world.payout.fee) == (Status.COMPLETED, None)


def test_what_only_the_accounts_transactions_show_is_found():
    world = unconfirmed(TIMED_OUT_AND_PAID)
    world.ports["provider"] = Forgetful(world.provider)
    world.poll_after(QUARANTINE)
    assert world.status is Status.PENDING
    assert world.payout.monoova_transaction_id == world.provider.executions[0].transaction_id
    assert len(world.provider.requests) == 1
    world.check_equal()


def test_another_payouts_transactions_are_not_ours():
    world = unconfirmed(TIMED_OUT_UNPAID)
    world.request(key="another-key-00000")
    first = min(world.payouts, key=lambda payout: payout.sends * (payout.status is Status.PENDING))
    world.poll_after(31)
    assert world.store.payouts.get(first.transaction_id).status is Status.UNCONFIRMED


def test_what_waits_for_a_person_is_still_asked_for_and_heard_when_found():
    world = unconfirmed(Reply(Answer(http_status=418), executes=True))
    assert attention(world.payout) == "not_understood"
    world.provider.settle(world.payout.unique_reference, "Complete")
    world.poll_after(QUARANTINE)
    assert (world.status, attention(world.payout)) == (Status.COMPLETED, "")
    world.check_equal()


def test_a_look_up_on_an_outdated_payout_writes_nothing():
    world = unconfirmed(TIMED_OUT_UNPAID)
    body = world.teach(b"late", world.payout, Accepted)
    world.once("provider", "entries", lambda: world.receive(body))
    assert world.poll_after(31) == {"stale": 1}
    assert world.status is Status.PENDING
    assert world.events()[-1] == "Accepted"

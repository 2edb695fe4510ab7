"""The first use of a rail or destination is put to the provider first, which moves nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.answers import Answer
from chalicelib.domain.events import Hindrance
from chalicelib.domain.payout import Status
from chalicelib.domain.rails import Rail
from chalicelib.domain.ways import Strategy
from chalicelib.usecases.send import CLAIM_LIFE, LONGEST_VALIDATION
from tests.fakes.provider import (
    NOT_CONNECTED,
    OUT_OF_FUNDS,
    REFUSED,
    SERVER_ERROR_UNPAID,
    SIGN_IN_REFUSED,
    TIMED_OUT_UNPAID,
    TOO_MANY_REQUESTS,
    Reply,
)
from tests.usecases.world import ACCOUNT, World, order

NOT_LISTED = Reply(Answer(http_status=400, code="SomethingElse"), executes=False)
CLOSED = Reply(
    Answer(http_status=400, code="NppCreditBankAccountDetailsAreInvalid"), executes=False
)
EXISTS = Reply(Answer(http_status=400, code="UniqueReferenceExists"), executes=False)
OWN = "customer-1-destination-0"


@pytest.fixture
def world():
    return World().open_for_business()


def first_use(world):
    return world.preview().intent.route.first_use


def calls(world):
    return [reference for reference, _, _ in world.provider.validated]


def test_the_first_payout_to_a_destination_is_put_to_the_provider_with_all_that_is_sent(world):
    payout = world.request().payout
    assert payout.status is Status.PENDING
    assert world.provider.validated == [(payout.unique_reference, Rail.NPP, ACCOUNT)]
    assert world.provider.requests == [payout.unique_reference]


def test_once_a_payment_has_arrived_there_by_that_rail_nobody_asks_beforehand(world):
    world.request()
    world.provider.settle(world.payout.unique_reference, "Complete")
    world.poll_after(60)
    assert world.status is Status.COMPLETED
    world.request(key="another key of mine")
    assert len(world.provider.requests) == 2
    assert len(world.provider.validated) == 1


def test_another_rail_to_a_known_destination_is_a_first_use_too(world):
    world.request()
    world.provider.settle(world.payout.unique_reference, "Complete")
    world.poll_after(60)
    second = world.request(order(rail=Rail.DIRECT_ENTRY), key="another key of mine").payout
    assert calls(world)[1:] == [second.unique_reference]


def test_until_it_has_arrived_each_one_is_a_first_use(world):
    world.request()
    world.request(key="another key of mine")
    assert len(world.provider.validated) == 2


def test_what_the_provider_has_against_it_fails_it_before_anything_has_left(world):
    world.provider.will_object(REFUSED)
    payout = world.request().payout
    assert payout.status is Status.FAILED
    assert payout.error_code == REFUSED.answer.code
    assert world.provider.requests == []
    world.check_equal()


def test_too_little_in_the_account_has_it_wait_as_if_it_had_been_sent(world):
    world.provider.will_object(OUT_OF_FUNDS)
    payout = world.request().payout
    assert (payout.status, payout.hindrance) == (Status.QUEUED, str(Hindrance.FUNDS))
    assert world.provider.requests == []
    world.provider.balance = payout.intent.amount + payout.intent.amount
    world.poll_after(60)
    assert world.status is Status.PENDING
    world.check_equal()


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (TIMED_OUT_UNPAID, Hindrance.NOT_VALIDATED),
        (SERVER_ERROR_UNPAID, Hindrance.NOT_VALIDATED),
        (TOO_MANY_REQUESTS, Hindrance.NOT_VALIDATED),
        (NOT_CONNECTED, Hindrance.NO_CONNECTION),
        (SIGN_IN_REFUSED, Hindrance.SIGN_IN_REFUSED),
    ],
)
def test_without_an_answer_nothing_is_sent_and_it_is_tried_again(world, answer, why):
    world.provider.will_object(answer)
    payout = world.request().payout
    assert (payout.status, payout.hindrance) == (Status.QUEUED, str(why))
    assert (payout.sends, payout.attempt) == (0, 1)
    assert world.provider.requests == []
    world.poll_after(60)
    assert world.status is Status.PENDING
    assert calls(world) == [payout.unique_reference] * 2
    world.check_equal()


def test_an_answer_that_nobody_understands_stands_in_nobodys_way(world):
    world.provider.will_object(NOT_LISTED)
    assert world.request().payout.status is Status.PENDING


def test_a_reference_that_exists_already_is_asked_about_and_not_sent(world):
    world.provider.will_object(EXISTS)
    payout = world.request().payout
    assert payout.status is Status.UNCONFIRMED
    assert payout.needs_person == "reference_exists"
    assert world.provider.requests == []


def test_what_is_sent_again_is_not_put_to_anybody(world):
    world.provider.will(TIMED_OUT_UNPAID)
    world.request()
    world.poll_after(60)
    world.poll_after(timedelta(hours=2))
    assert world.status is Status.PENDING
    assert world.payout.sends == 2
    assert len(world.provider.validated) == 1


def test_an_attempt_that_goes_by_another_rail_than_was_asked_for_is_a_first_use(world):
    world.know(OWN)
    world.provider.will(CLOSED)
    world.request(order(strategy=Strategy.FASTEST))
    assert world.provider.validated == []
    world.poll_after(60)
    assert [rail for _, rail, _ in world.provider.validated] == [Rail.DIRECT_ENTRY]
    assert [each.rail for each in world.provider.executions] == [Rail.DIRECT_ENTRY]


def test_a_rail_that_is_closed_to_it_is_left_for_the_next_one_before_anything_has_left(world):
    world.provider.will_object(CLOSED)
    world.request(order(strategy=Strategy.FASTEST))
    world.poll_after(60)
    assert [rail for _, rail, _ in world.provider.validated] == [Rail.NPP, Rail.DIRECT_ENTRY]
    assert len(world.provider.requests) == 1
    world.check_equal()


def test_a_payout_of_the_time_before_is_sent_without_a_question(world):
    world.provider.will_object(NOT_CONNECTED)
    payout = world.request().payout
    before = replace(payout, intent=replace(payout.intent, route=None))
    world.store.state.payouts[payout.transaction_id] = before
    world.poll_after(60)
    assert world.status is Status.PENDING
    assert len(world.provider.validated) == 1


def test_the_question_takes_its_share_of_the_claims_life_and_no_more(world):
    asked = []
    spend = CLAIM_LIFE - 4

    def first(_payout, _destination, *, within):
        asked.append(within)
        world.clock.advance(spend)

    world.meanwhile("provider", validate=first, pay=lambda *_told, within: asked.append(within))
    world.request()
    assert asked == [LONGEST_VALIDATION, CLAIM_LIFE - spend]


def test_a_claim_that_grew_old_over_the_question_is_not_acted_upon(world):
    world.meanwhile("provider", validate=lambda *_told, **_how: world.clock.advance(CLAIM_LIFE))
    payout = world.request().payout
    assert (payout.status, payout.hindrance) == (Status.QUEUED, str(Hindrance.OUT_OF_TIME))
    assert world.provider.requests == []


def test_without_time_nobody_is_asked(world):
    world.seconds_left = 0
    world.request()
    assert world.provider.validated == []
    assert world.status is Status.QUEUED


def test_a_preview_says_whether_it_is_a_first_use_and_asks_nobody(world):
    assert first_use(world)
    world.know(OWN)
    assert not first_use(world)
    assert world.provider.validated == []

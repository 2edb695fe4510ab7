"""What only the bank promises as a provider; what all providers do is in `test_provider`."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.adapters.by_bank import PAGE, ByBank
from chalicelib.domain.bank_file import closed
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.destination import PayId, PayIdType
from chalicelib.domain.events import Accepted, Doubt, Refused, Returned, Unclear
from chalicelib.domain.money import ZERO
from chalicelib.domain.payout import Status
from tests.contracts.by_file import (
    ACCOUNT,
    LONG,
    file_of,
    in_memory,
    line_of,
    on_dynamodb,
)
from tests.contracts.making import dollars
from tests.contracts.providers import LONG_ENOUGH
from tests.usecases.world import Between

JO = PayId.parse(PayIdType.EMAIL, "jo@example.com", "Jo Citizen")


@pytest.fixture(params=[in_memory, on_dynamodb])
def side(request):
    return request.param()


@pytest.fixture
def payout(side):
    return side.a_payout()


def told(side, payout):
    return side.provider.status(side.now(payout), within=LONG_ENOUGH)


def into_its_file(side, payout):
    return side.filing.into(file_of(payout.transaction_id))


def days(side, ahead=0):
    day = sydney_date(side.clock.now()) + timedelta(days=ahead)
    return day, day


def test_nothing_is_known_until_somebody_says_that_the_bank_took_it(side, payout):
    news = side.pay(payout, side.unsuccessful)
    assert (news.attempt, news.file_id) == (1, file_of(payout.transaction_id))
    assert side.now(payout).status is Status.SENDING
    assert side.paid(payout) == 1
    assert told(side, payout) is None
    assert side.provider.statuses(*days(side), within=LONG_ENOUGH) == {}
    assert side.provider.entries(*days(side), within=LONG_ENOUGH) == []


def test_whoever_did_not_see_the_first_request_is_refused(side, payout):
    side.pay(payout)
    side.clock.advance(1)
    late = into_its_file(side, payout).pay(payout, ACCOUNT, within=LONG_ENOUGH)
    assert isinstance(late, Refused)
    assert late.refusal == "stale"


@pytest.mark.parametrize(("payee", "why"), [(JO, "not_for_files"), (LONG, "account_number")])
def test_what_a_line_cannot_carry_is_refused_beforehand_as_it_is_then(side, payout, payee, why):
    provider = into_its_file(side, payout)
    news = provider.pay(payout, payee, within=LONG_ENOUGH)
    assert isinstance(news, Refused)
    assert news.refusal == why
    assert provider.validate(payout, payee, within=LONG_ENOUGH) == news
    assert side.now(payout) == payout


def test_what_is_closed_takes_nothing_more(side, payout):
    file = side.store.bank_files.get(file_of(payout.transaction_id))
    side.store.bank_files.write(closed(file))
    assert isinstance(side.pay(payout), Refused)
    assert side.now(payout) == payout


def test_of_a_write_without_an_answer_it_is_not_known_whether_it_was_done(side, payout):
    side.unplug()
    news = side.pay(payout)
    assert isinstance(news, Unclear)
    assert news.doubt is Doubt.CONNECTION_LOST


def test_the_statement_names_it_as_the_bank_does_and_no_fee(side, payout):
    side.pay(payout)
    settled = side.provider.statement(days(side)[0], within=LONG_ENOUGH)[payout.unique_reference]
    assert (settled.transaction_id, settled.fee) == (line_of(payout), ZERO)
    assert side.provider.financials(within=LONG_ENOUGH) is None


def test_what_came_back_says_how_much_and_why(side, payout):
    side.pay(payout, "Returned")
    news = told(side, payout)
    assert isinstance(news, Returned)
    file_id = file_of(payout.transaction_id)
    assert (news.amount, news.reason, news.file_id) == (
        dollars("10.00"), "Account closed", file_id,
    )  # fmt: skip


def test_a_file_tells_of_its_own_date_only(side, payout):
    assert isinstance(side.pay(payout), Accepted)
    for ahead in (-9, 9):
        first, last = days(side, ahead)
        assert side.provider.statuses(first, last, within=LONG_ENOUGH) == {}
        assert side.provider.entries(first, last, within=LONG_ENOUGH) == []
        assert side.provider.statement(first, within=LONG_ENOUGH) == {}


def test_where_no_file_is_named_none_is_read_that_was_made_long_before(side, payout):
    side.pay(payout)
    own = side.store.bank_files.get(file_of(payout.transaction_id))
    for number in range(1, 100):
        made = own.created_at - timedelta(days=number)
        old = replace(own, file_id=f"file-{number}", created_at=made, pays_on=made.date(), lines=())
        side.store.bank_files.add(old)
    files = Between(side.store.bank_files)
    bank = ByBank(files, side.store.payouts, side.clock)
    (entry,) = bank.entries(*days(side), within=LONG_ENOUGH)
    assert entry.reference == payout.unique_reference
    assert files.calls.count("page") == 1
    assert files.calls.count("get") == PAGE

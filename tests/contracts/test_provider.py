"""What `Provider` promises: whatever becomes of a request is an event, and asking tells which.

Held against the scripted provider, the real client on the simulator, and the bank that is given
files, over both kinds of store. What only some of them know is tried with those, and says why.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import ProviderUnavailable
from chalicelib.domain.events import (
    Accepted,
    Confirmed,
    Doubt,
    Hindrance,
    NeverSent,
    Refused,
    Rejected,
    Returned,
    Unclear,
)
from chalicelib.domain.money import ZERO
from chalicelib.domain.rails import Rail
from tests.contracts.by_file import in_memory, on_dynamodb
from tests.contracts.making import dollars
from tests.contracts.providers import LONG_ENOUGH, Scripted, simulated

WIRED = ("scripted", "simulator")
BANKS = ("bank-memory", "bank-dynamodb")
MADE = {"scripted": Scripted, "bank-memory": in_memory, "bank-dynamodb": on_dynamodb}


@pytest.fixture(params=[*WIRED, *BANKS])
def side(request):
    if request.param in MADE:
        yield MADE[request.param]()
        return
    with simulated() as real:
        yield real


def of(kinds, *rows):
    """Each of these rows, for each of these kinds."""
    return [(kind, *row) for kind in kinds for row in rows]


# What is said of a wire, a key or a fee means nothing for a file, which a person carries.
over_a_wire = pytest.mark.parametrize("side", WIRED, indirect=True)


def today(side):
    return sydney_date(side.clock.now())


def told(side, payout):
    return side.provider.status(side.now(payout), within=LONG_ENOUGH)


def lines(side, payout):
    entries = side.provider.entries(today(side), today(side), within=LONG_ENOUGH)
    return [each for each in entries if each.reference == payout.unique_reference]


def test_a_payment_is_accepted_executed_once_and_known(side):
    payout = side.a_payout("123.45")
    news = side.pay(payout, "Pending")
    assert isinstance(news, Accepted)
    assert news.attempt == payout.attempt
    assert side.paid(payout) == 1
    assert isinstance(told(side, payout), Accepted)


@over_a_wire
def test_an_accepted_payment_names_its_id_and_fee(side):
    """A file's lines have names of ours, and what a bank charges for them nobody tells."""
    news = side.pay(side.a_payout(), "Pending")
    assert news.monoova_transaction_id
    assert news.fee is not None
    assert news.fee > ZERO


@pytest.mark.parametrize("amount", ["0.01", "0.10", "99.99", "12345.67"])
def test_amounts_are_exact_to_the_cent(side, amount):
    payout = side.a_payout(amount)
    side.pay(payout)
    (debit,) = [each.debit for each in lines(side, payout) if each.debit == dollars(amount)]
    assert debit == payout.intent.amount


def test_what_was_never_sent_is_not_known(side):
    payout = side.a_payout()
    assert told(side, payout) is None
    assert lines(side, payout) == []
    statuses = side.provider.statuses(today(side), today(side), within=LONG_ENOUGH)
    assert payout.unique_reference not in statuses


# Nobody confirms or rejects a direct credit: a bank takes it, and it comes back or does not.
@pytest.mark.parametrize(
    ("side", "outcome", "event"),
    [
        *of(WIRED, ("Pending", Accepted), ("Complete", Confirmed), ("Rejected", Rejected)),
        *of(BANKS, ("Complete", Accepted), ("Returned", Returned)),
    ],
    indirect=["side"],
)
def test_what_becomes_of_a_payment_is_told_by_every_question(side, outcome, event):
    payout = side.a_payout()
    side.pay(payout, outcome)
    assert isinstance(told(side, payout), event)
    statuses = side.provider.statuses(today(side), today(side), within=LONG_ENOUGH)
    assert isinstance(statuses[payout.unique_reference], event)
    assert statuses[payout.unique_reference].attempt == payout.attempt


def test_a_second_request_under_one_reference_is_never_taken_for_a_refusal(side):
    payout = side.a_payout()
    side.pay(payout)
    again = side.pay(payout)
    assert isinstance(again, Unclear)
    assert again.doubt is Doubt.REFERENCE_EXISTS
    assert side.paid(payout) == 1


def test_a_refusal_leaves_nothing(side):
    payout = side.a_payout()
    side.meet("refused")
    news = side.pay(payout)
    assert isinstance(news, Refused)
    assert news.refusal.endswith(side.refusal)
    assert (side.paid(payout), told(side, payout)) == (0, None)


# The bank's own line is the store, and DynamoDB is asked again whether it has what was written.
@pytest.mark.parametrize(
    ("side", "fate", "doubt", "paid"),
    [
        *of(
            WIRED,
            ("timed out, paid", Doubt.TIMED_OUT, 1), ("timed out, unpaid", Doubt.TIMED_OUT, 0),
            ("broken, paid", Doubt.SERVER_ERROR, 1), ("broken, unpaid", Doubt.SERVER_ERROR, 0),
            ("one too many", Doubt.TOO_MANY_REQUESTS, 0),
        ),
        ("bank-memory", "reply lost, filed", Doubt.CONNECTION_LOST, 1),
        *of(BANKS, ("broken, unpaid", Doubt.CONNECTION_LOST, 0)),
    ],
    indirect=["side"],
)  # fmt: skip
def test_a_lost_reply_is_unclear_and_asking_tells_whether_it_was_paid(side, fate, doubt, paid):
    payout = side.a_payout()
    side.meet(fate)
    news = side.pay(payout)
    assert isinstance(news, Unclear)
    assert news.doubt is doubt
    assert side.paid(payout) == paid
    assert (told(side, payout) is not None) is bool(paid)
    assert bool(lines(side, payout)) is bool(paid)


@over_a_wire
def test_a_refused_key_says_so_and_nothing_is_sent(side):
    payout = side.a_payout()
    side.refuse_key()
    news = side.pay(payout)
    assert isinstance(news, NeverSent)
    assert news.reason is Hindrance.SIGN_IN_REFUSED
    assert side.paid(payout) == 0


def test_without_a_connection_nothing_is_sent_and_nothing_is_learnt(side):
    known, payout = side.a_payout(), side.a_payout()
    side.pay(known)
    side.unplug()
    assert isinstance(side.pay(payout), (NeverSent, Unclear))
    assert side.paid(payout) == 0
    for question in questions(side, known, LONG_ENOUGH):
        with pytest.raises(ProviderUnavailable):
            question()


@over_a_wire
def test_without_a_connection_it_is_known_that_nothing_was_sent(side):
    """Of a write that met no answer it is not: the bank's side says `Unclear`."""
    payout = side.a_payout()
    side.unplug()
    news = side.pay(payout)
    assert isinstance(news, NeverSent)
    assert news.reason is Hindrance.NO_CONNECTION


@pytest.mark.parametrize("rail", Rail)
def test_a_validation_moves_nothing_and_leaves_the_reference_free(side, rail):
    payout = side.a_payout("10.00", rail)
    assert side.validate(payout) is None
    assert side.validate(payout) is None
    assert (side.paid(payout), told(side, payout), lines(side, payout)) == (0, None, [])
    assert isinstance(side.pay(payout), Accepted)
    assert side.paid(payout) == 1


def test_a_validation_refuses_with_the_code_that_a_payment_would_meet(side):
    payout = side.a_payout()
    news = side.validate(payout, "Refused")
    assert isinstance(news, Refused)
    assert news.refusal.endswith(side.objection)
    assert news.attempt == payout.attempt
    assert side.paid(payout) == 0


@over_a_wire
@pytest.mark.parametrize("fate", ["timed out, unpaid", "broken, unpaid", "one too many"])
def test_a_validation_without_an_answer_has_sent_nothing(side, fate):
    """Whether a line can carry it is asked of nobody."""
    payout = side.a_payout()
    side.meet_beforehand(fate)
    news = side.validate(payout)
    assert isinstance(news, NeverSent)
    assert news.reason is Hindrance.NOT_VALIDATED
    assert side.paid(payout) == 0


def test_a_validation_without_time_is_none(side):
    news = side.validate(side.a_payout(), within=0)
    assert isinstance(news, NeverSent)
    assert news.reason is Hindrance.OUT_OF_TIME


def test_without_time_nothing_is_sent_and_nothing_is_asked(side):
    payout = side.a_payout()
    news = side.pay(payout, within=0)
    assert isinstance(news, NeverSent)
    assert news.reason is Hindrance.OUT_OF_TIME
    assert side.paid(payout) == 0
    for question in questions(side, payout, 0):
        with pytest.raises(ProviderUnavailable):
            question()


def questions(side, payout, within):
    day = today(side)
    return [
        lambda: side.provider.status(side.now(payout), within=within),
        lambda: side.provider.statuses(day, day, within=within),
        lambda: side.provider.entries(day, day, within=within),
        lambda: side.provider.statement(day, within=within),
    ]


def test_the_statement_names_what_succeeded(side):
    payout, other = side.a_payout(), side.a_payout()
    side.pay(payout)
    side.pay(other, side.unsuccessful)
    settled = side.provider.statement(today(side), within=LONG_ENOUGH)
    assert other.unique_reference not in settled
    (line,) = [each for each in lines(side, payout) if each.debit == payout.intent.amount]
    assert settled[payout.unique_reference].transaction_id == line.transaction_id


@over_a_wire
def test_the_statement_names_id_and_fee_as_the_answer_did(side):
    """The answer of a file names neither."""
    payout = side.a_payout()
    accepted = side.pay(payout)
    found = side.provider.statement(today(side), within=LONG_ENOUGH)[payout.unique_reference]
    assert (found.transaction_id, found.fee) == (accepted.monoova_transaction_id, accepted.fee)


@pytest.mark.parametrize("rail", Rail)
def test_money_that_comes_back_is_a_credit_beside_its_debit(side, rail):
    payout = side.a_payout("50.00", rail)
    side.pay(payout)
    side.come_back(payout)
    entries = lines(side, payout)
    assert [each.credit for each in entries if each.credit] == [dollars("50.00")]
    assert dollars("50.00") in [each.debit for each in entries]


@over_a_wire
@pytest.mark.parametrize("rail", Rail)
def test_of_what_came_back_the_status_goes_on_to_say_that_it_was_complete(side, rail):
    """Only the credit tells; of a file, the file of returns does, and so its status."""
    payout = side.a_payout("50.00", rail)
    side.pay(payout)
    side.come_back(payout)
    assert isinstance(told(side, payout), Confirmed)


def test_other_days_know_nothing_of_it(side):
    payout = side.a_payout()
    side.pay(payout)
    first, last = today(side) - timedelta(days=9), today(side) - timedelta(days=8)
    assert side.provider.statuses(first, last, within=LONG_ENOUGH) == {}
    assert [
        each
        for each in side.provider.entries(first, last, within=LONG_ENOUGH)
        if each.reference == payout.unique_reference
    ] == []
    assert side.provider.statement(first, within=LONG_ENOUGH) == {}

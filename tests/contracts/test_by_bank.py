"""What `Provider` promises, of the bank that is given files: as far as a file can say it.

The names are those of `test_provider`. What has no meaning for a file: fees, lost replies of a
wire, a refused key, a rejection.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.adapters.by_bank import ByBank
from chalicelib.domain.bank_file import BankFile, Line, Said, Stage
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.destination import BankAccount, PayId, PayIdType
from chalicelib.domain.errors import ProviderUnavailable
from chalicelib.domain.events import (
    Accepted,
    Doubt,
    Hindrance,
    NeverSent,
    Refused,
    Returned,
    Unclear,
)
from chalicelib.domain.money import ZERO
from chalicelib.domain.payout import Status
from tests.contracts.making import an_intent, begun, dollars, rich_customer
from tests.contracts.stores import memory_store, simulated_store
from tests.contracts.test_bank_files import PAYER

ACCOUNT = BankAccount.parse("062-000", "12345678", "Jo Citizen")
FILE = "file-1"
LONG_ENOUGH = 20.0


class Side:
    """The bank, and what people do with its file."""

    def __init__(self, store) -> None:
        self.store = store
        rich_customer(store, "1000.00")
        day = sydney_date(store.clock.now())
        store.bank_files.add(BankFile(FILE, store.clock.now(), "alex", day, PAYER, ()))
        self.provider = ByBank(store.bank_files, store.payouts, store.clock).into(FILE)

    @property
    def today(self):
        return sydney_date(self.store.clock.now())

    def a_payout(self, amount="10.00"):
        return self.store.payouts.write(begun(an_intent(amount)))

    def pay(self, payout, within=LONG_ENOUGH):
        return self.provider.pay(payout, ACCOUNT, within=within)

    def now(self, payout):
        return self.store.payouts.get(payout.transaction_id)

    def told(self, payout):
        return self.provider.status(self.now(payout), within=LONG_ENOUGH)

    def lines(self, payout):
        entries = self.provider.entries(self.today, self.today, within=LONG_ENOUGH)
        return [each for each in entries if each.reference == payout.unique_reference]

    def took(self, payout, *, back=None, stage=Stage.TAKEN):
        """Let the bank take it, and give so much back."""
        line = Line(payout.transaction_id, 1, payout.intent.amount, (), back, "Account closed")
        file = self.store.bank_files.get(FILE)
        said = Said("alex", self.store.clock.now(), "CBA-1")
        after = replace(file, stage=stage, lines=(line,), taken=said, version=file.version + 1)
        self.store.bank_files.write(after)


@pytest.fixture(params=["memory", "simulated"])
def side(request):
    return Side(memory_store() if request.param == "memory" else simulated_store())


@pytest.mark.parametrize("amount", ["0.01", "0.10", "99.99", "123.45"])
def test_amounts_are_exact_to_the_cent(side, amount):
    payout = side.a_payout(amount)
    assert isinstance(side.pay(payout), Accepted)
    side.took(payout)
    assert [each.debit for each in side.lines(payout)] == [dollars(amount)]


def test_a_payment_is_accepted_executed_once_and_known(side):
    payout = side.a_payout()
    news = side.pay(payout)
    assert isinstance(news, Accepted)
    assert (news.attempt, news.file_id) == (1, FILE)
    assert side.now(payout).status is Status.SENDING
    assert side.told(payout) is None, "nobody has said that the bank took it"
    side.took(payout)
    assert isinstance(side.told(payout), Accepted)
    statuses = side.provider.statuses(side.today, side.today, within=LONG_ENOUGH)
    assert isinstance(statuses[payout.unique_reference], Accepted)


def test_what_was_never_sent_is_not_known(side):
    payout = side.a_payout()
    side.took(side.a_payout())
    assert side.told(payout) is None
    assert side.lines(payout) == []
    assert payout.unique_reference not in side.provider.statuses(
        side.today, side.today, within=LONG_ENOUGH
    )


def test_a_second_request_under_one_reference_is_never_taken_for_a_refusal(side):
    payout = side.a_payout()
    side.pay(payout)
    again = side.pay(side.now(payout))
    assert isinstance(again, Unclear)
    assert again.doubt is Doubt.REFERENCE_EXISTS
    side.store.clock.advance(1)
    late = side.pay(payout)
    assert isinstance(late, Refused)
    assert late.refusal == "stale"


def test_a_refusal_leaves_nothing(side):
    payout = side.a_payout()
    payid = PayId.parse(PayIdType.EMAIL, "jo@example.com", "Jo Citizen")
    long = BankAccount.parse("062-000", "1234567890", "Jo Citizen")
    for destination, why in ((payid, "not_for_files"), (long, "account_number")):
        news = side.provider.pay(payout, destination, within=LONG_ENOUGH)
        assert isinstance(news, Refused)
        assert news.refusal == why
        assert side.provider.validate(payout, destination, within=LONG_ENOUGH) == news
    assert side.provider.validate(payout, ACCOUNT, within=LONG_ENOUGH) is None
    assert side.now(payout) == payout


def test_what_is_closed_takes_nothing_more(side):
    payout = side.a_payout()
    side.took(side.a_payout(), stage=Stage.CLOSED)
    assert isinstance(side.pay(payout), Refused)
    assert side.now(payout) == payout


def test_without_time_nothing_is_sent_and_nothing_is_asked(side):
    payout = side.a_payout()
    news = side.pay(payout, within=0)
    assert isinstance(news, NeverSent)
    assert news.reason is Hindrance.OUT_OF_TIME
    assert side.now(payout) == payout
    for question in questions(side, payout, 0):
        with pytest.raises(ProviderUnavailable):
            question()


def test_without_a_connection_nothing_is_sent_and_nothing_is_learnt():
    side = Side(memory_store())
    payout = side.a_payout()
    side.pay(payout)
    payout = side.now(payout)
    side.store.bank_files._state.down = True
    news = side.provider.pay(replace(payout, filed=(), status=Status.QUEUED), ACCOUNT, within=9)
    assert isinstance(news, Unclear)
    assert news.doubt is Doubt.CONNECTION_LOST
    for question in questions(side, payout, LONG_ENOUGH):
        with pytest.raises(ProviderUnavailable):
            question()


def questions(side, payout, within):
    day = side.today
    return [
        lambda: side.provider.status(payout, within=within),
        lambda: side.provider.statuses(day, day, within=within),
        lambda: side.provider.entries(day, day, within=within),
        lambda: side.provider.statement(day, within=within),
    ]


def test_the_statement_names_what_succeeded_with_id_and_fee(side):
    payout = side.a_payout()
    side.took(payout, stage=Stage.OUT)
    assert side.provider.statement(side.today, within=LONG_ENOUGH) == {}
    side.took(payout)
    settled = side.provider.statement(side.today, within=LONG_ENOUGH)[payout.unique_reference]
    assert (len(settled.transaction_id), settled.fee) == (18, ZERO)
    assert side.provider.financials(within=LONG_ENOUGH) is None


def test_money_that_comes_back_is_a_credit_beside_its_debit(side):
    payout = side.a_payout("50.00")
    side.pay(payout)
    side.took(payout, back=dollars("50.00"))
    entries = side.lines(payout)
    assert [(each.debit, each.credit) for each in entries] == [
        (dollars("50.00"), ZERO), (ZERO, dollars("50.00")),
    ]  # fmt: skip
    news = side.told(payout)
    assert isinstance(news, Returned)
    assert (news.amount, news.reason, news.file_id) == (dollars("50.00"), "Account closed", FILE)


def test_other_days_know_nothing_of_it(side):
    payout = side.a_payout()
    side.pay(payout)
    side.took(payout)
    for ahead in (-9, 9):
        day = side.today + timedelta(days=ahead)
        assert side.provider.statuses(day, day, within=LONG_ENOUGH) == {}
        assert side.provider.entries(day, day, within=LONG_ENOUGH) == []
        assert side.provider.statement(day, within=LONG_ENOUGH) == {}

"""The client and the inbox against the simulator: real sockets, real signatures, its own books."""

import threading
import time
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from chalicelib.adapters.clock import SystemClock, clock_for
from chalicelib.adapters.monoova.client import Monoova
from chalicelib.adapters.monoova.credentials import KeyRing
from chalicelib.adapters.monoova.notices import MonoovaInbox, WebhookTokens
from chalicelib.adapters.monoova.payments import PaymentForm
from chalicelib.adapters.monoova.signature import Signatures
from chalicelib.adapters.monoova.signin import SignedIn
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.destination import BankAccount, PayId, PayIdType
from chalicelib.domain.errors import NotAuthentic, ProviderUnavailable, SignInRefused
from chalicelib.domain.events import (
    Accepted,
    Confirmed,
    Doubt,
    Hindrance,
    NeverSent,
    OutOfFunds,
    Refused,
    Rejected,
    Returned,
    Unclear,
)
from chalicelib.domain.funding import Receipt
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.notices import PayoutNews, Tiding
from chalicelib.domain.rails import Rail
from local.monoova.server import serve
from local.monoova.simulator import Options
from local.monoova.switches import Switches
from tests.adapters.samples import (
    API_ARN,
    HOOK_ARN,
    FakeGate,
    FakeSecretsManager,
    PatientTransport,
    Seconds,
    payout,
    secrets_of,
)

TOKEN = "Bearer fake-token-of-the-webhooks"
OPENING = 100_000


@pytest.fixture
def simulator():
    options = Options(seed=7, opening=OPENING, switches=Switches(timeout_seconds=Decimal(30)))
    with serve(options) as running:
        yield running


class Service:
    """Our side: client, inbox, gate."""

    def __init__(self, simulator, *, key=None):
        secret = {"apiKey": key or simulator.api_key, "environment": "Local",
                  "baseUrl": simulator.url}  # fmt: skip
        self.manager: Any = FakeSecretsManager(
            api_key=secret, webhook={"current": TOKEN, "previous": None}
        )
        secrets = secrets_of(self.manager, time.monotonic)
        self.gate = FakeGate()
        self.transport = PatientTransport()
        self.keys = KeyRing(secrets, API_ARN, stage="local", on_lambda=False)
        self.seconds = Seconds()
        self.clock = clock_for(f"{simulator.url}/_simulator/clock")
        self.monoova = Monoova(
            SignedIn(self.keys, self.transport, self.gate),
            form=PaymentForm(account=simulator.account_number),
            clock=self.clock,
            sleep=lambda _: None,
        )
        self.inbox = MonoovaInbox(
            WebhookTokens(secrets, HOOK_ARN),
            Signatures(self.keys, self.transport, monotonic=self.seconds),
        )

    def pay(self, destination=None, *, within=20.0, **more):
        destination = destination or named("Jo Citizen")
        return self.monoova.pay(payout(destination, **more), destination, within=within)

    def status(self, **more):
        return self.monoova.status(payout(**more), within=20)

    def entries(self):
        today = sydney_date(self.clock.now())
        return self.monoova.entries(today, today, within=20)


@pytest.fixture
def service(simulator):
    return Service(simulator)


def named(name):
    """A payee whose name chooses what becomes of the payment."""
    return PayId.parse(PayIdType.EMAIL, "jo@example.com", name)


def account(name):
    return BankAccount.parse("062-000", "12345678", name)


def executed(simulator):
    """How often each reference was, by the simulator's own books."""
    return [each["executed_count"] for each in simulator.control.books()["executions"]]


REFERENCE = payout().unique_reference


@pytest.mark.parametrize(
    ("destination", "rail", "method", "fee"),
    [
        (named("Jo Citizen"), Rail.NPP, "NppCreditPayId", 11),
        (account("Jo Citizen"), Rail.NPP, "NppCreditBankAccount", 10),
        (account("Jo Citizen"), Rail.DIRECT_ENTRY, "directCredit", 13),
    ],
)
def test_a_payment_is_accepted_charged_and_found_in_the_books(
    simulator, service, destination, rail, method, fee
):
    news = service.pay(destination, rail=rail, cents=12_345)
    assert isinstance(news, Accepted)
    assert news.fee == Money(fee)
    (book,) = simulator.control.books()["executions"]
    assert (book["uniqueReference"], book["method"], book["amount"]) == (
        REFERENCE, method, "123.45",
    )  # fmt: skip
    assert news.monoova_transaction_id == str(book["transactionId"])
    assert isinstance(service.status(), Confirmed)


def test_texts_and_limits_are_the_ones_that_the_provider_takes(simulator, service):
    news = service.pay(reference="x" * 35, description="ü" * 280, remitter="r" * 140)
    assert isinstance(news, Accepted)
    news = service.pay(
        account("Jo Citizen"), rail=Rail.DIRECT_ENTRY, description="d" * 18, attempt=2
    )
    assert isinstance(news, Accepted)
    assert executed(simulator) == [1, 1]


def test_a_refusal_is_refused_with_the_providers_code(simulator, service):
    news = service.pay(named("Sim Refuse limit"))
    assert isinstance(news, Refused)
    assert news.refusal == "FinancialValidateTotalAmountIsMoreThanMaxTransactionLimit"
    assert executed(simulator) == []


def test_a_code_that_nobody_has_listed_is_unclear(service):
    news = service.pay(named("Sim Refuse strangely"))
    assert isinstance(news, Unclear)
    assert (news.doubt, news.detail) == (Doubt.NOT_UNDERSTOOD, "ACodeThatNobodyHasListed")


def test_more_than_there_is_is_refused_for_want_of_funds(simulator, service):
    for news in (service.pay(cents=OPENING + 1), service.pay(named("Sim Refuse funds"), attempt=2)):
        assert isinstance(news, OutOfFunds)
        assert news.refusal == "DebitTransactionWillExceedSignInCreditLimit"
    assert executed(simulator) == []


def test_the_account_tells_what_can_be_paid_with(service):
    service.pay(named("Jo Citizen"), cents=10_000)
    left = Money(OPENING - 10_000 - 11)
    figures = service.monoova.financials(within=20)
    assert (figures.actual, figures.available, figures.npp_balance) == (left, left, left)
    assert figures.npp_limit is not None


@pytest.mark.parametrize(
    ("fault", "more", "doubt", "times"),
    [
        ("timeout_after", {}, Doubt.TIMED_OUT, 1),
        ("timeout_before", {}, Doubt.TIMED_OUT, 0),
        ("reset_after", {}, Doubt.CONNECTION_LOST, 1),
        ("reset_before", {}, Doubt.CONNECTION_LOST, 0),
        ("error_after", {"status": 500}, Doubt.SERVER_ERROR, 1),
        ("error_before", {"status": 503}, Doubt.SERVER_ERROR, 0),
        ("unparsable", {}, Doubt.NOT_UNDERSTOOD, 1),
    ],
)
def test_what_goes_wrong_on_the_wire_is_sent_once_and_found_by_asking(
    simulator, service, fault, more, doubt, times
):
    if doubt is Doubt.TIMED_OUT:
        service.transport.silent.append("execute")
    simulator.control.fault("execute", fault, **more)
    news = service.pay()
    assert isinstance(news, Unclear)
    assert news.doubt is doubt
    assert len(executed(simulator)) == times
    if times:
        assert isinstance(service.status(), Confirmed)
        assert any(entry.reference == REFERENCE and entry.debit for entry in service.entries())
    else:
        assert service.status() is None
        assert not any(entry.reference == REFERENCE for entry in service.entries())


def test_sending_again_with_the_same_reference_never_pays_twice(simulator, service):
    service.transport.silent.append("execute")
    simulator.control.fault("execute", "timeout_after")
    service.pay()
    again = service.pay()
    assert isinstance(again, Unclear)
    assert again.doubt is Doubt.REFERENCE_EXISTS
    assert executed(simulator) == [1]


def test_one_call_too_many_is_tried_again_and_accepted(simulator, service):
    simulator.control.fault("execute", "error_before", status=429, times=2)
    assert isinstance(service.pay(), Accepted)
    assert executed(simulator) == [1]


def test_one_call_too_many_that_was_taken_all_the_same_is_never_refused(simulator, service):
    simulator.control.fault("execute", "error_after", status=429)
    news = service.pay()
    assert isinstance(news, Unclear)
    assert executed(simulator) == [1]


@pytest.mark.parametrize(
    ("fault", "more"),
    [("timeout_before", {}), ("reset_before", {}), ("reset_after", {}), ("unparsable", {})]
    + [("error_before", {"status": status}) for status in (429, 500, 502, 503, 504)],
)  # fmt: skip
def test_a_question_survives_what_goes_wrong_on_the_wire(simulator, service, fault, more):
    service.pay()
    if fault == "timeout_before":
        service.transport.silent += ["status"] * 2
    simulator.control.fault("status", fault, times=2, **more)
    if fault == "unparsable":
        with pytest.raises(ProviderUnavailable):
            service.status()
    else:
        assert isinstance(service.status(), Confirmed)


def test_a_wrong_key_is_shown_once_and_the_account_is_not_locked(simulator):
    service = Service(simulator, key="fake-wrong-key")
    for _ in range(10):
        news = service.pay()
        assert isinstance(news, NeverSent)
        assert news.reason is Hindrance.SIGN_IN_REFUSED
        with pytest.raises(SignInRefused):
            service.status()
    assert service.gate.shut
    assert simulator.control.state()["locked_out"] is False
    assert isinstance(Service(simulator).pay(), Accepted)


def test_a_key_that_was_replaced_is_taken_up_without_a_person(simulator):
    service = Service(simulator, key="fake-wrong-key")
    service.keys.credentials()
    service.manager.values["api_key"] |= {"apiKey": simulator.api_key}
    assert isinstance(service.pay(), Accepted)
    assert not service.gate.shut


def test_a_locked_account_shuts_the_gate(simulator, service):
    simulator.control.fault("any", "lock_out")
    assert isinstance(service.pay(), NeverSent)
    assert service.gate.shut


def test_the_provider_says_which_it_is(service):
    assert service.monoova.ping(within=20) in {"Sandbox", "Live"}


def test_a_day_is_told_by_statuses_statement_and_entries(simulator, service):
    accepted = service.pay(cents=5000)
    service.pay(named("Sim Stuck"), cents=100, attempt=2)
    today = sydney_date(service.clock.now())
    first, second = REFERENCE, REFERENCE[:-1] + "2"
    statuses = service.monoova.statuses(today, today, within=20)
    assert isinstance(statuses[first], Confirmed)
    assert isinstance(statuses[second], Accepted)
    settled = service.monoova.statement(today, within=20)
    assert settled[first].transaction_id == accepted.monoova_transaction_id
    assert settled[first].fee == accepted.fee
    entries = service.entries()
    total = sum((e.credit.cents - e.debit.cents for e in entries), 0)
    assert str(Money(total)) == simulator.control.books()["balance"]
    assert next(e.debit for e in entries if e.reference == first and e.debit) == Money(5000)


def test_money_that_comes_back_is_a_credit_of_the_same_reference(simulator, service):
    service.pay(cents=5000)
    simulator.control.happen(REFERENCE, "return")
    back = [e.credit for e in service.entries() if e.reference == REFERENCE and e.credit > ZERO]
    assert back == [Money(5000)]


class Door:
    """Takes webhooks and gives them to an inbox."""

    def __init__(self, service):
        self.heard: list[Tiding] = []
        self.refused: list[NotAuthentic] = []
        door = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                named = {name.lower(): value for name, value in self.headers.items()}
                try:
                    service.inbox.authenticate(named, raw)
                    event = self.path.strip("/")
                    door.heard += service.inbox.read(event, raw, at=service.clock.now())
                except NotAuthentic as error:
                    door.refused.append(error)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


EVENTS = ["NppPaymentStatus", "NppReturn", "DirectEntryDishonour", "NPPReceivePayment",
          "InboundDirectCredit"]  # fmt: skip


@pytest.fixture(params=["", "by event"], ids=["bare", "by event"])
def door(request, simulator, service):
    made = Door(service)
    for event in EVENTS:
        subscribe(simulator, event, f"{made.url}/{event if request.param else ''}")
    yield made
    made.close()


def subscribe(simulator, event, url):
    import requests  # noqa: PLC0415 (here only)

    with requests.Session() as session:
        session.trust_env = False
        wanted = {"eventName": event, "targetUrl": url, "subscriptionStatus": "On",
                  "securityToken": TOKEN}  # fmt: skip
        answer = session.post(
            f"{simulator.url}/subscriptions/v1/create", json=wanted, auth=(simulator.api_key, ""),
            timeout=5,
        )  # fmt: skip
        assert answer.status_code == 200


def only(door, kind):
    heard = [each for each in door.heard if isinstance(each, kind)]
    assert len(heard) == 1, door.heard
    assert door.refused == []
    return heard[0]


def test_a_confirmation_is_heard(simulator, service, door):
    accepted = service.pay(named("Sim Pending"), cents=5000)
    simulator.control.advance(5)
    tiding = only(door, PayoutNews)
    assert isinstance(tiding.news, Confirmed)
    assert (tiding.reference, tiding.news.amount) == (REFERENCE, Money(5000))
    assert tiding.news.monoova_transaction_id == accepted.monoova_transaction_id


def test_a_rejection_is_heard(simulator, service, door):
    service.pay(named("Sim Reject account closed"), cents=5000)
    simulator.control.advance(5)
    tiding = only(door, PayoutNews)
    assert isinstance(tiding.news, Rejected)
    assert (tiding.news.amount, tiding.news.reason.upper()) == (Money(5000), "ACCOUNT CLOSED")
    assert abs((tiding.news.at - service.clock.now()).total_seconds()) < 10


def test_a_return_is_heard(simulator, service, door):
    service.pay(cents=5000)
    simulator.control.happen(REFERENCE, "return", amount="20.00")
    simulator.control.flush()
    tiding = only(door, PayoutNews)
    assert isinstance(tiding.news, Returned)
    assert tiding.news.amount == Money(2000)


def test_a_dishonour_is_heard(simulator, service, door):
    service.pay(account("Jo Citizen"), rail=Rail.DIRECT_ENTRY, cents=5000)
    simulator.control.happen(REFERENCE, "dishonour")
    simulator.control.flush()
    tiding = only(door, PayoutNews)
    assert isinstance(tiding.news, Returned)
    assert tiding.news.amount == Money(5000)


@pytest.mark.parametrize(("rail", "ours"), [("NPP", "NPP"), ("DE", "DirectEntry")])
def test_money_that_arrives_is_heard(simulator, service, door, rail, ours):
    received = simulator.control.receive("250.00", rail=rail)
    receipt = only(door, Receipt)
    assert (receipt.receipt_id, receipt.amount, receipt.rail) == (
        received.transaction_id, Money(25_000), ours,
    )  # fmt: skip
    assert abs((receipt.received_at - service.clock.now()).total_seconds()) < 10


def test_a_new_signing_key_is_taken_up(simulator, service, door):
    simulator.control.receive("1.00")
    simulator.control.rotate_keys()
    service.seconds.spent += 61
    simulator.control.receive("2.00")
    assert [each.amount for each in door.heard] == [Money(100), Money(200)]
    assert door.refused == []


def test_a_forged_signature_is_refused_by_the_real_key(service):
    with pytest.raises(NotAuthentic):
        service.inbox.authenticate(
            {"authorization": TOKEN, "verification-signature": "Zm9yZ2Vk"}, b"{}"
        )


def test_our_clock_follows_the_simulators(simulator):
    simulator.control.advance(86_400)
    clock = clock_for(f"{simulator.url}/_simulator/clock")
    ahead = clock.now() - SystemClock().now()
    assert ahead.total_seconds() > 86_000

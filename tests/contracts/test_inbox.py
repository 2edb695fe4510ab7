"""What `Inbox` promises: only the provider's webhooks are believed, and any body can be read."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from chalicelib.adapters.monoova.credentials import KeyRing
from chalicelib.adapters.monoova.notices import MonoovaInbox, WebhookTokens
from chalicelib.adapters.monoova.signature import Signatures
from chalicelib.adapters.monoova.transport import Transport
from chalicelib.domain.errors import NotAuthentic, Unavailable
from chalicelib.domain.events import Confirmed
from chalicelib.domain.funding import Receipt
from chalicelib.domain.notices import PayoutNews, Unheard, Unreadable
from tests.adapters.samples import API_ARN, HOOK_ARN, FakeSecretsManager, secrets_of
from tests.contracts.making import confirmed, dollars
from tests.contracts.providers import Real, Scripted, simulated
from tests.fakes.clock import START
from tests.fakes.inbox import TOKEN, FakeInbox
from tests.local.monoova_bench import listening

STATUS, RECEIVED = "NppPaymentStatus", "NPPReceivePayment"


@dataclass
class Webhook:
    """One as it arrived: headers with lower-case names."""

    event: str
    raw: bytes
    headers: dict[str, str] = field(default_factory=dict)


class Taught:
    """The fake, taught what two bodies say."""

    def __init__(self):
        self.port = self.inbox = FakeInbox()
        self.side = Scripted()

    def confirmation(self, payout):
        news = PayoutNews(payout.unique_reference, payout.transaction_id, confirmed())
        self.inbox.teach(b"confirmed", news)
        return Webhook(STATUS, b"confirmed", {"authorization": TOKEN})

    def receipt(self, amount):
        self.inbox.teach(b"received", Receipt("N1", dollars(amount), "NPP", START))
        return Webhook(RECEIVED, b"received", {"authorization": TOKEN})

    def go_away(self):
        self.inbox.down = True


class Simulated:
    """The adapter, and webhooks that the simulator signed."""

    def __init__(self, side, listener):
        self.side, self.listener = side, listener
        simulator = side.simulator
        secret = {"apiKey": simulator.api_key, "environment": "Local", "baseUrl": simulator.url}
        self.manager: Any = FakeSecretsManager(
            api_key=secret, webhook={"current": TOKEN, "previous": None}
        )
        self.port = self._inbox()
        for event in (STATUS, RECEIVED):
            _subscribe(simulator, event, f"{listener.url}/{event}")

    def _inbox(self):
        secrets = secrets_of(self.manager, time.monotonic)
        keys = KeyRing(secrets, API_ARN, stage="local", on_lambda=False)
        transport = Transport()
        return MonoovaInbox(WebhookTokens(secrets, HOOK_ARN), Signatures(keys, transport))

    def confirmation(self, payout):
        self.side.pay(payout, "Complete in a moment")
        self.side.simulator.control.flush()
        return self._heard(STATUS)

    def receipt(self, amount):
        self.side.simulator.control.receive(amount)
        self.side.simulator.control.flush()
        return self._heard(RECEIVED)

    def _heard(self, event):
        heard = [each for each in self.listener.heard if each.event == event][-1]
        named = {name.lower(): value for name, value in heard.headers.items()}
        return Webhook(event, heard.raw, named)

    def go_away(self):
        """Let neither tokens nor the provider's key be read."""
        self.manager.down = True
        self.port = self._inbox()


def _subscribe(simulator, event, url):
    wanted = {"eventName": event, "targetUrl": url, "subscriptionStatus": "On",
              "securityToken": TOKEN}  # fmt: skip
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(
            f"{simulator.url}/subscriptions/v1/create", json=wanted, timeout=5,
            auth=(simulator.api_key, ""),
        )  # fmt: skip
    assert answer.status_code == 200


@pytest.fixture(params=["fake", "simulator"])
def inbox(request):
    if request.param == "fake":
        yield Taught()
        return
    with simulated() as side, listening() as listener:
        assert isinstance(side, Real)
        yield Simulated(side, listener)


def test_a_webhook_of_the_provider_is_believed_as_often_as_it_comes(inbox):
    webhook = inbox.confirmation(inbox.side.a_payout())
    for _ in range(3):
        inbox.port.authenticate(webhook.headers, webhook.raw)


@pytest.mark.parametrize(
    "changed",
    [{"authorization": None}, {"authorization": ""}, {"authorization": "Bearer of-somebody-else"},
     {"authorization": TOKEN[:-1]}, {"authorization": TOKEN.lower()}],
)  # fmt: skip
def test_without_the_agreed_token_nobody_is_believed(inbox, changed):
    webhook = inbox.confirmation(inbox.side.a_payout())
    headers = {name: value for name, value in (webhook.headers | changed).items() if value}
    with pytest.raises(NotAuthentic):
        inbox.port.authenticate(headers, webhook.raw)


def test_without_any_header_nobody_is_believed(inbox):
    with pytest.raises(NotAuthentic):
        inbox.port.authenticate({}, b"{}")


def test_what_cannot_be_checked_now_is_not_called_forged(inbox):
    webhook = inbox.confirmation(inbox.side.a_payout())
    inbox.go_away()
    with pytest.raises(Unavailable):
        inbox.port.authenticate(webhook.headers, webhook.raw)


def test_news_of_a_payout_names_it_and_its_attempt_every_time_it_is_read(inbox):
    payout = inbox.side.a_payout()
    webhook = inbox.confirmation(payout)
    at = inbox.side.clock.now()
    (tiding,) = inbox.port.read(webhook.event, webhook.raw, at=at)
    assert isinstance(tiding, PayoutNews)
    assert (tiding.reference, tiding.transaction_id) == (
        payout.unique_reference, payout.transaction_id,
    )  # fmt: skip
    assert isinstance(tiding.news, Confirmed)
    assert tiding.news.attempt == payout.attempt
    assert list(inbox.port.read(webhook.event, webhook.raw, at=at)) == [tiding]


def test_the_bare_route_says_the_same_as_the_one_of_the_event(inbox):
    webhook = inbox.confirmation(inbox.side.a_payout())
    at = inbox.side.clock.now()
    named = inbox.port.read(webhook.event, webhook.raw, at=at)
    assert list(inbox.port.read("", webhook.raw, at=at)) == list(named)


@pytest.mark.parametrize("amount", ["0.01", "250.10"])
def test_money_received_is_exact(inbox, amount):
    webhook = inbox.receipt(amount)
    (tiding,) = inbox.port.read(webhook.event, webhook.raw, at=inbox.side.clock.now())
    assert isinstance(tiding, Receipt)
    assert (tiding.amount, tiding.rail) == (dollars(amount), "NPP")
    assert tiding.receipt_id


@pytest.mark.parametrize("event", ["", STATUS, RECEIVED, "SomethingNew"])
@pytest.mark.parametrize("raw", [b"", b"\xff", b"[", b"null", b"[1]", b"{}", b"[" * 9999])
def test_rubbish_is_told_as_such_and_raises_nothing(inbox, event, raw):
    (tiding,) = inbox.port.read(event, raw, at=START)
    assert isinstance(tiding, Unheard | Unreadable)
    assert tiding.why

"""This project's own adapter: its real app over HTTP, on the local cloud, paid by the simulator.

The poller runs, the clocks follow the simulator's, and the process that dies is really killed.
"""

from __future__ import annotations

import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from datetime import timedelta
from decimal import Decimal
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests

from chalicelib.domain.identifiers import derived_id
from local.client import Client, new_key
from local.launcher import running
from local.monoova.control import Control
from local.processes import ROOT
from tests.contracts.idempotency.adapter import FIRST, SECOND, Answer, NextCall, NotStaged, Outcome
from tests.contracts.idempotency.held_replies import WAIT, HeldReplies
from tests.free_policy import FREE_POLICY
from tests.redaction import hearing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.launcher import Running
    from tests.contracts.idempotency.adapter import Order

# Shorter than in production, so that a time-out is no long wait; and nobody has to agree.
SETTINGS = {"READ_TIMEOUT": "6", "DEFAULT_POLICY": FREE_POLICY}
EVERY = 0.3  # seconds between two looks of the poller
FOLLOWS = 0.3  # seconds after which the app has seen that the clock was moved
PEOPLE = {FIRST: "operator", SECOND: "admin"}
FUNDS = "9000.00"
ENDED = {
    "Completed": Outcome.PAID, "Failed": Outcome.FAILED, "Rejected": Outcome.FAILED,
    "Returned": Outcome.FAILED, "Cancelled": Outcome.FAILED, "Declined": Outcome.FAILED,
}  # fmt: skip
FAULTS: dict[NextCall, tuple[str, dict[str, Any]]] = {
    NextCall.TIMES_OUT: ("timeout_before", {"seconds": 9}),
    NextCall.LOSES_REPLY: ("timeout_after", {"seconds": 9}),
    NextCall.IS_REFUSED: ("refuse", {}),
    NextCall.IS_SLOW: ("late", {"seconds": 5}),
}
# What the poller waits for: the first question, an abandoned claim, the quarantine.
WAITS = (*[timedelta(seconds=65)] * 2, *[timedelta(minutes=31)] * 3, timedelta(hours=2))
PATIENCE = 60.0  # seconds that a busy machine gets to bring a payout to its end


class Ours:
    """The port `PayoutApi`, over one local cloud."""

    def __init__(self, whole: Running, store: HeldReplies) -> None:
        self._whole = whole
        self._store = store
        self._simulator = Control(whole.provider.url)
        self._tokens = {who: whole.token(name) for who, name in PEOPLE.items()}
        self._customer = ""

    def open(self) -> None:
        """A customer with a bank account and money."""
        account = {
            "type": "BankAccount", "bsbNumber": "062-000", "accountNumber": "12345678",
            "accountName": "Jo Citizen",
        }  # fmt: skip
        person = {
            "customer_name": "Jo Citizen", "email": "jo@example.com",
            "payout_destinations": [account],
        }  # fmt: skip
        with self._client(SECOND) as admin:
            made = admin.need(201, "POST", "/customers", person, key=new_key())
            self._customer = made["customer_id"]
            self._simulator.receive(FUNDS)
            _wait(lambda: admin.need(200, "GET", "/funds")["unallocated"] == FUNDS)
            credit = {"amount": FUNDS, "reason": "For the contract"}
            path = f"/customers/{self._customer}/credits"
            admin.need(201, "POST", path, credit, key=new_key())

    def create(self, key: str, order: Order, principal: str = FIRST) -> Answer:
        """`POST /payouts`."""
        body = {
            "customer_id": self._customer, "payout_method": "BankAccount",
            # By name, or what one rail refuses would go by the other.
            "rail": "NPP",
            "amount": f"{Decimal(order.cents).scaleb(-2)}",
        }  # fmt: skip
        return self._call("POST", "/payouts", body, key=key, principal=principal)

    def read(self, payout: str) -> Answer:
        """`GET /payouts/{id}`."""
        return self._call("GET", f"/payouts/{payout}")

    def other_route(self, key: str) -> Answer:
        """`POST /customers/{id}/destinations`."""
        payid = {
            "type": "PayId", "payIdType": "Email", "payId": "jo@example.com",
            "accountName": "Jo Citizen",
        }  # fmt: skip
        return self._call("POST", f"/customers/{self._customer}/destinations", payid, key=key)

    def executions(self, order: Order) -> int:
        """By the simulator's own books."""
        amount = Decimal(order.cents).scaleb(-2)
        return sum(each.amount == amount for each in self._simulator.totals().executions)

    def next_call(self, happens: NextCall) -> None:
        """A rule of the simulator's."""
        fault, more = FAULTS[happens]
        self._simulator.fault("execute", fault, **more)

    def crash_between_store_and_send(self, key: str, order: Order) -> None:
        """SIGKILL while the app waits for the store's reply to a transaction that is written."""
        self._store.keep_back(derived_id("payout", key))
        asking = threading.Thread(target=self.create, args=(key, order))
        asking.start()
        try:
            if not self._store.kept.wait(WAIT):
                raise NotStaged("the payout was never stored")
            self._kill_app()
        finally:
            self._store.released.set()
            asking.join()
        if self.executions(order):
            raise NotStaged("it had been sent before it was stored")
        self._start_app()

    def advance(self, span: timedelta) -> None:
        """The simulator's clock, which the app and its poller follow."""
        self._simulator.advance(Decimal(int(span.total_seconds())))
        time.sleep(FOLLOWS)

    def settle(self, payout: str) -> Answer:
        """The poller looks when it is time to, until the payout has ended."""
        deadline = time.monotonic() + PATIENCE
        for wait in chain(WAITS, repeat(WAITS[-1])):
            answer = self.read(payout)
            if answer.outcome is not Outcome.OPEN or time.monotonic() > deadline:
                break
            steps = self._steps(payout)
            self.advance(wait)
            with suppress(TimeoutError):  # it may be that there is nothing to do yet
                _wait(lambda steps=steps: self._steps(payout) > steps, 3 * EVERY + 0.5)
        return answer

    def _steps(self, payout: str) -> int:
        with self._client(FIRST) as client:
            return len(client.need(200, "GET", f"/payouts/{payout}")["timeline"])

    def _call(
        self, method: str, path: str, body: object = None, *, key: str | None = None,
        principal: str = FIRST,
    ) -> Answer:  # fmt: skip
        with self._client(principal) as client:
            try:
                answer = client.call(method, path, body, key=key)
            except requests.ConnectionError:
                return Answer(0)
        payout = answer.body.get("transaction_id")
        if answer.status >= 300 or not payout:
            return Answer(answer.status)
        outcome = ENDED.get(answer.body["status"], Outcome.OPEN)
        return Answer(answer.status, str(payout), outcome)

    @contextmanager
    def _client(self, principal: str) -> Iterator[Client]:
        client = Client(self._whole.api, self._tokens[principal])
        try:
            yield client
        finally:
            client.close()

    def _kill_app(self) -> None:
        family = self._whole.family
        (app,) = (child for child in family.children if child.name == "app")
        app.process.kill()
        app.stop()
        family.children.remove(app)

    def _start_app(self) -> None:
        port = str(urlsplit(self._whole.api).port)
        options = ["--project", str(ROOT), "--port", port]
        environment = self._whole.cloud.environment
        self._whole.family.start("app", "local.server", *options, environment=environment).ready()


def _wait(until: Any, seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not until():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.05)


@contextmanager
def ours(_url: str = "") -> Iterator[Ours]:
    """The adapter, on a local cloud of its own for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="payouts-contract-") as folder, HeldReplies() as store:
        settings = {**SETTINGS, "AWS_ENDPOINT_URL_DYNAMODB": store.url}
        with running(Path(folder), every=EVERY, settings=settings, tell=lambda _: None) as whole:
            store.forward_to(whole.cloud.environment["AWS_ENDPOINT_URL"])
            api = Ours(whole, store)
            api.open()
            yield api
        hearing.about_to_go(Path(folder))

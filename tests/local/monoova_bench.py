"""What the simulator's tests share: a client like any other, and a place that hears webhooks."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from zoneinfo import ZoneInfo

import requests
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from local.monoova.server import Running, serve
from local.monoova.shapes import write_json
from local.monoova.simulator import Options
from local.monoova.switches import Switches

SYDNEY = ZoneInfo("Australia/Sydney")
TOKEN = "Bearer fake-webhook-token"
OPENING = 1_000_00
ANSWERS = {"durationMs", "status", "statusDescription"}
METHODS = ("NppCreditPayId", "NppCreditBankAccount", "directCredit")


def disbursement(method: str, name: str, amount: object) -> dict[str, Any]:
    """One that the provider would take."""
    bank = {"bsbNumber": "062-000", "accountNumber": "12345678", "accountName": name}
    npp = {"endToEndId": "E2E-1", "remitterName": "Example Payouts"}
    details: dict[str, Any] = {
        "NppCreditPayId": {
            "toNppCreditPayIdDetails": {
                "payId": "jo@example.com",
                "payIdType": "Email",
                "accountName": name,
                **npp,
            }
        },
        "NppCreditBankAccount": {"toNppCreditBankAccountDetails": bank | npp},
        "directCredit": {"toDirectCreditDetails": bank},
    }[method]
    return {
        "disbursementMethod": method,
        **details,
        "lodgementReference": "Invoice 1",
        "amount": amount,
    }


def order(
    reference: str | None,
    name: str = "Jo Citizen",
    *,
    method: str = METHODS[0],
    amount: object = 10,
) -> dict[str, Any]:
    """The body of an execute."""
    return {
        "uniqueReference": reference,
        "totalAmount": amount,
        "paymentSource": "mAccount",
        "disbursements": [disbursement(method, name, amount)],
    }


@dataclass(frozen=True)
class Heard:
    """A notification as it arrived."""

    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw, parse_float=Decimal)

    @property
    def event(self) -> str:
        """Each event is subscribed to a path of its own."""
        return self.path.strip("/")


@dataclass
class Listener:
    """Hears webhooks; answers with the statuses in `script` first, then with 200."""

    url: str = ""
    heard: list[Heard] = field(default_factory=list)
    script: list[int] = field(default_factory=list)

    @property
    def events(self) -> list[str]:
        return [each.event for each in self.heard]

    @property
    def last(self) -> Heard:
        return self.heard[-1]


@contextmanager
def listening() -> Iterator[Listener]:
    """A listener on a free port."""
    listener = Listener()

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            listener.heard.append(Heard(self.path, dict(self.headers), raw))
            status = listener.script.pop(0) if listener.script else 200
            self.send_response(status)
            if status in {301, 307}:
                self.send_header("Location", f"{listener.url}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    listener.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield listener
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Bench:
    """A simulator and a client that is signed in."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.url = running.url
        self.account = running.account_number
        self.control = running.control
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.auth = (running.api_key, "")

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.session.get(f"{self.url}{path}", timeout=10, **more)

    def post(self, path: str, body: object, **more: Any) -> requests.Response:
        data = body if isinstance(body, bytes) else write_json(body).encode()
        return self.session.post(f"{self.url}{path}", data=data, **({"timeout": 10} | more))

    def execute(self, body: object, **more: Any) -> requests.Response:
        return self.post("/financial/v2/transaction/execute", body, **more)

    def pay(self, reference: str, name: str = "Jo Citizen", **more: Any) -> dict[str, Any]:
        """Executes, and asks for acceptance."""
        answer = self.execute(order(reference, name, **more))
        assert answer.status_code == 200, answer.text
        return exact(answer)

    def status(self, reference: str) -> str:
        """The transactionStatus, or the code of the refusal."""
        told = exact(self.get(f"/financial/v2/status/{reference}"))
        return str(told.get("transactionStatus", told["status"]))

    def items(self) -> list[dict[str, Any]]:
        """The rows of the account, of today, that belong to a payment."""
        body = {"accountNumber": self.account, "frequency": "Today"}
        rows = exact(self.post("/mAccount/v1/transactions", body))["items"]
        return [row for row in rows if row["uniqueReference"]]

    def refresh(self) -> "Bench":
        """Everything from the beginning, at a noon in Sydney: far from where a date changes."""
        self.control.reset()
        now = self.control.clock().now.astimezone(SYDNEY)
        noon = (now + timedelta(days=1)).replace(hour=12, minute=0, second=0, microsecond=0)
        self.control.advance(int((noon - now).total_seconds()) + 1)
        return self

    def subscribe(self, listener: Listener, *events: str) -> None:
        """Each event to a path of its own."""
        for event in events:
            body = {
                "eventName": event,
                "targetUrl": f"{listener.url}/{event}",
                "subscriptionStatus": "On",
                "securityToken": TOKEN,
            }
            assert self.post("/subscriptions/v1/create", body).status_code == 200

    def signed(self, heard: Heard) -> bool:
        """Whether the simulator's published key verifies the notification."""
        told = self.get("/public/v1/certificate/public-key").text
        key = serialization.load_der_public_key(bytes.fromhex(told))
        assert isinstance(key, rsa.RSAPublicKey)
        signature = base64.b64decode(heard.headers["Verification-Signature"], validate=True)
        try:
            key.verify(signature, heard.raw, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True

    def today(self) -> date:
        """The date in Sydney, there."""
        return self.control.clock().now.astimezone(SYDNEY).date()

    def balanced(self) -> bool:
        """Whether its totals, its ledger and its balance agree to the cent."""
        books = self.control.totals()
        out = books.paid + books.fees + books.verifications + books.debited
        come = books.opening + books.received + books.returned + books.foreign
        return come - out == books.balance


def exact(answer: requests.Response) -> dict[str, Any]:
    """The JSON of an answer, numbers exact."""
    told = json.loads(answer.text, parse_float=Decimal)
    assert isinstance(told, dict)
    return told


@contextmanager
def simulated(**options: Any) -> Iterator[Bench]:
    """A simulator with 1,000.00 in its account, where pending takes a minute of virtual time."""
    usual: dict[str, Any] = {
        "seed": 7,
        "opening": OPENING,
        "switches": Switches(pending_seconds=Decimal(60)),
    }
    with serve(Options(**(usual | options))) as running:
        bench = Bench(running)
        try:
            yield bench
        finally:
            bench.session.close()


def moment_of(text: str) -> datetime:
    """A time of the provider, which has no offset."""
    read = datetime.fromisoformat(text)
    assert read.tzinfo is None
    return read

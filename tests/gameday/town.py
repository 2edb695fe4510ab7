"""The app's own wiring beside a simulated provider, a minute at a time, with its alarms watched.

The store is the one in memory below the adapters; queue, vault, archive and secrets are fakes. What
rings is decided by the lines of log that the app writes, and by what AWS itself would measure then:
how long the queue is, which functions end with an error, what the gateway answers.
"""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta
from functools import cache, cached_property, partial
from itertools import count
from typing import TYPE_CHECKING, Any

from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber
from chalice.test import Client

import app
from chalicelib.adapters import aws
from chalicelib.adapters.clock import SystemClock
from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.monoova.client import Monoova
from chalicelib.adapters.monoova.day_book import MonoovaDayBook
from chalicelib.adapters.monoova.payments import PaymentForm
from chalicelib.api import log
from chalicelib.domain.calendar import SYDNEY
from chalicelib.domain.destination import PayId, PayIdType
from chalicelib.domain.errors import Corrupt, PayoutError
from chalicelib.domain.funding import Receipt
from chalicelib.domain.money import Money
from chalicelib.domain.policy import FREE
from chalicelib.json_lines import JsonLines
from chalicelib.settings import Settings
from chalicelib.usecases.customers import Profile, register
from chalicelib.usecases.fund import bank, give_credit
from chalicelib.wiring import World
from deployment.alarms import ALARMS
from deployment.measures import functions, gateway, lying_in
from deployment.ringing import Point, Watch, point_of, points
from tests.api.client import Api
from tests.api.house import CLIENT_ID, ISSUER
from tests.fakes.archive import MemoryArchive
from tests.fakes.dynamo_template import simulated_tables
from tests.fakes.queue import FakeDeadLetters
from tests.fakes.signer import FakeHerald, FakeSigner
from tests.fakes.vault import FakeVault
from tests.local.monoova_bench import TOKEN, Bench, Listener

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.policy import Policy

ARN = "arn:aws:{}:ap-southeast-2:000000000000:{}"
API_KEY, HOOKS, CURSORS = (ARN.format("secretsmanager", f"secret:{each}-AbCdEf") for each in "abc")
ENVIRONMENT = {
    "STAGE": "local", "MONOOVA_API_SECRET_ARN": API_KEY, "MONOOVA_WEBHOOK_SECRET_ARN": HOOKS,
    "CURSOR_SECRET_ARN": CURSORS,
    **{f"DYNAMODB_TABLE_{each}": f"{each.capitalize()}Table"
       for each in ("TRANSACTIONS", "CUSTOMERS", "EVENTS", "CONTROL")},
    "DLQ_URL": "http://127.0.0.1:1/queue", "ARCHIVE_BUCKET": "archive",
    "KMS_KEY_ARN": ARN.format("kms", f"key/{uuid.UUID(int=1)}"),
    "ATTESTATION_KEY_ARN": ARN.format("kms", f"key/{uuid.UUID(int=2)}"),
    "COGNITO_USER_POOL_ID": "ap-southeast-2_fake",
    "COGNITO_USER_POOL_ARN": ARN.format("cognito-idp", "userpool/ap-southeast-2_fake"),
    "COGNITO_CLIENT_ID": CLIENT_ID, "COGNITO_ISSUER": ISSUER, "FUNDS_WARNING": "300.00",
}  # fmt: skip
MINUTE = timedelta(minutes=1)
CUSTOMER = str(uuid.UUID(int=1))
LIMITS = {"AccountConcurrency": 1000}


class Context:
    """Lambda's, for a trigger."""

    aws_request_id = "an-invocation"

    def get_remaining_time_in_millis(self) -> int:
        """A minute."""
        return 60_000


class MovedClock(SystemClock):
    """The machine's clock, moved as the provider's is."""

    def __init__(self, bench: Bench) -> None:
        self._control = bench.control
        self._ahead = bench.control.clock().now - super().now()

    def now(self) -> datetime:
        """As it is at the provider."""
        return super().now() + self._ahead

    def advance(self, span: timedelta) -> None:
        """Let time pass, there and here."""
        self._control.advance(int(span.total_seconds()))
        self._ahead += span


class Fallible:
    """A DynamoDB that nobody reaches while it is `down`, nor whatever of it `away` names.

    While it is `busy` it turns every other call away, which a client of AWS's own hears and logs.
    """

    def __init__(self, dynamo: Any) -> None:
        self._dynamo = dynamo
        self.down = self.busy = False
        self.away = ""
        self._calls = 0

    def __getattr__(self, name: str) -> Any:
        return partial(self._call, name)

    def _call(self, name: str, **request: Any) -> Any:
        self._calls += 1
        if self.busy and self._calls % 2:
            return _turned_away(name, request)
        if self.down or (self.away and self.away in repr(request)):
            raise EndpointConnectionError(endpoint_url="https://dynamodb")
        return getattr(self._dynamo, name)(**request)


@cache
def _client() -> Any:
    session = aws.session()
    session.set_credentials("nobody", "nothing")
    return session.create_client("dynamodb", region_name="ap-southeast-2")


def _turned_away(name: str, request: Mapping[str, Any]) -> Any:
    with Stubber(_client()) as stub:
        stub.add_client_error(name, "ThrottlingException", http_status_code=400)
        return getattr(_client(), name)(**request)


class Secrets:
    """Secrets by their ARN."""

    def __init__(self, bench: Bench) -> None:
        self.api_key = {
            "apiKey": bench.running.api_key, "environment": "Local", "baseUrl": bench.url,
        }  # fmt: skip

    def read(self, arn: str, *, fresh: bool = False) -> Mapping[str, str]:  # noqa: ARG002 (the port's)
        """What a secret holds."""
        return {API_KEY: self.api_key, HOOKS: {"current": TOKEN}, CURSORS: {"key": "k" * 32}}[arn]


def payee_of(number: int) -> str:
    """The id of one of the customer's payees."""
    return str(uuid.UUID(int=100 + number))


def _at_once(_: float) -> None:
    """Sleeps not at all."""


class Town(World):
    """A business, and its schedules; `rang` is every alarm that ever rang, with how soon."""

    def __init__(
        self,
        bench: Bench,
        ears: Listener,
        dynamo: Any = None,
        tables: Mapping[str, str] | None = None,
    ) -> None:
        told = ENVIRONMENT | {"MONOOVA_MACCOUNT_TOKEN": bench.account} | dict(tables or {})
        super().__init__(Settings.read(told))
        self.bench, self.ears = bench, ears
        self.rang: dict[str, int] = {}
        self._wrong_since = 0
        self._measured: list[Point] = []
        self.dynamo = Fallible(dynamo or simulated_tables()[0])
        self._api = Api(self)  # type: ignore[arg-type] # a world, as a house is one
        self._trigger = Client(app.app, project_dir="/nowhere").events
        self._pays = self._minute = 0
        self.has_nights = self.wakes = self.keeps = True
        # Whether each invocation is the first of its process.
        self.starts_anew = False

    @cached_property
    def clock(self) -> MovedClock:
        """The provider's time."""
        return MovedClock(self.bench)

    @property
    def default_policy(self) -> Policy:
        """Nobody's leave is asked."""
        return FREE

    @cached_property
    def provider(self) -> Any:
        """The provider, asked again without waiting."""
        form = PaymentForm(self.bench.account, source_bsb="", source_account="")
        return Monoova(
            self._signed_in, form=form, clock=self.clock, heard=self.breaker.heard, sleep=_at_once
        )

    @cached_property
    def day_book(self) -> Any:
        """Its side of whole days, asked for again without waiting."""
        account = self.bench.account
        return MonoovaDayBook(self._signed_in, account=account, clock=self.clock, sleep=_at_once)

    @cached_property
    def vault(self) -> Any:
        """Sealed destinations."""
        return FakeVault()

    @cached_property
    def dead_letters(self) -> Any:
        """The queue."""
        return FakeDeadLetters()

    @cached_property
    def archive(self) -> Any:
        """What stays."""
        return MemoryArchive()

    @cached_property
    def signer(self) -> Any:
        """Signs for nights."""
        return FakeSigner()

    @cached_property
    def herald(self) -> Any:
        """Tells nobody."""
        return FakeHerald()

    @cached_property
    def _secrets(self) -> Any:
        return Secrets(self.bench)

    @cached_property
    def _session(self) -> Any:
        ticks = (number / 100 for number in count())
        return Session(
            self.dynamo, within=0.2, sleep=_at_once, monotonic=lambda: next(ticks),  # type: ignore[arg-type] # as much of it
        )  # fmt: skip

    # What happens.

    def open_for_business(self) -> Town:
        """Be told by the provider, and give the one customer money."""
        self.bench.subscribe(self.ears, "NppPaymentStatus")
        self.customer()
        receipt = Receipt(f"N{uuid.uuid4().hex}", Money(5_000_00), "NPP", self.clock.now())
        bank(receipt, treasury=self.treasury)
        give_credit(
            CUSTOMER, Money(5_000_00), reason="for a day", key=str(uuid.uuid4()), by="admin",
            request_id="", treasury=self.treasury, clock=self.clock,
        )  # fmt: skip
        return self

    def customer(self) -> None:
        """Register them, with a payee for each thing that may happen at the provider."""
        payees = tuple(
            PayId.parse(PayIdType.EMAIL, f"payee{number}@example.com", name)
            for number, name in enumerate(("Jo Citizen", "Sim Refuse"))
        )
        register(
            Profile("Jo Citizen", "jo@example.com", payees), customer_id=CUSTOMER,
            destination_ids=payee_of, by="operator",
            customers=self.customers, vault=self.vault, clock=self.clock,
        )  # fmt: skip

    def pay(self, amount: str = "1.00", payee: int = 0, times: int = 1) -> None:
        """Ask for payouts."""
        for _ in range(times):
            self._pays += 1
            body = {
                "customer_id": CUSTOMER, "amount": amount, "payout_method": "PayId",
                "destination_id": payee_of(payee),
            }  # fmt: skip
            self._heard("APIHandler", lambda body=body: self._asked(
                "/payouts", body, key=f"key of payout {self._pays:06}", role="operator",
            ))  # fmt: skip

    def told(self, number: int) -> tuple[bytes, dict[str, str]]:
        """A webhook of the provider's, signed as it does."""
        while len(self.ears.heard) <= number:
            reference = f"told-{number}"
            self.bench.pay(reference, "Sim Stuck", amount=1)
            self.bench.control.happen(reference, "complete")
        heard = self.ears.heard[number]
        return heard.raw, heard.headers

    def webhook(self, raw: bytes, headers: dict[str, str]) -> None:
        """Let the provider tell something."""
        path = "/webhooks/monoova/NppPaymentStatus"
        self._heard("WebhookHandler", lambda: self._asked(
            path, raw=raw, headers=headers, role="", context={},
        ))  # fmt: skip

    def _asked(self, path: str, body: object = None, **given: Any) -> None:
        """Ask, and have the gateway count what it answers."""
        answer = self._api.post(path, body, **given)
        self._measured.append(
            point_of(gateway("5XXError"), int(answer.status >= 500), self._second)
        )

    def message(self, body: str) -> None:
        """Let a message come out of the queue."""
        event = self._trigger.generate_sqs_event([body])
        self._heard("Reprocess", lambda: app.reprocess(event, Context()))

    def minutes(self, number: int, *, polls: bool = True) -> None:
        """Let so many minutes pass, with what runs in them, and call whoever is to be called."""
        for _ in range(number):
            self.clock.advance(MINUTE)
            self._minute += 1
            if polls:
                self._run("Poll", app.poll)
            if self.has_nights and self._minute % 5 == 1:
                self._run("Night", app.night)
            # Nothing is planned or rests here: that these run is all that there is to see.
            if self.wakes:
                self._starts("Wake")
            if self.keeps and self._minute % 60 == 1:
                self._starts("Keep")
            queue = lying_in("DeadLettersQueue")[0]
            length = len(self.dead_letters.queued)
            self._measured.append(point_of(queue, length, self._second))
            watch = Watch(tuple(self._measured), limits=LIMITS)
            for each in ALARMS:
                if watch.rings(each, self._second):
                    self.rang.setdefault(each.name, self._minute - self._wrong_since)

    def goes_wrong(self) -> None:
        """From now on: what rings is told with how many minutes later that is."""
        self._wrong_since = self._minute

    def until(self, hour: int) -> None:
        """Let it become that hour of the next day in Sydney; nobody is watched meanwhile."""
        now = self.clock.now().astimezone(SYDNEY)
        then = (now + timedelta(days=1)).replace(hour=hour, minute=5, second=0, microsecond=0)
        self.clock.advance(then - now)
        self._measured.clear()
        if self.keeps:
            self._starts("Keep")
        self.minutes(1)

    @property
    def _second(self) -> int:
        return int(self.clock.now().timestamp())

    def _run(self, function: str, handler: Any) -> None:
        event = self._trigger.generate_cw_event("aws.events", "Scheduled Event", {}, [])
        self._heard(function, lambda: handler(event, Context()))

    def _starts(self, function: str) -> None:
        (started,) = functions("Invocations", function)
        self._measured.append(point_of(started, 1, self._second))

    def dies(self, function: str) -> None:
        """Let Lambda end a function in the middle: it writes nothing of that, and Lambda counts."""
        (errors,) = functions("Errors", function)
        self._measured.append(point_of(errors, 1, self._second))

    def _heard(self, function: str, happens: Any) -> None:
        """Have what it writes measured, at the time that it is in the town."""
        ear = _Ear()
        written = logging.getLogger("payouts")
        written.addHandler(ear)
        log._COLD[0] |= self.starts_anew
        try:
            happens()
        except (PayoutError, Corrupt):
            self.dies(function)
        finally:
            written.removeHandler(ear)
        self._measured += [each for line in ear.lines for each in points(line, self._second)]


class _Ear(logging.Handler):
    """Hears every line."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLines())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it, as it is on Lambda."""
        self.lines.append(self.format(record))

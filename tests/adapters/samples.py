"""What the tests of the adapters have in common: a payout, payees, secrets, a gate, transports."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from chalicelib.adapters.monoova.client import Monoova
from chalicelib.adapters.monoova.credentials import KeyRing
from chalicelib.adapters.monoova.payments import PaymentForm
from chalicelib.adapters.monoova.signin import SignedIn
from chalicelib.adapters.monoova.transport import Call, Reply, Transport
from chalicelib.adapters.secrets import Secrets
from chalicelib.domain.destination import (
    BankAccount,
    Destination,
    PayId,
    PayIdType,
    SealedDestination,
)
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.intent import Intent
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Payout, Status
from chalicelib.domain.rails import Rail

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PAYOUT_ID = "3f0c9a52-7d1e-8b6a-9c3d-2a1b0c9d8e7f"
REFERENCE = f"{PAYOUT_ID}-1"
API_ARN = "arn:aws:secretsmanager:ap-southeast-2:000000000000:secret:monoova/api-key"
HOOK_ARN = "arn:aws:secretsmanager:ap-southeast-2:000000000000:secret:monoova/webhook"
JO = PayId.parse(PayIdType.EMAIL, "jo@example.com", "Jo Citizen")
BANK = BankAccount.parse("062-000", "12345678", "Jo Citizen")
ACCOUNT = "6279059700000000"


def payout(
    destination: Destination = JO, *, rail: Rail = Rail.NPP, cents: int = 10_000, attempt: int = 1,
    reference: str = "", description: str = "", remitter: str = "",
) -> Payout:  # fmt: skip
    """A payout that has just been claimed."""
    sealed = SealedDestination(
        "d-1", destination.method, "", destination.masked, destination.masked_name, b"fake"
    )
    intent = Intent(
        transaction_id=PAYOUT_ID, customer_id="c-1", amount=Money(cents), rail=rail,
        destination=sealed, created_at=AT, created_by="tester", reference=reference,
        description=description, remitter_name=remitter,
    )  # fmt: skip
    return Payout(intent, Status.SENDING, 2, "hash", AT, attempt=attempt, sends=1, sent_at=AT)


class FakeSecretsManager:
    """As much of the boto3 client as is used; counts how often it is asked."""

    def __init__(self, **values: object) -> None:
        self.values = values
        self.asked = 0
        self.down = False

    def get_secret_value(self, *, SecretId: str) -> dict[str, str]:  # noqa: N803 (boto3's)
        """The secret's text."""
        self.asked += 1
        if self.down:
            raise ClientError({"Error": {"Code": "InternalServiceError"}}, "GetSecretValue")
        value = self.values[SecretId.rsplit("/", 1)[-1].replace("-", "_")]
        return {"SecretString": value if isinstance(value, str) else json.dumps(value)}


def secrets_of(client: Any, seconds: Callable[[], float]) -> Secrets:
    """The secrets behind such a client."""
    return Secrets(client, monotonic=seconds)


def api_secret(key: str = "fake-api-key", url: str = "http://127.0.0.1:9") -> dict[str, str]:
    """The provider's secret, for a stand-in on this machine."""
    return {"apiKey": key, "environment": "Local", "baseUrl": url}


class Seconds:
    """A monotonic clock that only moves when told to, also by sleeping."""

    def __init__(self) -> None:
        self.spent = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        """Now."""
        return self.spent

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.spent += seconds


class StillClock:
    """The port `Clock`, on `Seconds`."""

    def __init__(self, seconds: Seconds) -> None:
        self.monotonic = seconds

    def now(self) -> datetime:
        """Always the same."""
        return AT

    def new_id(self) -> str:
        """Never needed."""
        raise NotImplementedError


class FakeGate:
    """The port `Gate`; counts how often it is asked."""

    def __init__(self) -> None:
        self.shut = False
        self.asked = 0
        self.closings = 0
        self.down = False

    def closed(self) -> bool:
        """Whether it is."""
        self.asked += 1
        if self.down:
            raise StoreUnavailable("down")
        return self.shut

    def close(self) -> None:
        """Shut it."""
        self.closings += 1
        if self.down:
            raise StoreUnavailable("down")
        self.shut = True

    def open(self, *, by: str) -> None:  # noqa: ARG002 (a port)
        """Open it."""
        self.shut = False


@dataclass
class ScriptedTransport:
    """Gives the replies of a script, one after the other, the last for ever; notes the calls."""

    script: list[Reply]
    seconds: Seconds
    takes: float = 0.0
    calls: list[Call] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    given: list[float] = field(default_factory=list)

    def send(self, call: Call, *, base_url: str, api_key: str | None, seconds: float) -> Reply:
        """The next reply, after as long as it takes."""
        assert base_url
        self.calls.append(call)
        self.keys.append(api_key)
        self.given.append(seconds)
        self.seconds.spent += self.takes
        return self.script[min(len(self.calls), len(self.script)) - 1]


class PatientTransport(Transport):
    """Waits for longer than a busy machine stands still, but for calls that stay unanswered.

    `silent` has the operation of each of those.
    """

    def __init__(self) -> None:
        super().__init__()
        self.silent: list[str] = []
        self._hasty = Transport(read_timeout=0.6)

    def send(self, call: Call, *, base_url: str, api_key: str | None, seconds: float) -> Reply:
        """Make the call."""
        if call.operation in self.silent:
            self.silent.remove(call.operation)
            return self._hasty.send(call, base_url=base_url, api_key=api_key, seconds=seconds)
        return super().send(call, base_url=base_url, api_key=api_key, seconds=seconds)


@dataclass
class Line:
    """A provider's client over a script, and all that it touches."""

    monoova: Monoova
    transport: ScriptedTransport
    gate: FakeGate
    manager: FakeSecretsManager
    seconds: Seconds
    keys: KeyRing
    signed_in: SignedIn


def line(
    *script: Reply, form: PaymentForm | None = None, takes: float = 0.0, chance: float = 0.5
) -> Line:
    """A client whose provider answers by the script, each time after `takes` seconds."""
    seconds, gate = Seconds(), FakeGate()
    manager = FakeSecretsManager(api_key=api_secret())
    transport: Any = ScriptedTransport(list(script), seconds, takes)
    secrets = secrets_of(manager, seconds)
    keys = KeyRing(secrets, API_ARN, stage="local", on_lambda=False)
    signed_in = SignedIn(keys, transport, gate, monotonic=seconds)
    monoova = Monoova(
        signed_in, form=form or PaymentForm(account=ACCOUNT), clock=StillClock(seconds),
        sleep=seconds.sleep, chance=lambda: chance,
    )  # fmt: skip
    return Line(monoova, transport, gate, manager, seconds, keys, signed_in)


def told(status: int = 200, /, **fields: Any) -> Reply:
    """An HTTP answer with a JSON object."""
    return Reply(http_status=status, raw=json.dumps(fields).encode())


def headers(**named: str) -> Mapping[str, str]:
    """Headers, by lower-case names with hyphens."""
    return {name.replace("_", "-"): value for name, value in named.items()}

"""The way to each neighbour: the clients that our adapters hold, and what befalls their calls.

A client looks like the library's own to the adapter above it: the same methods, the same errors.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from tests.simulation.faults import Fault, Kind
from tests.simulation.timeline import Killed
from tests.simulation.troubles import Answered, HttpTroubles, Troubles

if TYPE_CHECKING:
    from tests.simulation.connected import Connected
    from tests.simulation.monoova import SimulatedMonoova

# Seconds that a clock may be wrong, either way.
_SKEWS = {Fault.SKEW_AHEAD: 600.0, Fault.SKEW_BACK: -600.0}

# What does very much in one go would never come to its end: so many of its faults are left out.
SPARED = 0.85
# How many long answers break off while they arrive.
CUT_OFF = 0.1

Deliver = Callable[[], Any]


class Wire:
    """The network around one environment of ours."""

    def __init__(self, environment: Connected) -> None:
        self._environment = environment

    def call(
        self, kind: Kind, name: str, deliver: Deliver, trouble: Troubles,
        befalls: Fault | None = None,
    ) -> Any:  # fmt: skip
        """Make a call: `deliver` is what happens at the neighbour, `trouble` how faults look.

        Where it is known what `befalls` it, that is not left to fate.
        """
        environment = self._environment
        world, invocation = environment.world, environment.invocation
        fate, deliver = world.fate, self._named(deliver)
        fault = befalls or fate.befalls(kind, name)
        if environment.is_long and fault is not Fault.NONE and fate.chance.random() < SPARED:
            fault = Fault.NONE
        if world.provider.unreachable and name.startswith("monoova."):
            fault = Fault.NOT_CONNECTED
        if not fate.calm:
            world.story.call(environment, name, fault)
        if fault in _SKEWS:
            environment.skew = _SKEWS[fault]
        if fault is Fault.CRASH_BEFORE:
            raise Killed
        if there := fate.latency():
            try:
                invocation.pause(there)
            except Killed:
                if fate.chance.random() < 0.5:
                    world.timeline.after(0.01, lambda: _quietly(deliver))
                raise
        result = self._meet(kind, fault, deliver, trouble)
        if back := fate.latency():
            invocation.pause(back)
        return result

    def begins(self, call: Any) -> None:
        """A request to pay leaves us now, whatever becomes of it."""
        if callers := self._environment.world.callers:
            reference = json.loads(call.body)["uniqueReference"]
            for told in callers:
                told(reference)

    def weather(self, call: Any) -> Fault | None:
        """What befalls a request to the provider for as long as it is away, if it is."""
        return self._environment.world.weather(call)

    def saw(self, balance: int) -> None:
        """The provider told what the account holds: what a run may spend is counted from there."""
        invocation = self._environment.invocation
        invocation.purse = balance
        invocation.asked_at = self._environment.world.timeline.now

    def _named(self, deliver: Deliver) -> Deliver:
        """The same, with the name of whoever sent it, however late it arrives."""
        world, sender = self._environment.world, self._environment
        run = sender.invocation

        def delivered() -> Any:
            world.writer, world.run = sender, run
            return deliver()

        return delivered

    def breaks_off(self, length: int) -> int | None:
        """After how many bytes a long answer breaks off, if it does."""
        fate = self._environment.world.fate
        if fate.calm or Fault.LOSE_REPLY not in fate.can_happen or fate.chance.random() >= CUT_OFF:
            return None
        return fate.pick(length)

    def _meet(self, kind: Kind, fault: Fault, deliver: Deliver, trouble: Troubles) -> Any:  # noqa: C901 (a case a fault)
        world, invocation = self._environment.world, self._environment.invocation
        invocation.looked_at = len(world.books.lives)
        match fault:
            case Fault.NOT_CONNECTED:
                raise trouble.not_connected(invocation.pause)
            case Fault.LOSE_REQUEST:
                raise trouble.no_answer(invocation.pause)
            case Fault.LATE:
                world.timeline.after(world.flight(kind), lambda: _quietly(deliver))
                raise trouble.no_answer(invocation.pause)
            case Fault.THROTTLE:
                raise trouble.throttled()
            case Fault.CONFLICT:
                raise trouble.conflict()
            case Fault.OUT_OF_TIME:
                invocation.pause(invocation.time_left + 1)
        value, error = _outcome(deliver)
        match fault:
            case Fault.CRASH_AFTER:
                raise Killed
            case Fault.OUT_OF_TIME_AFTER:
                invocation.pause(invocation.time_left + 1)
            case Fault.LOSE_REPLY:
                raise trouble.lost_reply(invocation.pause, world.fate)
            case Fault.DOUBLE:
                # The second answer is the one that confuses.
                value, error = _outcome(deliver)
        if error is not None:
            raise error
        if fault is Fault.PARTIAL:
            return trouble.partial(value, world.fate)
        return trouble.lagging(value, world.fate) if fault is Fault.LAG else value


class WiredDynamo:
    """boto3's client of DynamoDB, as far as our adapters use it."""

    def __init__(self, wire: Wire, store: Any) -> None:
        self._wire = wire
        self._store = store

    def get_item(self, **told: Any) -> Any:
        return self._call(Kind.READ, "get_item", told)

    def batch_get_item(self, **told: Any) -> Any:
        return self._call(Kind.BATCH, "batch_get_item", told)

    def query(self, **told: Any) -> Any:
        return self._call(Kind.INDEX if "IndexName" in told else Kind.READ, "query", told)

    def put_item(self, **told: Any) -> Any:
        return self._call(Kind.WRITE, "put_item", told)

    def update_item(self, **told: Any) -> Any:
        return self._call(Kind.WRITE, "update_item", told)

    def transact_write_items(self, **told: Any) -> Any:
        return self._call(Kind.WRITE, "transact_write_items", told)

    def _call(self, kind: Kind, name: str, told: dict[str, Any]) -> Any:
        method = getattr(self._store, name)
        return self._wire.call(kind, f"store.{name}", lambda: method(**told), Troubles(name, told))


class WiredQueue:
    """boto3's client of SQS: sending only."""

    def __init__(self, wire: Wire, put: Callable[[str, int], None]) -> None:
        self._wire = wire
        self._put = put

    def send_message(self, *, QueueUrl: str, MessageBody: str, DelaySeconds: int) -> None:  # noqa: ARG002, N803 (boto3's)
        self._wire.call(
            Kind.QUEUE, "queue.send_message", lambda: self._put(MessageBody, DelaySeconds),
            Troubles("SendMessage"),
        )  # fmt: skip


class WiredSecrets:
    """boto3's client of Secrets Manager."""

    def __init__(self, wire: Wire, secrets: dict[str, str]) -> None:
        self._wire = wire
        self._secrets = secrets

    def get_secret_value(self, *, SecretId: str) -> Any:  # noqa: N803 (boto3's)
        return self._wire.call(
            Kind.SECRET, "secrets.get_secret_value",
            lambda: {"SecretString": self._secrets[SecretId]}, Troubles("GetSecretValue"),
        )  # fmt: skip


class WiredVault:
    """The vault; where the key service does not answer it says so, as the adapter does."""

    def __init__(self, wire: Wire, vault: Any, unavailable: type[Exception]) -> None:
        self._wire = wire
        self._vault = vault
        self._unavailable = unavailable

    def place(self, destination: Any) -> Any:
        """Reckoned, without asking anybody but for a secret that is kept."""
        return self._vault.place(destination)

    def seal(self, *args: Any, **told: Any) -> Any:
        return self._call("seal", lambda: self._vault.seal(*args, **told))

    def unseal(self, *args: Any, **told: Any) -> Any:
        return self._call("unseal", lambda: self._vault.unseal(*args, **told))

    def _call(self, name: str, deliver: Deliver) -> Any:
        try:
            return self._wire.call(Kind.VAULT, f"vault.{name}", deliver, Troubles(name))
        except (ClientError, EndpointConnectionError, ReadTimeoutError):
            raise self._unavailable("The key service does not answer.") from None


class WiredTransport:
    """Our HTTP transport to the provider: it answers everything with a reply, never an error."""

    def __init__(self, wire: Wire, provider: SimulatedMonoova, code: Any) -> None:
        self._wire = wire
        self._provider = provider
        self._code = code

    def send(self, call: Any, *, base_url: str, api_key: str | None, seconds: float) -> Any:  # noqa: ARG002 (the transport's)
        """Make the call, once."""
        kind = Kind.PAY if call.operation == "execute" else Kind.ASK
        if kind is Kind.PAY:
            self._wire.begins(call)

        def deliver() -> Any:
            status, raw = self._provider.answer(call, api_key)
            if call.operation == "financials" and status == 200:
                self._wire.saw(self._provider.balance)
            if status == 200 and getattr(call, "streamed", False):
                body = self._arriving(raw)
                return self._code.transport.Reply(http_status=status, body=body)
            return self._code.transport.Reply(http_status=status, raw=raw)

        try:
            return self._wire.call(
                kind, f"monoova.{call.operation}", deliver, HttpTroubles(self._code, seconds),
                self._wire.weather(call),
            )  # fmt: skip
        except Answered as answered:
            return answered.reply

    def _arriving(self, raw: bytes) -> Any:
        breaks_at = self._wire.breaks_off(len(raw))
        return Arriving(raw, breaks_at, self._code.transport.Broken)


class Arriving:
    """A long answer on its way; one that breaks off says so where it does."""

    def __init__(self, raw: bytes, breaks_at: int | None, broken: type[Exception]) -> None:
        self._raw = BytesIO(raw if breaks_at is None else raw[:breaks_at])
        self._breaks = breaks_at is not None
        self._broken = broken

    def read(self, size: int) -> bytes:
        part = self._raw.read(size)
        if size and not part and self._breaks:
            raise self._broken("cut off")
        return part

    def close(self) -> None:
        self._raw.close()


def _quietly(deliver: Deliver) -> None:
    _outcome(deliver)


def _outcome(deliver: Deliver) -> tuple[Any, Exception | None]:
    try:
        return deliver(), None
    except ClientError as error:
        return None, error

"""The way to each neighbour: the clients that our adapters hold, and what befalls their calls.

A client looks like the library's own to the adapter above it: the same methods, the same errors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from tests.simulation.faults import Fault, Kind
from tests.simulation.timeline import Killed

if TYPE_CHECKING:
    from tests.simulation.environment import Environment
    from tests.simulation.faults import Fate
    from tests.simulation.monoova import SimulatedMonoova

# Seconds: the time-outs of our clients.
CONNECT_TIMEOUT, STORE_TIMEOUT, PROVIDER_TIMEOUT = 1.0, 3.0, 12.0
ENDPOINT = "https://aws.example"
# An error of a gateway in front of the provider, in the words of a refusal.
LOOKS_REFUSED = b'{"status":"FinancialExecuteInvalidTotalAmount"}'
# Seconds that a clock may be wrong, either way.
_SKEWS = {Fault.SKEW_AHEAD: 600.0, Fault.SKEW_BACK: -600.0}

Deliver = Callable[[], Any]
Pause = Callable[[float], None]


class Wire:
    """The network around one environment of ours."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def call(self, kind: Kind, name: str, deliver: Deliver, trouble: Troubles) -> Any:
        """Make a call: `deliver` is what happens at the neighbour, `trouble` how faults look."""
        environment = self._environment
        world, invocation = environment.world, environment.invocation
        fate = world.fate
        fault = fate.befalls(kind, name)
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


class Answered(Exception):
    """What the HTTP client gives instead of an error: it never raises."""

    def __init__(self, reply: Any) -> None:
        super().__init__()
        self.reply = reply


class Troubles:
    """How faults look to a client of AWS."""

    def __init__(self, operation: str, told: Mapping[str, Any] | None = None) -> None:
        self._operation = operation
        self._told = told or {}

    def not_connected(self, pause: Pause) -> Exception:
        """The connection was never made."""
        pause(CONNECT_TIMEOUT)
        return EndpointConnectionError(endpoint_url=ENDPOINT)

    def no_answer(self, pause: Pause) -> Exception:
        """Nothing came back."""
        pause(STORE_TIMEOUT)
        return ReadTimeoutError(endpoint_url=ENDPOINT)

    def lost_reply(self, pause: Pause, fate: Fate) -> Exception:
        """It was done, and nothing that came back says so."""
        if fate.pick(3) < 2:
            return self.no_answer(pause)
        return self._refused("InternalServerError", 500)

    def throttled(self) -> Exception:
        """Too many requests."""
        return self._refused("ThrottlingException", 400)

    def conflict(self) -> Exception:
        """Another transaction is at work on the same rows."""
        parts = len(self._told.get("TransactItems", ()))
        if not parts:
            return self._refused("TransactionConflictException", 400)
        reasons = [{"Code": "TransactionConflict"}] + [{"Code": "None"}] * (parts - 1)
        return self._refused("TransactionCanceledException", 400, CancellationReasons=reasons)

    def lagging(self, value: Any, fate: Fate) -> Any:
        """An index that does not show every row yet."""
        return {**value, "Items": [item for item in value["Items"] if fate.shows()]}

    def partial(self, value: Any, fate: Fate) -> Any:
        """A batch without one of its tables, which is read at another moment, then."""
        wanted = self._told["RequestItems"]
        late = list(wanted)[fate.pick(len(wanted))]
        found = {table: rows for table, rows in value["Responses"].items() if table != late}
        return {**value, "Responses": found, "UnprocessedKeys": {late: wanted[late]}}

    def _refused(self, code: str, status: int, **more: Any) -> ClientError:
        told = {"Error": {"Code": code, "Message": code}, **more}
        told["ResponseMetadata"] = {"HTTPStatusCode": status}
        return ClientError(told, self._operation)  # type: ignore[arg-type] # as the service does


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

        def deliver() -> Any:
            status, raw = self._provider.answer(call, api_key)
            return self._code.transport.Reply(http_status=status, raw=raw)

        try:
            return self._wire.call(
                kind, f"monoova.{call.operation}", deliver, _HttpTroubles(self._code, seconds)
            )
        except Answered as answered:
            return answered.reply


class _HttpTroubles(Troubles):
    """How faults look to the HTTP client."""

    def __init__(self, code: Any, seconds: float) -> None:
        super().__init__("http")
        self._seconds = seconds
        self._reply = code.transport.Reply
        self._mishap = code.answers.Mishap

    def not_connected(self, pause: Pause) -> Exception:
        pause(min(CONNECT_TIMEOUT, self._seconds / 3))
        return Answered(self._reply(self._mishap.NOT_CONNECTED))

    def no_answer(self, pause: Pause) -> Exception:
        pause(min(PROVIDER_TIMEOUT, self._seconds))
        return Answered(self._reply(self._mishap.TIMED_OUT))

    def lost_reply(self, pause: Pause, fate: Fate) -> Exception:
        replies = [
            None,
            self._reply(self._mishap.CONNECTION_LOST),
            self._reply(http_status=500, raw=b"{}"),
            self._reply(http_status=502, raw=LOOKS_REFUSED),
            self._reply(http_status=200, raw=b"<html>"),
        ]
        reply = replies[fate.pick(len(replies))]
        return Answered(reply) if reply is not None else self.no_answer(pause)

    def throttled(self) -> Exception:
        return Answered(self._reply(http_status=429, raw=b'{"status":"TooManyRequests"}'))

    def conflict(self) -> Exception:
        return Answered(self._reply(http_status=503, raw=b"busy"))


def _quietly(deliver: Deliver) -> None:
    _outcome(deliver)


def _outcome(deliver: Deliver) -> tuple[Any, Exception | None]:
    try:
        return deliver(), None
    except ClientError as error:
        return None, error

"""The app as Lambda runs it, over a DynamoDB and a queue in memory, in a time of its own.

The wiring, the doors, the adapters, the tokens and the signatures are the real ones. The store can
be away for a while, and each refused call of it takes the time that it really would.
"""

from __future__ import annotations

import base64
import json
import logging
from collections import Counter
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from botocore.exceptions import EndpointConnectionError

import app
from chalicelib import wiring
from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.monoova.credentials import KeyRing
from chalicelib.adapters.monoova.notices import MonoovaInbox, WebhookTokens
from chalicelib.adapters.monoova.signature import Signatures
from chalicelib.adapters.monoova.transport import Reply
from chalicelib.adapters.secrets import Secrets
from chalicelib.adapters.sqs import SqsDeadLetters
from chalicelib.settings import Settings
from tests.adapters.samples import API_ARN, HOOK_ARN, FakeSecretsManager, api_secret
from tests.fakes.clock import FakeClock
from tests.fakes.dynamo_template import simulated_tables
from tests.fakes.sqs import MemorySqs
from tests.fuzz.planted import API_KEY, TOKEN
from tests.fuzz.signing import PUBLISHED, signature
from tests.test_settings import LOCAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.adapters.dynamo.client import Tables
    from chalicelib.api.triggers import Handler

# Seconds: what Lambda gives the reprocessor, and how long a connection that fails takes to.
LAMBDA = 60.0
REFUSAL = 0.05
MOMENT = 0.001
_NOWHERE = logging.NullHandler()


class Publisher:
    """The provider, as far as it publishes its key."""

    def send(self, *_: object, **__: object) -> Reply:
        """The key."""
        return Reply(http_status=200, raw=PUBLISHED)


class Away:
    """A client that nothing reaches in some spans of time, in seconds of the clock."""

    def __init__(self, client: Any, clock: FakeClock) -> None:
        self.spans: list[tuple[float, float]] = []
        self._client, self._clock = client, clock

    def __getattr__(self, name: str) -> Any:
        now = self._clock.monotonic()
        away = any(first <= now < last for first, last in self.spans)
        return self._refuse if away else getattr(self._client, name)

    def _refuse(self, **_request: object) -> None:
        self._clock.advance(REFUSAL)
        raise EndpointConnectionError(endpoint_url="https://dynamodb.example.com")


class Town(wiring.World):
    """The object graph, with what lies beneath the adapters in memory."""

    def __init__(self) -> None:
        super().__init__(Settings.read(LOCAL))
        self.time = FakeClock()
        dynamo, self._template = simulated_tables(monotonic=self.time.monotonic)
        self.dynamo = Away(dynamo, self.time)
        self.sqs = MemorySqs(self.time.monotonic)

    @cached_property
    def clock(self) -> FakeClock:
        """The town's own."""
        return self.time

    @cached_property
    def dead_letters(self) -> SqsDeadLetters:
        """The queue's own adapter."""
        client: Any = self.sqs
        return SqsDeadLetters(client, "https://sqs.example.com/queue")

    @cached_property
    def inbox(self) -> MonoovaInbox:
        """The real judge of webhooks, by both proofs."""
        manager: Any = FakeSecretsManager(webhook={"current": TOKEN}, api_key=api_secret(API_KEY))
        secrets = Secrets(manager, monotonic=self.time.monotonic)
        keys = KeyRing(secrets, API_ARN, stage="local", on_lambda=False)
        publisher: Any = Publisher()
        return MonoovaInbox(
            WebhookTokens(secrets, HOOK_ARN, monotonic=self.time.monotonic),
            Signatures(keys, publisher, monotonic=self.time.monotonic), policy="both",
        )  # fmt: skip

    @cached_property
    def _tables(self) -> Tables:
        return self._template

    @cached_property
    def _session(self) -> Session:
        client: Any = self.dynamo
        return Session(client, sleep=self._wait, monotonic=self.time.monotonic)

    def _wait(self, seconds: float) -> None:
        self.time.advance(seconds)


class Context:
    """Lambda's, by the town's clock."""

    aws_request_id = "flood"

    def __init__(self, clock: FakeClock, seconds: float = LAMBDA) -> None:
        self._clock, self._until = clock, clock.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> float:
        """What is left."""
        return 1000 * (self._until - self._clock.monotonic())


class Lines(logging.Handler):
    """The lines of invocations, as they are written."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.told.append(record.__dict__["fields"])


@contextmanager
def town() -> Iterator[Town]:
    """A town for as long as the block lasts; afterwards the process knows it no more."""
    made = Town()
    wiring.use(made)
    # Without any, warnings would go to the terminal.
    logging.getLogger("payouts").addHandler(_NOWHERE)
    try:
        yield made
    finally:
        wiring._current.clear()


def deliver(here: Town, event_name: str, raw: bytes, webhook_id: str) -> int:
    """Send a webhook, signed, to the app's own handler; the status that it is answered with."""
    headers = {
        "Authorization": TOKEN, "Verification-Signature": signature(raw),
        "Webhookid": webhook_id, "Content-Type": "application/json; charset=utf-8",
    }  # fmt: skip
    path = "/webhooks/monoova/{event_name}"
    answer = app.app({
        "resource": path, "path": f"/webhooks/monoova/{event_name}", "httpMethod": "POST",
        "headers": headers, "multiValueHeaders": {}, "multiValueQueryStringParameters": None,
        "pathParameters": {"event_name": event_name}, "stageVariables": None,
        "body": base64.b64encode(raw).decode(), "isBase64Encoded": True,
        "requestContext": {
            "resourcePath": path, "httpMethod": "POST", "requestId": f"delivery {webhook_id}",
            "identity": {"sourceIp": "127.0.0.1"},
        },
    }, Context(here.time, 30.0))  # fmt: skip
    return int(answer["statusCode"])


def hand_on(here: Town, handler: Handler = app.reprocess) -> tuple[int, int]:
    """Hand a batch of the queue on, as Lambda does; how many messages, and how many come back.

    Raises:
        AssertionError: the answer names others than those whose line of log tells of a failure.
    """
    batch = here.sqs.receive()
    if not batch:
        return 0, 0
    log, lines = logging.getLogger("payouts.invocations"), Lines()
    log.addHandler(lines)
    try:
        event = {"Records": [each.record() for each in batch]}
        answer = handler(json.loads(json.dumps(event)), Context(here.time))
    finally:
        log.removeHandler(lines)
    named = [each["itemIdentifier"] for each in answer["batchItemFailures"]]
    assert len(lines.told) == len(batch), "a line for each message"
    failed = [
        each.message_id for each, line in zip(batch, lines.told, strict=True)
        if "error" in line or line.get("outcome") == "put_off"
    ]  # fmt: skip
    assert named == failed, "the answer names those that failed, and no other"
    for each in batch:
        if each.message_id not in named:
            here.sqs.delete(each.message_id)
    return len(batch), len(named)


def play(here: Town, until: float) -> Counter[str]:
    """Let time pass from message to message, until then at most; what the batches came to."""
    counts: Counter[str] = Counter()
    while (at := here.sqs.next_at()) is not None and at <= until:
        # The clock has microseconds, and would never quite get there.
        here.time.advance(max(0.0, at - here.time.monotonic()) + MOMENT)
        messages, failed = hand_on(here)
        counts += Counter({"batches": 1, "messages": messages, "named as failed": failed})
    return counts

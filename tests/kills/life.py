"""One process that is there to be killed: the app, the poller or the reprocessor.

Runs the code as it is, behind the same doors and triggers as the local cloud. Each call of a port
is marked while it is under way, in memory that outlives the process: so that its death can be told
from one between two calls. Ends with whoever started it.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable, Mapping, MutableSequence
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any

import boto3
from chalice.cli.factory import CLIFactory

from chalicelib import wiring
from chalicelib.settings import Settings
from local import server, triggers
from local.processes import ROOT
from tests.kills.starter import end_with_starter

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from chalice.app import Chalice

APP, POLLER, REPROCESSOR = "app", "poller", "reprocessor"
# What a call under way is called in the summary, by port and method; the rest of a port is "read".
MARKS = (
    "provider.pay", "provider.ask", "store.write", "store.read", "queue.put", "vault.unseal",
    "webhook.check",
)  # fmt: skip
_NAMES = {
    ("payouts", "write"): "store.write",
    ("treasury", "write"): "store.write",
    ("notices", "keep"): "store.write",
    ("parked", "put"): "store.write",
    ("provider", "pay"): "provider.pay",
    ("dead_letters", "put"): "queue.put",
    ("vault", "unseal"): "vault.unseal",
    ("inbox", "authenticate"): "webhook.check",
}
# Seconds between two runs of the schedule, and two looks at the queue.
PAUSES = {POLLER: 0.2, REPROCESSOR: 0.0}
SECONDS = 60.0  # that a run of the poller has

Marks = MutableSequence[int]


class Marked:
    """A port whose calls are counted in when they begin, and out when they end."""

    def __init__(self, port: object, name: str, marks: Marks, guard: threading.Lock) -> None:
        self._port, self._name, self._marks, self._guard = port, name, marks, guard

    def __getattr__(self, method: str) -> Any:
        call = getattr(self._port, method)
        ask = "provider.ask" if self._name == "provider" else "store.read"
        mark = MARKS.index(_NAMES.get((self._name, method), ask))

        @wraps(call)
        def marked(*args: Any, **told: Any) -> Any:
            self._count(mark, 1)
            try:
                return call(*args, **told)
            finally:
                self._count(mark, -1)

        return marked

    def _count(self, mark: int, change: int) -> None:
        with self._guard:
            self._marks[mark] += change


class MarkedWorld(wiring.World):
    """The app's own wiring, each port marked."""

    def __init__(self, settings: Settings, marks: Marks) -> None:
        super().__init__(settings)
        self._marks = marks
        self._guard = threading.Lock()

    def _marked(self, name: str, port: object) -> Any:
        return Marked(port, name, self._marks, self._guard)

    @cached_property
    def payouts(self) -> Any:
        """The payouts and their steps."""
        return self._marked("payouts", super().payouts)

    @cached_property
    def treasury(self) -> Any:
        """The funds."""
        return self._marked("treasury", super().treasury)

    @cached_property
    def notices(self) -> Any:
        """Webhooks that were kept."""
        return self._marked("notices", super().notices)

    @cached_property
    def parked(self) -> Any:
        """Dead letters before a person."""
        return self._marked("parked", super().parked)

    @cached_property
    def provider(self) -> Any:
        """The provider."""
        return self._marked("provider", super().provider)

    @cached_property
    def dead_letters(self) -> Any:
        """The queue."""
        return self._marked("dead_letters", super().dead_letters)

    @cached_property
    def vault(self) -> Any:
        """Sealed destinations."""
        return self._marked("vault", super().vault)

    @cached_property
    def inbox(self) -> Any:
        """The provider's webhooks."""
        return self._marked("inbox", super().inbox)


def live(
    kind: str, port: int, environment: Mapping[str, str], log: str, marks: Marks, ready: Connection
) -> None:
    """The process: become what `kind` says, tell that it is ready, and go on until killed."""
    end_with_starter()
    _speak_to(log)
    os.environ.clear()
    os.environ.update(environment)
    wiring.use(MarkedWorld(Settings.read(), marks))
    if kind == APP:
        door = server.load(ROOT, "local", port)
        ready.send(door.port)
        door.server.serve_forever(poll_interval=0.1)
    else:
        _trigger(kind, ready)


def _trigger(kind: str, ready: Connection) -> None:
    """Let one of the two triggers call the app again and again."""
    app = CLIFactory(str(ROOT), environ=os.environ).create_config_obj("local").chalice_app
    step = _queue(app) if kind == REPROCESSOR else _schedule(app)
    ready.send(0)
    triggers.repeat(step, threading.Event(), PAUSES[kind])


def _queue(app: Chalice) -> Callable[[], object]:
    """Take one letter out of the queue, as Lambda does: the app asks for batches of one."""
    arn = "arn:aws:sqs:ap-southeast-2:123456789012:payouts-local-dead-letters"
    handler = app.handler_map["reprocess"]
    sqs = boto3.client("sqs")
    queue = triggers.Queue(sqs, os.environ["DLQ_URL"], arn, handler, "reprocess")

    def step() -> None:
        told = sqs.receive_message(
            QueueUrl=queue.url, MaxNumberOfMessages=1, WaitTimeSeconds=1,
            MessageSystemAttributeNames=["All"], MessageAttributeNames=["All"],
        )  # fmt: skip
        if messages := told.get("Messages", []):
            queue._hand_on(messages)

    return step


def _schedule(app: Chalice) -> Callable[[], object]:
    """Run the poller once."""
    handler, region = app.handler_map["poll"], os.environ["AWS_DEFAULT_REGION"]
    return lambda: handler(
        triggers.scheduled_event("poll", region), triggers.Context("poll", SECONDS)
    )


def _speak_to(log: str) -> None:
    """Whatever it says goes to the log, which its earlier lives have written, too."""
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.close(file)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    logging.getLogger("payouts").setLevel(logging.ERROR)

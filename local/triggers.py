"""What calls the app when nobody does: the queue of dead letters and the schedule.

Calls the same handlers that Lambda would, with events of the same shape. A message is deleted when
its handler returned without naming it as failed, as Lambda does; otherwise it comes back once its
visibility ends.

    python -m local.triggers --every 2
"""

import argparse
import logging
import os
import signal
import sys
import threading
import time
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import boto3
from chalice.app import Chalice
from chalice.cli.factory import CLIFactory

from local.leash import announce
from local.processes import ROOT

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

LOG = logging.getLogger("local.triggers")
BATCH = 10  # messages at once, SQS's limit
POLL = 1  # seconds of one long poll: stopping may take that long
PATIENCE = 10.0  # seconds that a handler under way gets to finish
# Other schedules: the handler, the seconds that it has, and how much more rarely than the poller it
# runs. Mostly they find nothing to do, so the provider's clock may be moved by days between two.
RARE = (("wake", 60.0, 1), ("night", 900.0, 6), ("keep", 900.0, 30))

Handler = Callable[[Mapping[str, Any], "Context"], Any]


@dataclass
class Context:
    """What Lambda tells a handler about the invocation."""

    function_name: str
    seconds: float
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    memory_limit_in_mb: int = 512
    function_version: str = "$LATEST"
    invoked_function_arn: str = "arn:aws:lambda:ap-southeast-2:123456789012:function:local"
    started: float = field(default_factory=time.monotonic)

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda would end the invocation; never negative."""
        return max(0, int((self.seconds - (time.monotonic() - self.started)) * 1000))


def sqs_event(messages: Sequence["MessageTypeDef"], queue_arn: str, region: str) -> dict[str, Any]:
    """A batch of messages in the shape that Lambda hands on."""
    return {
        "Records": [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "md5OfBody": message.get("MD5OfBody", ""),
                "attributes": dict(message.get("Attributes", {})),
                "messageAttributes": {
                    name: {
                        "dataType": value["DataType"],
                        "stringValue": value.get("StringValue"),
                        "stringListValues": [],
                        "binaryListValues": [],
                    }
                    for name, value in message.get("MessageAttributes", {}).items()
                },
                "eventSource": "aws:sqs",
                "eventSourceARN": queue_arn,
                "awsRegion": region,
            }
            for message in messages
        ]
    }


def scheduled_event(name: str, region: str) -> dict[str, Any]:
    """What EventBridge sends when a rule is due."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": region,
        "resources": [f"arn:aws:events:{region}:123456789012:rule/{name}"],
        "detail": {},
    }


def failed(answer: object, there: Collection[str]) -> set[str]:
    """The messages, of those that there are, that a handler's answer names as failed.

    As Lambda has it: no answer names none, and one that names what is not there means all.
    """
    failures = answer.get("batchItemFailures") if isinstance(answer, dict) else None
    try:
        named = {failure["itemIdentifier"] for failure in failures or ()}
    except (KeyError, TypeError):
        return set(there)
    return set(there) if named - set(there) else named


@dataclass
class Queue:
    """One queue and the handler that it feeds."""

    sqs: "SQSClient"
    url: str
    arn: str
    handler: Handler
    name: str
    seconds: float = 60.0

    def poll(self, wait: int = POLL) -> int:
        """Receives one batch, hands it on, deletes what succeeded; returns how many came."""
        messages = self.sqs.receive_message(
            QueueUrl=self.url,
            MaxNumberOfMessages=BATCH,
            WaitTimeSeconds=wait,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        if messages:
            self._hand_on(messages)
        return len(messages)

    def _hand_on(self, messages: Sequence["MessageTypeDef"]) -> None:
        event = sqs_event(messages, self.arn, self.sqs.meta.region_name)
        try:
            answer = self.handler(event, Context(self.name, self.seconds))
        except Exception:
            LOG.exception("%s failed; its %d messages come back", self.name, len(messages))
            return
        left = failed(answer, {message["MessageId"] for message in messages})
        for message in messages:
            if message["MessageId"] not in left:
                self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])


def repeat(
    step: Callable[[], object], stop: threading.Event, pause: float, after: float = 0.0
) -> None:
    """Takes the step again and again until told to stop; an error is logged and waited out.

    The first one comes `after` seconds.
    """
    stop.wait(after)
    while not stop.is_set():
        try:
            step()
        except Exception:
            LOG.exception("a trigger failed")
            stop.wait(1)
        stop.wait(pause)


def steps(
    app: Chalice, arguments: argparse.Namespace
) -> list[tuple[Callable[[], object], float, float]]:
    """What is to be repeated, the seconds between, and those before the first time."""
    handlers = cast(Mapping[str, Handler], app.handler_map)
    sqs = boto3.client("sqs")
    url = os.environ["DLQ_URL"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    queue = Queue(sqs, url, arn, handlers[arguments.queue_handler], arguments.queue_handler)
    region = sqs.meta.region_name

    def due(schedule: str, seconds: float) -> object:
        return handlers[schedule](scheduled_event(schedule, region), Context(schedule, seconds))

    # What is rare must not be in the way of what is just being started.
    rare = [
        (partial(due, name, seconds), times * arguments.every, times * arguments.every)
        for name, seconds, times in RARE
        if name in handlers
    ]
    often = partial(due, arguments.schedule_handler, 60.0)
    return [(queue.poll, 0.0, 0.0), (often, arguments.every, 0.0), *rare]


def main() -> None:
    """Loads the app, prints {"ready"}, and triggers until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m local.triggers")
    parser.add_argument(
        "--project", type=Path, default=ROOT, help="the folder that holds app.py and .chalice"
    )
    parser.add_argument(
        "--every", type=float, default=2.0, help="seconds between two runs of the schedule"
    )
    parser.add_argument("--queue-handler", default="reprocess")
    parser.add_argument("--schedule-handler", default="poll")
    arguments = parser.parse_args()
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(message)s")
    logging.getLogger("botocore").setLevel(logging.WARNING)
    config = CLIFactory(str(arguments.project.resolve()), environ=os.environ).create_config_obj(
        "local"
    )
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    loops = [
        threading.Thread(target=repeat, args=(step, stop, *waits), daemon=True)
        for step, *waits in steps(config.chalice_app, arguments)
    ]
    announce(ready=True)
    for loop in loops:
        loop.start()
    stop.wait()
    for loop in loops:
        loop.join(PATIENCE)


if __name__ == "__main__":
    main()

"""What is called when nobody asks: the queue's handler and the schedule's, each with a line of log.

A message that was not dealt with stays in the queue, alone: the answer to a batch names it, and all
the others of the batch are tried. None is begun without the time to end it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from chalicelib.api import deadline, log
from chalicelib.domain.notices import DeadLetter

if TYPE_CHECKING:
    from datetime import datetime

    from chalice.app import Chalice, CloudWatchEvent, ScheduleExpression, SQSEvent, SQSRecord

# Messages of one call: SQS's most without a window to wait in.
BATCH = 10
# Seconds that one message may take while store and queue answer as late as they may.
WORST = 20
# Chalice's own wrapper, which Lambda finds under the function's name.
Handler = Callable[[Any, Any], Any]
TimeLeft = Callable[[], float]
BatchAnswer = dict[str, list[dict[str, str]]]


class OutOfTime(Exception):
    """A message was not begun, for want of time to end it."""


def on_queue(app: Chalice, arn: object) -> Callable[[Callable[[str], str]], Handler]:
    """Have a function called with each message's body; it says what it did with it.

    The event source has to be told to `ReportBatchItemFailures`, or the answer means nothing and
    what failed is lost.
    """

    def decorate(function: Callable[[str], str]) -> Handler:
        @wraps(function)
        def handle(event: SQSEvent) -> BatchAnswer:
            return _answer(function, event)

        handler: Handler = app.on_sqs_message(queue_arn=arn, batch_size=BATCH)(handle)  # type: ignore[arg-type] # a reference
        return handler

    return decorate


def on_schedule(
    app: Chalice, expression: ScheduleExpression
) -> Callable[[Callable[[TimeLeft], Mapping[str, int]]], Handler]:
    """Have a function called with the time that it has; what it counts is logged."""

    def decorate(function: Callable[[TimeLeft], Mapping[str, int]]) -> Handler:
        @wraps(function)
        def handle(event: CloudWatchEvent) -> None:
            with log.watched(function.__name__, _request_id(event.context)) as facts:
                facts.update(function(deadline.of_trigger(event.context)))

        handler: Handler = app.schedule(expression)(handle)
        return handler

    return decorate


def unreadable(message: str, *, at: datetime) -> DeadLetter:
    """A letter that stands for a message in the queue that is none of ours, for a person to see."""
    raw = message.encode(errors="backslashreplace")
    return DeadLetter("", "", raw, at, error="unreadable_message")


def _answer(function: Callable[[str], str], event: SQSEvent) -> BatchAnswer:
    """Try all messages that there is time for, and name those that have to come back.

    Raises:
        Exception: one that has to come back has no name, so that all of them do.
    """
    left = deadline.of_trigger(event.context)
    failures: list[dict[str, str]] = []
    for record in event:
        error: Exception | None = OutOfTime()
        if left() >= WORST:
            error = _attempt(function, record.body, event.context)
        else:
            _put_off(function.__name__, event.context)
        if error is not None:
            failures.append({"itemIdentifier": _name(record, error)})
    return {"batchItemFailures": failures}


def _name(record: SQSRecord, error: Exception) -> str:
    name = record.to_dict().get("messageId")
    if not name or not isinstance(name, str):
        raise error
    return name


def _put_off(operation: str, context: object) -> None:
    with log.watched(operation, _request_id(context)) as facts:
        facts["outcome"] = "put_off"


def _attempt(function: Callable[[str], str], body: str, context: object) -> Exception | None:
    try:
        with log.watched(function.__name__, _request_id(context)) as facts:
            facts["outcome"] = function(body)
    except Exception as error:  # noqa: BLE001 (raised once the others were tried)
        return error
    return None


def _request_id(context: object) -> str:
    return str(getattr(context, "aws_request_id", "") or uuid4())

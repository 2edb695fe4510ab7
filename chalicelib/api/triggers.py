"""What is called when nobody asks: the queue's handler and the schedule's, each with a line of log.

A message that was not dealt with stays in the queue: its error is raised, after all the others of
its batch were tried.
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

    from chalice.app import Chalice, CloudWatchEvent, ScheduleExpression, SQSEvent

# Chalice's own wrapper, which Lambda finds under the function's name.
Handler = Callable[[Any, Any], Any]
TimeLeft = Callable[[], float]


def on_queue(app: Chalice, arn: object) -> Callable[[Callable[[str], str]], Handler]:
    """Have a function called with each message's body; it says what it did with it."""

    def decorate(function: Callable[[str], str]) -> Handler:
        @wraps(function)
        def handle(event: SQSEvent) -> None:
            errors = [_attempt(function, record.body, event.context) for record in event]
            for error in filter(None, errors):
                raise error

        handler: Handler = app.on_sqs_message(queue_arn=arn, batch_size=1)(handle)  # type: ignore[arg-type] # a reference
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


def _attempt(function: Callable[[str], str], body: str, context: object) -> Exception | None:
    try:
        with log.watched(function.__name__, _request_id(context)) as facts:
            facts["outcome"] = function(body)
    except Exception as error:  # noqa: BLE001 (raised once the others were tried)
        return error
    return None


def _request_id(context: object) -> str:
    return str(getattr(context, "aws_request_id", "") or uuid4())

"""The queue's handler: a batch is answered with those messages that have to come back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from chalice.app import Chalice

from chalicelib.api.deadline import RESERVE
from chalicelib.api.triggers import BATCH, WORST, Handler, OutOfTime, on_queue

if TYPE_CHECKING:
    from collections.abc import Callable


class Context:
    """Lambda's, with so many seconds left each time that it is asked."""

    aws_request_id = "an-invocation"

    def __init__(self, *seconds: float) -> None:
        self.seconds = list(seconds) or [60.0]

    def get_remaining_time_in_millis(self) -> float:
        """What is left, and less the next time."""
        return 1000 * (self.seconds.pop(0) if len(self.seconds) > 1 else self.seconds[0])


def handler_of(function: Callable[[str], str]) -> Handler:
    app = Chalice("batches", configure_logs=False, env={})  # Chalice writes into its environment
    return on_queue(app, "arn:aws:sqs:ap-southeast-2:000000000000:queue")(function)


def event(*bodies: str, **changed: Any) -> dict[str, Any]:
    return {
        "Records": [
            {"messageId": f"id of {body}", "receiptHandle": "r", "body": body, **changed}
            for body in bodies
        ]
    }


def failures(answer: Any) -> list[str]:
    assert answer.keys() == {"batchItemFailures"}
    assert all(each.keys() == {"itemIdentifier"} for each in answer["batchItemFailures"])
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


def heard_by(poison: frozenset[str]) -> tuple[list[str], Handler]:
    heard: list[str] = []

    def hear(message: str) -> str:
        heard.append(message)
        if message in poison:
            raise ZeroDivisionError
        return "heard"

    return heard, handler_of(hear)


@pytest.mark.parametrize("number", range(BATCH))
def test_one_poison_message_costs_only_itself(number: int):
    bodies = [f"message {each}" for each in range(BATCH)]
    heard, handle = heard_by(frozenset({bodies[number]}))
    assert failures(handle(event(*bodies), Context())) == [f"id of {bodies[number]}"]
    assert heard == bodies


def test_nothing_is_named_where_nothing_failed_and_all_where_all_did():
    _, handle = heard_by(frozenset({"a", "b"}))
    assert failures(handle(event("c", "d"), Context())) == []
    assert failures(handle(event("a", "b"), Context())) == ["id of a", "id of b"]


def test_what_there_is_no_time_for_is_not_begun_and_comes_back(caplog: pytest.LogCaptureFixture):
    heard, handle = heard_by(frozenset())
    enough, late = WORST + RESERVE, WORST + RESERVE - 0.001
    answer = handle(event("a", "b", "c"), Context(enough, late))
    assert failures(answer) == ["id of b", "id of c"]
    assert heard == ["a"]
    assert [json.loads(each)["outcome"] for each in caplog.messages] == [
        "heard", "put_off", "put_off",
    ]  # fmt: skip


@pytest.mark.parametrize("name", [None, "", 7])
def test_what_cannot_be_named_brings_all_of_them_back(name: object):
    _, handle = heard_by(frozenset({"bad"}))
    with pytest.raises(ZeroDivisionError):
        handle(event("good", "bad", messageId=name), Context())
    with pytest.raises(OutOfTime):
        handle(event("good", messageId=name), Context(0.0))
    assert failures(handle(event("good", messageId=name), Context())) == []
    nameless = event("bad")
    del nameless["Records"][0]["messageId"]
    with pytest.raises(ZeroDivisionError):
        handle(nameless, Context())


def test_an_invocation_that_tells_no_time_is_taken_to_be_a_short_one():
    heard, handle = heard_by(frozenset())
    assert failures(handle(event("a"), object())) == []
    assert heard == ["a"]

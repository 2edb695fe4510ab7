"""What Lambda does with a queue and a schedule, done here."""

import threading
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from chalice.app import Chalice

from chalicelib.api.triggers import on_queue
from local.triggers import Context, Queue, failed, repeat, scheduled_event, sqs_event


@dataclass
class Meta:
    """What a client says of itself."""

    region_name: str = "ap-southeast-2"


@dataclass
class Sqs:
    """A queue that hands out what it was given, once."""

    waiting: list[dict[str, Any]]
    meta: Meta = field(default_factory=Meta)
    deleted: list[str] = field(default_factory=list)

    def receive_message(self, **_: object) -> dict[str, Any]:
        messages, self.waiting = self.waiting, []
        return {"Messages": messages} if messages else {}

    def delete_message(self, QueueUrl: str, ReceiptHandle: str) -> None:  # noqa: ARG002, N803
        self.deleted.append(ReceiptHandle)


def message(name: str, body: str = "{}") -> dict[str, Any]:
    attributes = {"ApproximateReceiveCount": "3", "SentTimestamp": "1795253490000"}
    text = {"DataType": "String", "StringValue": "x"}
    return {
        "MessageId": name,
        "ReceiptHandle": f"handle of {name}",
        "Body": body,
        "Attributes": attributes,
        "MessageAttributes": {"why": text},
    }


def queue(sqs: Sqs, handler: Any) -> Queue:
    return Queue(cast(Any, sqs), "http://127.0.0.1/q", "arn:aws:sqs:::q", handler, "reprocess")


def test_what_the_handler_took_is_deleted() -> None:
    sqs = Sqs([message("a"), message("b")])
    assert queue(sqs, lambda _event, _context: None).poll() == 2
    assert sqs.deleted == ["handle of a", "handle of b"]


def test_what_the_handler_names_as_failed_comes_back() -> None:
    sqs = Sqs([message("a"), message("b")])
    answer = {"batchItemFailures": [{"itemIdentifier": "a"}]}
    queue(sqs, lambda _event, _context: answer).poll()
    assert sqs.deleted == ["handle of b"]


def test_when_the_handler_fails_all_of_the_batch_comes_back() -> None:
    def fails(_event: object, _context: object) -> None:
        raise RuntimeError("the table is away")

    sqs = Sqs([message("a"), message("b")])
    assert queue(sqs, fails).poll() == 2
    assert sqs.deleted == []


def test_an_empty_queue_troubles_nobody() -> None:
    heard: list[object] = []
    assert queue(Sqs([]), lambda event, _context: heard.append(event)).poll() == 0
    assert heard == []


def test_a_record_carries_what_lambda_would_hand_on() -> None:
    messages = cast(Any, [message("a", "one"), message("b", "two")])
    records = sqs_event(messages, "arn:q", "ap-southeast-2")["Records"]
    assert [record["messageId"] for record in records] == ["a", "b"]
    assert [record["body"] for record in records] == ["one", "two"]
    assert records[0]["attributes"]["ApproximateReceiveCount"] == "3"
    assert records[0]["messageAttributes"]["why"]["stringValue"] == "x"
    assert records[0]["eventSourceARN"] == "arn:q"


def test_a_handler_knows_how_long_it_has() -> None:
    context = Context("poll", 60.0)
    assert 59_000 < context.get_remaining_time_in_millis() <= 60_000
    context.started -= 100
    assert context.get_remaining_time_in_millis() == 0
    assert Context("poll", 1.0).aws_request_id != context.aws_request_id


def test_a_schedule_sends_what_eventbridge_would() -> None:
    event = scheduled_event("poll", "ap-southeast-2")
    assert event["detail-type"] == "Scheduled Event"
    assert event["resources"] == ["arn:aws:events:ap-southeast-2:123456789012:rule/poll"]


def test_answers_without_failures_name_none() -> None:
    assert failed(None, {"a"}) == set()
    assert failed({"batchItemFailures": []}, {"a"}) == set()
    assert failed({"batchItemFailures": None}, {"a"}) == set()
    assert failed("ok", {"a"}) == set()


@pytest.mark.parametrize("odd", [{"itemIdentifier": "c"}, {"itemIdentifier": ""}, {}, "a", None])
def test_an_answer_that_names_what_is_not_there_brings_all_back(odd: object) -> None:
    answer = {"batchItemFailures": [{"itemIdentifier": "a"}, odd]}
    assert failed(answer, {"a", "b"}) == {"a", "b"}


def test_the_apps_own_handler_costs_a_poison_message_only_itself() -> None:
    def hear(body: str) -> str:
        if body == "poison":
            raise RuntimeError
        return "heard"

    handler = on_queue(Chalice("triggers"), "arn:aws:sqs:::q")(hear)
    sqs = Sqs([message("a"), message("b", "poison"), message("c")])
    queue(sqs, handler).poll()
    assert sqs.deleted == ["handle of a", "handle of c"]


def test_a_step_that_fails_is_taken_again() -> None:
    stop = threading.Event()
    taken: list[int] = []

    def step() -> None:
        taken.append(len(taken))
        if len(taken) == 1:
            raise RuntimeError("the engine is not there yet")
        stop.set()

    repeat(step, stop, 0)
    assert taken == [0, 1]


def test_what_is_rare_is_not_in_the_way_of_what_is_just_being_started() -> None:
    stop = threading.Event()
    taken: list[int] = []
    late = threading.Thread(target=repeat, args=(lambda: taken.append(1), stop, 60.0, 60.0))
    late.start()
    stop.set()
    late.join(5)
    assert (taken, late.is_alive()) == ([], False)

"""What `DeadLetters` promises: a letter comes back whole and in its time, or is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import boto3
import pytest
from botocore.config import Config

from chalicelib.adapters.sqs import SqsDeadLetters, letter_from
from chalicelib.domain.errors import QueueUnavailable
from chalicelib.domain.notices import DeadLetter
from local.engines import ACCOUNT, REGION
from tests.contracts.stores import NOBODY
from tests.fakes.clock import START
from tests.fakes.queue import FakeDeadLetters

LETTER = DeadLetter(
    event_name="NppReturn", webhook_id="42", raw=b'{"Amount": 2.00}\x00\xff',
    received_at=START + timedelta(microseconds=456789), error="store_unavailable", attempts=3,
    request_id="r-1",
)  # fmt: skip


class Fake:
    """The fake, and what lies in it."""

    def __init__(self):
        self.port = self.queue = FakeDeadLetters()

    def waiting(self):
        """Letters that are there to be taken now, taken."""
        now = [letter for letter, delay in self.queue.queued if delay == 0]
        self.queue.queued = [each for each in self.queue.queued if each[1]]
        return now

    def go_away(self):
        self.queue.down = True


class Embedded:
    """The adapter on a queue of its own on the embedded engine."""

    def __init__(self, endpoint):
        self.client = _client(endpoint)
        self.url = self.client.create_queue(QueueName=f"letters-{uuid4()}")["QueueUrl"]
        self.port = SqsDeadLetters(self.client, self.url)

    def waiting(self):
        """Letters that are there to be taken now, taken."""
        letters = []
        while messages := self.client.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=10
        ).get("Messages"):
            for message in messages:
                letters.append(letter_from(message["Body"]))
                self.client.delete_message(
                    QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"]
                )
        return letters

    def go_away(self):
        self.port = SqsDeadLetters(_client(NOBODY), f"{NOBODY}/letters")


def _client(endpoint):
    return boto3.client(
        "sqs", endpoint_url=endpoint, region_name=REGION, aws_access_key_id=ACCOUNT,
        aws_secret_access_key="fake-secret",
        config=Config(retries={"mode": "standard", "total_max_attempts": 1}),
    )  # fmt: skip


@pytest.fixture(params=["fake", "ministack", "moto"])
def queue(request):
    if request.param == "fake":
        yield Fake()
        return
    cloud = request.getfixturevalue(request.param)
    made = Embedded(cloud.environment["AWS_ENDPOINT_URL"])
    yield made
    made.client.delete_queue(QueueUrl=made.url)
    made.client.close()


def test_a_letter_comes_back_whole_and_once(queue):
    queue.port.put(LETTER, delay=0)
    assert queue.waiting() == [LETTER]
    assert queue.waiting() == []


@pytest.mark.parametrize("raw", [b"", bytes(range(256)), "é€😀".encode(), b"x" * 100_000])
def test_any_body_comes_back_as_it_was(queue, raw):
    queue.port.put(replace(LETTER, raw=raw), delay=0)
    assert [letter.raw for letter in queue.waiting()] == [raw]


def test_the_reference_does_not_travel_it_is_read_again_from_the_body(queue):
    queue.port.put(replace(LETTER, reference="x-1"), delay=0)
    assert queue.waiting() == [LETTER]


def test_the_same_letter_twice_is_two_letters(queue):
    for _ in range(2):
        queue.port.put(LETTER, delay=0)
    assert queue.waiting() == [LETTER, LETTER]


@pytest.mark.parametrize("delay", [30, 900])
def test_a_letter_that_is_held_back_is_not_there_yet(queue, delay):
    queue.port.put(LETTER, delay=delay)
    queue.port.put(replace(LETTER, webhook_id="43"), delay=0)
    assert [letter.webhook_id for letter in queue.waiting()] == ["43"]


def test_a_queue_that_is_there_says_nothing(queue):
    queue.port.check()


def test_a_queue_that_is_away_says_so(queue):
    queue.go_away()
    with pytest.raises(QueueUnavailable):
        queue.port.put(LETTER, delay=0)
    with pytest.raises(QueueUnavailable):
        queue.port.check()

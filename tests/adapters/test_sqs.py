"""The queue of dead letters, and how a letter travels."""

import base64
import json
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from chalicelib.adapters.sqs import LARGEST_BODY, SqsDeadLetters, body_of, letter_from
from chalicelib.domain.errors import Invalid, QueueUnavailable
from chalicelib.domain.notices import DeadLetter

LETTER = DeadLetter(
    event_name="NppReturn",
    webhook_id="42",
    raw=b'{"Amount": 2.00}\x00\xff',
    received_at=datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=UTC),
    error="store_unavailable",
    attempts=3,
    request_id="r-1",
)


@pytest.fixture
def queue():
    with mock_aws():
        sqs = boto3.client(
            "sqs", region_name="ap-southeast-2", aws_access_key_id="fake",
            aws_secret_access_key="fake",
        )  # fmt: skip
        yield sqs, sqs.create_queue(QueueName="letters")["QueueUrl"]


def test_a_letter_comes_back_as_it_was_put(queue):
    sqs, url = queue
    SqsDeadLetters(sqs, url).put(LETTER, delay=0)
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    assert letter_from(message["Body"]) == LETTER


def test_a_letter_is_held_back(queue):
    sqs, url = queue
    SqsDeadLetters(sqs, url).put(LETTER, delay=900)
    assert "Messages" not in sqs.receive_message(QueueUrl=url)


@pytest.mark.parametrize(("asked", "given"), [(30, 30), (5000, 900), (-1, 0)])
def test_a_delay_is_one_that_the_queue_can_keep(asked, given):
    class Client:
        sent: dict

        def send_message(self, **sent):
            self.sent = sent

    client: Any = Client()
    SqsDeadLetters(client, "url").put(LETTER, delay=asked)
    assert client.sent["DelaySeconds"] == given


def test_a_queue_that_is_gone_is_unavailable(queue):
    sqs, url = queue
    sqs.delete_queue(QueueUrl=url)
    with pytest.raises(QueueUnavailable):
        SqsDeadLetters(sqs, url).put(LETTER, delay=0)


def test_a_queue_that_cannot_be_reached_is_unavailable():
    sqs = boto3.client(
        "sqs", region_name="ap-southeast-2", aws_access_key_id="fake",
        aws_secret_access_key="fake", endpoint_url="http://127.0.0.1:9",
    )  # fmt: skip
    with pytest.raises(QueueUnavailable):
        SqsDeadLetters(sqs, "http://127.0.0.1:9/queue").put(LETTER, delay=0)


def test_the_body_has_the_agreed_names():
    body = json.loads(body_of(LETTER))
    assert zlib.decompress(base64.b64decode(body.pop("webhook_payload"))) == LETTER.raw
    assert body == {
        "event_name": "NppReturn", "webhook_id": "42", "error_message": "store_unavailable",
        "timestamp": "2026-03-02T01:02:03.456789+00:00", "lambda_request_id": "r-1", "attempts": 3,
    }  # fmt: skip


@given(st.binary(max_size=2000))
def test_any_webhook_survives_the_journey(raw):
    letter = DeadLetter("", "", raw, LETTER.received_at, "")
    assert letter_from(body_of(letter)) == letter


def _with(**changes):
    return json.dumps({**json.loads(body_of(LETTER)), **changes})


@pytest.mark.parametrize(
    "body",
    [
        "", "{}", "[]", "null", "[" * 100_000,
        _with(attempts="3"), _with(attempts=0), _with(attempts=True), _with(attempts=1.5),
        _with(timestamp="2026-03-02T01:02:03"), _with(timestamp="0001-01-01T00:00:00+14:00"),
        _with(timestamp="yesterday"), _with(event_name=None), _with(webhook_payload="€"),
        _with(webhook_payload="AAAA"), _with(webhook_payload=""),
        _with(webhook_payload=base64.b64encode(zlib.compress(b"x" * 100)[:-6]).decode()),
    ],
    ids=lambda body: body[-60:],
)  # fmt: skip
def test_rubbish_is_invalid_and_nothing_else(body):
    with pytest.raises(Invalid):
        letter_from(body)


def test_a_packed_bomb_is_not_unpacked():
    bomb = base64.b64encode(zlib.compress(b"\0" * (LARGEST_BODY + 1))).decode()
    with pytest.raises(Invalid):
        letter_from(_with(webhook_payload=bomb))


def test_a_queue_that_is_there_answers(queue):
    SqsDeadLetters(*queue).check()


def test_a_queue_that_is_not_there_is_unavailable(queue):
    sqs, url = queue
    with pytest.raises(QueueUnavailable):
        SqsDeadLetters(sqs, f"{url}-of-nobody").check()


def test_messages_that_were_put_aside_are_counted(queue):
    sqs, url = queue
    aside = sqs.create_queue(QueueName="last-resort")["QueueUrl"]
    letters = SqsDeadLetters(sqs, url, aside)
    assert letters.given_up() == 0
    for _ in range(2):
        sqs.send_message(QueueUrl=aside, MessageBody="rubbish")
    assert letters.given_up() == 2
    assert SqsDeadLetters(sqs, url).given_up() == 0
    with pytest.raises(QueueUnavailable):
        SqsDeadLetters(sqs, url, f"{aside}-of-nobody").given_up()


def test_a_message_that_an_earlier_version_wrote_is_read():
    """Letters wait for days: what is in the queue was packed by whatever ran then."""
    written = (
        '{"webhook_payload": "eJyrVnLMzS/NK1GyUjDSMzCoBQAr9QTL", "event_name": "NppReturn", '
        '"webhook_id": "42", "error_message": "store_unavailable", '
        '"timestamp": "2026-03-02T01:02:03.456789+00:00", "lambda_request_id": "r-1", '
        '"attempts": 3}'
    )
    assert letter_from(written) == replace(LETTER, raw=b'{"Amount": 2.00}')

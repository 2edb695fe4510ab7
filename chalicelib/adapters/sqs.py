"""SQS: the queue of dead letters, and the shape in which a letter travels.

The body carries the webhook whole, packed, because it must survive the loss of everything else.
The queue is encrypted at rest; nothing of it is logged.
"""

from __future__ import annotations

import base64
import json
import zlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chalicelib.adapters import exact_json
from chalicelib.domain.errors import Invalid, QueueUnavailable
from chalicelib.domain.notices import DeadLetter

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.literals import QueueAttributeNameType

LONGEST_DELAY = 900
# Unpacked bytes: what API Gateway lets in, and more than any packed bomb should become.
LARGEST_BODY = 10 * 1024 * 1024


class SqsDeadLetters:
    """The `DeadLetters` port on an SQS queue."""

    def __init__(self, client: SQSClient, queue_url: str, last_resort_url: str = "") -> None:
        self._client = client
        self._queue_url = queue_url
        self._last_resort_url = last_resort_url

    def put(self, letter: DeadLetter, *, delay: int) -> None:
        """Queue it, to come back in `delay` seconds (at most 900).

        Raises:
            QueueUnavailable: it is not queued.
        """
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 (dear to import)

        try:
            self._client.send_message(
                QueueUrl=self._queue_url,
                MessageBody=body_of(letter),
                DelaySeconds=max(0, min(delay, LONGEST_DELAY)),
            )
        except (BotoCoreError, ClientError) as error:
            raise QueueUnavailable(
                f"A dead letter could not be queued: {type(error).__name__}."
            ) from error

    def check(self) -> None:
        """Ask the queue whether it is there.

        Raises:
            QueueUnavailable: it does not answer.
        """
        self._attribute(self._queue_url, "QueueArn")

    def given_up(self) -> int:
        """About how many messages failed so often that the queue put them aside.

        Raises:
            QueueUnavailable: it does not answer.
        """
        if not self._last_resort_url:
            return 0
        return int(self._attribute(self._last_resort_url, "ApproximateNumberOfMessages"))

    def _attribute(self, url: str, name: QueueAttributeNameType) -> str:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 (the same)

        try:
            answer = self._client.get_queue_attributes(QueueUrl=url, AttributeNames=[name])
        except (BotoCoreError, ClientError) as error:
            raise QueueUnavailable(f"The queue does not answer: {type(error).__name__}.") from error
        return answer.get("Attributes", {}).get(name, "0")


def body_of(letter: DeadLetter) -> str:
    """The message's body: JSON, the webhook's own body in it as Base64 of its zlib form."""
    return json.dumps(
        {
            "webhook_payload": base64.b64encode(zlib.compress(letter.raw)).decode(),
            "event_name": letter.event_name,
            "webhook_id": letter.webhook_id,
            "error_message": letter.error,
            "timestamp": letter.received_at.astimezone(UTC).isoformat(),
            "lambda_request_id": letter.request_id,
            "attempts": letter.attempts,
        }
    )


def letter_from(body: str) -> DeadLetter:
    """The letter that `body_of` packed.

    Raises:
        Invalid: it is not such a body.
    """
    try:
        told = exact_json.read_object(body)
        return DeadLetter(
            event_name=_text(told["event_name"]),
            webhook_id=_text(told["webhook_id"]),
            raw=_unpacked(_text(told["webhook_payload"])),
            received_at=_moment(_text(told["timestamp"])),
            error=_text(told["error_message"]),
            attempts=_count(told["attempts"]),
            request_id=_text(told["lambda_request_id"]),
        )
    except (KeyError, ValueError, OverflowError, zlib.error):
        raise Invalid("The message is not a dead letter of ours.") from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")  # noqa: TRY004 (one kind of error: it is not a letter)
    return value


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value < 10**6:
        raise ValueError("not a count")
    return value


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("not a moment")
    return moment.astimezone(UTC)


def _unpacked(value: str) -> bytes:
    packing = zlib.decompressobj()
    raw = packing.decompress(base64.b64decode(value, validate=True), LARGEST_BODY)
    if not packing.eof:
        raise ValueError("cut off, or too large")
    return raw

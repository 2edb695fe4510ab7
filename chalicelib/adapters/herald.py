"""SNS: a short text to whoever has subscribed to the topic of the nights.

What is told is in its callers' hands: figures and counts. Neither subject nor text is ever logged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.errors import QueueUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_sns import SNSClient

# SNS takes no other subjects: printable ASCII, at most so long.
LONGEST_SUBJECT = 100
LONGEST_TEXT = 60_000


class SnsHerald:
    """The port `Herald` on a topic; without one nobody is told, and no client is made."""

    def __init__(self, client: Callable[[], SNSClient], topic_arn: str | None) -> None:
        self._make = client
        self._topic_arn = topic_arn
        self._client: SNSClient | None = None

    def tell(self, subject: str, text: str) -> None:
        """Send it; a subject is made fit for SNS, and a text too long is cut.

        Raises:
            QueueUnavailable: whether it was sent is not known; again may tell it twice.
        """
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 (dear to import)

        if not self._topic_arn:
            return
        try:
            self._client = self._client or self._make()
            self._client.publish(
                TopicArn=self._topic_arn, Subject=_subject(subject), Message=text[:LONGEST_TEXT]
            )
        except (BotoCoreError, ClientError) as error:
            raise QueueUnavailable(
                f"SNS does not take a message: {type(error).__name__}."
            ) from error


def _subject(text: str) -> str:
    """As SNS takes it: one line, ASCII, not too long."""
    line = " ".join(text.split())
    return line.encode("ascii", "replace").decode()[:LONGEST_SUBJECT]

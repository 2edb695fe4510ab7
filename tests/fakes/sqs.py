"""A queue in memory behind the calls of SQS that are made: delays, visibility, a last resort.

Time is that of a clock which is moved by hand. `refuses` says of which bodies it cannot be reached.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from botocore.exceptions import EndpointConnectionError

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_DELAY = 900
VISIBILITY = 360.0


@dataclass
class Message:
    """A message; `visible_at` is in seconds of the clock."""

    message_id: str
    body: str
    visible_at: float
    received: int = 0

    def record(self) -> dict[str, Any]:
        """As Lambda hands it on."""
        return {
            "messageId": self.message_id, "receiptHandle": self.message_id, "body": self.body,
            "attributes": {"ApproximateReceiveCount": str(self.received)},
        }  # fmt: skip


def _never(_body: str) -> bool:
    return False


class MemorySqs:
    """The client of one queue."""

    def __init__(self, monotonic: Callable[[], float], *, most_receives: int = 1000) -> None:
        self.refuses: Callable[[str], bool] = _never
        self.waiting: dict[str, Message] = {}
        self.last_resort: list[Message] = []
        self._monotonic = monotonic
        self._most_receives = most_receives
        self._numbers = count(1)

    def send_message(self, *, QueueUrl: str, MessageBody: str, DelaySeconds: int = 0) -> None:  # noqa: N803 (boto3's)
        """Queue it."""
        if self.refuses(MessageBody):
            raise EndpointConnectionError(endpoint_url=QueueUrl)
        if not 0 <= DelaySeconds <= MOST_DELAY:
            raise ValueError("the queue delays by 0 to 900 seconds")
        self.put(MessageBody, DelaySeconds)

    def put(self, body: str, delay: float = 0.0) -> None:
        """A message that got there by some other way."""
        own = f"message {next(self._numbers)}"
        self.waiting[own] = Message(own, body, self._monotonic() + delay)

    def receive(self, most: int = 10) -> list[Message]:
        """Those that are visible now, hidden from now on, the longest visible first."""
        now, taken = self._monotonic(), list[Message]()
        for each in sorted(self.waiting.values(), key=lambda one: one.visible_at):
            if each.visible_at > now or len(taken) == most:
                break
            each.received += 1
            each.visible_at = now + VISIBILITY
            if each.received > self._most_receives:
                self.last_resort.append(self.waiting.pop(each.message_id))
                continue
            taken.append(each)
        return taken

    def delete(self, message_id: str) -> None:
        """It was dealt with."""
        del self.waiting[message_id]

    def next_at(self) -> float | None:
        """When the next message is visible, in seconds of the clock; `None`: there is none."""
        return min((each.visible_at for each in self.waiting.values()), default=None)

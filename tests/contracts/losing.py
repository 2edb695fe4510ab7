"""Replies to writes that are lost on their way back, at the client, once the write is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ReadTimeoutError

from tests.fakes.dynamodb import Answer, MemoryDynamo

WRITES = frozenset({"PutItem", "UpdateItem", "TransactWriteItems"})


@dataclass
class Replies:
    """How many of the next replies to writes are lost; refusals are replies, too."""

    lost: int = 0

    def lose(self, count: int) -> None:
        self.lost = count

    def arrive(self) -> None:
        """Be lost, if that is the next one's fate."""
        if self.lost:
            self.lost -= 1
            raise ReadTimeoutError(endpoint_url="http://dynamodb")

    def hear(self, model, **_more) -> None:
        """The same, as a handler of botocore's `after-call`."""
        if model.name in WRITES:
            self.arrive()


class LossyDynamo(MemoryDynamo):
    """The DynamoDB in memory, on a line that loses replies."""

    def __init__(self, replies: Replies, **settings: Any) -> None:
        super().__init__(**settings)
        self._replies = replies

    def put_item(self, **request: Any) -> Answer:
        try:
            return super().put_item(**request)
        finally:
            self._replies.arrive()

    def update_item(self, **request: Any) -> Answer:
        try:
            return super().update_item(**request)
        finally:
            self._replies.arrive()

    def transact_write_items(self, **request: Any) -> Answer:
        try:
            return super().transact_write_items(**request)
        finally:
            self._replies.arrive()

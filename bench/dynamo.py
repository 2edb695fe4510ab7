"""One DynamoDB in memory for all sides, with the dice before it.

The store of the project's own tests, and the one operation more that the library needs. What a
client does about a failed call is the client's: botocore's own retries are played in `Patient`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, ReadTimeoutError

from bench.faults import QUICK, Crash, Fault
from tests.fakes.dynamodb import MemoryDynamo

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.faults import Dice, Invocation

READ_TIMEOUT = 3.0  # seconds, on both sides
TRIES = 10  # botocore's own default for DynamoDB
OPERATIONS = frozenset(
    {
        "get_item", "batch_get_item", "put_item", "update_item", "delete_item", "query",
        "transact_write_items",
    }
)  # fmt: skip


class Dynamo(MemoryDynamo):
    """The DynamoDB in memory, with deletions from tables that have no index."""

    def delete_item(self, *, TableName: str, Key: dict[str, Any]) -> dict[str, Any]:  # noqa: N803 (boto3's)
        """Take an item away, if it is there."""
        with self._lock:
            table = self._table(TableName, "DeleteItem")
            table.rows.pop(table.key(Key), None)
        return {}


class Struck:
    """A client through which the dice strike each call; `calls` counts them."""

    def __init__(self, client: Dynamo, dice: Dice, invocation: Invocation) -> None:
        self.calls = 0
        self._client = client
        self._dice = dice
        self._invocation = invocation

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in OPERATIONS:
            raise AttributeError(name)
        true = getattr(self._client, name)

        def call(**request: Any) -> Any:  # noqa: ANN401 (as boto3's)
            return self._call(name, lambda: true(**request))

        return call

    def _call(self, name: str, true: Callable[[], Any]) -> Any:  # noqa: ANN401 (as boto3's)
        self.calls += 1
        fault = self._dice.roll("store")
        if fault is Fault.CRASH_BEFORE:
            raise Crash
        if fault is Fault.LOST_REQUEST:
            self._time_out()
        answer = true()
        if fault is Fault.CRASH_AFTER:
            raise Crash
        if fault is Fault.LAMBDA_TIMEOUT:
            self._invocation.time_out()
        if fault is Fault.LOST_REPLY:
            self._time_out()
        self._invocation.spend(QUICK)
        if fault is Fault.ERROR_AFTER:
            raise _server_error(name)
        return answer

    def _time_out(self) -> None:
        self._invocation.spend(READ_TIMEOUT)
        raise ReadTimeoutError(endpoint_url="memory")


class Patient:
    """A client that calls again as botocore's does by default: after time-outs and 5xx."""

    def __init__(self, client: Struck, invocation: Invocation) -> None:
        self._client = client
        self._invocation = invocation

    def __getattr__(self, name: str) -> Callable[..., Any]:
        true = getattr(self._client, name)

        def call(**request: Any) -> Any:  # noqa: ANN401 (as boto3's)
            for number in range(TRIES):
                try:
                    return true(**request)
                except (ReadTimeoutError, ClientError) as error:
                    if number == TRIES - 1 or not _is_passing(error):
                        raise
                self._invocation.spend(QUICK * (1 << number))
            raise AssertionError("never reached")

        return call


def _is_passing(error: ReadTimeoutError | ClientError) -> bool:
    return not isinstance(error, ClientError) or (
        error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500
    )


def _server_error(operation: str) -> ClientError:
    response: Any = {
        "Error": {"Code": "InternalServerError", "Message": "Internal server error"},
        "ResponseMetadata": {"HTTPStatusCode": 500},
    }
    return ClientError(response, operation)

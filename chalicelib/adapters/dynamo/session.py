"""Calls of DynamoDB that are tried again, and conditional writes whose lost replies are cleared up.

Nothing is retried but what cannot do harm twice: reads, and writes under a condition that their own
success ends. Refuses to guess: where it cannot learn what became of a write it says so.
"""

from __future__ import annotations

import random
import time
import uuid
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from botocore.exceptions import ClientError

from chalicelib.adapters.dynamo.troubles import ERRORS, Trouble, judge, reasons
from chalicelib.adapters.dynamo.values import Row, from_item, to_item
from chalicelib.domain.errors import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

P = ParamSpec("P")
R = TypeVar("R")

SHORTEST_PAUSE = 0.02  # seconds
LONGEST_PAUSE = 0.5
ROW = "row"


class Refused(Exception):
    """A condition did not hold. `found` has each part that failed, and the row there, if any.

    `in_doubt` says that an earlier sending of the same write got no answer, so that the row found
    may be our own.
    """

    def __init__(self, found: Mapping[str, Row | None], *, in_doubt: bool) -> None:
        super().__init__(", ".join(found))
        self.found = found
        self.in_doubt = in_doubt


class Session:
    """A client with patience. `within` is in seconds: after it nothing is tried again."""

    def __init__(
        self,
        client: DynamoDBClient,
        *,
        within: float = 4.0,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.client = client
        self._within = within
        self._sleep = sleep
        self._monotonic = monotonic

    def tries(self) -> Iterator[int]:
        """Numbers of tries: the first at once, others after a longer and longer random pause."""
        deadline = self._monotonic() + self._within
        tried = 0
        while True:
            yield tried
            longest = min(LONGEST_PAUSE, SHORTEST_PAUSE * (1 << min(tried, 10)))
            tried += 1
            pause = random.uniform(0, longest)  # noqa: S311 (jitter is no secret)
            if self._monotonic() + pause >= deadline:
                return
            self._sleep(pause)

    def call(self, call: Callable[P, R], *args: P.args, **request: P.kwargs) -> R:
        """The answer to a read, or to the writing of one row under a condition.

        Raises:
            Refused: the condition did not hold; the row found is told as `ROW`.
            StoreUnavailable: there was no answer; whether a row was written is not known.
        """
        answer: R = self._persist(lambda: call(*args, **request), (ROW,), None)
        return answer

    def row(self, table: str, key: Row, *, only: str = "") -> Row | None:
        """A row, read consistently; `None` where it is not there. `only` as in `batch`.

        Raises:
            StoreUnavailable: there was no answer.
        """
        less: Any = _only(only) if only else {}
        answer = self.call(
            self.client.get_item, TableName=table, Key=to_item(key), ConsistentRead=True, **less
        )
        return from_item(answer["Item"]) if "Item" in answer else None

    def batch(self, keys: Mapping[str, Sequence[Row]], *, only: str = "") -> dict[str, list[Row]]:
        """Rows of several tables, by table, in no order, read consistently; some may not be there.

        Keys that the service left out are asked for again. `only` names the one attribute to read.

        Raises:
            StoreUnavailable: some were left out again and again.
        """
        wanted: Mapping[str, Any] = {
            table: {"Keys": [to_item(row) for row in rows], "ConsistentRead": True}
            | (_only(only) if only else {})
            for table, rows in keys.items()
        }
        found: dict[str, list[Row]] = {table: [] for table in keys}
        for _ in self.tries():
            answer = self.call(self.client.batch_get_item, RequestItems=wanted)
            for table, items in answer["Responses"].items():
                found[table] += [from_item(item) for item in items]
            wanted = answer.get("UnprocessedKeys", {})
            if not wanted:
                return found
        raise StoreUnavailable("The store is too busy to answer.")

    def transact(
        self, parts: Mapping[str, TransactWriteItemTypeDef], *, recognise: Callable[[], bool]
    ) -> None:
        """Write all parts or none; `recognise` looks for them, should it stay unclear.

        Sent again it is the same transaction to the service, by its token; where the service has
        forgotten the token the conditions refuse it, and the rows found tell.

        Raises:
            Refused: conditions of some parts did not hold.
            StoreUnavailable: whether it was written is not known.
        """
        token, items = str(uuid.uuid4()), list(parts.values())
        self._persist(
            lambda: self.client.transact_write_items(TransactItems=items, ClientRequestToken=token),
            tuple(parts),
            recognise,
        )

    def _persist(
        self, call: Callable[[], R], names: tuple[str, ...], recognise: Callable[[], bool] | None
    ) -> R | Any:  # noqa: ANN401 (a recognised write has no answer)
        in_doubt, last = False, None
        for _ in self.tries():
            try:
                return call()
            except ERRORS as error:
                last, trouble = error, judge(error)
            if trouble is Trouble.DEFECT:
                raise last
            if trouble is Trouble.REFUSED and isinstance(last, ClientError):
                raise Refused(_found(last, names), in_doubt=in_doubt) from last
            in_doubt = in_doubt or trouble is Trouble.UNKNOWN
            if trouble is Trouble.LASTING:
                break
        if in_doubt and recognise is not None and recognise():
            return None
        raise StoreUnavailable("The store does not answer.") from last


def _only(name: str) -> dict[str, Any]:
    return {"ProjectionExpression": "#1", "ExpressionAttributeNames": {"#1": name}}


def _found(error: ClientError, names: tuple[str, ...]) -> dict[str, Row | None]:
    """The parts whose condition failed, each with the row that was there."""
    told: Mapping[str, Any] = error.response
    if "CancellationReasons" not in told:
        return {names[0]: _row(told)}
    each = zip(names, reasons(error), told["CancellationReasons"], strict=True)
    return {name: _row(reason) for name, code, reason in each if code != "None"}


def _row(told: Mapping[str, Any]) -> Row | None:
    return from_item(told["Item"]) if told.get("Item") else None

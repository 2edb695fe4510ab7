"""A DynamoDB in memory behind the low-level calls that the store makes: quick, and the same always.

It answers `get_item`, `batch_get_item`, `put_item`, `update_item`, `query` and
`transact_write_items` as DynamoDB does, with botocore's own errors. Any parameter or expression
that it was not taught raises NotImplementedError; nothing is silently ignored. What it does not
play: capacity, conflicts of transactions, the limits of size (400 KB, 4 MB, a page's megabyte:
`rows_per_page` ends pages instead), indexes that lag behind, reserved words. It does not check the
types of parameters, and takes it that nobody changes a request or a value that was handed in or
out.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from threading import RLock
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, cast

from tests.fakes.dynamo_expressions import asked
from tests.fakes.dynamo_query import page, projected
from tests.fakes.dynamo_tables import Table
from tests.fakes.dynamo_values import Malformed
from tests.fakes.dynamo_writes import Part, cancelled, refusal, update

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.fakes.dynamo_expressions import Asked
    from tests.fakes.dynamo_tables import Item, Key

Answer = dict[str, Any]
Call = TypeVar("Call", bound=Callable[..., Answer])

REMEMBERED = 600.0  # seconds for which the token of a transaction is known
MOST_PARTS = 100
_NOTHING: Item = {}
_META = {"HTTPStatusCode": 200}
_NAMES = {"ExpressionAttributeNames", "ExpressionAttributeValues"}
_WRITE = {"TableName", "ConditionExpression", "ReturnValuesOnConditionCheckFailure", *_NAMES}
_TAKEN = {
    "Put": _WRITE | {"Item"},
    "Update": _WRITE | {"Key", "UpdateExpression"},
    "ConditionCheck": _WRITE | {"Key"},
}
_READ = {"TableName", "ConsistentRead", "ProjectionExpression", "ExpressionAttributeNames"}
_ASKED = _READ | _NAMES | {
    "IndexName", "KeyConditionExpression", "FilterExpression", "ScanIndexForward", "Limit",
    "ExclusiveStartKey",
}  # fmt: skip
_EXPRESSIONS = (
    "ConditionExpression", "UpdateExpression", "KeyConditionExpression", "FilterExpression",
    "ProjectionExpression",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """A row that was written: as it was (`None`: it was not there) and as it is."""

    table: str
    key: Key
    before: Item | None
    after: Item


def _expires(item: Item) -> float:
    told: Any = item.get("expires_at", {"N": "inf"})
    return float(told["N"])


def _operation(name: str) -> Callable[[Call], Call]:
    """One call at a time, and DynamoDB's answer to what it would not take."""

    def made(call: Call) -> Call:
        @wraps(call)
        def answer(self: MemoryDynamo, **request: Any) -> Answer:
            with self._lock:
                try:
                    return call(self, **request)
                except Malformed as bad:
                    raise refusal(name, "ValidationException", str(bad)) from None

        return cast("Call", answer)

    return made


class MemoryDynamo:
    """The client. `observer` is told of each write that was done, before the call returns."""

    def __init__(
        self,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        observer: Callable[[list[Change]], None] | None = None,
        rows_per_page: int = 1000,
    ) -> None:
        self.observer = observer
        self._monotonic = monotonic
        self._rows_per_page = rows_per_page
        self._lock = RLock()
        self._tables: dict[str, Table] = {}
        self._tokens: dict[str, tuple[float, object]] = {}

    def create_table(self, **definition: Any) -> None:
        """Make a table as the template defines it."""
        with self._lock:
            self._tables[definition["TableName"]] = Table(definition)

    def rows(self, table: str) -> Mapping[Key, Item]:
        """What is stored, by key (a table with a range: hash and range); look, do not touch."""
        return self._tables[table].rows

    def let_go(self, table: str, at: float) -> list[Key]:
        """What a time to live does once `at` (seconds since 1970) has come: the keys that went."""
        with self._lock:
            rows = self._tables[table].rows
            gone = [key for key, item in rows.items() if _expires(item) <= at]
            for key in gone:
                self._tables[table].remove(key)
            return gone

    def lose(self, table: str, key: Key) -> None:
        """What somebody with a console may do: a row is gone, from the indexes too."""
        with self._lock:
            self._tables[table].remove(key)

    @_operation("GetItem")
    def get_item(self, **request: Any) -> Answer:
        """One item."""
        _only(request, _READ | {"Key"})
        table = self._table(request["TableName"], "GetItem")
        found = table.rows.get(table.key(request["Key"]))
        wanted = _asked(request)
        if found is None:
            return {"ResponseMetadata": _META}
        return {"Item": projected(found, wanted.projection), "ResponseMetadata": _META}

    @_operation("BatchGetItem")
    def batch_get_item(self, *, RequestItems: Mapping[str, Any]) -> Answer:  # noqa: N803 (boto3's)
        """Items of several tables; nothing is ever left out."""
        if not 1 <= sum(len(each["Keys"]) for each in RequestItems.values()) <= MOST_PARTS:
            raise Malformed("Too many items requested for the BatchGetItem call")
        answer: dict[str, list[Item]] = {}
        for name, wanted in RequestItems.items():
            _only(wanted, _READ - {"TableName"} | {"Keys"})
            table = self._table(name, "BatchGetItem")
            keys = [table.key(each) for each in wanted["Keys"]]
            if len(set(keys)) < len(keys):
                raise Malformed("Provided list of item keys contains duplicates")
            names = _asked(wanted).projection
            answer[name] = [projected(table.rows[key], names) for key in keys if key in table.rows]
        return {"Responses": answer, "UnprocessedKeys": {}, "ResponseMetadata": _META}

    @_operation("PutItem")
    def put_item(self, **request: Any) -> Answer:
        """Put one item, under a condition."""
        return self._write_one("PutItem", "Put", request)

    @_operation("UpdateItem")
    def update_item(self, **request: Any) -> Answer:
        """Change one item, or make it, under a condition."""
        return self._write_one("UpdateItem", "Update", request)

    @_operation("TransactWriteItems")
    def transact_write_items(
        self,
        *,
        TransactItems: Sequence[Mapping[str, Any]],  # noqa: N803 (boto3's)
        ClientRequestToken: str = "",  # noqa: N803
    ) -> Answer:
        """Write all parts or none. A token that was seen within ten minutes writes nothing."""
        now = self._monotonic()
        if ClientRequestToken and self._seen(ClientRequestToken, TransactItems, now):
            return {"ResponseMetadata": _META}
        if not 1 <= len(TransactItems) <= MOST_PARTS:
            raise Malformed("Member must have length less than or equal to 100")
        parts = [self._part(each) for each in TransactItems]
        if len({(part.table.name, part.key) for part in parts}) < len(parts):
            raise Malformed("Transaction request cannot include multiple operations on one item")
        if not all(part.holds and not part.defect for part in parts):
            raise cancelled(parts)
        self._commit(parts)
        if ClientRequestToken:
            self._tokens[ClientRequestToken] = (now, TransactItems)
        return {"ResponseMetadata": _META}

    @_operation("Query")
    def query(self, **request: Any) -> Answer:
        """A page of one partition."""
        _only(request, _ASKED)
        table = self._table(request["TableName"], "Query")
        index = table.indexes.get(request.get("IndexName", ""))
        if index is None:
            raise Malformed(f"The table does not have the specified index: {request['IndexName']}")
        if index.name and request.get("ConsistentRead"):
            raise Malformed("Consistent reads are not supported on global secondary indexes")
        answer = page(table, index, request, _asked(request), self._rows_per_page)
        return {**answer, "ResponseMetadata": _META}

    def scan(self, **_request: object) -> NoReturn:
        """Nothing may scan."""
        raise AssertionError("nothing may scan")

    def _table(self, name: str, operation: str) -> Table:
        if name not in self._tables:
            raise refusal(operation, "ResourceNotFoundException", "Requested resource not found")
        return self._tables[name]

    def _write_one(self, operation: str, kind: str, request: Mapping[str, Any]) -> Answer:
        part = self._part({kind: request}, operation)
        if part.defect:
            raise Malformed(part.defect)
        if not part.holds:
            found = {"Item": dict(part.before)} if part.tells and part.before is not None else {}
            told = "The conditional request failed"
            raise refusal(operation, "ConditionalCheckFailedException", told, **found)
        self._commit([part])
        return {"ResponseMetadata": _META}

    def _part(self, given: Mapping[str, Any], operation: str = "TransactWriteItems") -> Part:
        ((kind, request),) = given.items()
        if kind not in _TAKEN:
            raise NotImplementedError(f"{kind} in a transaction")
        _only(request, _TAKEN[kind])
        table = self._table(request["TableName"], operation)
        wanted = _asked(request)
        item = table.checked(request["Item"]) if kind == "Put" else None
        key = table.key(request["Key"]) if item is None else table.key_of(item)
        before, values = table.rows.get(key), request.get("ExpressionAttributeValues", _NOTHING)
        holds = wanted.condition is None or wanted.condition(before or _NOTHING, values)
        part = Part(table, key, before, item, holds, _tells(request))
        if kind == "Update" and holds:
            update(part, wanted, before or table.checked(request["Key"]), values)
        return part

    def _seen(self, token: str, request: object, now: float) -> bool:
        """Whether that was done already under the token."""
        while self._tokens:
            oldest = next(iter(self._tokens))
            if now - self._tokens[oldest][0] < REMEMBERED:
                break
            del self._tokens[oldest]
        if token not in self._tokens:
            return False
        if self._tokens[token][1] != request:
            told = "Request parameters do not match those of the first use of the token"
            raise refusal("TransactWriteItems", "IdempotentParameterMismatchException", told)
        return True

    def _commit(self, parts: Sequence[Part]) -> None:
        changes = []
        for part in parts:
            if part.after is not None:
                part.table.write(part.key, part.after)
                changes.append(Change(part.table.name, part.key, part.before, part.after))
        if changes and self.observer is not None:
            self.observer(changes)


def _only(request: Mapping[str, Any], taken: set[str]) -> None:
    if not request.keys() <= taken:
        raise NotImplementedError(", ".join(sorted(request.keys() - taken)))


def _tells(request: Mapping[str, Any]) -> bool:
    told = request.get("ReturnValuesOnConditionCheckFailure", "NONE")
    if told not in {"NONE", "ALL_OLD"}:
        raise Malformed(f"ReturnValuesOnConditionCheckFailure: {told}")
    return bool(told == "ALL_OLD")


def _asked(request: Mapping[str, Any]) -> Asked:
    return asked(
        tuple((name, request[name]) for name in _EXPRESSIONS if name in request),
        tuple(request.get("ExpressionAttributeNames", _NOTHING).items()),
        tuple(request.get("ExpressionAttributeValues", _NOTHING)),
    )

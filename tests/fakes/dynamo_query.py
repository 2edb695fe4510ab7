"""Pages of one partition, as DynamoDB's Query gives them.

`Limit` counts what was looked at, not what a filter let through, and a page that reaches it names a
place to go on even where nothing follows: both as DynamoDB does.
"""

from __future__ import annotations

import operator
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any

from tests.fakes.dynamo_tables import Entry, Index, Item, Table, first_of
from tests.fakes.dynamo_values import Malformed, Scalar, Value, scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.fakes.dynamo_expressions import Asked

# What bounds a range: operator and values.
Bounds = tuple[str, tuple[Scalar, ...]]
_WHOLE: Bounds = ("", ())
_HOLDS: dict[str, Callable[..., bool]] = {
    "": lambda _at: True,
    "=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "BETWEEN": lambda at, first, last: first <= at <= last,
}  # fmt: skip


def page(
    table: Table, index: Index, request: Mapping[str, Any], wanted: Asked, most: int
) -> dict[str, Any]:
    """The answer to a query, of at most `most` rows.

    Raises:
        Malformed: the keys do not fit the index, or the start does not fit the keys.
    """
    partition, bounds = _bounds(table, index, wanted, request["ExpressionAttributeValues"])
    entries = index.partitions.get(partition, [])
    low, high = _within(entries, bounds)
    forward = request.get("ScanIndexForward", True)
    if "ExclusiveStartKey" in request:
        entry = _start(table, index, request["ExclusiveStartKey"], partition, bounds)
        if forward:
            low = max(low, bisect_right(entries, entry))
        else:
            high = min(high, bisect_left(entries, entry))
    limit = _limit(request, most)
    chosen = range(low, high)[:limit] if forward else range(high - 1, low - 1, -1)[:limit]
    rows = [table.rows[entries[number][1]] for number in chosen]
    return _answer(index, request, wanted, rows) | _going_on(table, index, rows, limit)


def projected(item: Item, names: tuple[str, ...] | None) -> dict[str, Value]:
    """What is shown of an item."""
    if names is None:
        return dict(item)
    return {name: item[name] for name in names if name in item}


def _limit(request: Mapping[str, Any], most: int) -> int:
    limit: int = request.get("Limit", most)
    if limit < 1:
        raise Malformed("Limit must be at least 1")
    return min(limit, most)


def _bounds(
    table: Table, index: Index, wanted: Asked, values: Mapping[str, Value]
) -> tuple[Scalar, Bounds]:
    if wanted.keys is None:
        raise Malformed("Either the KeyConditions or KeyConditionExpression must be specified")
    (name, value), bound = wanted.keys.hash, wanted.keys.range
    if name != index.hash:
        raise Malformed(f"Query condition missed key schema element: {index.hash}")
    partition = _typed(table, name, values[value])
    if bound is None:
        return partition, _WHOLE
    name, sign, names = bound
    if name != index.range:
        raise Malformed(f"Query condition missed key schema element: {index.range}")
    limits = tuple(_typed(table, name, values[each]) for each in names)
    if sign == "BETWEEN" and limits[0] > limits[1]:  # type: ignore[operator] # of one type
        raise Malformed("The BETWEEN operator requires upper bound not to be below the lower one")
    return partition, (sign, limits)


def _typed(table: Table, name: str, value: Value) -> Scalar:
    if table.types[name] not in value:
        raise Malformed("One or more parameter values were invalid: Condition parameter type")
    return scalar(value)


def _within(entries: list[Entry], bounds: Bounds) -> tuple[int, int]:
    sign, limits = bounds
    low, high = 0, len(entries)
    if sign in {"=", ">=", "BETWEEN"}:
        low = bisect_left(entries, limits[0], key=first_of)
    elif sign == ">":
        low = bisect_right(entries, limits[0], key=first_of)
    if sign in {"=", "<=", "BETWEEN"}:
        high = bisect_right(entries, limits[-1], key=first_of)
    elif sign == "<":
        high = bisect_left(entries, limits[0], key=first_of)
    return low, max(low, high)


def _start(table: Table, index: Index, given: Item, partition: Scalar, bounds: Bounds) -> Entry:
    names = {index.hash, index.range, *table.key_names}
    if given.keys() != names:
        raise Malformed("The provided starting key is invalid")
    at = scalar(given[index.range])
    sign, limits = bounds
    if scalar(given[index.hash]) != partition or not _HOLDS[sign](at, *limits):
        raise Malformed(
            "The provided starting key is outside query boundaries based on provided conditions"
        )
    return at, table.key_of(given)


def _answer(
    index: Index, request: Mapping[str, Any], wanted: Asked, rows: list[Item]
) -> dict[str, Any]:
    looked_at = len(rows)
    if wanted.filter is not None:
        if wanted.filtered & {index.hash, index.range}:
            raise Malformed("Filter Expression can only contain non-primary key attributes")
        values = request["ExpressionAttributeValues"]
        rows = [row for row in rows if wanted.filter(row, values)]
    names = wanted.projection
    if index.projected is not None:
        names = tuple(name for name in names or index.projected if name in index.projected)
    items = [projected(row, names) for row in rows]
    return {"Items": items, "Count": len(items), "ScannedCount": looked_at}


def _going_on(table: Table, index: Index, rows: list[Item], limit: int) -> dict[str, Any]:
    if len(rows) < limit:
        return {}
    names = dict.fromkeys((index.hash, index.range, *table.key_names))
    return {"LastEvaluatedKey": {name: rows[-1][name] for name in names}}

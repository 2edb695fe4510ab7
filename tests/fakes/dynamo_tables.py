"""Tables of the DynamoDB in memory: rows by key, and sparse indexes that are always up to date.

Rows are replaced as a whole and never changed. Rows with the same place in an index follow each
other by their own key; DynamoDB promises no order for those.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from tests.fakes.dynamo_values import Malformed, Scalar, Value, kept, scalar

Item = Mapping[str, Value]
Key = Scalar | tuple[Scalar, Scalar]
# A row's range and key: what the rows of one partition are sorted by.
Entry = tuple[Any, Any]

first_of = itemgetter(0)
_TOO_EMPTY = (
    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
    "contain an empty string value."
)


@dataclass(slots=True)
class Index:
    """An index, or the table's own order (whose name is empty)."""

    name: str
    hash: str
    range: str
    projected: frozenset[str] | None = None
    partitions: dict[Scalar, list[Entry]] = field(default_factory=dict)

    def place(self, item: Item | None) -> tuple[Scalar, Scalar] | None:
        """Partition and range of an item; `None` where the index does not hold it."""
        if item is None:
            return None
        at, order = item.get(self.hash), item.get(self.range)
        return None if at is None or order is None else (scalar(at), scalar(order))

    def move(self, key: Key, before: Item | None, after: Item | None) -> None:
        """Take a row from its old place and put it into its new one."""
        old, new = self.place(before), self.place(after)
        if old == new:
            return
        if old is not None:
            entries = self.partitions[old[0]]
            del entries[bisect_left(entries, (old[1], key))]
        if new is not None:
            insort(self.partitions.setdefault(new[0], []), (new[1], key))


class Table:
    """One table as its definition says."""

    def __init__(self, definition: Mapping[str, Any]) -> None:
        self.name: str = definition["TableName"]
        self.hash, self.range = _schema(definition)
        self.types: dict[str, str] = {
            each["AttributeName"]: each["AttributeType"]
            for each in definition["AttributeDefinitions"]
        }
        self.key_names = (self.hash, self.range) if self.range else (self.hash,)
        self.rows: dict[Key, Item] = {}
        self.indexes = {
            each["IndexName"]: _index(each, self.key_names)
            for each in definition.get("GlobalSecondaryIndexes", [])
        }
        if self.range:
            self.indexes[""] = Index("", self.hash, self.range)
        self._indexes = tuple(self.indexes.values())
        self._sorted = tuple(set(self.types) - set(self.key_names))

    def key(self, given: Item) -> Key:
        """The key that a request names, and nothing else.

        Raises:
            Malformed: it is not of this table.
        """
        if len(given) != len(self.key_names) or any(name not in given for name in self.key_names):
            raise Malformed("The provided key element does not match the schema")
        return self.key_of(given)

    def key_of(self, item: Item) -> Key:
        """The key of an item.

        Raises:
            Malformed: it is not there, of another type, or empty.
        """
        if self.range:
            return self._scalar(item, self.hash), self._scalar(item, self.range)
        return self._scalar(item, self.hash)

    def checked(self, item: Mapping[str, Value]) -> dict[str, Value]:
        """The item as it is kept.

        Raises:
            Malformed: a value of an index's key is of another type, or empty.
        """
        # Most are plain text, which needs no looking at.
        whole = {
            name: value if type(value.get("S")) is str else kept(value)
            for name, value in item.items()
        }
        self.check_indexes(whole)
        return whole

    def check_indexes(self, item: Item) -> None:
        """Refuse what no index could hold."""
        for name in self._sorted:
            if name in item:
                value = item[name].get(self.types[name])
                if value is None:
                    raise Malformed(
                        "One or more parameter values were invalid: Type mismatch for Index Key "
                        f"{name} Expected: {self.types[name]} Actual: {next(iter(item[name]))}"
                    )
                if value in ("", b""):
                    raise Malformed(f"{_TOO_EMPTY} IndexKey: {name}")

    def write(self, key: Key, after: Item) -> None:
        """Put a whole row in the place of what is there."""
        before = self.rows.get(key)
        self.rows[key] = after
        for index in self._indexes:
            index.move(key, before, after)

    def remove(self, key: Key) -> None:
        """Take a row out of the table and its indexes."""
        before = self.rows.pop(key)
        for index in self._indexes:
            index.move(key, before, None)

    def _scalar(self, item: Item, name: str) -> Scalar:
        if name not in item:
            raise Malformed(
                f"One or more parameter values were invalid: Missing the key {name} in the item"
            )
        value = item[name].get(self.types[name])
        if value is None:
            raise Malformed(
                "One or more parameter values were invalid: Type mismatch for key "
                f"{name} expected: {self.types[name]} actual: {next(iter(item[name]))}"
            )
        if value in ("", b""):
            raise Malformed(f"{_TOO_EMPTY} Key: {name}")
        return scalar(item[name])


def _schema(definition: Mapping[str, Any]) -> tuple[str, str]:
    names = {each["KeyType"]: each["AttributeName"] for each in definition["KeySchema"]}
    return names["HASH"], names.get("RANGE", "")


def _index(definition: Mapping[str, Any], key_names: tuple[str, ...]) -> Index:
    hash_name, range_name = _schema(definition)
    projection = definition["Projection"]["ProjectionType"]
    if not range_name or projection not in {"ALL", "KEYS_ONLY", "INCLUDE"}:
        raise NotImplementedError(f"index {definition['IndexName']}")
    more = definition["Projection"].get("NonKeyAttributes", ())
    own = frozenset({hash_name, range_name, *key_names, *more})
    projected = None if projection == "ALL" else own
    return Index(definition["IndexName"], hash_name, range_name, projected)

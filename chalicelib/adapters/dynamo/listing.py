"""Pages of an index: newest or oldest first, over one partition or many, without a scan.

A page asks a bounded number of times and may be short; its position then says where to go on, and
is the place of the last row that it holds, so that nothing is skipped or shown twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.values import Item, Row, from_item, in_expression
from chalicelib.domain.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mypy_boto3_dynamodb.type_defs import QueryInputTypeDef, QueryOutputTypeDef

    from chalicelib.adapters.dynamo.session import Session

    Position = Mapping[str, str]

# Questions for one page: of a range of quiet days, of a rare status.
MOST_QUERIES = 20
# Rows looked at in one question where a filter drops some.
FILTERED = 100


@dataclass(frozen=True, slots=True)
class Index:
    """An index and its keys, all text; `key` is the table's own."""

    table: str
    name: str
    hash: str
    range: str
    key: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of an index: its partitions in the order of the list, and which rows of them.

    `between` bounds the index's range, both ends included. `only` and `also` each name a
    first-level attribute and the values that it may have, `without` one that must not be there.
    """

    partitions: Sequence[str]
    newest_first: bool = False
    between: tuple[str, str] | None = None
    only: tuple[str, Sequence[str]] | None = None
    also: tuple[str, Sequence[str]] | None = None
    without: str = ""


@dataclass(slots=True)
class _Page:
    rows: list[Row] = field(default_factory=list)
    here: Position | None = None


def read_page(
    session: Session, index: Index, wanted: Wanted, *, limit: int, position: Position | None
) -> tuple[list[Row], Position | None]:
    """At most `limit` rows, and the position of the next page; `None` where the list is over.

    Raises:
        Invalid: a position of another list.
    """
    page = _Page(here=_start(index, wanted.partitions) if position is None else position)
    if position is not None and not _belongs(index, wanted, position):
        raise Invalid("The position is that of another list.")
    for _ in range(MOST_QUERIES):
        if page.here is None:
            break
        most = limit + 1 - len(page.rows)
        answer = session.call(session.client.query, **_question(index, wanted, page.here, most))
        page.rows += [from_item(item) for item in answer["Items"]]
        if len(page.rows) > limit:
            return page.rows[:limit], _place(index, page.rows[limit - 1])
        page.here = _next(index, wanted.partitions, page.here, answer)
    return page.rows, page.here


def listings(table: str) -> Index:
    """The index of the control table's lists: one partition for each list."""
    return Index(table, "listing", "listing", "listed_at", "key")


def read_all(session: Session, index: Index, partition: str, *, at_once: int) -> Iterator[Row]:
    """Every row of one partition, the oldest first, read as it is used."""
    position: Position | None = None
    while True:
        rows, position = read_page(
            session, index, Wanted([partition]), limit=at_once, position=position
        )
        yield from rows
        if position is None:
            return


def _start(index: Index, partitions: Sequence[str]) -> Position | None:
    return {index.hash: partitions[0]} if partitions else None


def _place(index: Index, row: Row) -> Position:
    return {name: row[name] for name in (index.hash, index.range, index.key)}


def _next(
    index: Index, partitions: Sequence[str], here: Position, answer: QueryOutputTypeDef
) -> Position | None:
    if answer.get("LastEvaluatedKey"):
        return _place(index, from_item(answer["LastEvaluatedKey"]))
    rest = partitions[partitions.index(here[index.hash]) + 1 :]
    return _start(index, rest)


def _question(index: Index, wanted: Wanted, here: Position, most: int) -> QueryInputTypeDef:
    names = {"#hash": index.hash}
    values = {"hash": here[index.hash]}
    question: QueryInputTypeDef = {
        "TableName": index.table,
        "IndexName": index.name,
        "KeyConditionExpression": "#hash = :hash",
        "ScanIndexForward": not wanted.newest_first,
        "Limit": most,
    }
    if wanted.between:
        names["#range"] = index.range
        values["first"], values["last"] = wanted.between
        question["KeyConditionExpression"] = "#hash = :hash AND #range BETWEEN :first AND :last"
    if filtered := _filter(wanted, names, values):
        question["FilterExpression"] = filtered
        question["Limit"] = max(most, FILTERED)
    if index.range in here:
        question["ExclusiveStartKey"] = _start_key(index, here)
    question["ExpressionAttributeNames"] = names
    question["ExpressionAttributeValues"] = in_expression(values)
    return question


def _filter(wanted: Wanted, names: dict[str, str], values: dict[str, str]) -> str:
    """The expression that drops rows; what it names is added to `names` and `values`."""
    parts = []
    for place, told in (("only", wanted.only), ("also", wanted.also)):
        if told:
            names[f"#{place}"], allowed = told
            own = {f"{place}{number}": value for number, value in enumerate(allowed)}
            values |= own
            parts.append(f"#{place} IN ({', '.join(f':{name}' for name in own)})")
    if wanted.without:
        names["#without"] = wanted.without
        parts.append("attribute_not_exists(#without)")
    return " AND ".join(parts)


def _start_key(index: Index, here: Position) -> Item:
    return {name: {"S": here[name]} for name in (index.hash, index.range, index.key)}


def _belongs(index: Index, wanted: Wanted, here: Position) -> bool:
    """Whether a place lies within what is wanted; DynamoDB takes no other to start from."""
    if here.get(index.hash) not in wanted.partitions or (index.range in here) != (
        index.key in here
    ):
        return False
    if wanted.between is None or index.range not in here:
        return True
    first, last = wanted.between
    return first <= here[index.range] <= last

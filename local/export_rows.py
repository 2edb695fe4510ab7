"""Rows and steps of payouts as they are stored, read in batches: nothing but keys and proofs."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.dynamo.values import Row, from_item, in_expression, to_item
from chalicelib.domain.archive import read
from chalicelib.domain.chain import Link, link_of
from chalicelib.domain.errors import Corrupt, StoreUnavailable
from chalicelib.domain.money import Money
from chalicelib.domain.verification import Broken, Standing
from chalicelib.ports import Archive
from local.export_form import Life

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import QueryInputTypeDef

KEYS = 100  # of one batch, DynamoDB's limit
OBJECTS = 16  # of the archive, held in memory
ROW = ("transaction_id", "version", "last_hash", "archives", "customer_id", "amount")


class Rows:
    """The tables of payouts and of steps, and the archive that old steps have gone to."""

    def __init__(
        self, session: Session, *, transactions: str, events: str, archive: Archive
    ) -> None:
        self._session = session
        self._transactions = transactions
        self._events = events
        self._archived = lru_cache(OBJECTS)(lambda name: _object(archive, name))

    def lives(self, wanted: Mapping[str, int]) -> Iterator[Life]:
        """Payouts in the order asked for; each with the latest sequence that is known of it.

        Raises:
            Broken: the archive does not hold what a row says.
            StoreUnavailable, ArchiveUnavailable: they could not be read.
        """
        ids = [{"transaction_id": each} for each in wanted]
        rows = {row["transaction_id"]: row for row in self._batch(self._transactions, ids, ROW)}
        sequences = {
            own: max(least, int(rows[own]["version"])) for own, least in wanted.items()
            if own in rows
        }  # fmt: skip
        keys = [
            {"account": own, "sequence": number}
            for own, most in sequences.items()
            for number in range(1, most + 1)
        ]
        stored: dict[str, dict[int, Link]] = {own: {} for own in wanted}
        for row in self._batch(self._events, keys):
            stored[row["account"]][int(row["sequence"])] = link_from(row)
        for own, links in stored.items():
            if own not in rows:
                yield Life(own, None, tuple(self._all_of(own)))
                continue
            row = rows[own]
            known = self._from_archive(own, row.get("archives") or ()) | links
            standing = Standing(
                int(row["version"]), row["last_hash"], row["customer_id"],
                Money.exactly(row["amount"]).cents,
            )  # fmt: skip
            yield Life(own, standing, tuple(known[number] for number in sorted(known)))

    def _from_archive(self, transaction_id: str, names: Sequence[str]) -> dict[int, Link]:
        found: dict[int, Link] = {}
        for name in names:
            found |= self._archived(name).get(transaction_id, {})
        return found

    def _all_of(self, account: str) -> Iterator[Link]:
        """Every step under an account, whatever its row says, or where it has none."""
        question: QueryInputTypeDef = {
            "TableName": self._events,
            "KeyConditionExpression": "account = :account",
            "ExpressionAttributeValues": in_expression({"account": account}),
            "ConsistentRead": True,
        }
        while True:
            answer = self._session.call(self._session.client.query, **question)
            yield from (link_from(from_item(item)) for item in answer["Items"])
            if not answer.get("LastEvaluatedKey"):
                return
            question["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _batch(self, table: str, keys: Sequence[Row], only: Sequence[str] = ()) -> Iterator[Row]:
        """Those of the rows that are there, read consistently, in no order."""
        names = {f"#{number}": name for number, name in enumerate(only)}
        less = {"ProjectionExpression": ",".join(names), "ExpressionAttributeNames": names}
        rest = iter(keys)
        while some := [to_item(key) for key in islice(rest, KEYS)]:
            asked: Any = {table: {"Keys": some, "ConsistentRead": True} | (less if only else {})}
            for _ in self._session.tries():
                answer = self._session.call(self._session.client.batch_get_item, RequestItems=asked)
                yield from map(from_item, answer["Responses"].get(table, ()))
                asked = answer.get("UnprocessedKeys")
                if not asked:
                    break
            else:
                raise StoreUnavailable("The store is too busy to answer.")


def link_from(row: Row) -> Link:
    """A stored step in plain values: what the table says, untouched by what events are today."""
    moved = (
        (each["place"], each["account"], Money.exactly(each["amount"]).cents)
        for each in row["postings"]
    )
    told = {name: _plain(value) for name, value in row["event"].items()}
    return Link(int(row["sequence"]), told, tuple(moved), row.get("previous_hash", ""), row["hash"])


def _plain(value: Any) -> str | int | bool | None:  # noqa: ANN401 (any fact of any event)
    plain: str | bool | None
    if value is None or isinstance(value, (str, bool)):
        plain = value
        return plain
    return int(value)


def _object(archive: Archive, name: str) -> dict[str, dict[int, Link]]:
    """The steps of an object of the archive, by payout and sequence."""
    try:
        lines = read(name, archive.get(name))
    except Corrupt:
        raise Broken(name, "it is missing from the archive, or is not what its name says") from None
    return {line.transaction_id: {it.sequence: link_of(it) for it in line.steps} for line in lines}

"""Lists of payouts from the indexes: due work, the line, a customer's or a date's, what waits.

They lag behind by a moment, so nothing is decided by them: whoever acts reads the payout again.
"""

from __future__ import annotations

import heapq
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.buckets import APART, BUCKETS, LINE, RESTING, STRANDED
from chalicelib.adapters.dynamo.listing import Index, Wanted, read_page
from chalicelib.adapters.dynamo.payout_rows import (
    APPROVAL,
    ATTENTION,
    SENDS,
    payout_from,
)
from chalicelib.adapters.dynamo.readable import page_of, readable
from chalicelib.adapters.dynamo.values import (
    from_item,
    in_expression,
    instant,
    moment,
    perhaps_moment,
)
from chalicelib.domain.bank_file import seems_fit
from chalicelib.domain.calendar import days, start_of
from chalicelib.domain.detour import may_turn
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Status
from chalicelib.domain.rails import Rail
from chalicelib.ports import Sketch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from mypy_boto3_dynamodb.type_defs import QueryInputTypeDef

    from chalicelib.adapters.dynamo.session import Session
    from chalicelib.adapters.dynamo.values import Row
    from chalicelib.domain.payout import Payout
    from chalicelib.ports import Page, PayoutFilter

# What a `Sketch` is made of, as the table names it.
SKETCHED = (
    "transaction_id", "status", "amount", "created_at", "open_bucket", "rail", "customer_id",
    "fallbacks", "asked", "payout_method", "attempt", "filed", "held", "sent_at", *SENDS,
)  # fmt: skip
# Ids asked for at once in each bucket: about what a poller does in one run.
AT_ONCE = 50
OWN = "transaction_id"
# Looked through at once where others are in between, or many may have to be passed over.
LOOKED_THROUGH = 500


def due(session: Session, table: str, now: datetime) -> Iterator[str]:
    """Ids of payouts that are due, over all buckets, the longest due first; read as it is used."""
    buckets = [_due_in(session, table, bucket, now) for bucket in BUCKETS]
    for _, transaction_id in heapq.merge(*buckets):
        yield transaction_id


def in_line(session: Session, table: str) -> Iterator[Sketch]:
    """Payouts that wait for funds, over all of their buckets, the oldest first."""
    buckets = [_sketches_in(session, table, bucket, AT_ONCE) for bucket in LINE]
    return heapq.merge(*buckets, key=lambda each: (each.created_at, each.transaction_id))


def stranded(session: Session, table: str, rail: Rail) -> Iterator[Sketch]:
    """Payouts by a rail that wait for it, or the sign-in, the oldest first."""
    return _sketches_in(session, table, STRANDED[0], LOOKED_THROUGH, rail)


def count_stranded(session: Session, table: str, most: int) -> int:
    """How many those are, up to `most`: no more of them is read than that."""
    question: QueryInputTypeDef = {
        "TableName": table,
        "IndexName": "open-work",
        "KeyConditionExpression": "open_bucket = :bucket",
        "ExpressionAttributeValues": in_expression({"bucket": STRANDED[0]}),
        "ProjectionExpression": "transaction_id",
    }
    found = 0
    while found < most:
        question["Limit"] = most - found
        answer = session.call(session.client.query, **question)
        found += len(answer["Items"])
        if not answer.get("LastEvaluatedKey"):
            break
        question["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
    return found


def sitting_out(session: Session, table: str, rail: Rail) -> Iterator[Sketch]:
    """Payouts by a rail that sit a pause out, over all of their buckets, the oldest first."""
    buckets = [_sketches_in(session, table, bucket, LOOKED_THROUGH) for bucket in APART[rail]]
    return heapq.merge(*buckets, key=lambda each: (each.created_at, each.transaction_id))


def open_work(session: Session, table: str) -> Iterator[Sketch]:
    """Every payout that is in the index, the line first, as many at once as the service gives."""
    yield from in_line(session, table)
    apart = chain.from_iterable(APART.values())
    for bucket in (*STRANDED, *BUCKETS, *RESTING, *apart):
        yield from _sketches_in(session, table, bucket, None)


def page(
    session: Session,
    table: str,
    wanted: PayoutFilter,
    *,
    limit: int,
    position: Mapping[str, str] | None,
) -> Page[Payout]:
    """Payouts, newest first: a customer's, or those of each Sydney date in turn."""
    only = ("status", sorted(wanted.statuses)) if wanted.statuses else None
    if wanted.customer_id:
        index = Index(table, "by-customer", "customer_id", "created_at", "transaction_id")
        after = start_of(wanted.last + timedelta(days=1)) - timedelta(microseconds=1)
        between = (instant(start_of(wanted.first)), instant(after))
        partitions = [wanted.customer_id] if wanted.first <= wanted.last else []
        asked = Wanted(partitions, newest_first=True, between=between, only=only)
    else:
        index = Index(table, "by-date", "created_on", "created_at", "transaction_id")
        dates = [day.isoformat() for day in reversed(days(wanted.first, wanted.last))]
        asked = Wanted(dates, newest_first=True, only=only)
    rows, rest = read_page(session, index, asked, limit=limit, position=position)
    return page_of(rows, rest, payout_from, key=OWN)


def awaiting_approval(
    session: Session, table: str, *, limit: int, position: Mapping[str, str] | None
) -> Page[Payout]:
    """Payouts that wait for others to agree, the oldest first, and then those with more to them."""
    index = Index(table, "attention", "attention_bucket", "attention_since", "transaction_id")
    asked = Wanted([APPROVAL, ATTENTION], only=("status", [str(Status.AWAITING_APPROVAL)]))
    rows, rest = read_page(session, index, asked, limit=limit, position=position)
    return page_of(rows, rest, payout_from, key=OWN)


def needing_attention(
    session: Session, table: str, *, limit: int, position: Mapping[str, str] | None
) -> Page[Payout]:
    """Payouts that wait for a person, the oldest payout first."""
    index = Index(table, "attention", "attention_bucket", "attention_since", "transaction_id")
    rows, rest = read_page(session, index, Wanted([ATTENTION]), limit=limit, position=position)
    return page_of(rows, rest, payout_from, key=OWN)


def _due_in(session: Session, table: str, bucket: str, now: datetime) -> Iterator[tuple[str, str]]:
    question: QueryInputTypeDef = {
        "TableName": table,
        "IndexName": "open-work",
        "KeyConditionExpression": "open_bucket = :bucket AND due_at <= :now",
        "ExpressionAttributeValues": in_expression({"bucket": bucket, "now": instant(now)}),
        "ProjectionExpression": "due_at, transaction_id",
        "Limit": AT_ONCE,
    }
    for row in _rows(session, question):
        yield row["due_at"], row["transaction_id"]


def _sketches_in(
    session: Session, table: str, bucket: str, at_once: int | None, rail: Rail | None = None
) -> Iterator[Sketch]:
    only: Row = {"rail": rail} if rail else {}
    question: QueryInputTypeDef = {
        "TableName": table,
        "IndexName": "open-work",
        "KeyConditionExpression": "open_bucket = :bucket",
        "ExpressionAttributeNames": {f"#{name}": name for name in SKETCHED},
        "ExpressionAttributeValues": in_expression({"bucket": bucket} | only),
        "ProjectionExpression": ", ".join(f"#{name}" for name in SKETCHED),
    }
    if at_once:
        question["Limit"] = at_once
    if rail:
        question["FilterExpression"] = "#rail = :rail"
    return readable(_rows(session, question), _sketch, key=OWN)


def _rows(session: Session, question: QueryInputTypeDef) -> Iterator[Row]:
    while True:
        answer = session.call(session.client.query, **question)
        yield from (from_item(item) for item in answer["Items"])
        if not answer.get("LastEvaluatedKey"):
            return
        question["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def _sketch(row: Row) -> Sketch:
    """What the index shows of a payout."""
    return Sketch(
        row["transaction_id"], Status(row["status"]), Money.exactly(row["amount"]),
        moment(row["created_at"]), in_line=row["open_bucket"] in LINE, rail=Rail(row["rail"]),
        customer_id=row["customer_id"],
        may_turn=may_turn(row.get("fallbacks", ()), row.get("asked") or ()),
        by_bank=_by_bank(row),
        sent_once_at=perhaps_moment(row.get("sent_at")) if _sends(row) == 1 else None,
    )  # fmt: skip


def _sends(row: Row) -> int:
    return next((int(row[name]) for name in SENDS if name in row), 0)


def _by_bank(row: Row) -> bool:
    """A hint: whatever the row does not say, whoever reads the payout will see."""
    filed = {int(number) for number, _ in row.get("filed") or ()}
    return seems_fit(
        row["payout_method"], row["status"], int(row.get("attempt", 1)), _sends(row), filed,
        held=bool(row.get("held")),
    )  # fmt: skip

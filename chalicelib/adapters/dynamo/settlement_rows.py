"""A settlement and a chunk of its shares as rows of the control table, and back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.understood import understood
from chalicelib.adapters.dynamo.values import (
    Row,
    instant,
    moment,
    number,
    perhaps_instant,
    perhaps_moment,
)
from chalicelib.domain.money import Money
from chalicelib.domain.settlement import Settlement, Share, Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

# Shares in one row, some 30 KB of them. Not to be changed: by it stored shares are found again.
CHUNK = 500
# The partition of the index `about` that holds them all, and those of the index `listing`.
ALL = "settlement"
OPEN, ENDED = "settlement#open", "settlement#ended"
_ENDS = frozenset({Stage.SETTLED, Stage.CANCELLED})


def key_of(settlement_id: str) -> str:
    """The key of a settlement's row."""
    return f"{ALL}#{settlement_id}"


def chunk_key(settlement: Settlement, number: int) -> str:
    """The key of a chunk of its shares, the first being number 0."""
    return f"{ALL}#{settlement.settlement_id}#rows#{settlement.digest}#{number}"


def chunk_row(settlement: Settlement, chunk: int, shares: Sequence[Share]) -> Row:
    """The row of a chunk."""
    return {
        "key": chunk_key(settlement, chunk),
        "first": chunk * CHUNK + 1,
        "shares": [[share.customer_id, number(share.amount)] for share in shares],
    }


def shares_from(row: Row) -> list[Share]:
    """The shares of a chunk.

    Raises:
        Corrupt: the row is not what a chunk can be.
    """
    with understood(f"the row of {row.get('key')}"):
        first = int(row["first"])
        return [
            Share(first + ahead, customer_id, Money.exactly(amount))
            for ahead, (customer_id, amount) in enumerate(row["shares"])
        ]


def settlement_row(it: Settlement) -> Row:
    """The row of a settlement."""
    return {
        "key": key_of(it.settlement_id),
        "about": ALL,
        "listing": ENDED if it.stage in _ENDS else OPEN,
        "listed_at": instant(it.created_at),
        "due_on": it.due_on.isoformat(),
        "amount": number(it.amount),
        "reference": it.reference,
        "created_at": instant(it.created_at),
        "created_by": it.created_by,
        "shares": it.shares,
        "shared": number(it.shared),
        "digest": it.digest,
        "stage": str(it.stage),
        "receipts": list(it.receipts),
        "received": number(it.received),
        "allocated_rows": it.allocated_rows,
        "version": it.version,
        "cancelled_at": perhaps_instant(it.cancelled_at),
        "cancelled_by": it.cancelled_by,
        "reason": it.reason,
    }


def settlement_from(row: Row) -> Settlement:
    """The settlement of a row.

    Raises:
        Corrupt: the row is not what a settlement can be.
    """
    with understood(f"the row of {row.get('key')}"):
        return _settlement(row)


def _settlement(row: Row) -> Settlement:
    return Settlement(
        settlement_id=row["key"].removeprefix(key_of("")),
        due_on=date.fromisoformat(row["due_on"]),
        amount=Money.exactly(row["amount"]),
        reference=row["reference"],
        created_at=moment(row["created_at"]),
        created_by=row["created_by"],
        shares=int(row["shares"]),
        shared=Money.exactly(row["shared"]),
        digest=row.get("digest", ""),
        stage=Stage(row["stage"]),
        receipts=tuple(row["receipts"]),
        received=Money.exactly(row["received"]),
        allocated_rows=int(row["allocated_rows"]),
        version=int(row["version"]),
        cancelled_at=perhaps_moment(row.get("cancelled_at")),
        cancelled_by=row.get("cancelled_by", ""),
        reason=row.get("reason", ""),
    )

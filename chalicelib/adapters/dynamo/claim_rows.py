"""What a payout claims with its first write, as rows of the control table, and back.

Days' allowances, the latest payout of a kind, a customer's history, a principal's bucket. A set of
names is kept as one attribute for each, which any number of writers can add to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.understood import understood
from chalicelib.adapters.dynamo.values import Row, instant, moment, perhaps_moment
from chalicelib.domain import allowance
from chalicelib.domain.allowance import Spent
from chalicelib.domain.habits import Habits
from chalicelib.domain.money import Money
from chalicelib.domain.twins import Twin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.ports import Question

TWIN, HABITS, RATE = "twin#", "habits#", "rate#"
# What the names of attributes begin with that each stand for one hour, or one destination.
HOUR, PROVEN, USED = "hour#", "proven#", "used#"


def keys_of(question: Question) -> tuple[str, ...]:
    """The keys of all rows that claims are made on."""
    drawn = allowance.keys(question.customer_id, question.by, question.day)
    return (
        *drawn, TWIN + question.twin, HABITS + question.customer_id, RATE + question.by,
    )  # fmt: skip


def spent_from(rows: Mapping[str, Row], question: Question) -> dict[str, Spent]:
    """The allowances that were drawn from, by their keys.

    Raises:
        Corrupt: a row is none of an allowance.
    """
    keys = allowance.keys(question.customer_id, question.by, question.day)
    with understood(f"an allowance of {question.day}"):
        return {
            key: Spent(Money.exactly(rows[key]["amount"]), int(rows[key]["count"]))
            for key in keys
            if key in rows
        }


def twin_row(twin: Twin) -> Row:
    """The row of the latest payout of its kind."""
    return {
        "key": TWIN + twin.key,
        "transaction_id": twin.transaction_id,
        "at": instant(twin.at),
    }


def twin_from(row: Row | None) -> Twin | None:
    """The latest payout of a kind.

    Raises:
        Corrupt: the row says of none.
    """
    if row is None:
        return None
    with understood(f"the row {row.get('key')}"):
        return Twin(row["key"].removeprefix(TWIN), row["transaction_id"], moment(row["at"]))


def habits_from(row: Row | None) -> Habits:
    """A customer's history; an empty one where nothing is known.

    Raises:
        Corrupt: the row is no history.
    """
    if row is None:
        return Habits()
    hours = [name for name in row if name.startswith(HOUR)]
    with understood(f"the row {row.get('key')}"):
        return Habits(
            count=int(row.get("count", 0)),
            cents=int(row.get("cents", 0)),
            squares=int(row.get("squares", 0)),
            hours={name.removeprefix(HOUR): int(row[name]) for name in sorted(hours)},
            proven=frozenset(name.removeprefix(PROVEN) for name in row if name.startswith(PROVEN)),
            first_at=perhaps_moment(row.get("first_at")),
            used=frozenset(name.removeprefix(USED) for name in row if name.startswith(USED)),
        )


def pace_from(row: Row | None) -> int:
    """A bucket's time in milliseconds, 0 where it was never used.

    Raises:
        Corrupt: the row is no bucket.
    """
    if row is None:
        return 0
    with understood(f"the row {row.get('key')}"):
        return int(row["tat"])

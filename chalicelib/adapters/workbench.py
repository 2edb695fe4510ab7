"""The workbench: a private temporary database, which spills to disk what is too much for memory.

It adds up and sorts; nothing in it outlives the reading. Sums are of whole cents.
"""

from __future__ import annotations

import sqlite3
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from chalicelib.domain.account_day import Attempt, Stranger, follow
from chalicelib.domain.funding import Receipt, movement_id
from chalicelib.domain.money import Money
from chalicelib.domain.receipts import Banked, State
from chalicelib.domain.references import parse_reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chalicelib.domain.account_day import Balances
    from chalicelib.domain.night import Line, Told

# ruff: noqa: S608 (every statement is a constant of this module)
# What it keeps in memory; the rest lies in a file without a name.
CACHE_KILOBYTES = 16_384
_TABLES = """
CREATE TABLE rows (
    id TEXT, attempt INT, word TEXT, day INT, paid INT, back INT, fees INT, is_fee INT,
    name TEXT, movement TEXT, place INT, balance INT, reference TEXT
);
CREATE TABLE receipts (name TEXT, amount INT, rail TEXT, at TEXT, state TEXT);
CREATE INDEX by_movement ON rows (movement) WHERE movement IS NOT NULL;
"""
_ROW = "INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_ATTEMPTS = """
SELECT id, attempt, coalesce(min(word), ''), coalesce(max(word), ''), sum(paid > 0), sum(paid),
    sum(back), sum(is_fee), sum(fees), min(CASE WHEN paid > 0 THEN day END),
    max(CASE WHEN back > 0 THEN day END), coalesce(max(CASE WHEN paid > 0 THEN name END), ''),
    max(CASE WHEN paid > 0 OR is_fee THEN day END)
FROM rows WHERE id > ? GROUP BY id, attempt ORDER BY id, attempt
"""
# A fee, or a debit turned back, may lack the reference that its transaction has elsewhere.
_NAMED = "CREATE INDEX by_name ON rows (name) WHERE id IS NOT NULL AND paid > 0"
_OWNER = "SELECT o.{} FROM rows AS o WHERE o.name = rows.name AND o.id IS NOT NULL AND o.paid > 0"
_ADOPT = f"""
UPDATE rows SET movement = NULL,
    id = ({_OWNER.format("id")} LIMIT 1), attempt = ({_OWNER.format("attempt")} LIMIT 1)
WHERE id IS NULL AND reference = '' AND EXISTS ({_OWNER.format("id")})
"""
_STRANGERS = """
SELECT name, sum(paid + max(fees, 0)), sum(back + max(-fees, 0)), max(reference), day
FROM rows WHERE id IS NULL AND place IS NOT NULL GROUP BY movement, name, day ORDER BY day, name
"""
_RECEIPTS = "SELECT name, amount, rail, at, state FROM receipts ORDER BY at, name"
_STEPS = """
SELECT day, back - paid - fees, balance FROM rows WHERE place IS NOT NULL ORDER BY place
"""


class SqliteWorkbench:
    """The port `Workbench` on SQLite."""

    def __init__(self) -> None:
        # An empty name is a temporary database of this connection alone.
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")
        self._database.execute("PRAGMA temp_store = FILE")
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.executescript(_TABLES)
        self._adopted = True

    def lay_told(self, told: Iterable[Told]) -> None:
        """Lay out what the provider's statuses say."""
        self._lay(_ROW, (row for each in told if (row := _told_row(each))))

    def lay_lines(self, lines: Iterable[Line]) -> None:
        """Lay out the lines of the provider's account."""
        self._lay(_ROW, map(_line_row, lines))
        self._adopted = False

    def lay_receipts(self, banked: Iterable[Banked]) -> None:
        """Lay out receipts that were banked."""
        self._lay("INSERT INTO receipts VALUES (?, ?, ?, ?, ?)", map(_receipt_row, banked))

    def has_fees(self) -> bool:
        """Whether any line is a fee of a reference of ours."""
        self._adopt()
        found = "SELECT EXISTS (SELECT 1 FROM rows WHERE is_fee AND id IS NOT NULL)"
        return bool(self._database.execute(found).fetchone()[0])

    def attempts(self, *, after: str) -> Iterator[Attempt]:
        """What the provider tells of each reference of ours, by ascending payout id and number."""
        self._adopt()
        for *told, paid_on, back_on, name, last_on in self._database.execute(_ATTEMPTS, (after,)):
            dates = _date(paid_on), _date(back_on)
            yield Attempt(*told, *dates, name, _date(last_on))  # type: ignore[call-arg]

    def credited(self, movement_id: str) -> Money:
        """What was credited under a name, by lines without a reference of ours."""
        found = "SELECT coalesce(sum(back), 0) FROM rows WHERE movement = ? AND id IS NULL"
        return Money(self._database.execute(found, (movement_id,)).fetchone()[0])

    def strangers(self) -> Iterator[Stranger]:
        """Every date's transactions that have no reference of ours, by date."""
        self._adopt()
        for name, debit, credit, reference, day in self._database.execute(_STRANGERS):
            yield Stranger(name, debit, credit, reference, date.fromordinal(day))

    def receipts(self) -> Iterator[Banked]:
        """The receipts that were laid out, by when they came in."""
        for name, amount, rail, at, state in self._database.execute(_RECEIPTS):
            receipt = Receipt(name, Money(amount), rail, datetime.fromisoformat(at))
            yield Banked(receipt, State(state))

    def balances(self, day: date) -> Balances:
        """What the running balance says of a date."""
        return follow(self._database.execute(_STEPS), day)

    def close(self) -> None:
        """Clear everything away."""
        self._database.close()

    def _lay(self, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
        self._database.execute("BEGIN")
        self._database.executemany(statement, rows)
        self._database.execute("COMMIT")

    def _adopt(self) -> None:
        """Give lines without a reference that of their transaction, once all are there."""
        if not self._adopted:
            self._adopted = True
            self._database.execute(_NAMED)
            self._database.execute(_ADOPT)


def _told_row(told: Told) -> tuple[Any, ...] | None:
    ours = parse_reference(told.reference)
    if ours is None:
        return None
    return (*ours, told.word, None, 0, 0, 0, 0, None, None, None, None, None)


def _line_row(line: Line) -> tuple[Any, ...]:
    ours = parse_reference(line.reference) or (None, None)
    debit, credit, name = line.debit.cents, line.credit.cents, line.transaction_id
    fees, is_fee = (debit - credit, 1) if line.is_fee else (0, 0)
    if is_fee:
        debit = credit = 0
    movement = None
    if ours[0] is None:
        # A line without any name is one by itself, by what it says.
        name = name or f"{line.on}/{line.kind}/{line.balance}"
        movement = movement_id(name)
    return (
        *ours, None, line.on.toordinal(), debit, credit, fees, is_fee, name, movement, line.order,
        line.balance.cents, line.reference if ours[0] is None else None,
    )  # fmt: skip


def _receipt_row(banked: Banked) -> tuple[Any, ...]:
    receipt, at = banked.receipt, banked.receipt.received_at
    cents = receipt.amount.cents
    return receipt.receipt_id, cents, receipt.rail, at.isoformat(), str(banked.state)


def _date(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)

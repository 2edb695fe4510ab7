"""What the simulator remembers, in SQLite: one lock, and committed before anybody is told.

With a folder it survives SIGKILL; without one it lives in memory. Refuses a folder that another
simulator is using, because both would keep parts of it in their heads.
"""

import fcntl
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS executions (
    transaction_id INTEGER PRIMARY KEY, unique_reference TEXT, method TEXT NOT NULL,
    amount INTEGER NOT NULL, fee TEXT NOT NULL, fee_charged INTEGER NOT NULL, payee TEXT NOT NULL,
    status TEXT NOT NULL, executed_at INTEGER NOT NULL, completed_on TEXT,
    given_back INTEGER NOT NULL, debited INTEGER, told_as TEXT, hidden INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS executions_by_reference ON executions (unique_reference);
CREATE INDEX IF NOT EXISTS executions_by_time ON executions (executed_at);
CREATE TABLE IF NOT EXISTS references_seen (
    unique_reference TEXT PRIMARY KEY, used_up INTEGER NOT NULL, vanished INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS postings (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, credit INTEGER NOT NULL,
    debit INTEGER NOT NULL, balance INTEGER NOT NULL, kind TEXT NOT NULL, subkind TEXT NOT NULL,
    description TEXT NOT NULL, transaction_id INTEGER NOT NULL, unique_reference TEXT,
    hidden INTEGER NOT NULL DEFAULT 0, skew INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS postings_by_time ON postings (at);
CREATE INDEX IF NOT EXISTS postings_by_transaction ON postings (transaction_id);
CREATE INDEX IF NOT EXISTS postings_by_reference ON postings (unique_reference);
CREATE TABLE IF NOT EXISTS due (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, transaction_id INTEGER NOT NULL,
    ending TEXT NOT NULL, reason TEXT, amount INTEGER, told INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS subscriptions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT UNIQUE NOT NULL, url TEXT NOT NULL,
    status TEXT NOT NULL, token TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS notifications (
    webhook_id INTEGER PRIMARY KEY, event TEXT NOT NULL, url TEXT NOT NULL, body BLOB NOT NULL,
    created_at INTEGER NOT NULL, due_at INTEGER, turn INTEGER NOT NULL, attempts INTEGER NOT NULL,
    copies INTEGER NOT NULL, held INTEGER NOT NULL, status TEXT NOT NULL,
    last_code INTEGER NOT NULL, last_at INTEGER, flaw TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS notifications_due ON notifications (due_at) WHERE due_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS faults (
    id INTEGER PRIMARY KEY AUTOINCREMENT, rule TEXT NOT NULL, remaining INTEGER);
CREATE TABLE IF NOT EXISTS verifications (
    token TEXT PRIMARY KEY, wrong INTEGER NOT NULL, locked_until INTEGER NOT NULL,
    verified INTEGER NOT NULL);
"""
# What a reset empties; who the simulator is (`facts`) is dealt with by name.
EVENTS = (
    "counters",
    "executions",
    "references_seen",
    "postings",
    "due",
    "subscriptions",
    "notifications",
    "faults",
    "verifications",
)


# What the tables of an earlier version lack.
GROWN = {
    "notifications": {"flaw": "TEXT NOT NULL DEFAULT ''"},
    "executions": {
        "debited": "INTEGER", "told_as": "TEXT", "hidden": "INTEGER NOT NULL DEFAULT 0",
    },
    "postings": {
        "hidden": "INTEGER NOT NULL DEFAULT 0", "skew": "INTEGER NOT NULL DEFAULT 0",
    },
}  # fmt: skip


class StateTaken(Exception):
    """Another simulator has this folder open, or it is no folder."""


class Store:
    """The one connection. Every method may be called from any thread."""

    def __init__(self, folder: Path | None = None) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._guard = _guarded(folder) if folder else None
        name = str(folder / "monoova.sqlite3") if folder else ":memory:"
        self._connection = sqlite3.connect(name, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        # With a write-ahead log NORMAL loses nothing to SIGKILL, only to a power cut.
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.executescript(SCHEMA)
        self._grow()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All inside becomes durable together, on leaving the outermost block, or not at all."""
        with self._lock:
            if self._depth == 0:
                self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._connection.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._connection.execute("COMMIT")

    def run(self, statement: str, *values: object) -> int:
        """Executes a statement and gives back the last row's id."""
        with self.writing():
            return self._connection.execute(statement, values).lastrowid or 0

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        """All rows of a query."""
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def row(self, query: str, *values: object) -> sqlite3.Row | None:
        """The first row of a query."""
        found = self.rows(query, *values)
        return found[0] if found else None

    def number(self, query: str, *values: object) -> int:
        """The single number that a query asks for; 0 for none."""
        found = self.row(query, *values)
        return int(found[0] or 0) if found else 0

    def fact(self, name: str) -> str | None:
        """A remembered value."""
        found = self.row("SELECT value FROM facts WHERE name = ?", name)
        return str(found["value"]) if found else None

    def remember(self, name: str, value: str) -> None:
        """Keeps a value under a name."""
        self.run("INSERT OR REPLACE INTO facts VALUES (?, ?)", name, value)

    def next_number(self, counter: str, first: int) -> int:
        """The next number of a counter that begins at `first`."""
        with self.writing():
            self.run("INSERT OR IGNORE INTO counters VALUES (?, ?)", counter, first - 1)
            self.run("UPDATE counters SET value = value + 1 WHERE name = ?", counter)
            return self.number("SELECT value FROM counters WHERE name = ?", counter)

    def wipe(self) -> None:
        """Forgets everything that happened."""
        with self.writing():
            for table in (*EVENTS, "sqlite_sequence"):
                self.run(f"DELETE FROM {table}")  # noqa: S608 - the names are ours, listed above

    def _grow(self) -> None:
        """Adds what a state of an earlier version lacks."""
        for table, wanted in GROWN.items():
            there = {row["name"] for row in self.rows(f"PRAGMA table_info({table})")}
            for column in wanted.keys() - there:
                self.run(f"ALTER TABLE {table} ADD COLUMN {column} {wanted[column]}")

    def close(self) -> None:
        """Closes the connection and lets go of the folder."""
        with self._lock:
            self._connection.close()
            if self._guard is not None:
                self._guard.close()


def _guarded(folder: Path) -> TextIO:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        guard = (folder / "lock").open("w")
    except OSError as error:
        raise StateTaken(f"{folder} cannot be used: {error.strerror}") from error
    try:
        fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        guard.close()
        raise StateTaken(f"{folder} is used by another simulator") from error
    return guard

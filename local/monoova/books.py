"""The provider's books: every execution, and the account's ledger with its running balance.

A posting is never changed; money that comes back is a posting of its own. Refuses to let the
balance be anything but the last posting's, and to date a posting before the one above it.
"""

from dataclasses import asdict, replace
from datetime import date, datetime

from local.monoova.clock import micros
from local.monoova.entries import FEE, REVERSALS, Execution, Posting
from local.monoova.fees import Fee
from local.monoova.orders import Order
from local.monoova.shapes import write_json
from local.monoova.store import Store


class Books:
    """Reads and writes them; each write is durable with whatever transaction it is part of."""

    def __init__(self, store: Store, first_transaction: int) -> None:
        self._store = store
        self._first = first_transaction

    def next_transaction(self) -> int:
        """A new transaction id."""
        return self._store.next_number("transaction", self._first)

    def balance(self) -> int:
        """What the account holds, in cents."""
        return self._store.number("SELECT balance FROM postings ORDER BY id DESC LIMIT 1")

    def post(
        self,
        change: int,
        kind: tuple[str, str],
        *,
        at: datetime,
        text: str,
        transaction_id: int,
        reference: str | None = None,
        hidden: bool = False,
    ) -> None:
        """One row of the ledger: a positive change credits the account, a negative debits it.

        What is hidden changes the balance, and no answer shows it.
        """
        with self._store.writing():
            last = self._store.number("SELECT at FROM postings ORDER BY id DESC LIMIT 1")
            self._store.run(
                "INSERT INTO postings (at, credit, debit, balance, kind, subkind, description,"
                " transaction_id, unique_reference, hidden) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                max(last, micros(at)),
                max(change, 0),
                max(-change, 0),
                self.balance() + change,
                *kind,
                f"{reference} - {text}" if reference else text,
                transaction_id,
                reference,
                hidden,
            )

    def record(self, order: Order, fee: Fee, *, at: datetime) -> Execution:
        """Writes a new, pending execution with its debits: the amount, then the fee on top."""
        execution = Execution(
            transaction_id=self.next_transaction(),
            unique_reference=order.reference,
            method=order.first.method,
            amount=order.total,
            fee=fee,
            payee=order.first.payee,
            status="Pending",
            executed_at=at,
            completed_on=None,
            given_back=0,
        )
        self.enter(execution, order.first.payee.description or execution.method)
        return execution

    def repeat(self, execution: Execution, *, at: datetime) -> Execution:
        """Writes an execution once more, under another transaction id."""
        again = replace(
            execution,
            transaction_id=self.next_transaction(),
            executed_at=at,
            given_back=0,
            debited=None,
            charged=None,
            told_as=None,
        )
        self.enter(again, execution.payee.description or execution.method)
        return again

    def enter(self, execution: Execution, text: str) -> None:
        """Writes an execution and its debits: the amount, then the fee on top."""
        with self._store.writing():
            self._insert(execution)
            self._debit(execution, execution.left, ("Payment", execution.method), text)
            if execution.fee_left:
                self._debit(execution, execution.fee_left, FEE, f"Fee for {execution.method}")

    def settle(self, transaction_id: int, status: str, completed_on: date) -> None:
        """Gives a pending execution its status."""
        self._store.run(
            "UPDATE executions SET status = ?, completed_on = ? WHERE transaction_id = ?",
            status,
            completed_on.isoformat(),
            transaction_id,
        )

    def give_back(self, execution: Execution, amount: int, why: str, *, at: datetime) -> int:
        """Credits what came back of an execution and gives back that credit's transaction id."""
        with self._store.writing():
            reversal = self.next_transaction()
            self._store.run(
                "UPDATE executions SET given_back = given_back + ? WHERE transaction_id = ?",
                amount,
                execution.transaction_id,
            )
            self.post(
                amount,
                REVERSALS[why],
                at=at,
                text=f"{REVERSALS[why][1]} of {execution.transaction_id}",
                transaction_id=reversal,
                reference=execution.unique_reference,
            )
        return reversal

    def find(self, transaction_id: int) -> Execution | None:
        """An execution by its transaction id."""
        row = self._store.row("SELECT * FROM executions WHERE transaction_id = ?", transaction_id)
        return Execution.of(row) if row else None

    def latest(self, reference: str) -> Execution | None:
        """The last execution with that reference."""
        row = self._store.row(
            "SELECT * FROM executions WHERE unique_reference = ? AND hidden = 0"
            " ORDER BY transaction_id DESC LIMIT 1",
            reference,
        )
        return Execution.of(row) if row else None

    def executions(
        self, begin: datetime, end: datetime, *, hidden: bool = False
    ) -> list[Execution]:
        """The executions in `begin <= executed_at < end`, in order; perhaps with what is hidden."""
        rows = self._store.rows(
            "SELECT * FROM executions WHERE executed_at >= ? AND executed_at < ? AND hidden <= ?"
            " ORDER BY transaction_id",
            micros(begin),
            micros(end),
            hidden,
        )
        return [Execution.of(row) for row in rows]

    def postings(self, begin: datetime, end: datetime) -> list[Posting]:
        """The rows in `begin <= at < end`, in order."""
        rows = self._store.rows(
            "SELECT * FROM postings WHERE at >= ? AND at < ? AND hidden = 0 ORDER BY id",
            micros(begin),
            micros(end),
        )
        return [Posting.of(row) for row in rows]

    def balance_before(self, at: datetime) -> int:
        """What the account held just before a moment, in cents."""
        return self._store.number(
            "SELECT balance FROM postings WHERE at < ? ORDER BY at DESC, id DESC LIMIT 1",
            micros(at),
        )

    def last_row(self, transaction_id: int | None) -> int | None:
        """The last row that shows, or the last one of a transaction."""
        found = self._store.row(
            "SELECT id FROM postings WHERE hidden = 0 AND transaction_id = coalesce(?,"
            " transaction_id) ORDER BY id DESC LIMIT 1",
            transaction_id,
        )
        return int(found["id"]) if found else None

    def total(self, kind: str, subkind: str | None = None) -> int:
        """The sum of all rows of a kind, in cents, credits less debits."""
        return self._store.number(
            "SELECT SUM(credit - debit) FROM postings"
            " WHERE kind = ? AND subkind = coalesce(?, subkind)",
            kind,
            subkind,
        )

    def _insert(self, execution: Execution) -> None:
        self._store.run(
            "INSERT INTO executions (transaction_id, unique_reference, method, amount, fee,"
            " fee_charged, payee, status, executed_at, completed_on, given_back)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            execution.transaction_id,
            execution.unique_reference,
            execution.method,
            execution.amount,
            str(execution.fee.excluding_gst),
            execution.fee_left,
            write_json(asdict(execution.payee)),
            execution.status,
            micros(execution.executed_at),
            execution.completed_on.isoformat() if execution.completed_on else None,
            0,
        )

    def _debit(self, execution: Execution, amount: int, kind: tuple[str, str], text: str) -> None:
        self.post(
            -amount,
            kind,
            at=execution.executed_at,
            text=text,
            transaction_id=execution.transaction_id,
            reference=execution.unique_reference,
        )

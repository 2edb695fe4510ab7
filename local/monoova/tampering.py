"""What nobody of ours did, and a provider that is wrong: on request, for those who must notice it.

Foreign money on the account, other amounts than were asked for, a payment twice, a status that is
not so, a payment that is gone, a balance that does not follow. Whatever is changed shows in all
answers alike, unless the change is that they differ. Refuses nothing for being implausible; the
simulator's own totals stay true to what is in the account.
"""

from dataclasses import dataclass

from local.monoova.books import Books
from local.monoova.clock import VirtualClock
from local.monoova.dates import today
from local.monoova.entries import FEE, FOREIGN, Execution
from local.monoova.fault_rules import BOOKINGS, Facts
from local.monoova.faults import Faults
from local.monoova.fees import NOTHING
from local.monoova.payees import Payee
from local.monoova.store import Store

STRANGER = "NppCreditBankAccount"


@dataclass(frozen=True)
class Foreign:
    """Somebody else's money, in cents: a credit or a debit, perhaps with a fee or a reference.

    A debit with a reference is a payment that somebody else made from the account. What is
    hidden changes the balance and is nowhere to be seen.
    """

    side: str
    amount: int
    fee: int = 0
    reference: str | None = None
    description: str = "Transfer"
    hidden: bool = False


@dataclass(frozen=True)
class Tampering:
    """Changes the books behind everybody's back."""

    store: Store
    clock: VirtualClock
    books: Books
    faults: Faults

    def foreign(self, what: Foreign) -> int:
        """Lets it happen now, and gives back its transaction id."""
        with self.store.writing():
            if what.side == "debit" and what.reference:
                return self._paid_by_a_stranger(what)
            number = self.books.next_transaction()
            change = what.amount if what.side == "credit" else -what.amount
            self._post(what, change, FOREIGN[what.side], number)
            if what.fee:
                self._post(what, -what.fee, FEE, number)
            return number

    def amend(self, execution: Execution, *, amount: int | None, fee: int | None) -> None:
        """Lets other amounts have left the account than were asked for, or answered."""
        with self.store.writing():
            if amount is not None:
                self._change(execution, "debited", "kind = 'Payment'", amount)
            if fee is not None:
                self._change(execution, "fee_charged", "kind = 'Fee'", fee)

    def repeat(self, execution: Execution) -> int:
        """Executes it once more, under the same reference; the second one is complete at once."""
        with self.store.writing():
            again = self.books.repeat(execution, at=self.clock.now())
            self.books.settle(again.transaction_id, "Complete", today(again.executed_at))
        return again.transaction_id

    def lie(self, execution: Execution, status: str | None) -> None:
        """From now on the statuses say that of it, whatever is true; None for the truth."""
        self.store.run(
            "UPDATE executions SET told_as = ? WHERE transaction_id = ?",
            status,
            execution.transaction_id,
        )

    def vanish(self, execution: Execution, *, where: str, gap: bool) -> None:
        """Takes it out of the statuses, the account's rows or both.

        Its money is back as if it had never left, unless a gap is wanted: then it is gone, and
        the running balance jumps.
        """
        number, reference = execution.transaction_id, execution.unique_reference
        with self.store.writing():
            if where != "lines":
                self._forget(number, reference, wholly=where == "both" and not gap)
            if where != "statuses":
                self._hide_rows(number, reference, gap=gap)

    def bend(self, row_id: int, amount: int) -> None:
        """Lets one row show a running balance that is so much too high."""
        self.store.run("UPDATE postings SET skew = skew + ? WHERE id = ?", amount, row_id)

    def strike(self, execution: Execution, path: str, facts: Facts) -> None:
        """What fault rules do to an execution as it is booked."""
        for kind in sorted(BOOKINGS):
            rule = self.faults.take({kind}, "execute", path, facts)
            if rule and kind == "twice":
                self.repeat(execution)
            elif rule and kind == "other_amount":
                self.amend(execution, amount=rule.amount, fee=None)
            elif rule:
                self.amend(execution, amount=None, fee=rule.amount)

    def _paid_by_a_stranger(self, what: Foreign) -> int:
        execution = Execution(
            transaction_id=self.books.next_transaction(),
            unique_reference=what.reference,
            method=STRANGER,
            amount=what.amount,
            fee=NOTHING,
            payee=Payee("Simulated Stranger", description=what.description),
            status="Complete",
            executed_at=self.clock.now(),
            completed_on=today(self.clock.now()),
            given_back=0,
            charged=what.fee,
        )
        self.books.enter(execution, what.description)
        return execution.transaction_id

    def _forget(self, number: int, reference: str | None, *, wholly: bool) -> None:
        """Nothing more becomes of it; its reference stays used up, as far as there is one."""
        if wholly:
            self.store.run("DELETE FROM executions WHERE transaction_id = ?", number)
        else:
            self.store.run("UPDATE executions SET hidden = 1 WHERE transaction_id = ?", number)
        self.store.run("DELETE FROM due WHERE transaction_id = ?", number)
        self.store.run("INSERT OR REPLACE INTO references_seen VALUES (?, 1, 0)", reference)

    def _post(self, what: Foreign, change: int, kind: tuple[str, str], number: int) -> None:
        self.books.post(
            change,
            kind,
            at=self.clock.now(),
            text=what.description,
            transaction_id=number,
            reference=what.reference,
            hidden=what.hidden,
        )

    def _change(self, execution: Execution, column: str, which: str, cents: int) -> None:
        number = execution.transaction_id
        self.store.run(
            f"UPDATE executions SET {column} = ? WHERE transaction_id = ?",  # noqa: S608 - ours
            cents,
            number,
        )
        row = self.store.row(
            f"SELECT id, debit FROM postings WHERE transaction_id = ? AND {which}",  # noqa: S608
            number,
        )
        if row is not None:
            self.store.run("UPDATE postings SET debit = ? WHERE id = ?", cents, row["id"])
            self._move(row["id"], row["debit"] - cents)

    def _hide_rows(self, number: int, reference: str | None, *, gap: bool) -> None:
        rows = self.store.rows(
            "SELECT id, credit, debit FROM postings WHERE transaction_id = ?"
            " UNION SELECT id, credit, debit FROM postings"
            " WHERE unique_reference = ? AND kind = 'Reversal'",
            number,
            reference,
        )
        for row in rows:
            self.store.run("UPDATE postings SET hidden = 1 WHERE id = ?", row["id"])
            if not gap:
                self.store.run("UPDATE postings SET credit = 0, debit = 0 WHERE id = ?", row["id"])
                self._move(row["id"], row["debit"] - row["credit"])

    def _move(self, row_id: int, by: int) -> None:
        """Lets the balance from a row on be as if the account held so much more."""
        self.store.run("UPDATE postings SET balance = balance + ? WHERE id >= ?", by, row_id)

"""What becomes of accepted payments later: completed, rejected, returned or dishonoured.

Each ending is one transaction: the status, the money that comes back, and the notification of it.
Refuses an ending that the payment's state does not allow, so that money never comes back twice.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from local.monoova import notices
from local.monoova.books import Books
from local.monoova.clock import VirtualClock, micros, moment
from local.monoova.dates import business_day_after, instant, today
from local.monoova.entries import Execution
from local.monoova.notifications import Notifications
from local.monoova.outcomes import DEFAULT_REASON, Outcome
from local.monoova.store import Store
from local.monoova.switches import SwitchBoard

# The hour in Sydney at which the other banks' dishonours of the night are in.
MORNING = time(9)
LATER = {
    "pending": "complete",
    "silent": "complete",
    "reject": "reject",
    "return": "return",
    "dishonour": "dishonour",
}


class NotPossible(Exception):
    """The payment's state does not allow that ending."""


@dataclass(frozen=True)
class Ending:
    """What happens to a payment; `amount` in cents comes back, None for all of it."""

    what: str
    reason: str | None = None
    amount: int | None = None
    told: bool = True


def _nobody() -> None:
    return None


@dataclass
class Endings:
    """Expects endings, and lets them happen; `wake` is called when one was added."""

    store: Store
    clock: VirtualClock
    switches: SwitchBoard
    books: Books
    notifications: Notifications
    wake: Callable[[], None] = field(default=_nobody)

    def expect(self, execution: Execution, outcome: Outcome) -> None:
        """Lets an outcome's ending become due."""
        what = LATER.get(outcome.ending)
        if what is None:
            return
        self.store.run(
            "INSERT INTO due (at, transaction_id, ending, reason, amount, told)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            micros(self._when(execution, outcome)),
            execution.transaction_id,
            what,
            outcome.reason,
            outcome.amount,
            outcome.ending != "silent",
        )
        self.wake()

    def next_due(self) -> datetime | None:
        """When the next ending is due."""
        at = self.store.number("SELECT min(at) FROM due")
        return moment(at) if at else None

    def run_due(self) -> int:
        """Lets everything that is due by now happen, in order, each at its time; how many."""
        happened = 0
        while True:
            with self.store.writing():
                row = self.store.row(
                    "SELECT * FROM due WHERE at <= ? ORDER BY at, id LIMIT 1",
                    micros(self.clock.now()),
                )
                if row is None:
                    return happened
                self.store.run("DELETE FROM due WHERE id = ?", row["id"])
                happened += self._happened(row)

    def happen(self, execution: Execution, ending: Ending, at: datetime) -> None:
        """One ending, now.

        Raises:
            NotPossible: not from the state that the payment is in.
        """
        with self.store.writing():
            if ending.what not in _possible(execution):
                raise NotPossible(
                    f"a {execution.status} payment by {execution.method} has no such ending"
                )
            if ending.what == "complete":
                self._complete(execution, ending, at)
            else:
                self._give_back(execution, ending, at)

    def _happened(self, row: sqlite3.Row) -> bool:
        execution = self.books.find(row["transaction_id"])
        ending = Ending(row["ending"], row["reason"], row["amount"], bool(row["told"]))
        if execution is None:
            return False
        try:
            self.happen(execution, ending, moment(row["at"]))
        except NotPossible:
            # Something else happened to it first, asked for by hand.
            return False
        return True

    def _complete(self, execution: Execution, ending: Ending, at: datetime) -> None:
        self.books.settle(execution.transaction_id, "Complete", today(at))
        if ending.told:
            body = notices.payment_status(execution, "Payment Successful")
            self.notifications.announce("NppPaymentStatus", body, notices.facts(execution))

    def _give_back(self, execution: Execution, ending: Ending, at: datetime) -> None:
        left = execution.amount - execution.given_back
        amount = left if ending.amount is None else min(left, ending.amount)
        reversal = self.books.give_back(execution, amount, ending.what, at=at)
        if ending.what == "reject":
            self.books.settle(execution.transaction_id, "Rejected", today(at))
        if ending.told:
            reason = ending.reason or DEFAULT_REASON
            back = notices.Reversal(reversal, amount, reason, at)
            event, body = notices.reversal(execution, ending.what, back)
            self.notifications.announce(event, body, notices.facts(execution))
            self._arrive_as_receipt(execution, event, back)

    def _arrive_as_receipt(self, execution: Execution, event: str, back: notices.Reversal) -> None:
        """Tells of an NPP return a second time, as of money received; it came only once."""
        if event == "NppReturn" and self.switches.now.returns_arrive_as_receipts:
            body = notices.return_receipt(execution, back)
            self.notifications.announce("NPPReceivePayment", body, notices.facts(execution))

    def _when(self, execution: Execution, outcome: Outcome) -> datetime:
        if outcome.seconds is not None:
            return execution.executed_at + timedelta(microseconds=int(outcome.seconds * 10**6))
        if outcome.ending == "dishonour":
            days = outcome.business_days or self.switches.now.dishonour_business_days
            day = business_day_after(today(execution.executed_at), days)
            return instant(datetime.combine(day, MORNING))
        pending = self.switches.now.pending_seconds
        return execution.executed_at + timedelta(microseconds=int(pending * 10**6))


def _possible(execution: Execution) -> set[str]:
    if execution.status == "Pending":
        return {"complete", "reject"}
    if execution.status != "Complete" or execution.given_back >= execution.amount:
        return set()
    return {"dishonour"} if execution.is_direct_entry else {"return"}

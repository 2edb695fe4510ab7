"""Money that somebody else takes out of the account: inbound direct debits, told by webhook.

Only on request (`POST /_simulator/debit`). Refuses to take more than the account holds.
"""

from dataclasses import dataclass

from local.monoova import arrivals
from local.monoova.books import Books
from local.monoova.clock import VirtualClock
from local.monoova.entries import DEBIT
from local.monoova.fault_rules import Facts
from local.monoova.forms import Form
from local.monoova.notifications import Notifications
from local.monoova.receipts import NUMBERS, Receipts
from local.monoova.shapes import text_amount
from local.monoova.store import Store

STATUSES = ("Accept", "Pending", "Reject")


@dataclass(frozen=True)
class Debits:
    """Lets others debit the account; only an accepted one moves money."""

    store: Store
    clock: VirtualClock
    books: Books
    notifications: Notifications
    receipts: Receipts

    def debit(self, form: Form) -> dict[str, object]:
        """Lets the debit of a control request happen, and tells what it was called."""
        amount = form.money("amount", required=True) or 0
        status = form.text("status", among=STATUSES) or "Accept"
        fields = {name: form.text(name) for name in ("remitter", "description")}
        counter, first, written = NUMBERS["DE"]
        with self.store.writing():
            if status == "Accept" and amount > self.books.balance():
                form.wrong("amount", "is more than the account holds")
            form.finish()
            taken = self.receipts.receipt(self.store.next_number(counter, first), amount, fields)
            if status == "Accept":
                self._take(amount, taken.description)
            facts = Facts(account_name=taken.account_name, amount=amount)
            body = arrivals.direct_debit(taken, status)
            told = self.notifications.announce("InboundDirectDebit", body, facts)
            balance = self.books.balance()
        return {
            "transactionId": written.format(taken.number),
            "amount": text_amount(amount),
            "webhookId": told,
            "balance": text_amount(balance),
        }

    def _take(self, amount: int, text: str) -> None:
        number = self.books.next_transaction()
        self.books.post(-amount, DEBIT, at=self.clock.now(), text=text, transaction_id=number)

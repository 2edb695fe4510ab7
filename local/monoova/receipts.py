"""Money that comes in: credited to the account, and told by webhook.

Only on request (`POST /_simulator/receive`): nobody else sends us any.
"""

from dataclasses import dataclass

from local.monoova import notices
from local.monoova.books import Books
from local.monoova.clock import VirtualClock
from local.monoova.entries import OPENING, RECEIPTS
from local.monoova.fault_rules import Facts
from local.monoova.forms import Form
from local.monoova.identity import AUTOMATCHER_BSB, Identity
from local.monoova.notices import Receipt
from local.monoova.notifications import Notifications
from local.monoova.shapes import text_amount
from local.monoova.store import Store

FIRST_NUMBER = {"NPP": 100_000_000, "DE": 100_537_784}


@dataclass(frozen=True)
class Receipts:
    """Lets money arrive at the Automatcher, the bank account of the sign-in account."""

    store: Store
    clock: VirtualClock
    books: Books
    notifications: Notifications
    identity: Identity

    def open_with(self, amount: int) -> None:
        """The balance at the beginning, in cents; no webhook tells of it."""
        if amount:
            self._credit(amount, OPENING, "Opening balance")

    def receive(self, form: Form) -> dict[str, object]:
        """Lets the money of a control request arrive, and tells what it was called."""
        rail = form.text("rail", among=tuple(RECEIPTS)) or "NPP"
        amount = form.money("amount", required=True) or 0
        fields = {
            "remitter": form.text("remitter") or "Simulated Payer",
            "description": form.text("description") or "Settlement",
            "source_bsb": form.text("sourceBsb") or "062-000",
            "source_account": form.text("sourceAccountNumber") or "12345678",
            "end_to_end_id": form.text("endToEndId"),
            "pay_id": form.text("payId"),
        }
        form.finish()
        with self.store.writing():
            receipt = self._receipt(rail, amount, fields)
            webhook_id = self._arrive(rail, receipt)
            balance = self.books.balance()
        letter = "N" if rail == "NPP" else "D"
        return {
            "transactionId": f"{letter}{receipt.number:011d}",
            "rail": rail,
            "amount": text_amount(amount),
            "webhookId": webhook_id,
            "balance": text_amount(balance),
        }

    def _receipt(self, rail: str, amount: int, fields: dict[str, str | None]) -> Receipt:
        return Receipt(
            number=self.store.next_number(f"receipt {rail}", FIRST_NUMBER[rail]),
            at=self.clock.now(),
            amount=amount,
            remitter=fields["remitter"] or "",
            description=fields["description"] or "",
            bsb=AUTOMATCHER_BSB,
            account_number=self.identity.bank_account,
            account_name="Simulated Merchant",
            source_bsb=fields["source_bsb"] or "",
            source_account=fields["source_account"] or "",
            end_to_end_id=fields["end_to_end_id"],
            pay_id=fields["pay_id"],
        )

    def _arrive(self, rail: str, receipt: Receipt) -> int | None:
        self._credit(receipt.amount, RECEIPTS[rail], receipt.description)
        facts = Facts(account_name=receipt.account_name, amount=receipt.amount)
        if rail == "NPP":
            body = notices.npp_receipt(receipt)
            return self.notifications.announce("NPPReceivePayment", body, facts)
        body = notices.direct_credit_receipt(receipt)
        return self.notifications.announce("InboundDirectCredit", body, facts)

    def _credit(self, amount: int, kind: tuple[str, str], text: str) -> None:
        number = self.books.next_transaction()
        self.books.post(amount, kind, at=self.clock.now(), text=text, transaction_id=number)

"""Money that comes in, or is turned away: credited to the account, and told by webhook.

Only on request (`POST /_simulator/receive`): nobody else sends us any. What is turned away is told
and never was in the account.
"""

from collections.abc import Callable
from dataclasses import dataclass

from local.monoova import arrivals, notices
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

# PayTo's money comes over NPP and is numbered with it.
NUMBERS = {
    "NPP": ("receipt NPP", 100_000_000, "N{:011d}"),
    "PAYTO": ("receipt NPP", 100_000_000, "N{:011d}"),
    "DE": ("receipt DE", 100_537_784, "D{:011d}"),
    "RTGS": ("receipt RTGS", 10_002_222, "R{:08d}"),
}
MOST = 10_000


@dataclass(frozen=True)
class Order:
    """What was asked for: money by a rail, in cents, so often, perhaps turned away for a reason."""

    rail: str
    amount: int
    count: int
    rejected: str | None
    make: Callable[[int], Receipt]
    told: bool = True


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
        order = self._order(form)
        counter, first, written = NUMBERS[order.rail]
        with self.store.writing():
            made = [order.make(self.store.next_number(counter, first)) for _ in range(order.count)]
            told = self._turn_away(order, made) if order.rejected else self._arrive(order, made)
            balance = self.books.balance()
        names = [written.format(each.number) for each in made]
        return {
            "transactionId": names[0],
            "transactionIds": names,
            "rail": order.rail,
            "amount": text_amount(order.amount),
            "webhookId": told[0],
            "webhookIds": told,
            "balance": text_amount(balance),
        }

    def receipt(self, number: int, amount: int, fields: dict[str, str | None]) -> Receipt:
        """Money with a number, now; what the fields lack is made up."""
        return Receipt(
            number=number,
            at=self.clock.now(),
            amount=amount,
            remitter=fields.get("remitter") or "Simulated Payer",
            description=fields.get("description") or "Settlement",
            bsb=AUTOMATCHER_BSB,
            account_number=self.identity.bank_account,
            account_name="Simulated Merchant",
            source_bsb=fields.get("sourceBsb") or "062-000",
            source_account=fields.get("sourceAccountNumber") or "12345678",
            end_to_end_id=fields.get("endToEndId"),
            pay_id=fields.get("payId"),
        )

    def _order(self, form: Form) -> Order:
        rail = form.text("rail", among=tuple(RECEIPTS)) or "NPP"
        amount = form.money("amount", required=True) or 0
        count = form.whole("count", least=1, most=MOST) or 1
        rejected = form.text("rejected")
        if rejected and rail == "PAYTO":
            form.wrong("rejected", "there is no event for PayTo money that is turned away")
        names = (
            "remitter", "description", "sourceBsb", "sourceAccountNumber", "endToEndId", "payId",
        )  # fmt: skip
        fields = {name: form.text(name) for name in names}
        told = form.flag("told", default=True)
        if rejected and not told:
            form.wrong("told", "what is turned away is nothing but told")
        form.finish()
        make = lambda number: self.receipt(number, amount, fields)  # noqa: E731 - it has no name
        return Order(rail, amount, count, rejected, make, told)

    def _arrive(self, order: Order, made: list[Receipt]) -> list[int | None]:
        for each in made:
            self._credit(each.amount, RECEIPTS[order.rail], each.description)
        if not order.told:
            return [None]
        if order.rail == "DE":
            return self._tell("InboundDirectCredit", made, notices.direct_credit_receipt(*made))
        if order.rail == "RTGS":
            return self._decide(made, None)
        event, body = {
            "NPP": ("NPPReceivePayment", notices.npp_receipt),
            "PAYTO": ("PayToReceivePayment", arrivals.pay_to_receipt),
        }[order.rail]
        return [number for each in made for number in self._tell(event, [each], body(each))]

    def _turn_away(self, order: Order, made: list[Receipt]) -> list[int | None]:
        if order.rail == "RTGS":
            return self._decide(made, order.rejected)
        reason = order.rejected or ""
        lines = [arrivals.rejection(each, order.rail, reason) for each in made]
        if order.rail == "DE":
            return self._tell("InboundDirectCreditRejections", made, lines)
        return [
            number
            for each, line in zip(made, lines, strict=True)
            for number in self._tell("NPPCreditRejections", [each], line)
        ]

    def _decide(self, made: list[Receipt], reason: str | None) -> list[int | None]:
        """Tells of transfers of high value that wait, and then at once of the decision on each."""
        told = self._tell("PendingInboundRtgsImt", made, arrivals.pending_transfers(made))
        for each in made:
            body = arrivals.transfer_status(each, reason)
            told += self._tell("InboundRtgsImtStatus", [each], body)
        return told

    def _tell(self, event: str, made: list[Receipt], body: object) -> list[int | None]:
        total = sum(each.amount for each in made)
        facts = Facts(account_name=made[0].account_name, amount=total)
        return [self.notifications.announce(event, body, facts)]

    def _credit(self, amount: int, kind: tuple[str, str], text: str) -> None:
        number = self.books.next_transaction()
        self.books.post(amount, kind, at=self.clock.now(), text=text, transaction_id=number)

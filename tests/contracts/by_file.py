"""The bank as a provider to hold the contract against, and its other end: people, and the bank.

A payment is stepped into a file of its own. People take that to the bank, which knows nothing but
the bytes: it pays each line, and tells what comes back in a file of returns.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.adapters.by_bank import ByBank
from chalicelib.adapters.dynamo.client import Tables
from chalicelib.domain import aba
from chalicelib.domain.bank_file import BankFile
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.destination import BankAccount
from chalicelib.domain.rails import Rail
from chalicelib.usecases.bank_content import Means
from chalicelib.usecases.bank_file import go_on
from chalicelib.usecases.bank_returns import hear_returns
from chalicelib.usecases.bank_word import confirm, give_out
from tests.contracts.making import an_intent, begun, rich_customer
from tests.contracts.providers import LONG_ENOUGH, Side
from tests.contracts.stores import NOBODY, client_of, memory_store, simulated_store, store_on
from tests.fakes.store import MemoryStore
from tests.fakes.vault import FakeVault

if TYPE_CHECKING:
    from chalicelib.domain.events import News
    from chalicelib.domain.payout import Payout
    from tests.contracts.stores import Store

PAYER = aba.Payer("CBA", "Example Pty Ltd", "123456", "PAYOUTS", "062-000", "12345678")
ACCOUNT = BankAccount.parse("062-000", "12345678", "Jo Citizen")
# One digit more than a line has room for.
LONG = BankAccount.parse("062-000", "1234567890", "Jo Citizen")
CLOSED = "3"  # the bank's code of why


class Bank:
    """Pays what a file says, and tells of it. `paid` are the lines, by their references."""

    def __init__(self) -> None:
        self.paid: list[str] = []

    def take(self, text: str) -> None:
        """Pay each line of a file."""
        rows = text.split(aba.END)
        self.paid += [row[62:80].strip() for row in rows if row.startswith("1")]

    def returns(self, reference: str, cents: int) -> str:
        """The file by which it tells that a payment came back."""
        head = f"0{'':17}01CBA{'':7}{PAYER.user_name:26}{PAYER.user_id}{'RETURNS':12}020326{'':40}"
        back = (
            f"2062-000 12345678{CLOSED}50{cents:010d}{'JO CITIZEN':32}{reference:18}"
            f"062-000 12345678{'EXAMPLE':16}02{PAYER.user_id}"
        )
        totals = f"7999-999{'':12}{cents:010d}{cents:010d}{0:010d}{'':24}{1:06d}{'':40}"
        return "".join(row + aba.END for row in (head, back, totals))


class ByFile(Side):
    """The bank over one kind of store."""

    refusal = objection = "account_number"
    unsuccessful = "Nobody has said"

    def __init__(self, store: Store) -> None:
        self.store, self.clock = store, store.clock
        self.vault, self.bank = FakeVault(), Bank()
        self.provider = self.filing = ByBank(store.bank_files, store.payouts, store.clock)
        self._fate = ""
        rich_customer(store, "50000.00")

    def a_payout(self, amount: str = "10.00", rail: Rail = Rail.NPP) -> Payout:
        """One that waits, and the file that is open for it."""
        there = {"customer_id": "customer-1", "destination_id": "destination-1"}
        intent = an_intent(amount, at=self.clock.now(), rail=rail)
        intent = replace(intent, destination=self.vault.seal(ACCOUNT, **there))
        day, own = sydney_date(self.clock.now()), intent.transaction_id
        new = BankFile(file_of(own), self.clock.now(), "alex", day, PAYER, (own,))
        self.store.bank_files.add(new)
        return self.store.payouts.write(begun(intent))

    def now(self, payout: Payout) -> Payout:
        stored = self.store.payouts.get(payout.transaction_id)
        assert stored is not None
        return stored

    def pay(
        self, payout: Payout, outcome: str = "Complete", *, within: float = LONG_ENOUGH
    ) -> News:
        """Step it into its file, and have people bring that as far as the outcome says."""
        news = self._step(self.now(payout), within)
        if self.now(payout).file_id and not self.bank.paid.count(line_of(payout)):
            self._bring(payout, outcome)
        return news

    def _step(self, payout: Payout, within: float) -> News:
        fate, self._fate = self._fate, ""
        filing = unreachable(self.store) if fate == "broken, unpaid" else self.filing
        if fate == "reply lost, filed":
            self.store.lose_replies(1)
        account = LONG if fate == "refused" else ACCOUNT
        return filing.into(file_of(payout.transaction_id)).pay(payout, account, within=within)

    def validate(
        self, payout: Payout, outcome: str = "Complete", *, within: float = LONG_ENOUGH
    ) -> News | None:
        account = LONG if outcome == "Refused" else ACCOUNT
        return self.provider.validate(payout, account, within=within)

    def meet(self, fate: str) -> None:
        """Let that become of the next payment."""
        self._fate = fate

    def come_back(self, payout: Payout) -> None:
        """Bring the file of returns that tells of the whole of it."""
        told = self.bank.returns(line_of(payout), payout.intent.amount.cents)
        own = file_of(payout.transaction_id)
        hear_returns(own, content=told, by="alex", means=self.means)

    def paid(self, payout: Payout) -> int:
        """How often the bank paid it."""
        return self.bank.paid.count(line_of(payout))

    def unplug(self) -> None:
        """Let the store answer nothing any more: there is no other line to this bank."""
        self.provider = self.filing = unreachable(self.store)

    @property
    def means(self) -> Means:
        """What bringing a file on takes."""
        return Means(
            payouts=self.store.payouts, customers=self.store.customers,
            files=self.store.bank_files, findings=self.store.findings, bank=self.filing,
            vault=self.vault, clock=self.clock, time_left=lambda: LONG_ENOUGH,
        )  # fmt: skip

    def _bring(self, payout: Payout, outcome: str) -> None:
        own = file_of(payout.transaction_id)
        go_on(own, means=self.means)
        self.bank.take(give_out(own, by="alex", pauses=self.store.pauses, means=self.means))
        if outcome != self.unsuccessful:
            confirm(own, reference="CBA-1", by="alex", means=self.means)
        if outcome == "Returned":
            self.come_back(payout)


def file_of(transaction_id: str) -> str:
    """The file that is a payout's own here."""
    return f"file of {transaction_id}"


def line_of(payout: Payout) -> str:
    """What the bank knows a payout by."""
    return aba.reference_of(payout.transaction_id, payout.attempt)


def unreachable(store: Store) -> ByBank:
    """The same over a store of its kind that does not answer."""
    if store.client is None:
        memory = MemoryStore(store.clock)
        memory.state.down = True
        return ByBank(memory.bank_files, memory.payouts, store.clock)
    names = Tables("transactions", "customers", "events", "control")
    away = store_on(client_of(NOBODY), names, within=0.01, clock=store.clock)
    return ByBank(away.bank_files, away.payouts, store.clock)


def in_memory() -> ByFile:
    """The bank over the store in memory."""
    return ByFile(memory_store())


def on_dynamodb() -> ByFile:
    """The bank over the DynamoDB in memory."""
    return ByFile(simulated_store())

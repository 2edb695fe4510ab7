"""Work for those who are to be killed: payouts asked for, letters to redrive, time that passes.

Whoever asks for a payout and gets no answer asks again with the same key, until there is one: at
once, later, or when all killing is over. Nothing here knows what the right answer is.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import requests

from chalicelib.adapters.sqs import SqsDeadLetters
from chalicelib.domain.identifiers import derived_id
from chalicelib.domain.money import Money
from chalicelib.domain.notices import DeadLetter
from local.monoova.clock import utc_now
from local.monoova.notices import Receipt, direct_credit_receipt
from local.monoova.shapes import write_json
from tests.kills.accounts import fund, open_account
from tests.kills.ground import new_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.client import Client
    from tests.kills.ground import Ground

# What becomes of a payment is its payee's name's to say: docs/simulator.md.
PAYEES = (
    "Jo Citizen", "Sim Pending", "Sim Silent", "Sim Reject", "Sim Return", "Sim Refuse",
    "Sim Timeout", "Sim Error", "Sim Reset", "Sim Garble", "Sim Vanish",
)  # fmt: skip
BY_DIRECT_ENTRY = ("Jo Citizen", "Sim Dishonour")
CUSTOMERS = 4
ALLOWANCE = Money(1_000_000_00)
RECEIPT = Money(1_00)
# Who insist on an answer when all is quiet.
AT_ONCE = 8
# One more line than a webhook may have to be applied at once.
LINES = 51
MOST_RECEIPTS = 20 * LINES
# Dead letters that may wait: more would only make the end longer.
BACKLOG = 10


@dataclass
class Wish:
    """A payout that somebody wants, and what it was answered with: 0 is not at all, so far."""

    body: dict[str, Any]
    status: int = 0

    @property
    def amount(self) -> Money:
        """How much."""
        return Money.parse(self.body["amount"])


@dataclass
class Load:
    """The work, and what came of it. `orders` are bodies to draw from."""

    ground: Ground
    doors: list[str]
    seed: int
    orders: list[dict[str, Any]] = field(default_factory=list)
    wishes: dict[str, Wish] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)
    receipts: int = 0

    def begin(self, askers: int) -> None:
        """Start to work, in so many threads and two more."""
        works: list[Callable[[int], None]] = [self._ask] * askers + [self._redrive, self._age]
        for number, work in enumerate(works):
            thread = threading.Thread(target=self._guarded, args=(work, number), daemon=True)
            self.threads.append(thread)
            thread.start()

    def end(self) -> None:
        """No more work; what is under way ends, and what was not answered is asked for again."""
        self.stop.set()
        for thread in self.threads:
            thread.join()
        self.ground.control.clear_faults()
        left = [key for key, wish in self.wishes.items() if not wish.status]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self._insist, left))

    def _insist(self, key: str) -> None:
        client = self.ground.client(self.doors[sum(key.encode()) % len(self.doors)], "operator")
        for _ in range(5):
            if self._wish(client, key):
                break
        client.close()

    @property
    def asked(self) -> dict[str, Money]:
        """Every payout that was answered with a 202, by its id."""
        return {
            derived_id("payout", key): wish.amount
            for key, wish in self.wishes.items() if wish.status == 202
        }  # fmt: skip

    def _guarded(self, work: Callable[[int], None], number: int) -> None:
        try:
            work(number)
        except Exception as error:  # noqa: BLE001 (a silent end of the work would prove nothing)
            self.troubles.append(f"the work ended with {type(error).__name__}: {error}")

    def _ask(self, number: int) -> None:
        """Payouts, one after the other, at every door; a third of the unanswered at once again."""
        chance = random.Random(f"{self.seed}/{number}")  # noqa: S311 (no secret)
        clients = [self.ground.client(door, "operator") for door in self.doors]
        while not self.stop.is_set():
            key = new_key()
            self.wishes[key] = Wish(dict(chance.choice(self.orders)))
            if not self._wish(chance.choice(clients), key) and chance.random() < 1 / 3:
                self._wish(chance.choice(clients), key)
            self.stop.wait(chance.uniform(0, 0.05))
        for client in clients:
            client.close()

    def _wish(self, client: Client, key: str) -> bool:
        """Ask for one; whether there was an answer that settles it."""
        wish = self.wishes[key]
        try:
            answer = client.call("POST", "/payouts", wish.body, key=key)
        except requests.ConnectionError as error:
            refused = "NewConnectionError" in str(error)
            self.told["requests refused" if refused else "requests cut off"] += 1
            return False
        except requests.RequestException:
            self.told["requests cut off"] += 1
            return False
        if answer.status >= 500:
            self.told[f"requests answered {answer.status}"] += 1
            return False
        if answer.status != 202 or answer.body["transaction_id"] != derived_id("payout", key):
            self.troubles.append(f"a payout was answered {answer.status}: {answer.body}")
        wish.status = answer.status
        return True

    def _redrive(self, _: int) -> None:
        """Dead letters about payouts, and receipts in batches too large to be applied at once."""
        environment = self.ground.cloud.environment
        queue = SqsDeadLetters(self.ground.cloud.clients.sqs, environment["DLQ_URL"])
        chance = random.Random(f"{self.seed}/redrive")  # noqa: S311 (no secret)
        while not self.stop.wait(0.3):
            if self.ground.letters() > BACKLOG:
                continue
            if self.receipts < MOST_RECEIPTS:
                self._receive_many()
            told = self.ground.control.totals().executions
            final = [each for each in told if each.status == "Complete" and each.method[0] == "N"]
            for each in chance.sample(final, min(5, len(final))):
                body = {
                    "UniqueReference": each.unique_reference, "Status": "Payment Successful",
                    "TransactionId": each.transaction_id, "Amount": each.amount,
                }  # fmt: skip
                raw = write_json(body).encode()
                name = str(chance.randrange(10**9))
                letter = DeadLetter("NppPaymentStatus", name, raw, utc_now(), "store_unavailable")
                queue.put(letter, delay=0)
                self.told["dead letters about payouts"] += 1

    def _receive_many(self) -> None:
        """One signed webhook with so many receipts that the reprocessor has to apply them."""
        numbers = range(self.receipts + 1, self.receipts + LINES + 1)
        bodies = [direct_credit_receipt(_receipt(number)) for number in numbers]
        lines = [line for body in bodies for line in _lines(body)]
        told = {"TotalCount": LINES, "TotalAmount": LINES, "DirectCreditDetails": lines}
        self.receipts += LINES
        self.ground.deposits.append(Money(LINES * RECEIPT.cents))
        self.ground.control.send("InboundDirectCredit", told)
        self.told["webhooks with many receipts"] += 1

    def _age(self, _: int) -> None:
        """Half a minute goes by each second: payouts become due, retries of webhooks, too."""
        while not self.stop.wait(1.0):
            self.ground.control.advance(31, deliver=False)


def _receipt(number: int) -> Receipt:
    return Receipt(
        number, utc_now(), RECEIPT.cents, "Example Buyer", "Invoice 1", "062-000", "12345678",
        "Example Payouts", "062-000", "12345678",
    )  # fmt: skip


def _lines(body: dict[str, Any]) -> list[object]:
    return list(body["DirectCreditDetails"])


def open_accounts(ground: Ground, door: str) -> list[dict[str, Any]]:
    """Customers with money and every kind of payee; the orders that can be made of them."""
    fund(ground, door, Money(10 * CUSTOMERS * ALLOWANCE.cents))
    orders: list[dict[str, Any]] = []
    for _ in range(CUSTOMERS):
        made = open_account(ground, door, ALLOWANCE, (*PAYEES, *BY_DIRECT_ENTRY))
        for number, order in enumerate(made):
            rail = {"rail": "DirectEntry"} if number >= len(PAYEES) else {}
            orders.append(order | rail | {"amount": f"{number + 1}.{number:02d}"})
    return orders

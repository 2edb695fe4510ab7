"""Fifty workers, and a provider that dies and comes back under load: who tries, and who waits.

Threads over the DynamoDB in memory, each with the adapters and the memory of a process of its own;
all begin together in each round, and time stands still within one.
"""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from chalicelib.adapters.dynamo.circuits import DynamoCircuits
from chalicelib.adapters.dynamo.customers import DynamoCustomers
from chalicelib.adapters.dynamo.gate import DynamoGate
from chalicelib.adapters.dynamo.liquidity import DynamoLiquidity
from chalicelib.adapters.dynamo.pauses import DynamoPauses
from chalicelib.adapters.dynamo.payouts import DynamoPayouts
from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.dynamo.treasury import DynamoTreasury
from chalicelib.domain.calendar import Calendar
from chalicelib.domain.destination import BankAccount, PayoutMethod
from chalicelib.domain.errors import PayoutError
from chalicelib.domain.funding import Receipt
from chalicelib.domain.liquidity import FloatRules
from chalicelib.domain.money import Money, total
from chalicelib.domain.order import Limits, Order
from chalicelib.domain.patience import Patience
from chalicelib.usecases.breaker import Breaker
from chalicelib.usecases.customers import Profile, register
from chalicelib.usecases.fund import bank, give_credit
from chalicelib.usecases.poll import poll
from chalicelib.usecases.request import request
from tests.fakes.clock import FakeClock
from tests.fakes.dynamo_template import simulated_tables
from tests.fakes.provider import NOT_CONNECTED, FakeProvider
from tests.fakes.vault import FakeVault

if TYPE_CHECKING:
    from datetime import timedelta

    from mypy_boto3_dynamodb import DynamoDBClient

    from chalicelib.domain.destination import Destination
    from chalicelib.domain.events import News
    from chalicelib.domain.payout import Payout

CALENDAR, PATIENCE = Calendar(lambda _day: False), Patience()
LIMITS = Limits(Money(1), Money(100_000), "Example Pty Ltd")
CUSTOMERS = 25
DEPOSIT, AMOUNT = Money(1_000_000), Money(100)
TOGETHER = 60.0
# Seconds that a run of the poller has.
RUN = 60.0


class Bank(FakeProvider):
    """The provider of all workers: nobody is there while it is `dead`."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock)
        self.dead = False
        self.lock = threading.Lock()

    def take(self, payout: Payout, destination: Destination, within: float) -> News:
        """One request at a time."""
        with self.lock:
            if self.dead:
                self.will(NOT_CONNECTED)
            return self.pay(payout, destination, within=within)


class Line:
    """One worker's line to the provider, which its own breaker listens to."""

    def __init__(self, bank: Bank, breaker: Breaker) -> None:
        self._bank, self._breaker = bank, breaker

    def pay(self, payout: Payout, destination: Destination, *, within: float) -> News:
        """Send the present attempt."""
        news = self._bank.take(payout, destination, within)
        self._breaker.heard(payout, news)
        return news

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bank, name)


@dataclass
class Worker:
    """A process: adapters and a memory of its own."""

    number: int
    town: Town

    def __post_init__(self) -> None:
        town, clock = self.town, self.town.clock
        session = Session(cast("DynamoDBClient", town.dynamo), sleep=lambda _seconds: None)
        self.breaker = Breaker(DynamoCircuits(session, town.tables.control), clock=clock)
        self.payouts = DynamoPayouts(
            session, town.tables, clock=clock, patience=PATIENCE, calendar=CALENDAR,
            saw=self.breaker.saw,
        )  # fmt: skip
        self.customers = DynamoCustomers(session, town.tables)
        self.treasury = DynamoTreasury(session, town.tables)
        self.gate = DynamoGate(session, town.tables.control, clock=clock)
        self.liquidity = DynamoLiquidity(session, town.tables.control)
        self.pauses = DynamoPauses(session, town.tables)
        self.provider = cast("Any", Line(town.bank, self.breaker))

    def ask(self, key: str) -> None:
        """Ask for a payout; who is told to come back does, as staff do."""
        order = Order(f"customer-{self.number % CUSTOMERS}", AMOUNT, PayoutMethod.BANK_ACCOUNT)
        for _ in range(50):
            with suppress(PayoutError):
                placed = request(
                    order, key=key, by="olive", request_id="r", limits=LIMITS,
                    payouts=self.payouts, provider=self.provider, vault=self.town.vault,
                    clock=self.town.clock, time_left=lambda: RUN,
                )  # fmt: skip
                self.town.stored(placed.payout)
                return

    def look_after(self) -> Counter[str]:
        """A run of the poller."""
        return poll(
            payouts=self.payouts, provider=self.provider, bank=self.provider,
            vault=self.town.vault, gate=self.gate,
            breaker=self.breaker, liquidity=self.liquidity, pauses=self.pauses,
            rules=FloatRules(), clock=self.town.clock, calendar=CALENDAR, patience=PATIENCE,
            time_left=lambda: RUN,
        )  # fmt: skip


@dataclass
class Town:
    """The workers' world, and the ids of all payouts that were answered."""

    workers: int
    clock: FakeClock = field(default_factory=FakeClock)
    vault: FakeVault = field(default_factory=FakeVault)
    answered: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.dynamo, self.tables = simulated_tables()
        self.bank = Bank(self.clock)
        self.crowd = [Worker(number, self) for number in range(self.workers)]
        self._lock = threading.Lock()
        self._keys = 0
        for number in range(CUSTOMERS):
            self._open_account(f"customer-{number}")

    def _open_account(self, customer_id: str) -> None:
        first = self.crowd[0]
        account = BankAccount.parse("062-000", "12345678", "Jo Citizen")
        register(
            Profile("Jo Citizen", "jo@example.com", (account,)), customer_id=customer_id,
            destination_ids=lambda number: f"{customer_id}-{number}", by="olive",
            customers=first.customers, vault=self.vault, clock=self.clock,
        )  # fmt: skip
        receipt = Receipt(f"N{customer_id}", DEPOSIT, "NPP", self.clock.now())
        bank(receipt, treasury=first.treasury)
        give_credit(
            customer_id, DEPOSIT, reason="settlement", key=f"credit of {customer_id}", by="ada",
            request_id="r", treasury=first.treasury, clock=self.clock,
        )  # fmt: skip

    def stored(self, payout: Payout) -> None:
        """A payout was answered."""
        with self._lock:
            self.answered.add(payout.transaction_id)

    def round(self, pollers: int, asks: int = 1) -> int:
        """All at once: some poll, the others ask; how many requests reached the provider."""
        before = len(self.bank.requests)
        barrier = threading.Barrier(self.workers)

        def work(worker: Worker, keys: list[str]) -> None:
            barrier.wait(TOGETHER)
            if worker.number < pollers:
                worker.look_after()
            else:
                for key in keys:
                    worker.ask(key)

        with ThreadPoolExecutor(self.workers) as pool:
            shares = [pool.submit(work, worker, self._new_keys(asks)) for worker in self.crowd]
            for share in shares:
                share.result(TOGETHER * 2)
        return len(self.bank.requests) - before

    def _new_keys(self, number: int) -> list[str]:
        self._keys += number
        return [f"a key of the race, no. {self._keys - each}" for each in range(number)]

    def pause(self, span: timedelta) -> None:
        """Let time go by."""
        self.clock.advance(span)

    def payouts(self) -> list[Payout]:
        """All that were answered, as they are now."""
        reader = self.crowd[0].payouts
        found = [reader.get(each) for each in sorted(self.answered)]
        assert all(found), "what was answered is stored"
        return [each for each in found if each is not None]

    def compare(self) -> None:
        """Both sides' books are equal, to the cent and the payout."""
        payouts = self.payouts()
        references = Counter(each.reference for each in self.bank.executions)
        assert all(count == 1 for count in references.values())
        paid = Counter(reference[:36] for reference in references)
        assert paid == Counter(each.transaction_id for each in payouts)
        customers = [self.crowd[0].customers.get(f"customer-{n}") for n in range(CUSTOMERS)]
        left = total(each.available for each in customers if each is not None)
        gone = total(each.amount for each in self.bank.executions)
        assert left + gone == total(DEPOSIT for _ in range(CUSTOMERS))

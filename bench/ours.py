"""Our own side: the real use cases on the real DynamoDB adapters, the same client, and the poller.

The provider's HTTP adapter is left out on both sides: answers are classified by the domain's own
function, as that adapter does.
"""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from bench.bank import Bank, Kind
from bench.client import Told, Wish, ended, persist
from bench.dynamo import Dynamo, Struck
from bench.faults import LAMBDA_SECONDS, POLLER_SECONDS, BenchClock, Crash, Dice, Invocation
from bench.provider_port import BankPort
from chalicelib.adapters.by_bank import ByBank
from chalicelib.adapters.dynamo.bank_files import DynamoBankFiles
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
from chalicelib.domain.identifiers import derived_id
from chalicelib.domain.liquidity import FloatRules
from chalicelib.domain.money import Money
from chalicelib.domain.order import Limits, Order
from chalicelib.domain.patience import Patience, attention
from chalicelib.domain.payout import OPEN, Payout, Status
from chalicelib.usecases.breaker import Breaker
from chalicelib.usecases.customers import Profile, register
from chalicelib.usecases.fund import bank, give_credit
from chalicelib.usecases.poll import poll
from chalicelib.usecases.request import request
from tests.fakes.dynamo_template import make_tables
from tests.fakes.vault import FakeVault

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient

    from bench.client import Ended
    from chalicelib.adapters.dynamo.client import Tables

CUSTOMER = "00000000-0000-4000-8000-000000000001"
FUNDS = Money(100_000_000)
LIMITS = Limits(Money(1), Money(100_000), "Example Pty Ltd")
CALENDAR = Calendar(lambda _day: False)
PATIENCE = Patience()
RULES = FloatRules()
MINUTE = timedelta(minutes=1)
WATCHED = timedelta(hours=26)  # how long the poller is watched at the most
RESERVE = 5.0  # seconds that the doors keep for storing the outcome
ANSWERABLE = 24.0


@dataclass
class Business:
    """One business whose store and provider the dice strike, once it is open."""

    invocation: Invocation
    provider: Bank
    store: Struck
    tables: Tables
    vault: FakeVault = field(default_factory=FakeVault)

    def __post_init__(self) -> None:
        self.clock = self.invocation.clock
        self.port = BankPort(self.provider, self.clock)
        self._use(self.store)

    def _use(self, client: Struck | Dynamo) -> None:
        session = Session(
            cast("DynamoDBClient", client), sleep=self._sleep, monotonic=self.clock.monotonic
        )
        self.payouts = DynamoPayouts(
            session, self.tables, clock=self.clock, patience=PATIENCE, calendar=CALENDAR
        )
        self.customers = DynamoCustomers(session, self.tables)
        self.treasury = DynamoTreasury(session, self.tables)
        self.gate = DynamoGate(session, self.tables.control, clock=self.clock)
        self.liquidity = DynamoLiquidity(session, self.tables.control)
        # Told of nothing: one payout in a world of its own opens no circuit.
        circuits = DynamoCircuits(session, self.tables.control)
        self.breaker = Breaker(circuits, clock=self.clock)
        self.pauses = DynamoPauses(session, self.tables)
        files = DynamoBankFiles(session, self.tables.control)
        self.bank = ByBank(files, self.payouts, self.clock)

    def _sleep(self, seconds: float) -> None:
        self.invocation.spend(seconds)

    def open(self, dynamo: Dynamo) -> None:
        """A customer with a bank account and money: before anything goes wrong."""
        self._use(dynamo)
        account = BankAccount.parse("062-000", "12345678", "Jo Citizen")
        register(
            Profile("Jo Citizen", "jo@example.com", (account,)), customer_id=CUSTOMER,
            destination_ids=lambda number: f"{CUSTOMER}-{number}", by="ada",
            customers=self.customers, vault=self.vault, clock=self.clock,
        )  # fmt: skip
        receipt = Receipt("N00100000001", FUNDS, "NPP", self.clock.now())
        bank(receipt, treasury=self.treasury)
        give_credit(
            CUSTOMER, FUNDS, reason="settlement", key="credit-key-000000", by="ada",
            request_id="r-credit", treasury=self.treasury, clock=self.clock,
        )  # fmt: skip
        self._use(self.store)

    def ask(self, wish: Wish) -> Told | None:
        """`POST /payouts`: accepted (`OPEN`), or an error of 5xx (`None`)."""
        self.invocation.begin(LAMBDA_SECONDS)
        began = self.clock.monotonic()
        try:
            request(
                Order(CUSTOMER, Money(wish.cents), PayoutMethod.BANK_ACCOUNT), key=wish.key,
                by="olive", request_id="r-1", limits=LIMITS, payouts=self.payouts,
                provider=self.port, vault=self.vault, clock=self.clock,
                time_left=lambda: ANSWERABLE - (self.clock.monotonic() - began),
            )  # fmt: skip
        except (Crash, PayoutError):
            return None
        return Told.OPEN

    def look_after(self, dynamo: Dynamo, transaction_id: str) -> Payout | None:
        """The poller, each time that something is due; the payout as it is then."""
        self.clock.advance(MINUTE)
        until = self.clock.now() + WATCHED
        while True:
            payout = self.stored(dynamo, transaction_id)
            due = PATIENCE.due(payout, CALENDAR) if payout and payout.status in OPEN else None
            if payout is None or due is None or max(due, self.clock.now()) > until:
                return payout
            self.clock.advance(max(due - self.clock.now(), MINUTE))
            self.invocation.begin(POLLER_SECONDS)
            with suppress(Crash, PayoutError):
                poll(
                    payouts=self.payouts, provider=self.port, bank=self.bank, vault=self.vault,
                    gate=self.gate,
                    breaker=self.breaker, liquidity=self.liquidity, pauses=self.pauses, rules=RULES,
                    clock=self.clock, calendar=CALENDAR, patience=PATIENCE,
                    time_left=lambda: self.invocation.left() - RESERVE,
                )  # fmt: skip

    def stored(self, dynamo: Dynamo, transaction_id: str) -> Payout | None:
        """The payout as it is, read past the dice."""
        session = Session(cast("DynamoDBClient", dynamo))
        return DynamoPayouts(
            session, self.tables, clock=self.clock, patience=PATIENCE, calendar=CALENDAR
        ).get(transaction_id)


def new_business(kind: Kind, dice: Dice, *, sound: bool) -> tuple[Business, Dynamo]:
    """A business on a DynamoDB of its own, open."""
    clock = BenchClock()
    invocation, dynamo = Invocation(clock), Dynamo(monotonic=clock.monotonic)
    tables = make_tables(dynamo.create_table)
    provider = Bank(kind, dice, invocation, sound=sound)
    business = Business(invocation, provider, Struck(dynamo, dice, invocation), tables)
    business.open(dynamo)
    return business, dynamo


class OurSide:
    """The use cases of this project."""

    def run(self, seed: int, kind: Kind, one_in: int) -> Ended:
        """One schedule."""
        random.seed(seed)  # the pauses of the store's session are rolled, too
        wish = Wish.of(seed)
        business, dynamo = new_business(kind, Dice(seed, one_in), sound=wish.sound)
        answered = persist(lambda: business.ask(wish), business.clock)
        asked = business.store.calls
        payout = business.look_after(dynamo, derived_id("payout", wish.key))
        told = _told(payout) if payout and answered is Told.OPEN else answered
        return ended(
            wish, business.provider, told, store_calls=asked,
            poller_calls=business.store.calls - asked, person=bool(payout and attention(payout)),
        )  # fmt: skip

    def warm(self) -> Callable[[Wish], object]:
        """Pay one wish after the other in one world in which nothing goes wrong."""
        business, _ = new_business(Kind.REFUSES, Dice(0, 0), sound=True)
        return business.ask


def _told(payout: Payout) -> Told:
    """What `GET /payouts/{id}` says at last."""
    if payout.status is Status.COMPLETED:
        return Told.PAID
    return Told.OPEN if payout.status in OPEN else Told.FAILED

"""A house whose every neighbour is a fake, for the doors to be tried at."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.by_bank import ByBank
from chalicelib.adapters.dynamo.repairs import DynamoRepairs
from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.dynamo.told_tokens import DynamoTokens
from chalicelib.adapters.ecdsa import verifies
from chalicelib.adapters.pace import Buckets
from chalicelib.adapters.similarity import word_distance
from chalicelib.adapters.sqs import letter_from
from chalicelib.adapters.workbench import SqliteWorkbench
from chalicelib.domain.aba import Payer
from chalicelib.domain.calendar import Calendar
from chalicelib.domain.destination import BankAccount, Destination, PayId, PayIdType
from chalicelib.domain.errors import ProviderUnavailable
from chalicelib.domain.funding import Receipt
from chalicelib.domain.identifiers import derived_id
from chalicelib.domain.liquidity import FloatRules
from chalicelib.domain.money import Money
from chalicelib.domain.order import Limits
from chalicelib.domain.patience import Patience
from chalicelib.domain.policy import DEFAULT, FREE
from chalicelib.usecases.breaker import Breaker
from chalicelib.usecases.customers import Profile, register
from chalicelib.usecases.fund import bank, give_credit
from chalicelib.usecases.gauge import Lull
from tests.fakes.account_checks import FakeDirectory, FakeVerifier
from tests.fakes.archive import MemoryArchive
from tests.fakes.clock import FakeClock
from tests.fakes.courier import FakeCourier
from tests.fakes.day_book import FakeDayBook
from tests.fakes.dynamo_template import simulated_tables
from tests.fakes.inbox import FakeInbox
from tests.fakes.keys import MemoryKeys
from tests.fakes.provider import FakeProvider
from tests.fakes.queue import FakeDeadLetters
from tests.fakes.signer import FakeHerald, FakeSigner
from tests.fakes.store import MemoryStore
from tests.fakes.subscriptions import BASE, FakeSubscriptions
from tests.fakes.vault import FakeVault
from tests.fakes.words import MemoryWords

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.customer import Customer
    from chalicelib.domain.names import Distance
    from chalicelib.domain.notices import DeadLetter
    from chalicelib.domain.verification import Verifies
    from chalicelib.ports import Words

CLIENT_ID = "fake-client-id"
ISSUER = "https://cognito.example.com/pool"
ORIGINS = ("https://console.example.com", "https://other.example.com")
# The customer whom the published examples name.
CUSTOMER = "6f1d2a0e-6d5c-4b0a-9b53-0d8f4c2c1a77"
# Plain values of destinations: no answer and no line of log may ever show them.
SECRET_PAY_ID = "hidden.payee@example.com"
SECRET_ACCOUNT = "90817263"
EMAIL_PAY_ID = PayId.parse(PayIdType.EMAIL, SECRET_PAY_ID, "Hidden Payee")
PAYER = Payer("CBA", "Example Pty Ltd", "123456", "PAYOUTS", "062-000", "12345678")
BANK_ACCOUNT = BankAccount.parse("062-000", SECRET_ACCOUNT, "Hidden Payee")


@dataclass(frozen=True)
class Rules:
    """The settings that the doors look at."""

    cors_origins: tuple[str, ...] = ORIGINS
    cognito_client_id: str = CLIENT_ID
    cognito_issuer: str = ISSUER
    require_idempotency_key: bool = True
    step_up_minutes: int = 10
    step_up_mfa_minutes: int = 60
    max_redrives: int = 3
    night_hour: int = 3
    archive_after_days: int = 90
    webhook_url: str | None = BASE
    verification_hours: int = 72
    schedule_grace_days: int = 1


class PingedProvider(FakeProvider):
    """A fake provider that can be asked whether it answers; `pings` is how often it was."""

    pings = 0

    def ping(self, *, within: float) -> str:
        """Answer, unless it is down."""
        self.pings += 1
        if self.down or within <= 0:
            raise ProviderUnavailable("The provider does not answer.")
        return "pong"


@dataclass
class House:
    """The attributes of `wiring.World`, and the fakes behind them."""

    settings: Rules = field(default_factory=Rules)
    clock: FakeClock = field(default_factory=FakeClock)
    # Stands still: whoever signed in at its start has just done so, whatever the house's own shows.
    issuer_clock: FakeClock = field(default_factory=FakeClock)
    payer: Payer | None = PAYER
    key: bytes = b"fake-cursor-key-of-32-characters"

    def __post_init__(self) -> None:
        self.store = MemoryStore(self.clock)
        self.payouts: Any = self.store.payouts
        self.customers: Any = self.store.customers
        self.treasury = self.store.treasury
        self.receipts: Any = self.store.receipts
        self.notices = self.store.notices
        self.findings = self.store.findings
        self.settlements: Any = self.store.settlements
        self.schedules: Any = self.store.schedules
        self.bank_files: Any = self.store.bank_files
        self.parked = self.store.parked
        self.desk = self.store.desk
        self.rounds = self.store.rounds
        self.keys = MemoryKeys(self.store.state)
        self.sweeps = self.store.sweeps
        self.archive = MemoryArchive()
        self.changes = self.store.changes
        self.nights: Any = self.store.nights
        self.policies = self.store.policies
        self.default_policy = DEFAULT
        self.signer = FakeSigner()
        self.herald = FakeHerald()
        self.courier = FakeCourier()
        self.gate: Any = self.store.gate
        self.pace = Buckets(FREE.rates)
        self.liquidity = self.store.liquidity
        self.pauses = self.store.pauses
        self.float_rules = FloatRules()
        self.queue = FakeDeadLetters()
        self.dead_letters = self.queue
        self.provider = PingedProvider(self.clock)
        self.circuits = self.store.circuits
        self.breaker = Breaker(self.circuits, clock=self.clock)
        self.provider.heard = self.breaker.heard
        self.day_book = FakeDayBook(self.provider)
        self.inbox = FakeInbox()
        self.account_checks = self.store.account_checks
        self.verifier = FakeVerifier()
        self.bsb_directory = FakeDirectory()
        self.subscriptions = FakeSubscriptions(self.clock)
        dynamo, tables = simulated_tables()
        session = Session(dynamo, sleep=self.clock.advance)  # type: ignore[arg-type] # as much of it
        self.told_tokens = DynamoTokens(session, tables.control)
        self.repairs = DynamoRepairs(session, tables.control)
        self.words: Words = MemoryWords(self.store.state)
        self.vault = FakeVault()
        self.calendar = Calendar(lambda _day: False)
        self.patience = Patience()
        self.limits = Limits(Money(1), Money(100_000), "Example Pty Ltd")
        self.letter_from: Callable[[str], DeadLetter] = letter_from

    @property
    def bank(self) -> ByBank:
        """The bank, which is given files by people."""
        return ByBank(self.bank_files, self.payouts, self.clock)

    @cached_property
    def lull(self) -> Lull:
        """When it was last told how it stands."""
        return Lull(self.clock)

    @property
    def verifies(self) -> Verifies:
        """Whether a signature is that of a public key."""
        return verifies

    @property
    def word_distance(self) -> Distance:
        """How far two words are apart."""
        return word_distance

    @property
    def workbench(self) -> SqliteWorkbench:
        """A new one each time."""
        return SqliteWorkbench()

    def cursor_key(self) -> bytes:
        """What cursors are signed with."""
        return self.key

    def rule(self, **changed: object) -> None:
        """Set something otherwise."""
        self.settings = replace(self.settings, **changed)  # type: ignore[arg-type] # by its name

    def customer(
        self,
        customer_id: str = CUSTOMER,
        *destinations: Destination,
        available: int = 100_000,
    ) -> Customer:
        """Register a customer (with a PayID and an account where none is named), with money."""
        chosen = destinations or (EMAIL_PAY_ID, BANK_ACCOUNT)
        register(
            Profile("Jo Citizen", "jo@example.com", chosen), customer_id=customer_id,
            destination_ids=lambda n: derived_id("destination", f"{customer_id}/{n}"),
            by="somebody", customers=self.customers, vault=self.vault, clock=self.clock,
        )  # fmt: skip
        if available:
            self.fund(available)
            give_credit(
                customer_id, Money(available), reason="for a test", key=f"credit of {customer_id}",
                by="somebody", request_id="", treasury=self.treasury, clock=self.clock,
            )  # fmt: skip
        return self.store.state.customers[customer_id]

    def fund(self, cents: int) -> None:
        """Have money come in that is nobody's."""
        name = f"N{len(self.store.state.receipts):011d}"
        at = datetime(2026, 3, 1, tzinfo=UTC)
        bank(Receipt(name, Money(cents), "NPP", at), treasury=self.treasury)

    def everything(self) -> str:
        """All that is stored, for comparing before and after."""
        state = self.store.state
        return repr(
            [
                state.payouts, state.steps, state.customers, state.funds, state.entries,
                state.receipts, state.credits, state.notices, state.parked, state.closed_until,
                state.findings, state.bank_files, state.policies, state.policy_changes,
                state.approver_days, state.credit_requests,
                state.settlements, state.schedules, state.wakings,
                state.banked, state.movements, state.checks,
                self.queue.queued, self.provider.requests,
            ]
        )  # fmt: skip

"""A business in memory: its store, its provider, its people, and a clock that is moved by hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.by_bank import ByBank
from chalicelib.domain.calendar import Calendar
from chalicelib.domain.destination import BankAccount, PayId, PayIdType, PayoutMethod
from chalicelib.domain.events import Verdict
from chalicelib.domain.funding import Receipt
from chalicelib.domain.habits import Habits, by_rail
from chalicelib.domain.ledger import Place
from chalicelib.domain.liquidity import FloatRules
from chalicelib.domain.money import ZERO, Money, total
from chalicelib.domain.notices import PayoutNews
from chalicelib.domain.order import Limits, Order
from chalicelib.domain.patience import Patience, attention
from chalicelib.domain.payout import OPEN, Payout, Status
from chalicelib.domain.policy import FREE, Policy
from chalicelib.domain.rails import Rail
from chalicelib.usecases.breaker import Breaker
from chalicelib.usecases.cancel import cancel
from chalicelib.usecases.customers import Profile, register
from chalicelib.usecases.findings import resolve as resolve_finding
from chalicelib.usecases.fund import Outcome, bank, give_credit
from chalicelib.usecases.poll import poll
from chalicelib.usecases.preview import preview
from chalicelib.usecases.receive import receive
from chalicelib.usecases.reprocess import reprocess
from chalicelib.usecases.request import request
from chalicelib.usecases.resolve import agree, dismiss, propose
from tests.fakes.archive import MemoryArchive
from tests.fakes.clock import FakeClock
from tests.fakes.day_book import FakeDayBook
from tests.fakes.inbox import TOKEN, FakeInbox
from tests.fakes.provider import FEE, FakeProvider
from tests.fakes.queue import FakeDeadLetters
from tests.fakes.signer import FakeHerald, FakeSigner
from tests.fakes.store import MemoryStore
from tests.fakes.vault import FakeVault

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from chalicelib.domain.preview import Preview

KEY = "0123456789abcdef"
DEPOSIT = Money(100_000)
AMOUNT = Money(10_000)
LIMITS = Limits(Money(1), Money(100_000), "Example Pty Ltd")
PATIENCE = Patience()
CALENDAR = Calendar(lambda _day: False)
ACCOUNT = BankAccount.parse("062-000", "12345678", "Jo Citizen")
PAYID = PayId.parse(PayIdType.EMAIL, "jo@example.com", "Jo Citizen")
RESERVED = 3600.0


def order(customer_id: str = "customer-1", **changed: Any) -> Order:
    plain = {"customer_id": customer_id, "amount": AMOUNT, "method": PayoutMethod.BANK_ACCOUNT}
    return Order(**{**plain, **changed})


class Between:
    """A port that does something before a call goes through, and counts what it is asked."""

    def __init__(self, port: Any, **first: Callable[..., object]) -> None:
        self._port = port
        self._first = first
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **told: Any) -> Any:
            self.calls.append(name)
            if name in self._first:
                self._first[name](*args, **told)
            return getattr(self._port, name)(*args, **told)

        return call


class World:
    """One business. What stands in `ports` is used; the fakes behind are never exchanged.

    Its circuits hear what payments meet only where it `breaks`.
    """

    def __init__(
        self, *, refuses_repeats: bool = True, policy: Policy = FREE, breaks: bool = False
    ) -> None:
        self.clock = FakeClock()
        self.store = MemoryStore(self.clock, patience=PATIENCE, calendar=CALENDAR, policy=policy)
        self.provider = FakeProvider(self.clock, refuses_repeats=refuses_repeats)
        self.breaker = Breaker(self.store.circuits, clock=self.clock)
        if breaks:
            self.provider.heard = self.breaker.heard
        self.vault = FakeVault()
        self.inbox = FakeInbox()
        self.dead_letters = FakeDeadLetters()
        self.archive = MemoryArchive()
        self.signer = FakeSigner()
        self.herald = FakeHerald()
        self.day_book = FakeDayBook(self.provider)
        self.seconds_left = RESERVED
        self.calendar = CALENDAR
        self.limits = LIMITS
        self.rules = FloatRules()
        self.ports: dict[str, Any] = {
            "payouts": self.store.payouts, "customers": self.store.customers,
            "treasury": self.store.treasury, "notices": self.store.notices,
            "findings": self.store.findings, "schedules": self.store.schedules,
            "rounds": self.store.rounds,
            "parked": self.store.parked, "gate": self.store.gate, "liquidity": self.store.liquidity,
            "breaker": self.breaker,
            "pauses": self.store.pauses,
            "provider": self.provider,
            "vault": self.vault, "inbox": self.inbox, "dead_letters": self.dead_letters,
            "archive": self.archive, "changes": self.store.changes, "nights": self.store.nights,
            "signer": self.signer, "herald": self.herald, "day_book": self.day_book,
            "receipts": self.store.receipts, "desk": self.store.desk,
            "checks": self.store.account_checks,
            "bank": ByBank(self.store.bank_files, self.store.payouts, self.clock),
        }  # fmt: skip

    def meanwhile(self, port: str, **first: Callable[..., object]) -> Between:
        """Let something happen before each call of a port's method, from now on."""
        between = self.ports[port] = Between(self.ports[port], **first)
        return between

    def once(self, port: str, method: str, happens: Callable[[], object]) -> None:
        """Let something happen before the next call of a port's method, and only that one."""
        true = self.ports[port]

        def first(*_args: Any, **_told: Any) -> None:
            self.ports[port] = true
            between._first.clear()
            happens()

        between = self.meanwhile(port, **{method: first})

    def time_left(self) -> float:
        return self.seconds_left

    def _ports(self, *names: str) -> dict[str, Any]:
        more = {"clock": self.clock, "time_left": self.time_left}
        return {name: more.get(name) or self.ports[name] for name in names}

    # What people and machines do.

    def register(
        self, customer_id: str = "customer-1", destinations: Any = (ACCOUNT, PAYID)
    ) -> Any:
        return register(
            Profile("Jo Citizen", "jo@example.com", destinations), customer_id=customer_id,
            destination_ids=lambda number: f"{customer_id}-destination-{number}", by="olive",
            **self._ports("customers", "vault", "clock"),
        )  # fmt: skip

    def deposit(self, amount: Money = DEPOSIT, name: str = "N00100000001") -> bool:
        receipt = Receipt(name, amount, "NPP", self.clock.now())
        return bank(receipt, **self._ports("treasury")) is Outcome.RECEIVED

    def credit(
        self, amount: Money = DEPOSIT, *, key: str = "credit-key-000000", by: str = "ada",
        customer_id: str = "customer-1", reason: str = "settlement",
    ) -> Any:  # fmt: skip
        return give_credit(
            customer_id, amount, reason=reason, key=key, by=by, request_id="r-credit",
            **self._ports("treasury", "clock"),
        )  # fmt: skip

    def open_for_business(self) -> World:
        self.register()
        self.deposit()
        self.credit()
        return self

    def request(
        self, wanted: Order | None = None, *, key: str = KEY, by: str = "olive",
        drafted: bool = False,
    ) -> Any:  # fmt: skip
        return request(
            wanted or order(), key=key, by=by, request_id="r-1", limits=self.limits,
            drafted=drafted,
            **self._ports("payouts", "provider", "vault", "clock", "time_left"),
        )  # fmt: skip

    def preview(
        self, wanted: Order | None = None, *, by: str = "olive", drafted: bool = False
    ) -> Preview:
        return preview(
            wanted or order(), by=by, drafted=drafted, limits=self.limits,
            **self._ports("payouts", "vault", "clock"),
        )  # fmt: skip

    def poll(self) -> Counter[str]:
        return poll(
            calendar=CALENDAR, patience=PATIENCE, rules=self.rules,
            **self._ports(
                "payouts", "provider", "bank", "vault", "gate", "breaker", "liquidity", "pauses",
                "clock",
                "time_left",
            ),
        )  # fmt: skip

    def poll_after(self, span: timedelta | float) -> Counter[str]:
        self.clock.advance(span)
        return self.poll()

    def receive(self, raw: bytes, event_name: str = "NppPaymentStatus", **headers: str) -> str:
        return receive(
            raw, event_name=event_name, request_id="r-hook",
            headers={"authorization": TOKEN, "webhookid": "7", **headers},
            **self._ports(
                "inbox", "payouts", "treasury", "notices", "findings", "dead_letters", "clock"
            ),
        )  # fmt: skip

    def reprocess(self, letter: Any, most: int = 3) -> str:
        return reprocess(
            letter, most=most,
            **self._ports(
                "inbox", "payouts", "treasury", "notices", "findings", "parked", "dead_letters",
                "clock",
            ),
        )  # fmt: skip

    def resolve_finding(self, finding_id: str, by: str = "anna", reason: str = "seen") -> Any:
        return resolve_finding(finding_id, reason=reason, by=by, **self._ports("findings", "clock"))

    def cancel(self, transaction_id: str, by: str = "olive") -> Payout:
        return cancel(
            transaction_id, reason="mistaken", by=by, request_id="r-c",
            **self._ports("payouts", "clock"),
        )  # fmt: skip

    def propose(self, transaction_id: str, verdict: Any, by: str = "paul") -> Payout:
        return propose(
            transaction_id, verdict=verdict, evidence="the bank's letter", by=by, request_id="r-p",
            **self._ports("payouts", "clock"),
        )  # fmt: skip

    def dismiss(self, transaction_id: str, by: str = "anna") -> Payout:
        return dismiss(
            transaction_id, reason="not convinced", by=by, request_id="r-d",
            **self._ports("payouts", "clock"),
        )  # fmt: skip

    def agree(
        self, transaction_id: str, by: str = "anna", verdict: Verdict | None = None
    ) -> Payout:
        """Agree to a verdict; without one, to what is proposed at this moment."""
        payout = self.store.state.payouts.get(transaction_id)
        proposed = payout.proposal if payout else None
        read = verdict or Verdict(proposed.verdict if proposed else Verdict.DEAD)
        return agree(
            transaction_id, verdict=read, by=by, request_id="r-a", patience=PATIENCE,
            **self._ports("payouts", "provider", "gate", "clock", "time_left"),
        )  # fmt: skip

    def redrive(self, most: int = 3) -> list[str]:
        """Hear the queue of dead letters until it is empty; what each hearing did."""
        told = []
        while self.dead_letters.queued:
            told.append(self.reprocess(self.dead_letters.take(), most=most))
        return told

    def teach(self, raw: bytes, payout: Payout, kind: Any, **told: Any) -> bytes:
        """A webhook body that is news of a payout's present attempt."""
        told = {"attempt": payout.attempt, **told}
        reference, own = payout.unique_reference, payout.transaction_id
        self.inbox.teach_later(
            raw, lambda at: (PayoutNews(reference, own, kind(at=at, by="monoova", **told)),)
        )
        return raw

    # What is so.

    @property
    def payouts(self) -> list[Payout]:
        return list(self.store.state.payouts.values())

    @property
    def payout(self) -> Payout:
        (payout,) = self.payouts
        return payout

    @property
    def status(self) -> Status:
        return self.payout.status

    @property
    def available(self) -> Money:
        return self.store.state.customers["customer-1"].available

    def events(self) -> list[str]:
        steps = self.store.state.steps[self.payout.transaction_id]
        return [type(each.event).__name__ for each in steps]

    def places(self) -> Counter[Place]:
        """Cents by place, summed up from every posting ever written."""
        places: Counter[Place] = Counter()
        entries = [posting for entry in self.store.state.entries for posting in entry.postings]
        steps = [
            posting
            for recorded in self.store.state.steps.values()
            for each in recorded
            for posting in each.postings
        ]
        for posting in entries + steps:
            places[posting.place] += posting.amount.cents
        return places

    def executed(self) -> Money:
        return total(each.amount for each in self.provider.executions)

    def know(self, *destination_ids: str) -> None:
        """Let a payment have reached these destinations by each rail before."""
        habits = self.store.state.habits.get("customer-1", Habits())
        used = {by_rail(rail, each) for rail in Rail for each in destination_ids}
        proven = habits.proven | set(destination_ids)
        habits = replace(habits, proven=proven, used=habits.used | used)
        self.store.state.habits["customer-1"] = habits

    def stop_customer(self, why: str = "disputed") -> None:
        customers = self.store.state.customers
        customers["customer-1"] = replace(customers["customer-1"], stopped=why)

    def stuck(self) -> list[Payout]:
        """Open payouts that neither the poller nor a person will ever look at."""
        return [
            each
            for each in self.payouts
            if each.status in OPEN and not attention(each) and PATIENCE.due(each, CALENDAR) is None
        ]

    def check_books(self) -> None:
        """The books are sound, and say what the provider's say."""
        places = self.places()
        assert sum(places.values()) == 0
        balances = total(each.available for each in self.store.state.customers.values())
        assert places[Place.AVAILABLE] == balances.cents >= 0
        assert places[Place.UNALLOCATED] == self.store.state.funds.unallocated.cents >= 0
        assert -places[Place.DEPOSITED] == self.store.state.funds.received.cents
        references = Counter(each.reference for each in self.provider.executions)
        assert all(count == 1 for count in references.values()), references
        lives = Counter(reference[:36] for reference in references)
        assert all(count == 1 for count in lives.values()), "two attempts were executed"

    def check_equal(self, *, fees: bool = True) -> None:
        """Ours and the provider's books agree to the cent."""
        self.check_books()
        places = self.places()
        gone = places[Place.WITH_PROVIDER] + places[Place.PAID]
        back = total((each.back or ZERO) for each in self.provider.executions)
        assert gone == (self.executed() - back).cents
        assert not fees or places[Place.FEES] == FEE.cents * len(self.provider.executions)
        assert places[Place.SUSPENSE] == 0


NPP, DIRECT_ENTRY = Rail.NPP, Rail.DIRECT_ENTRY

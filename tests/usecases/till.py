"""A business's till: money comes in, settlements are expected, returns come back; and its books.

Over any store, in memory or on DynamoDB. What stands in `ports` is used, so that a test may put
something in between.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from chalicelib.domain.events import Returned
from chalicelib.domain.findings import Finding, Kind
from chalicelib.domain.funding import Receipt
from chalicelib.domain.money import ZERO, Money, total
from chalicelib.domain.settlement import Settlement, Share, Stage, with_shares
from chalicelib.usecases.fund import Outcome, bank, give_credit
from chalicelib.usecases.hear import existing, hear
from chalicelib.usecases.receipts import close, match
from chalicelib.usecases.settle import settle
from tests.contracts.making import a_customer, accepted, an_intent, claimed, confirmed
from tests.contracts.making import hear as heard
from tests.contracts.stores import Store, memory_store, simulated_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.receipts import Banked

DUE = date(2026, 3, 2)
NAMES = ("receipts", "settlements", "treasury", "findings")
STORES: dict[str, Callable[[], Store]] = {"memory": memory_store, "dynamo": simulated_store}


class Till:
    """A store, and what is done with it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = store.clock
        self.ports: dict[str, Any] = {name: getattr(store, name) for name in NAMES}
        self.seconds_left = 3600.0
        self.customers: list[str] = []
        self.payout = ""

    def _ports(self, *names: str) -> dict[str, Any]:
        return {name: self.ports[name] for name in names} | {"clock": self.clock}

    # What people and machines do.

    def register(self, count: int) -> None:
        for number in range(len(self.customers) + 1, len(self.customers) + count + 1):
            self.customers.append(f"customer-{number}")
            self.store.customers.add(a_customer(self.customers[-1]))

    def bank(
        self, cents: int, text: str = "", name: str = "N00100000001", at: datetime | None = None
    ) -> Outcome:
        receipt = Receipt(name, Money(cents), "NPP", at or self.clock.now(), text)
        return bank(receipt, treasury=self.ports["treasury"])

    def expect(
        self, reference: str, *rows: tuple[str, int], cents: int = 0, due: date = DUE
    ) -> str:
        """Expect a settlement of those rows; of more than they are, where `cents` says so."""
        shares = [
            Share(row, customer_id, Money(owed))
            for row, (customer_id, owed) in enumerate(rows, start=1)
        ]
        amount = Money(cents) or total(each.amount for each in shares)
        own = f"settlement of {reference} {self.clock.new_id()}"
        plain = Settlement(own, due, amount, reference, self.clock.now(), "olive")
        self.store.settlements.add(with_shares(plain, shares), shares)
        return own

    def settle(self) -> Counter[str]:
        return settle(time_left=lambda: self.seconds_left, **self._ports(*NAMES))

    def match(self, settlement_id: str, name: str, *, by: str = "ada", why: str = "seen") -> Any:
        ports = self._ports("receipts", "settlements", "findings")
        return match(settlement_id, name, reason=why, by=by, **ports)

    def close(self, name: str, *, by: str = "ada", why: str = "a refund") -> Any:
        return close(name, reason=why, by=by, **self._ports("receipts", "findings"))

    def credit(self, cents: int, customer_id: str = "customer-1") -> Any:
        return give_credit(
            customer_id, Money(cents), reason="by hand", key=self.clock.new_id(), by="ada",
            request_id="r", **self._ports("treasury"),
        )  # fmt: skip

    def pay(self, cents: int, customer_id: str = "customer-1") -> str:
        """A payout that was completed; its id."""
        intent = an_intent(str(Money(cents)), customer_id=customer_id)
        payout = self.store.payouts.write(*claimed(intent))
        return heard(self.store, payout, accepted(), confirmed()).transaction_id

    def come_back(
        self, transaction_id: str, return_id: str = "100000001", cents: int | None = None
    ) -> None:
        """A payout hears that its money came back."""
        amount = None if cents is None else Money(cents)
        news = Returned(
            at=self.clock.now(), by="monoova", attempt=1, amount=amount, return_id=return_id
        )
        hear(existing(self.store.payouts, transaction_id), news, payouts=self.store.payouts)

    # What is so.

    def settlement(self, settlement_id: str) -> Settlement:
        found = self.store.settlements.get(settlement_id)
        assert found is not None
        return found

    def stage(self, settlement_id: str) -> Stage:
        return self.settlement(settlement_id).stage

    def receipt(self, name: str = "N00100000001") -> Banked:
        found = self.store.receipts.get(name)
        assert found is not None
        return found

    def balance(self, customer_id: str = "customer-1") -> int:
        customer = self.store.customers.get(customer_id)
        assert customer is not None
        return customer.available.cents

    def balances(self) -> dict[str, int]:
        return {each: self.balance(each) for each in self.customers}

    def finding(self, kind: Kind, subject: str) -> Finding | None:
        return self.store.findings.get(Finding(kind, subject, self.clock.now()).finding_id)

    def findings(self, *, resolved: bool = False) -> Counter[Kind]:
        """How many findings there are of each kind, open or resolved."""
        page = self.store.findings.page(resolved=resolved, limit=1000, position=None)
        return Counter(each.kind for each in page.items)

    @property
    def session(self) -> Any:
        """What a store on DynamoDB calls it by."""
        treasury: Any = self.store.treasury
        return treasury._session

    @property
    def unallocated(self) -> int:
        return self.store.treasury.funds().unallocated.cents

    @property
    def received(self) -> int:
        return self.store.treasury.funds().received.cents

    def check(self, *, away: int = 0) -> None:
        """All that came in is somewhere; `away` cents are with payees."""
        assert self.unallocated >= 0
        held = total(Money(cents) for cents in self.balances().values())
        assert self.received == self.unallocated + held.cents + away
        assert all(cents >= ZERO.cents for cents in self.balances().values())


class Between:
    """A port that lets something happen before, or after, one call of a method; counts calls."""

    def __init__(self, port: Any, **first: Callable[[], object]) -> None:
        self._port = port
        self._first = first
        self.calls: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **told: Any) -> Any:
            self.calls[name] += 1
            happens = self._first.pop(name, None)
            if happens is not None:
                happens()
            return getattr(self._port, name)(*args, **told)

        return call

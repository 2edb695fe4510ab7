"""The same calls on several stores: whoever answers differently is found.

The first store is the one in memory; what it holds is what the next call is made of. Replies that
are lost are lost to the others only, who then may say that nobody knows where they would have had
to refuse: what is stored must be the same all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import PayoutError, StoreUnavailable
from chalicelib.domain.funding import Receipt, credit, receive
from tests.contracts.making import a_credit, a_customer, an_intent, dollars
from tests.contracts.stores import dynamo_store, memory_store, simulated_store
from tests.fakes.clock import START, FakeClock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chalicelib.domain.claims import Claims
    from chalicelib.domain.payout import Payout
    from chalicelib.domain.step import Step
    from chalicelib.ports import Opening
    from tests.contracts.stores import Store

Call = Callable[["Store"], Any]
# Sequences on the same tables; then they are made anew, so that no list grows without end.
ON_ONE_SET = 25


class Different(AssertionError):
    """Two stores that do not answer alike."""


@dataclass
class Contest:
    """Stores on one clock, by their names, the one in memory first."""

    clock: FakeClock
    stores: dict[str, Store]
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def model(self) -> Store:
        return self.stores["memory"]

    def ask(self, name: str, call: Call, *, lost: bool = False) -> Any:
        """What all of them answer to a call; an error is told as its type.

        Raises:
            Different: they do not agree.
        """
        self.counts[name] += 1
        expected = _answer(self.model, call)
        for named, store in list(self.stores.items())[1:]:
            if lost:
                store.lose_replies(1)
            told = _answer(store, call)
            if lost:
                store.lose_replies(0)
            if told != expected and not (lost and _may_say(told, expected)):
                raise Different(f"{name}: memory says {expected!r}, {named} says {told!r}")
        return expected


def _may_say(told: object, expected: object) -> bool:
    """Whether somebody who lost a reply may say that, where the others refuse.

    A row that is all the same as the one to be kept may be one's own, and so be new.
    """
    return (told is StoreUnavailable and isinstance(expected, type)) or (
        told is True and expected is False
    )


def _answer(store: Store, call: Call) -> Any:
    try:
        return call(store)
    except (PayoutError, ValueError) as error:
        return type(error)


@dataclass
class World:
    """One sequence's customers, payouts and day in a contest; nobody else knows them."""

    contest: Contest
    number: int
    payouts: list[str] = field(default_factory=list)
    before: dict[str, Payout] = field(default_factory=dict)
    last: Sequence[Step] = ()
    claims: Claims | None = None
    opening: Opening | None = None
    receipts: int = 0
    credits: int = 0

    def __post_init__(self) -> None:
        """A new day, and a customer with 10 dollars."""
        self.clock.set(START + timedelta(days=self.number))
        self.contest.ask("add", lambda store: store.customers.add(self.new_customer(0)))
        self.give("10.00", 0)

    @property
    def clock(self) -> FakeClock:
        return self.contest.clock

    @property
    def day(self) -> date:
        return sydney_date(START + timedelta(days=self.number))

    def customer(self, which: int) -> str:
        """Of three: one with money, one who may be added, one who never is."""
        return f"customer-{self.number}-{which % 3}"

    def new_customer(self, which: int) -> Any:
        return a_customer(self.customer(which), created_at=self.clock.now())

    def name(self, kind: str, which: int) -> str:
        return f"{kind}-{self.number}-{which}"

    def new_intent(self, which: int, amount: str) -> Any:
        chosen = self.name("payout", len(self.payouts)).ljust(36, "x")
        self.payouts.append(chosen)
        return an_intent(
            amount, customer_id=self.customer(which), transaction_id=chosen, at=self.clock.now()
        )

    def payout(self, which: int) -> Payout | None:
        """One of the payouts as it is now, where there is one."""
        if not self.payouts:
            return None
        return self.contest.model.payouts.get(self.payouts[which % len(self.payouts)])

    def give(self, amount: str, which: int, *, lost: bool = False) -> None:
        """Credit a customer from what all sequences together have received."""
        self.credits += 1
        given = a_credit(
            amount, customer_id=self.customer(which), credit_id=self.name("credit", self.credits)
        )
        entry = credit(self.contest.model.treasury.funds(), given)
        self.contest.ask("credit", lambda store: store.treasury.write(entry), lost=lost)


@contextmanager
def contest(*endpoints: str) -> Iterator[Contest]:
    """Memory, the simulated DynamoDB, and those at the endpoints, with money to give away."""
    clock = FakeClock()
    with ExitStack() as stack:
        stores = {"memory": memory_store(clock)}
        stores["simulated"] = simulated_store(clock=clock, sleep=_at_once)
        for number, endpoint in enumerate(endpoints):
            made = dynamo_store(endpoint, clock=clock, sleep=_at_once)
            stores[f"engine {number}"] = stack.enter_context(made)
        made_up = Contest(clock, stores)
        receipt = Receipt("N0", dollars("1000000.00"), "NPP", START)
        entry = receive(made_up.model.treasury.funds(), receipt)
        made_up.ask("receive", lambda store: store.treasury.write(entry))
        yield made_up


def _at_once(_seconds: float) -> None:
    """No pause before trying again: nobody else is at work."""


class Contests:
    """Worlds one after the other, on tables that are made anew now and then."""

    def __init__(self, *endpoints: str) -> None:
        self.counts: Counter[str] = Counter()
        self._endpoints = endpoints
        self._begun = 0
        self._stack = ExitStack()
        self._contest: Contest | None = None

    def world(self) -> World:
        """The next."""
        if self._contest is None or self._begun % ON_ONE_SET == 0:
            self._stack.close()
            self._contest = self._stack.enter_context(contest(*self._endpoints))
            self._contest.counts = self.counts
        self._begun += 1
        return World(self._contest, self._begun)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

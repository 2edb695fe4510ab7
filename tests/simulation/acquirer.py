"""The acquirer, and the people who expect its money: settlements, receipts, and who explains them.

What it sends is the truth that our funds are held against: each receipt once, and what came of a
settlement to the customers of its rows, once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from operator import methodcaller
from typing import TYPE_CHECKING, Any

from tests.simulation import bodies
from tests.simulation.post import SYDNEY
from tests.simulation.timeline import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    from random import Random

    from tests.simulation.business import Business

# How a settlement's money comes, and how often of a hundred.
WAYS = {"exactly": 50, "over": 8, "under": 8, "in two": 10, "twice": 10, "late": 7, "never": 7}
LINES, MANY_LINES = (1, 6), (26, 40)
# Errors after which the same may be asked again with the same key.
SAFE_AGAIN = {"StoreUnavailable", "Unavailable", "Stale"}


@dataclass
class Expected:
    """A settlement that a person expects. `rows` are customers and cents; `came` its receipts."""

    number: int
    due_on: date
    rows: list[tuple[str, int]]
    more: int
    way: str
    posted: bool = False
    withdrawn: bool = False
    settlement_id: str = ""
    came: list[str] = field(default_factory=list)

    @property
    def reference(self) -> str:
        """What its receipts name."""
        return f"FSV-{self.number}"

    @property
    def key(self) -> str:
        """The idempotency key of the person who posts it."""
        return f"settlement-key-{self.number:04d}"

    @property
    def cents(self) -> int:
        """All of it: what the rows share, and what stays."""
        return sum(cents for _, cents in self.rows) + self.more


class Acquirer:
    """Sends money; `received` is what it sent, by name, in cents."""

    def __init__(self, business: Business, chance: Random) -> None:
        self._business = business
        self._chance = chance
        self._timeline = business.timeline
        self.expected: list[Expected] = []
        self.received: dict[str, int] = {}
        self.at_work = True

    def plan(self, span: float, customers: int) -> None:
        """Lay out a week's settlements."""
        chance, at = self._chance, self._timeline.at
        for number in range(1001, 1001 + chance.choice([1, 1, 2, 3])):
            it = self.announce(number, customers)
            post, come = chance.uniform(10, span * 0.6), chance.uniform(10, span * 0.7)
            at(post, partial(self.post, it, 8))
            if chance.random() < 0.1:
                at(chance.uniform(post, span), partial(self._withdraw, it))
            if it.way == "late":
                come = min(span, come + 3 * DAY)
            at(come, partial(self._send, it))
        if chance.random() < 0.3:
            self._plan_a_drain(span)
        for _ in range(chance.randrange(2)):
            at(chance.uniform(10, span), partial(self.receive, "U1", 4_321, "rent of the shop"))
        at(chance.uniform(HOUR, 5 * HOUR), self._look_at_receipts)

    def announce(self, number: int, customers: int, *, rows: int = 0, way: str = "") -> Expected:
        """A settlement to come."""
        chance = self._chance
        many = rows or chance.randint(*(MANY_LINES if chance.random() < 0.1 else LINES))
        shares = [
            (f"customer-{chance.randrange(customers)}", chance.randrange(1, 900))
            for _ in range(many)
        ]
        more = chance.choice([0, 0, 150])
        way = way or chance.choices(list(WAYS), list(WAYS.values()))[0]
        due = self._local().date() + timedelta(days=1 if way == "late" else 6)
        it = Expected(number, due, shares, more, way)
        self._business.books.tills.expected[it.reference] = shares
        self.expected.append(it)
        return it

    def post(self, it: Expected, tries: int) -> None:
        """Say that it is expected, until somebody answers."""

        def ended(told: str, value: Any) -> None:
            if told == "returned":
                it.posted, it.settlement_id = True, value.settlement.settlement_id
            elif tries and (told == "killed" or type(value).__name__ in SAFE_AGAIN):
                later = self._chance.choice([1.0, 40.0, 20 * MINUTE])
                self._timeline.after(later, partial(self.post, it, tries - 1))

        self._business.invoke("api", "expect", methodcaller("expect", it, by="ada"), ended)

    def receive(self, name: str, cents: int, description: str) -> None:
        """Money arrives, and is told."""
        self._credit(name, cents)
        told = bodies.receipt(name, cents, description, self._local())
        self._business.post.send(*told)

    def _send(self, it: Expected) -> None:
        """A settlement's money, as it comes."""
        first, named = f"N{it.number * 10:011d}", f"settlement {it.reference.lower()}"
        match it.way:
            case "never":
                return
            case "over":
                parts = [it.cents + 700]
            case "under":
                parts = [max(1, it.cents - 300)]
            case "in two":
                parts = [it.cents // 2, it.cents - it.cents // 2]
            case "twice":
                parts = [it.cents, it.cents]
            case _:
                parts = [it.cents]
        names = [first, *(f"D{it.number * 10 + 1:011d}" for _ in parts[1:])]
        came = [(name, cents, named) for name, cents in zip(names, parts, strict=True) if cents]
        it.came = [name for name, _, _ in came]
        if self._chance.random() < 0.3:
            for name, cents, _ in came:
                self._credit(name, cents)
            self._business.post.send(*bodies.batch(came, self._local()))
            return
        for each in came:
            self.receive(*each)

    def _credit(self, name: str, cents: int) -> None:
        self.received[name] = cents
        self._business.provider.account.received(name, cents, self._timeline.now)

    def _plan_a_drain(self, span: float) -> None:
        """Somebody gives away by hand what was to be a settlement's."""
        for number in range(8):
            give = methodcaller("credit", "customer-0", 4_500, key=f"drain-credit-{number:05d}")
            moment = self._chance.uniform(10, span)
            self._timeline.at(moment, partial(self._business.invoke, "api", "credit", give))

    def _withdraw(self, it: Expected) -> None:
        if it.settlement_id:
            # Whatever becomes of the call: it may have been written and its reply be lost.
            it.withdrawn = True
            deed = methodcaller("withdraw", it.settlement_id)
            self._business.invoke("api", "withdraw", deed)

    def _look_at_receipts(self) -> None:
        """Somebody explains what did not explain itself."""
        if not self.at_work:
            return
        for name in self._business.books.tills.open_receipts():
            if self._chance.random() < 0.4:
                self._explain(name)
        self._timeline.after(self._chance.uniform(3 * HOUR, 20 * HOUR), self._look_at_receipts)

    def _explain(self, name: str) -> None:
        own = [it for it in self.expected if name in it.came]
        if own and own[0].settlement_id and own[0].way in {"over", "under", "in two"}:
            deed = methodcaller("match", own[0].settlement_id, name)
            self._business.invoke("api", "match", deed)
        elif name.startswith("U") or (own and own[0].way == "twice" and name == own[0].came[-1]):
            self._business.invoke("api", "close", methodcaller("close", name))

    def _local(self) -> Any:
        moment = self._business.began + timedelta(seconds=self._timeline.now)
        return moment.astimezone(SYDNEY)

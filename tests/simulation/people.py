"""Who does what in a week: operators, approvers, an admin, a forger.

People are truthful, and that is all that is assumed of them: whoever proposes that a payout is
dead, or agrees, has asked the provider on the telephone and was told what is so.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from operator import methodcaller
from typing import TYPE_CHECKING, Any

from chalicelib.domain.identifiers import derived_id
from chalicelib.domain.payout import Status
from tests.simulation.acquirer import Acquirer
from tests.simulation.books import Broken
from tests.simulation.names import account_of, email_of, name_of
from tests.simulation.timeline import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    from random import Random

    from tests.simulation.books import Life
    from tests.simulation.business import Business
    from tests.simulation.environment import Environment
    from tests.simulation.timeline import Invocation

# Errors after which the same request may be made again with the same key.
SAFE_AGAIN = {"StoreUnavailable", "VaultUnavailable", "ProviderUnavailable", "Unavailable"}


@dataclass
class Wish:
    """A payout that an operator wants, once."""

    key: str
    by: str
    customer_id: str
    cents: int
    method: str
    rail: str
    answered: bool = False

    @property
    def transaction_id(self) -> str:
        """The id that its key makes."""
        return derived_id("payout", self.key)


class People:
    """Everybody who acts, each when chance will have it."""

    def __init__(self, business: Business, chance: Random, *, telephones: bool) -> None:
        self._business = business
        self._chance = chance
        self._timeline = business.timeline
        # Whether a proposal comes with the provider's promise never to execute the reference, and
        # an agreement with a second call. Needed where look-ups or the quarantine cannot be
        # trusted; elsewhere our own asking has to do.
        self._telephones = telephones
        # How often whoever worries lets it wait all the same.
        self.hesitates = 0.0
        self.wishes: list[Wish] = []
        self.customers = 0
        # Payouts that nobody withdraws for having to wait.
        self.patient: set[str] = set()
        self.at_work = True
        self.acquirer = Acquirer(business, chance)
        business.books.watchers.append(self._worry)

    def open_for_business(self, customers: int) -> None:
        """Customers with money: everything goes well."""
        business, self.customers = self._business, customers
        names = [f"customer-{number}" for number in range(customers)]
        for name in names:
            told = name_of(name), email_of(name), account_of(name)
            business.invoke("api", "register", methodcaller("register", name, *told))
            self._timeline.run(self._timeline.now + 1)
        self.acquirer.receive("N1", 40_000 * customers, "")
        self._timeline.run(self._timeline.now + 1)
        for name in names:
            self._credit(name, 20_000, f"first-credit-{name}")
            self._timeline.run(self._timeline.now + 1)

    def plan(self, span: float, wishes: int, customers: int) -> None:
        """Lay out a week."""
        chance, at = self._chance, self._timeline.at
        for number in range(wishes):
            wish = self._wish(number, chance.randrange(customers))
            self.want(wish, chance.uniform(10, span * 0.8))
        if chance.random() < 0.3:
            self._plan_rush(chance.uniform(10, span * 0.8), wishes, 3, 12_000)
        elif chance.random() < 0.1:
            self._plan_rush(chance.uniform(10, span * 0.8), wishes, 12, 500)
        for number in range(chance.randrange(3)):
            cents, name = chance.randrange(1, 9_000), f"customer-{chance.randrange(customers)}"
            moment = chance.uniform(10, span)
            at(moment, partial(self.acquirer.receive, f"N{number + 2}", cents, ""))
            key = f"later-credit-{number:04d}"
            for again in (HOUR, 2 * HOUR):
                at(moment + again, partial(self._credit, name, cents, key))
        for _ in range(chance.randrange(3)):
            at(chance.uniform(10, span), self._rename)
        for _ in range(chance.randrange(3)):
            at(chance.uniform(10, span), self._forge)
        if chance.random() < 0.12:
            self._plan_lost_key(chance.uniform(10, span * 0.7))
        at(chance.uniform(HOUR, 5 * HOUR), self._look_at_attention)

    def want(self, wish: Wish, moment: float) -> None:
        """Somebody will ask for it."""
        self.wishes.append(wish)
        self._timeline.at(moment, partial(self.ask, wish, 6))

    def _plan_rush(self, moment: float, number: int, many: int, cents: int) -> None:
        """Many want something of the same balance at once; each asks twice."""
        for rushed in range(number, number + many):
            wish = Wish(
                f"idempotency-key-{rushed:04d}", "olive", "customer-0", cents, "BankAccount", ""
            )
            self.wishes.append(wish)
            for _ in range(2):
                self._timeline.at(moment, partial(self.ask, wish, 3))

    def _wish(self, number: int, customer: int) -> Wish:
        chance = self._chance
        rail = chance.choice(["", "", "NPP", "DirectEntry"])
        method = "BankAccount" if rail == "DirectEntry" else chance.choice(["PayId", "BankAccount"])
        return Wish(
            f"idempotency-key-{number:04d}", "olive", f"customer-{customer}",
            chance.randrange(100, 9_000), method, rail,
        )  # fmt: skip

    def _worry(self, own: str, life: Life) -> None:
        """A payout has changed: perhaps somebody worries."""
        if not self.at_work:
            return
        chance, timeline = self._chance, self._timeline
        waits = life.status is Status.QUEUED and life.version > 2 and own not in self.patient
        if waits and chance.random() < 0.2:
            later = chance.choice([0.0, 5.0, 3 * MINUTE])
            timeline.after(later, partial(self._withdraw, own))
        if life.status is Status.UNCONFIRMED and chance.random() < 0.3:
            later = chance.choice([20.0, 3 * MINUTE, 8 * MINUTE, 40 * MINUTE])
            timeline.after(later, lambda: self._resolve(own))

    # Operators.

    def ask(self, wish: Wish, tries: int, *, cents: int = 0, by: str = "") -> None:
        """Ask for it; `cents` and `by` are another's, who uses the key for something else."""
        if tries <= 0:
            return
        asked, chance, after = cents or wish.cents, self._chance, self._timeline.after

        def ended(told: str, value: Any) -> None:
            if told == "returned":
                self._answered(wish, value, asked)
                self._ask_once_more(wish, tries - 1)
            elif told == "killed" or type(value).__name__ in SAFE_AGAIN:
                if not (cents or by):
                    later = chance.choice([0.5, 5.0, 40.0, 20 * MINUTE, 9 * HOUR])
                    after(later, partial(self.ask, wish, tries - 1))
            elif not (cents or by):
                self._refused(wish, value, calls[0].looked_at)

        calls: list[Invocation] = []

        def deed(environment: Environment) -> Any:
            calls.append(environment.invocation)
            return environment.pay(
                key=wish.key, by=by or wish.by, customer_id=wish.customer_id, cents=asked,
                method=wish.method, rail=wish.rail,
            )  # fmt: skip

        self._business.invoke("api", f"pay {wish.key[-4:]}", deed, ended)
        if not cents and not by and chance.random() < 0.1:
            after(chance.choice([0.0, 0.01]), partial(self.ask, wish, 1))
        if chance.random() < 0.12:
            later = chance.choice([0.0, 0.02, 5.0, 3 * MINUTE])
            after(later, partial(self._withdraw, wish.transaction_id))

    def _ask_once_more(self, wish: Wish, tries: int) -> None:
        """The same again, or with the key something else."""
        if self._chance.random() < 0.5:
            return
        others: list[dict[str, Any]] = [{}, {}, {"cents": wish.cents + 100}, {"by": "otto"}]
        again = self._chance.choice([0.0, 3.0, HOUR, 2 * DAY])
        other = self._chance.choice(others)
        self._timeline.after(again, partial(self.ask, wish, tries, **other))

    def _answered(self, wish: Wish, placed: Any, asked: int) -> None:
        payout = placed.payout
        if payout.transaction_id != wish.transaction_id or payout.intent.amount.cents != asked:
            self._break(f"{wish.key} was answered with a payout that was not asked for")
        wish.answered = True
        if wish.transaction_id not in self._business.books.lives:
            self._break(f"{wish.key} was answered, and is not stored")

    def _refused(self, wish: Wish, error: Exception, looked_at: int) -> None:
        """Whoever is told no takes a new key: there was no payout under the old one.

        `looked_at` is how many payouts were stored when the refused call last looked: a copy of
        the same request that is still under way may succeed after it.
        """
        lives = self._business.books.lives
        stored = lives.get(wish.transaction_id)
        if stored is None or stored.cents != wish.cents:
            return
        if list(lives).index(wish.transaction_id) >= looked_at:
            self._business.told["asked again before it was refused, stored after"] += 1
            return
        if stored.row["created_by"]["S"] == wish.by:
            self._break(f"{wish.key} was refused ({type(error).__name__}), and is stored")

    def _withdraw(self, own: str) -> None:
        if self.hesitates and self._chance.random() < self.hesitates:
            return
        self._business.invoke("api", "cancel", methodcaller("cancel", own, by="olive"))

    # Two people, and an admin.

    def _look_at_attention(self) -> None:
        if not self.at_work:
            return
        chance, business = self._chance, self._business
        for own, life in list(business.books.lives.items()):
            if life.waits:
                self._resolve(own)
        for customer_id in sorted(business.books.stopped):
            business.invoke("api", "resume", methodcaller("resume", customer_id))
        if chance.random() < 0.3:
            business.invoke("api", "open", lambda env: env.open_gate())
        self._timeline.after(chance.uniform(HOUR, 6 * HOUR), self._look_at_attention)

    def _resolve(self, own: str) -> None:
        chance, business = self._chance, self._business
        life = business.books.lives[own]
        if life.status is not Status.UNCONFIRMED or not self.at_work:
            return
        proposal = life.row.get("proposal")
        reference = f"{own}-{life.row['attempt']['N']}"
        executed = bool(business.provider.of(own))
        if proposal is None:
            if executed:
                return  # the provider knows it: asking will find it, sooner or later
            if self._telephones:
                business.provider.block(reference)
            verdict = chance.choice(["dead", "new_reference"])
            business.invoke("api", "propose", lambda env: env.propose(own, verdict, by="paul"))
            later = chance.choice([MINUTE, MINUTE, 4 * MINUTE, 12 * MINUTE, 45 * MINUTE, 5 * HOUR])
            self._timeline.after(later, lambda: self._resolve(own))
            return
        if (self._telephones and executed) or chance.random() < 0.15:
            business.invoke("api", "dismiss", lambda env: env.dismiss(own, by="anna"))
            return
        verdict, by = proposal["M"]["verdict"]["S"], chance.choice(["anna", "anna", "paul"])
        business.invoke("api", "agree", lambda env: env.agree(own, verdict, by=by))

    def _credit(self, customer_id: str, cents: int, key: str) -> None:
        self._business.invoke("api", "credit", lambda env: env.credit(customer_id, cents, key=key))

    def _rename(self) -> None:
        name = f"Jo {self._chance.randrange(99)}"
        self._business.invoke("api", "rename", lambda env: env.rename("customer-0", name))

    def _plan_lost_key(self, moment: float) -> None:
        business = self._business

        def lose() -> None:
            business.provider.key = "fake-new-key"

        self._timeline.at(moment, lose)
        mended = moment + self._chance.choice([5 * MINUTE, 2 * HOUR, 9 * HOUR])
        self._timeline.at(mended, lambda: business.rekey("fake-new-key"))

    # From outside.

    def _forge(self) -> None:
        lives = sorted(self._business.books.lives)
        if not lives:
            return
        told = {"UniqueReference": f"{self._chance.choice(lives)}-1", "Status": "Rejected"}

        def ended(told: str, _value: Any) -> None:
            if told == "returned":
                self._break("a webhook was believed that was not the provider's")

        raw = json.dumps(told).encode()
        self._business.receive(
            "NppPaymentStatus", raw, number=1, token="Bearer fake-guess", ended=ended
        )

    def _break(self, what: str) -> None:
        self._business.break_with(Broken(what))

    # When the faults have stopped.

    def go_home(self) -> None:
        """Nobody acts any more."""
        self.at_work = self.acquirer.at_work = False

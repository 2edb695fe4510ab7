"""The stack as a test has it: people at the door, a hand at the provider's, processes to be killed.

Everything waits for what it wants to see, with a limit; nothing sleeps and hopes.
"""

from __future__ import annotations

import signal
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from datetime import time as time_of_day
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from chalicelib.domain.calendar import SYDNEY
from local.client import Client, new_key
from local.launcher import running
from local.monoova.control import Control
from local.processes import ROOT
from tests.free_policy import FREE_POLICY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from local.launcher import Running

GLANCE = 0.05  # seconds between two looks
EVERY = 0.25  # seconds between two runs of the schedule
NOTICE = Decimal("0.25")  # seconds in which everybody sees that the clock was moved
PATIENCE = 90.0  # seconds for what has to happen: two busy cores included
# Everybody signs in once, for as long as a round takes.
SETTINGS = {"STEP_UP_MINUTES": "60", "DEFAULT_POLICY": FREE_POLICY}
MORNING = time_of_day(8)
FRIDAY = 4
LAST = 5  # lines of a log that are told with a failure


class Never(AssertionError):
    """What had to happen did not."""


@dataclass(frozen=True)
class Customer:
    """A customer and their destinations, by the payee's name."""

    customer_id: str
    payees: dict[str, str]


@dataclass
class Town:
    """One stack; `control` is the simulator's own door, `whole` everything else.

    `since` is where a test notes the webhook after which its own begin.
    """

    whole: Running
    control: Control
    people: dict[str, Client] = field(default_factory=dict)
    since: int = 0

    def as_(self, name: str) -> Client:
        """Somebody at the door, signed in once."""
        if name not in self.people:
            self.people[name] = Client(self.whole.api, self.whole.token(name))
        return self.people[name]

    def get(self, path: str, who: str = "admin") -> dict[str, Any]:
        """What a GET answers; it has to be 200."""
        return self.as_(who).need(200, "GET", path)

    def every(self, path: str, who: str = "admin") -> list[dict[str, Any]]:
        """All items of a list."""
        return self.as_(who).every(path)

    def until(
        self,
        seen: Callable[[], Any],
        what: str | Callable[[], object],
        *,
        seconds: float = PATIENCE,
        step: Callable[[], object] = lambda: None,
    ) -> Any:
        """Look until something true is seen, and give that back; `step` between two looks.

        `what` says what is missing, or is asked for it then.

        Raises:
            Never: the time is over.
        """
        deadline = time.monotonic() + seconds
        while not (found := seen()):
            if time.monotonic() > deadline:
                missing = what if isinstance(what, str) else what()
                raise Never("\n".join([str(missing), *self.troubles()]))
            step()
            time.sleep(GLANCE)
        return found

    def troubles(self) -> list[str]:
        """The last lines in which the app or its triggers told of an error."""
        found = []
        for name in ("app", "triggers"):
            lines = self.log(name).splitlines()
            found += [f"{name}: {line}" for line in lines if "rror" in line][-LAST:]
        return found

    def log(self, name: str) -> str:
        """What a process said since it was started."""
        return (self.whole.family.logs / f"{name}.log").read_text()

    def pass_time(self, seconds: int) -> None:
        """Virtual time goes by; what becomes due at the provider has been told on return.

        The app looks at the clock five times a second, and sees it before anything is told.
        """
        self.control.advance(seconds, notice=NOTICE)

    def now(self) -> datetime:
        """What time it is in Sydney, by the virtual clock."""
        return self.control.clock().now.astimezone(SYDNEY)

    def next_morning(self, *, before_friday: bool = False) -> None:
        """On to eight o'clock of the next day, perhaps one that is not followed by a weekend.

        The night before it is over: it may hear what no webhook has told yet.
        """
        now = self.now()
        day = now.date() + timedelta(days=1)
        while before_friday and day.weekday() >= FRIDAY:
            day += timedelta(days=1)
        morning = datetime.combine(day, MORNING, SYDNEY)
        self.pass_time(int((morning - now).total_seconds()) + 1)
        night = day - timedelta(days=1)
        is_over = lambda: (night.isoformat(), "done") in self.nights()  # noqa: E731 (asked often)
        self.until(is_over, self.nights, step=self.minutes_pass())

    def nights(self) -> set[tuple[str, str]]:
        """The nights' dates, and at what stage each is."""
        return {(each["date"], each["stage"]) for each in self.every("/reconciliations")}

    def last_webhook(self) -> int:
        """The id of the last notification that the provider made."""
        told = self.control.example("NPPCreditRejections")
        return int(told["webhookId"])

    def minutes_pass(self, minutes: int = 2) -> Callable[[], None]:
        """A step of `until`: a little virtual time."""
        return lambda: self.pass_time(60 * minutes)

    def report_is_read(self, *, twice: bool = False) -> None:
        """Minutes go by until the poller has read the provider's report of what it sent."""
        reports = lambda: self.log("triggers").count("monoova.report")  # noqa: E731 (asked often)
        wanted = reports() + 1 + twice
        self.until(lambda: reports() >= wanted, "the report to be read", step=self.minutes_pass())

    def credited(self, amount: str, payees: list[str]) -> Customer:
        """A customer with money, and a bank account for each payee's name."""
        customer = self.customer(payees)
        before = Decimal(self.unallocated())
        self.control.receive(amount, description="for a test")
        self.until(
            lambda: Decimal(self.unallocated()) == before + Decimal(amount), "money to hand out"
        )
        self.credit(customer, amount)
        return customer

    def customer(self, payees: list[str]) -> Customer:
        """A customer without money."""
        body = {
            "customer_name": "Jo Citizen",
            "email": "jo@example.com",
            "payout_destinations": [
                {
                    "type": "BankAccount", "bsbNumber": "062-000", "accountNumber": "12345678",
                    "accountName": name,
                }
                for name in payees
            ],
        }  # fmt: skip
        made = self.as_("operator").need(201, "POST", "/customers", body, key=new_key())
        ids = [each["destination_id"] for each in made["payout_destinations"]]
        return Customer(made["customer_id"], dict(zip(payees, ids, strict=True)))

    def credit(self, customer: Customer, amount: str) -> None:
        """Give a customer money out of what is unallocated."""
        path = f"/customers/{customer.customer_id}/credits"
        body = {"amount": amount, "reason": "Share of a settlement"}
        self.as_("admin").need(201, "POST", path, body, key=new_key())

    def pay(self, customer: Customer, payee: str, amount: str, **more: str) -> dict[str, Any]:
        """Ask for a payout; it has to be taken."""
        body = {
            "customer_id": customer.customer_id, "amount": amount, "payout_method": "BankAccount",
            "destination_id": customer.payees[payee], **more,
        }  # fmt: skip
        return self.as_("operator").need(202, "POST", "/payouts", body, key=new_key())

    def payout(self, made: dict[str, Any]) -> dict[str, Any]:
        """A payout as it is now."""
        return self.get(f"/payouts/{made['transaction_id']}", "operator")

    def balance(self, customer: Customer) -> Decimal:
        """What a customer has available."""
        told = self.get(f"/customers/{customer.customer_id}", "operator")
        return Decimal(told["available_balance"])

    def unallocated(self) -> str:
        """The funds that are nobody's yet."""
        return str(self.get("/funds")["unallocated"])

    def kill(self, *names: str) -> None:
        """SIGKILL to processes by their names, as if the machine under them had gone."""
        doomed = [each for each in self.whole.family.children if each.name in names]
        assert len(doomed) == len(names), names
        for child in doomed:
            child.process.send_signal(signal.SIGKILL)
        for child in doomed:
            child.stop()
            self.whole.family.children.remove(child)
        self._sign_out()

    def start(self, *names: str) -> None:
        """Start the app, at its old address, or the triggers again."""
        port = self.whole.api.rpartition(":")[2]
        options = {
            "app": ("local.server", "--project", str(ROOT), "--port", port),
            "triggers": ("local.triggers", "--project", str(ROOT), "--every", str(EVERY)),
        }
        environment = self.whole.cloud.environment
        started = [
            self.whole.family.start(name, *options[name], environment=environment) for name in names
        ]
        for child in started:
            child.ready()

    def _sign_out(self) -> None:
        """Let go of connections that lead to a process which is gone."""
        for client in self.people.values():
            client.close()
        self.people.clear()


@contextmanager
def standing(folder: Path, *, every: float = EVERY, **settings: str) -> Iterator[Town]:
    """A stack of its own for as long as the block lasts; `settings` go over the usual ones."""
    quiet = lambda _line: None  # noqa: E731 - nobody listens
    with (
        running(folder, every=every, settings=SETTINGS | settings, tell=quiet) as whole,
        Control(whole.provider.url) as control,
    ):
        town = Town(whole, control)
        try:
            yield town
        finally:
            town._sign_out()

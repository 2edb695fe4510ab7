"""What the scenes need: people signed in, the simulator's hand, a terminal to tell it on."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.text import Text

from local.client import Answer, Client, new_key
from local.demo.bank import Bank
from local.monoova.control import Control

GLANCE = 0.2  # seconds between two looks at a payout
PATIENCE = 60.0  # seconds for what has to happen, on a busy machine
NOTICE = Decimal("0.3")  # seconds in which everybody sees that the clock was moved
KNOWN = 6  # seconds: a run of the poller may believe for five what it last read of the circuits
PAST = {"Pending": ("Completed",)}
COLOURS = {
    "Completed": "green",
    "Pending": "cyan",
    "Unconfirmed": "yellow",
    "AwaitingApproval": "yellow",
    "Queued": "yellow",
    "Declined": "red",
    "Failed": "red",
    "Rejected": "red",
    "Returned": "magenta",
    "Disputed": "bold red",
}


class Failed(Exception):
    """Something did not happen as it must."""


@dataclass
class Stage:
    """The people, the provider, the screen; and the payouts made so far, by their scene's name.

    `payees` are the ids of the customer's destinations, by the name of the account.
    """

    admin: Client
    operator: Client
    approver: Client
    second_admin: Client
    simulator: Control
    console: Console
    bank: Bank = field(default_factory=Bank)
    payouts: dict[str, str] = field(default_factory=dict)
    payees: dict[str, str] = field(default_factory=dict)
    customer_id: str = ""
    scenes: int = 0

    def heading(self, text: str) -> None:
        """Something begins."""
        self.console.print()
        self.console.rule(Text(text, style="bold"), align="left")

    def scene(self, text: str) -> None:
        """The next scene begins."""
        self.scenes += 1
        self.heading(f"{self.scenes}. {text}")

    def say(self, text: str) -> None:
        """What is about to happen, or why it did."""
        self.console.print(Text(text, style="dim"))

    def show(self, call: str, answer: Answer) -> None:
        """A call and what came of it, in one line."""
        colour = "green" if answer.status < 400 else "red"
        line = Text(f"  {call} ", style="bold").append(f"→ {answer.status} ", style=colour)
        # A problem's status is the number that stands there already.
        status = str(answer.body.get("code") or answer.body.get("status", ""))
        self.console.print(line.append(status, style=COLOURS.get(status, "default")))

    def status(self, text: str, status: str) -> None:
        """A status that was reached, and by whose word."""
        line = Text(f"  {text}: ").append(status, style=f"bold {COLOURS.get(status, 'default')}")
        self.console.print(line)

    def pay(self, name: str, order: dict[str, Any], *, need: str) -> dict[str, Any]:
        """Ask for a payout as the operator; it must be answered with this status."""
        answer = self.operator.call("POST", "/payouts", order, key=new_key())
        self.show(f"POST /payouts {order['amount']} {order['payout_method']}", answer)
        if answer.status != 202 or answer.body["status"] != need:
            raise Failed(f"{name}: expected 202 {need}, got {answer.status} {answer.body}")
        self.payouts[name] = answer.body["transaction_id"]
        return answer.body

    def becomes(self, name: str, status: str, why: str) -> dict[str, Any]:
        """Wait until the payout of a scene has a status, and show it.

        One that was sent may be heard of before anybody has looked.
        """
        path = f"/payouts/{self.payouts[name]}"
        found: dict[str, Any] = {}

        def there() -> bool:
            found.update(self.operator.need(200, "GET", path))
            return found["status"] in {status, *PAST.get(status, ())}

        wait(there, f"{name} did not become {status}")
        self.status(why, found["status"])
        return found

    def pass_time(self, seconds: int) -> None:
        """Let virtual time go by, and the app see that it has: it looks five times a second."""
        self.simulator.advance(seconds, notice=NOTICE)

    def balance(self) -> str:
        """The customer's available balance."""
        path = f"/customers/{self.customer_id}"
        return str(self.operator.need(200, "GET", path)["available_balance"])


def wait(until: Callable[[], bool], failure: str, seconds: float = PATIENCE) -> None:
    """Look again and again.

    Raises:
        Failed: it did not come to pass in time.
    """
    deadline = time.monotonic() + seconds
    while not until():
        if time.monotonic() > deadline:
            raise Failed(failure)
        time.sleep(GLANCE)

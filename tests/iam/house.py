"""A house whose ports are the deployed ones: each function's own wiring, down to the calls of AWS.

The provider and its news stay fakes here; `town.py` has the real ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalice.test import Client

import app
from tests.api.client import Api
from tests.api.house import BANK_ACCOUNT, CUSTOMER, EMAIL_PAY_ID, House
from tests.gameday.town import Context

if TYPE_CHECKING:
    from chalicelib.domain.customer import Customer
    from tests.api.client import Answer
    from tests.iam.account import Account

# Names of the functions, as their logical ids in the template.
API, WEBHOOK = "APIHandler", "WebhookHandler"
SCHEDULES = ("Poll", "Wake", "Night", "Keep")
REPROCESS = "Reprocess"
PORTS = (
    "account_checks", "archive", "bank_files", "breaker", "changes", "circuits", "courier",
    "customers", "dead_letters", "desk", "findings", "gate", "herald", "keys", "liquidity",
    "nights", "notices", "parked", "pauses", "payouts", "policies", "receipts", "repairs",
    "rounds", "schedules", "settlements", "signer", "sweeps", "told_tokens", "treasury", "vault",
    "words",
)  # fmt: skip


class Own:
    """A port of whichever function's process runs now."""

    def __init__(self, account: Account, port: str) -> None:
        self._account, self._port = account, port

    def __getattr__(self, name: str) -> Any:
        found = getattr(getattr(self._account.process(), self._port), name)
        if not callable(found):
            return found
        return self._account.recorder.calling((self._port, name), found)


@dataclass
class Shelves:
    """As much of the store in memory as scenes look at, read from the tables."""

    house: Any

    @property
    def customers(self) -> Any:
        """Customers by their id."""
        return _By(self.house.customers)

    @property
    def receipts(self) -> range:
        """As many as there have been."""
        self.house.received += 1
        return range(self.house.received)

    @property
    def bank_files(self) -> dict[str, Any]:
        """The files by their id."""
        files = self.house.bank_files
        ids = files.page(limit=100, position=None).items
        return {each: files.get(each) for each in ids}

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "policies":  # from now on this one is in force
            self.house.policies.propose(value.change.proposal)
            self.house.policies.end(value.change)
        else:
            super().__setattr__(name, value)


class _By:
    """Something by its id."""

    def __init__(self, port: Any) -> None:
        self._port = port

    def __getitem__(self, own: str) -> Customer:
        found: Customer = self._port.get(own)
        return found


@dataclass
class Store:
    """What `house.store` is asked for."""

    state: Shelves


class Premises(House):
    """A house in an account; `received` and `letters` number what comes in."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.received = self.letters = 0
        super().__init__()
        account.begin(self.clock)
        for name in PORTS:
            setattr(self, name, Own(account, name))
        self.store: Any = Store(Shelves(self))
        self.provider.heard = self._heard
        self.customer(CUSTOMER, EMAIL_PAY_ID, BANK_ACCOUNT, EMAIL_PAY_ID)
        self.fund(100_000)

    def _heard(self, *told: Any) -> None:
        self.breaker.heard(*told)

    def cursor_key(self) -> bytes:
        """What cursors are signed with."""
        return self.account.process().cursor_key()


class Doors(Api):
    """A client at the doors of premises, and whoever runs its triggers."""

    def __init__(self, house: Premises) -> None:
        super().__init__(house)
        self._invocation = house.account.recorder.invocation
        self._events = Client(app.app, project_dir="/nowhere").events

    def call(self, method: str, path: str, body: object = None, **given: Any) -> Answer:
        """A request, answered by the function that its path leads to."""
        function = WEBHOOK if path.startswith("/webhooks") else API
        with self._invocation(function):
            return super().call(method, path, body, **given)

    def tick(self) -> None:
        """Each schedule, once."""
        event = self._events.generate_cw_event("aws.events", "Scheduled Event", {}, [])
        for name in SCHEDULES:
            with self._invocation(name):
                getattr(app, name.lower())(event, Context())

    def message(self, body: str) -> None:
        """A message comes out of the queue."""
        with self._invocation(REPROCESS):
            app.reprocess(self._events.generate_sqs_event([body]), Context())

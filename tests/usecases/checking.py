"""A customer whose destinations are checked: a store and a provider in memory."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.similarity import word_distance
from chalicelib.domain.money import Money
from chalicelib.usecases.check_account import show, start
from chalicelib.usecases.checks import Means
from chalicelib.usecases.confirm_account import confirm
from chalicelib.usecases.customers import Profile, register
from tests.fakes.account_checks import CODE, FakeVerifier
from tests.fakes.clock import FakeClock
from tests.fakes.store import MemoryStore
from tests.fakes.vault import FakeVault
from tests.usecases.world import ACCOUNT, KEY, PAYID, Between

if TYPE_CHECKING:
    from chalicelib.domain.account_check import AccountCheck, KeptCheck
    from chalicelib.domain.customer import Customer
    from chalicelib.domain.standing import Standing
    from chalicelib.usecases.check_account import Begun

CUSTOMER, PAY_ID, BANK = "customer-1", "d-0", "d-1"
OTHER_KEY = "another key, 16 long"
HOUR = timedelta(hours=1)
LASTS = 72 * HOUR


class Crash(Exception):
    """The process ends."""


class Bench:
    """The ports, each of which can be put behind something that happens first."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.store = MemoryStore(self.clock)
        self.verifier = FakeVerifier()
        self.vault = FakeVault()
        self.ports: dict[str, Any] = {
            "checks": self.store.account_checks, "verifier": self.verifier,
            "customers": self.store.customers, "vault": self.vault,
        }  # fmt: skip
        self.left = 20.0
        register(
            Profile("Jo Citizen", "jo@example.com", (PAYID, ACCOUNT)), customer_id=CUSTOMER,
            destination_ids=lambda number: f"d-{number}", by="operator",
            customers=self.store.customers, vault=self.vault, clock=self.clock,
        )  # fmt: skip

    @property
    def means(self) -> Means:
        return Means(**self.ports, clock=self.clock, distance=word_distance, lasts=LASTS)

    def before(self, port: str, **first: Any) -> None:
        """Have something happen before a call of a port goes through."""
        self.ports[port] = Between(self.ports[port], **first)

    def after(self, port: str, method: str, number: int = 1) -> None:
        """The process ends when so many calls of a method went through."""
        self.ports[port] = _Ending(self.ports[port], method, number)

    def undisturbed(self) -> None:
        """Another process, that nothing happens to."""
        self.ports |= {
            "checks": self.store.account_checks, "verifier": self.verifier,
            "customers": self.store.customers,
        }  # fmt: skip

    def start(self, destination: str = PAY_ID, *, key: str = KEY, by: str = "operator") -> Begun:
        return start(CUSTOMER, destination, key=key, by=by, means=self.means,
                     time_left=lambda: self.left)  # fmt: skip

    def confirm(self, code: str = CODE, *, destination: str = PAY_ID) -> AccountCheck:
        return confirm(CUSTOMER, destination, code, by="admin", means=self.means,
                       time_left=lambda: self.left)  # fmt: skip

    def show(self, destination: str = PAY_ID) -> AccountCheck:
        return show(CUSTOMER, destination, means=self.means)

    @property
    def customer(self) -> Customer:
        return self.store.state.customers[CUSTOMER]

    def standing(self, destination: str = PAY_ID) -> Standing:
        return self.customer.standing(destination)

    def kept(self, destination: str = PAY_ID) -> KeptCheck:
        return self.store.state.checks[destination]

    def cents(self) -> Money:
        """What was sent in all."""
        return Money(len(self.verifier.sent))


class _Ending:
    """A port whose process ends right after so many calls of a method."""

    def __init__(self, port: Any, method: str, number: int) -> None:
        self._port, self._method, self._left = port, method, number

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **told: Any) -> Any:
            answer = getattr(self._port, name)(*args, **told)
            if name == self._method:
                self._left -= 1
                if not self._left:
                    raise Crash
            return answer

        return call

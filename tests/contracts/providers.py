"""Providers to hold the contract against: the scripted one, and the real client on the simulator.

Each side has the port, its clock, and the other end: what becomes of the next request, what the
books say. Fates are said in one set of words.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.clock import clock_for
from chalicelib.adapters.monoova.client import Monoova
from chalicelib.adapters.monoova.credentials import KeyRing
from chalicelib.adapters.monoova.payments import PaymentForm
from chalicelib.adapters.monoova.signin import SignedIn
from chalicelib.domain.answers import Answer
from chalicelib.domain.destination import BankAccount, PayId, PayIdType
from chalicelib.domain.rails import Rail
from local.monoova.server import serve
from local.monoova.simulator import Options
from local.monoova.switches import Switches
from tests.adapters.samples import (
    API_ARN,
    FakeGate,
    FakeSecretsManager,
    PatientTransport,
    secrets_of,
)
from tests.contracts.making import an_intent, claimed
from tests.contracts.stores import NOBODY
from tests.fakes import provider as scripted
from tests.fakes.clock import FakeClock
from tests.fakes.provider import FakeProvider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.domain.destination import Destination
    from chalicelib.domain.events import News
    from chalicelib.domain.payout import Payout
    from chalicelib.ports import Clock, Provider

# What becomes of a request, by the script and by the simulator's faults on request.
FATES: dict[str, tuple[scripted.Reply, dict[str, Any]]] = {
    "refused": (
        scripted.REFUSED,
        {"fault": "refuse", "code": "FinancialValidateInvalidTotalAmount"},
    ),
    "timed out, paid": (scripted.TIMED_OUT_AND_PAID, {"fault": "timeout_after"}),
    "timed out, unpaid": (scripted.TIMED_OUT_UNPAID, {"fault": "timeout_before"}),
    "broken, paid": (scripted.SERVER_ERROR_AND_PAID, {"fault": "error_after", "status": 500}),
    "broken, unpaid": (scripted.SERVER_ERROR_UNPAID, {"fault": "error_before", "status": 500}),
    "one too many": (
        scripted.TOO_MANY_REQUESTS,
        {"fault": "error_before", "status": 429, "times": 4},
    ),
}
# The payee's name chooses it at the simulator.
OUTCOMES = {
    "Pending": "Sim Stuck",
    "Complete": "Jo Citizen",
    "Complete in a moment": "Sim Pending",
    "Rejected": "Sim Reject closed",
    "Refused": "Sim Refuse",
}
LONG_ENOUGH = 20.0


class Side:
    """A provider, and its other end.

    `refusal` ends the code with which "refused" is met, `objection` that of a validation of what
    would be refused; `unsuccessful` is the outcome of what no statement names.
    """

    provider: Provider
    clock: Clock
    refusal = "InvalidTotalAmount"
    objection = "NppCreditPayIdDetailsAreInvalid"
    unsuccessful = "Rejected"

    def a_payout(self, amount: str = "10.00", rail: Rail = Rail.NPP) -> Payout:
        intent = an_intent(amount, at=self.clock.now(), rail=rail)
        # Longer ones, and such letters, are for NPP only.
        return claimed(replace(intent, description="Refund 7"))[1].after

    def now(self, payout: Payout) -> Payout:
        """The payout as those know it who ask about it."""
        return payout

    def pay(
        self, payout: Payout, outcome: str = "Complete", *, within: float = LONG_ENOUGH
    ) -> News:
        """Send it to a payee of whom that becomes."""
        return self.provider.pay(payout, self._payee(payout, outcome), within=within)

    def validate(
        self, payout: Payout, outcome: str = "Complete", *, within: float = LONG_ENOUGH
    ) -> News | None:
        """Ask beforehand, of the same payee."""
        return self.provider.validate(payout, self._payee(payout, outcome), within=within)

    def _payee(self, payout: Payout, outcome: str) -> Destination:
        if payout.rail is Rail.DIRECT_ENTRY:
            return BankAccount.parse("062-000", "12345678", OUTCOMES[outcome])
        return PayId.parse(PayIdType.EMAIL, "jo@example.com", OUTCOMES[outcome])


class Scripted(Side):
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.script = FakeProvider(self.clock)
        self.provider = self.script

    def pay(
        self, payout: Payout, outcome: str = "Complete", *, within: float = LONG_ENOUGH
    ) -> News:
        news = super().pay(payout, outcome, within=within)
        self.script.settle(payout.unique_reference, outcome)
        return news

    def validate(
        self, payout: Payout, outcome: str = "Complete", *, within: float = LONG_ENOUGH
    ) -> News | None:
        if outcome == "Refused":
            refused = Answer(http_status=400, code=self.objection)
            self.script.will_object(scripted.Reply(refused, executes=False))
        return super().validate(payout, outcome, within=within)

    def meet(self, fate: str) -> None:
        """Let that become of the next request to pay."""
        self.script.will(FATES[fate][0])

    def meet_beforehand(self, fate: str) -> None:
        """Let that become of the next validations, as often as they may be asked again."""
        self.script.will_object(FATES[fate][0])

    def come_back(self, payout: Payout) -> None:
        """Return the whole of it."""
        self.script.settle(payout.unique_reference, "Complete", back=payout.intent.amount)

    def paid(self, payout: Payout) -> int:
        """How often it was executed."""
        return self.script.paid(payout.unique_reference)

    def refuse_key(self) -> None:
        self.script.will(scripted.SIGN_IN_REFUSED)

    def unplug(self) -> None:
        """Let nothing arrive any more."""
        self.script.will(*[scripted.NOT_CONNECTED] * 9)
        self.script.down = True


class Real(Side):
    def __init__(self, simulator: Any) -> None:
        self.simulator = simulator
        self.clock = clock_for(f"{simulator.url}/_simulator/clock")
        self.transport = PatientTransport()
        self._connect(simulator.url, simulator.api_key)

    def _connect(self, url: str, key: str) -> None:
        secret = {"apiKey": key, "environment": "Local", "baseUrl": url}
        manager: Any = FakeSecretsManager(api_key=secret)
        keys = KeyRing(secrets_of(manager, time.monotonic), API_ARN, stage="local", on_lambda=False)
        self.provider = Monoova(
            SignedIn(keys, self.transport, FakeGate()),
            form=PaymentForm(account=self.simulator.account_number),
            clock=self.clock,
            sleep=lambda _: None,
        )

    def pay(
        self, payout: Payout, outcome: str = "Complete", *, within: float = LONG_ENOUGH
    ) -> News:
        news = super().pay(payout, outcome, within=within)
        self.simulator.control.advance(5)
        return news

    def meet(self, fate: str) -> None:
        """Let that become of the next request to pay."""
        self._arrange("execute", **FATES[fate][1])

    def meet_beforehand(self, fate: str) -> None:
        """Let that become of the next validations, as often as they may be asked again."""
        self._arrange("validate", **{"times": 4, **FATES[fate][1]})

    def _arrange(self, operation: str, fault: str, **more: Any) -> None:
        if fault.startswith("timeout"):
            self.transport.silent += [operation] * more.get("times", 1)
        self.simulator.control.fault(operation, fault, **more)

    def come_back(self, payout: Payout) -> None:
        """Return the whole of it."""
        ending = "return" if payout.rail is Rail.NPP else "dishonour"
        self.simulator.control.happen(payout.unique_reference, ending)

    def paid(self, payout: Payout) -> int:
        """How often it was executed."""
        count: int = self.simulator.control.executions(payout.unique_reference)
        return count

    def refuse_key(self) -> None:
        self._connect(self.simulator.url, "fake-wrong-key")

    def unplug(self) -> None:
        """Let nothing arrive any more."""
        self._connect(NOBODY, self.simulator.api_key)


@contextmanager
def simulated() -> Iterator[Real]:
    """The real client on a simulator of its own, whose time-outs are longer than the client's."""
    options = Options(seed=7, opening=10_000_000, switches=Switches(timeout_seconds=Decimal(30)))
    with serve(options) as running:
        yield Real(running)

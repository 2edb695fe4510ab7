"""One warm Lambda environment of ours: a version of the code, wired over the simulated world.

Its methods are what the doors of `app.py` do: one use case each, with plain arguments, so that two
versions of the code can be called alike.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from inspect import signature
from typing import TYPE_CHECKING, Any

from tests.simulation.wire import (
    Wire,
    WiredDynamo,
    WiredQueue,
    WiredSecrets,
    WiredTransport,
    WiredVault,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulation.business import Business
    from tests.simulation.code import Code
    from tests.simulation.timeline import Invocation

ACCOUNT = "6279059712345678"
TOKEN = "Bearer fake-webhook-token"
# Seconds kept back by the doors before Lambda's own end, as `api.deadline` does.
MARGIN = 1.0


class Environment:
    """Adapters that live as long as the environment, and the invocation that runs in it now."""

    invocation: Invocation

    def __init__(self, world: Business, code: Code, name: str, skew: float) -> None:
        self.world = world
        self.code = code
        self.name = name
        self.skew = skew
        self.busy = False
        wire = Wire(self)
        clock = self.clock = _Clock(self)
        session = code.session.Session(
            WiredDynamo(wire, world.store), sleep=self._sleep, monotonic=clock.monotonic
        )
        tables = code.client.Tables(**world.tables)
        self.patience = code.patience.Patience()
        self.calendar = code.calendar.Calendar(_no_holidays)
        self.payouts = code.payouts.DynamoPayouts(
            session, tables, clock=clock, patience=self.patience, calendar=self.calendar
        )
        self.customers = code.customers.DynamoCustomers(session, tables.customers)
        self.treasury = code.treasury.DynamoTreasury(session, tables)
        self.notices = code.notices.DynamoNotices(session, tables.control)
        self.gate = code.gate.DynamoGate(session, tables.control, clock=clock)
        secrets = code.secrets.Secrets(WiredSecrets(wire, world.secrets), monotonic=clock.monotonic)
        keys = code.credentials.KeyRing(secrets, "api-key", stage="local", on_lambda=False)
        signed_in = code.signin.SignedIn(
            keys, WiredTransport(wire, world.provider, code), self.gate, monotonic=clock.monotonic
        )
        self.provider = code.monoova.Monoova(
            signed_in, form=code.payments.PaymentForm(account=ACCOUNT), clock=clock,
            sleep=self._sleep, chance=lambda: 0.5,
        )  # fmt: skip
        tokens = code.inbox.WebhookTokens(secrets, "webhook-token", monotonic=clock.monotonic)
        self.inbox = code.inbox.MonoovaInbox(tokens, None, policy="token")
        self.dead_letters = code.sqs.SqsDeadLetters(WiredQueue(wire, world.queue_up), "queue")
        self.vault = WiredVault(wire, code.vault.FakeVault(), code.errors.VaultUnavailable)

    def register(self, customer_id: str) -> Any:
        """Register a customer with a bank account and a PayID."""
        code = self.code
        account = code.destination.BankAccount.parse("062-000", "12345678", "Jo Citizen")
        pay_id = code.destination.PayId.parse(
            code.destination.PayIdType.EMAIL, "jo@example.com", "Jo Citizen"
        )
        profile = code.use_customers.Profile("Jo Citizen", "jo@example.com", (account, pay_id))
        return code.use_customers.register(
            profile, customer_id=customer_id, destination_ids=lambda n: f"{customer_id}-{n}",
            customers=self.customers, vault=self.vault, clock=self.clock,
        )  # fmt: skip

    def rename(self, customer_id: str, name: str) -> Any:
        """Change a customer's name."""
        return self.code.use_customers.change(
            customer_id, name=name, email=None, customers=self.customers, clock=self.clock
        )

    def resume(self, customer_id: str) -> Any:
        """Let a customer be paid again whose payouts were stopped."""
        return self.code.use_customers.resume(
            customer_id, customers=self.customers, clock=self.clock
        )

    def credit(self, customer_id: str, cents: int, *, key: str) -> Any:
        """Give a customer money out of the unallocated."""
        return self.code.use_fund.give_credit(
            customer_id, self.code.money.Money(cents), reason="settlement", key=key, by="ada",
            request_id="r", treasury=self.treasury, clock=self.clock,
        )  # fmt: skip

    def pay(
        self, *, key: str, by: str, customer_id: str, cents: int, method: str, rail: str
    ) -> Any:  # fmt: skip
        """Ask for a payout."""
        code = self.code
        order = code.use_request.Order(
            customer_id, code.money.Money(cents), code.destination.PayoutMethod(method),
            rail=code.rails.Rail(rail) if rail else None,
        )  # fmt: skip
        limits = code.use_request.Limits(code.money.Money(1), code.money.Money(10_000_00))
        return code.use_request.request(
            order, key=key, by=by, request_id="r", limits=limits, payouts=self.payouts,
            provider=self.provider, vault=self.vault, clock=self.clock, time_left=self._time_left,
        )  # fmt: skip

    def cancel(self, transaction_id: str, *, by: str) -> Any:
        """Cancel a payout."""
        return self.code.use_cancel.cancel(
            transaction_id, reason="mistaken", by=by, request_id="r", payouts=self.payouts,
            clock=self.clock,
        )  # fmt: skip

    def propose(self, transaction_id: str, verdict: str, *, by: str) -> Any:
        """Propose how an unconfirmed payout ends."""
        return self.code.use_resolve.propose(
            transaction_id, verdict=self.code.events.Verdict(verdict), evidence="a letter", by=by,
            request_id="r", payouts=self.payouts, clock=self.clock,
        )  # fmt: skip

    def dismiss(self, transaction_id: str, *, by: str) -> Any:
        """Take a proposal away."""
        return self.code.use_resolve.dismiss(
            transaction_id, reason="no", by=by, request_id="r", payouts=self.payouts,
            clock=self.clock,
        )  # fmt: skip

    def agree(self, transaction_id: str, verdict: str, *, by: str) -> Any:
        """Carry a proposal out."""
        return self.code.use_resolve.agree(
            transaction_id, verdict=self.code.events.Verdict(verdict), by=by, request_id="r",
            payouts=self.payouts, provider=self.provider, gate=self.gate, clock=self.clock,
            patience=self.patience, time_left=self._time_left,
        )  # fmt: skip

    def open_gate(self) -> None:
        """Let calls to the provider go out again."""
        self.gate.open(by="ada")

    def poll(self) -> Any:
        """Look after every open payout that is due."""
        return _say(
            self.code.use_poll.poll,
            payouts=self.payouts, provider=self.provider, vault=self.vault, gate=self.gate,
            clock=self.clock, calendar=self.calendar, patience=self.patience,
            time_left=self._time_left,
        )  # fmt: skip

    def receive(self, raw: bytes, *, event: str, webhook_id: str, token: str) -> Any:
        """Take a webhook in."""
        return _say(
            self.code.use_receive.receive, raw,
            event_name=event, headers={"authorization": token, "webhookid": webhook_id},
            request_id="r", inbox=self.inbox, payouts=self.payouts, treasury=self.treasury,
            notices=self.notices, dead_letters=self.dead_letters, clock=self.clock,
        )  # fmt: skip

    def reprocess(self, body: str) -> Any:
        """Hear a dead letter again."""
        return _say(
            self.code.use_reprocess.reprocess, self.code.sqs.letter_from(body),
            most=5, inbox=self.inbox, payouts=self.payouts,
            treasury=self.treasury, notices=self.notices, dead_letters=self.dead_letters,
            clock=self.clock,
        )  # fmt: skip

    def _time_left(self) -> float:
        return self.invocation.time_left - MARGIN

    def _sleep(self, seconds: float) -> None:
        self.invocation.pause(seconds)


class _Clock:
    """The environment's clock: it may be wrong, and jump; spans within a process do not."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._world = environment.world

    def now(self) -> datetime:
        seconds = self._world.timeline.now + self._environment.skew
        return self._world.began + timedelta(seconds=seconds)

    def monotonic(self) -> float:
        return self._world.timeline.now

    def new_id(self) -> str:
        return self._world.new_id()


def _say(use_case: Callable[..., Any], *told: Any, **more: Any) -> Any:
    """Call a use case with those ports that its version knows of."""
    known = _ports_of(use_case)
    return use_case(*told, **{name: port for name, port in more.items() if name in known})


@cache
def _ports_of(use_case: Callable[..., Any]) -> frozenset[str]:
    return frozenset(signature(use_case).parameters)


def _no_holidays(_day: object) -> bool:
    return False

"""The adapters of one warm environment of ours: a version of the code over the simulated world."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.simulation.approvers import (
    APPROVER_DAY,
    DAY_LIMITS,
    HOURS,
    ONE_ABOVE,
    SHARDS,
    TWO_ABOVE,
)
from tests.simulation.wire import (
    Wire,
    WiredDynamo,
    WiredQueue,
    WiredSecrets,
    WiredTransport,
    WiredVault,
)

if TYPE_CHECKING:
    from tests.simulation.business import Business
    from tests.simulation.code import Code
    from tests.simulation.timeline import Invocation

ACCOUNT = "6279059712345678"
TOKEN = "Bearer fake-webhook-token"
# Seconds kept back by the doors before Lambda's own end, as `api.deadline` does.
MARGIN = 1.0


class Connected:
    """Adapters that live as long as the environment, and the invocation that runs in it now."""

    invocation: Invocation

    def __init__(self, world: Business, code: Code, name: str, skew: float) -> None:
        self.world = world
        self.code = code
        self.name = name
        self.skew = skew
        self.busy = False
        # Whether one invocation of it does very much.
        self.is_long = name.startswith(("night", "keep"))
        wire = self._wire = Wire(self)
        clock = self.clock = Watch(self)
        session = self._session = code.session.Session(
            WiredDynamo(wire, world.store), sleep=self._sleep, monotonic=clock.monotonic
        )
        tables = self._tables = code.client.Tables(**world.tables)
        self.patience = code.patience.Patience()
        self.calendar = code.calendar.Calendar(_no_holidays)
        more = {"default_policy": _policy(code)} if world.approvals else {}
        self.breaker, heard = None, {}
        if hasattr(code, "use_breaker"):
            circuits = code.circuits.DynamoCircuits(session, tables.control)
            self.breaker = code.use_breaker.Breaker(circuits, clock=clock)
            more["saw"], heard = self.breaker.saw, {"heard": self.breaker.heard}
        self.payouts = code.payouts.DynamoPayouts(
            session, tables, clock=clock, patience=self.patience, calendar=self.calendar, **more
        )
        self.customers = code.customers.DynamoCustomers(session, tables)
        self.treasury = code.treasury.DynamoTreasury(session, tables)
        self.notices = code.notices.DynamoNotices(session, tables.control)
        self.gate = code.gate.DynamoGate(session, tables.control, clock=clock)
        secrets = code.secrets.Secrets(WiredSecrets(wire, world.secrets), monotonic=clock.monotonic)
        keys = code.credentials.KeyRing(secrets, "api-key", stage="local", on_lambda=False)
        signed_in = self._signed_in = code.signin.SignedIn(
            keys, WiredTransport(wire, world.provider, code), self.gate, monotonic=clock.monotonic
        )
        self.provider = code.monoova.Monoova(
            signed_in, form=code.payments.PaymentForm(account=ACCOUNT), clock=clock,
            sleep=self._sleep, chance=lambda: 0.5, **heard,
        )  # fmt: skip
        tokens = code.inbox.WebhookTokens(secrets, "webhook-token", monotonic=clock.monotonic)
        self.inbox = _Inbox(world, code.inbox.MonoovaInbox(tokens, None, policy="token"))
        self.dead_letters = code.sqs.SqsDeadLetters(WiredQueue(wire, world.queue_up), "queue")
        self.vault = WiredVault(wire, code.vault.FakeVault(), code.errors.VaultUnavailable)
        # What the version before does not know, it is not given.
        has_pauses = hasattr(code, "pauses")
        self.pauses = code.pauses.DynamoPauses(session, tables) if has_pauses else None
        self.bank = self.bank_files = None
        if hasattr(code, "by_bank"):
            files = self.bank_files = code.bank_files.DynamoBankFiles(session, tables.control)
            self.bank = code.by_bank.ByBank(files, self.payouts, clock)
        self._take_in(code, session, tables, signed_in, tokens)

    def _take_in(self, code: Code, session: Any, tables: Any, signed_in: Any, tokens: Any) -> None:
        """The ports of what comes in, and of what is wrong with it."""
        self.findings = code.findings.DynamoFindings(session, tables.control)
        self.parked = code.parked.DynamoParkedLetters(session, tables.control)
        self.liquidity = code.liquidity.DynamoLiquidity(session, tables.control)
        reserve = code.money.Money(self.world.reserve)
        self.float_rules = code.float_rules.FloatRules(reserve=reserve)
        self.receipts = code.receipts.DynamoReceipts(session, tables.control)
        self.settlements = code.settlements.DynamoSettlements(session, tables.control)
        self.repairs = code.repairs.DynamoRepairs(session, tables.control)
        self.bulletins = code.subscriptions.MonoovaSubscriptions(signed_in, tokens, key=_no_key)

    def door(self, name: str) -> Any:
        """The use case behind a door that the version before does not have.

        Raises:
            NotFound: it is that version.
        """
        if not hasattr(self.code, name):
            raise self.code.errors.NotFound("no such page")
        return getattr(self.code, name)

    def _time_left(self) -> float:
        return self.invocation.time_left - MARGIN

    def _sleep(self, seconds: float) -> None:
        self.invocation.pause(seconds)


class _Inbox:
    """Our inbox, and a deployment of ours that reads nothing."""

    def __init__(self, world: Business, inbox: Any) -> None:
        self._world = world
        self.authenticate = inbox.authenticate
        self._read = inbox.read

    def read(self, event: str, raw: bytes, **told: Any) -> Any:
        if self._world.cannot_read:
            raise RuntimeError("a defect")
        return self._read(event, raw, **told)


class Watch:
    """The environment's clock: it may be wrong, and jump; spans within a process do not."""

    def __init__(self, environment: Connected) -> None:
        self._environment = environment
        self._world = environment.world

    def now(self) -> datetime:
        seconds = self._world.timeline.now + self._environment.skew
        return self._world.began + timedelta(seconds=seconds)

    def monotonic(self) -> float:
        return self._world.timeline.now

    def new_id(self) -> str:
        return self._world.new_id()


def _policy(code: Code) -> Any:
    """Other people have to agree to what is large, and a date has its limits; nothing else."""
    policy, money = code.policy, code.money.Money
    rules = policy.ApprovalRules(
        money(ONE_ABOVE), money(TWO_ABOVE), policy.NO_LIMIT, HOURS, money(APPROVER_DAY)
    )
    limits = {
        name: policy.DayLimit(money(cents), count) for name, (cents, count) in DAY_LIMITS.items()
    }
    days = policy.DayLimits(**limits, shards=SHARDS)
    return replace(policy.FREE, approvals=rules, limits=days)


def _no_key() -> bytes:
    raise NotImplementedError("nothing here shows a mark of a token")


def _no_holidays(_day: object) -> bool:
    return False

"""The world in which inputs arrive: payouts in every status, money, news, all of it planted.

Built once in a process and put back before each input, so that an input meets the same world
whichever were before it. The doors, use cases and the judge of webhooks are the real ones.
"""

from __future__ import annotations

from contextlib import suppress
from copy import copy
from dataclasses import dataclass, fields
from itertools import count
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.monoova.credentials import KeyRing
from chalicelib.adapters.monoova.notices import MonoovaInbox, Policy, WebhookTokens
from chalicelib.adapters.monoova.signature import Signatures
from chalicelib.adapters.monoova.transport import Reply as HttpReply
from chalicelib.adapters.secrets import Secrets
from chalicelib.domain.destination import BankAccount, PayId, PayIdType
from chalicelib.domain.errors import Corrupt
from chalicelib.domain.identifiers import derived_id
from chalicelib.domain.money import Money
from chalicelib.domain.order import Order
from chalicelib.domain.rails import Rail
from chalicelib.usecases.customers import Profile, register
from chalicelib.usecases.fund import give_credit
from chalicelib.usecases.request import request
from tests.adapters.samples import API_ARN, HOOK_ARN, FakeSecretsManager, Seconds, api_secret
from tests.api.house import House
from tests.fakes.state import State
from tests.fuzz import planted
from tests.fuzz.signing import PUBLISHED

if TYPE_CHECKING:
    from chalicelib.domain.payout import Payout
    from tests.fakes.provider import Reply

POLICIES: tuple[Policy, ...] = ("both", "token", "signature")
# A customer who can be paid, one who is stopped, one with nothing.
CUSTOMER, STOPPED, POOR = (derived_id("customer", f"fuzz {n}") for n in ("one", "two", "three"))
# The key of the schedule that is there.
SCHEDULED = "a key for the schedule"
DESTINATIONS = (
    PayId.parse(PayIdType.EMAIL, planted.PAY_ID_EMAIL, planted.PAYEE),
    BankAccount.parse("062-000", planted.ACCOUNT, planted.PAYEE),
    PayId.parse(PayIdType.PHONE, planted.PAY_ID_PHONE, planted.PAYEE),
    PayId.parse(PayIdType.ABN, planted.PAY_ID_ABN, planted.PAYEE),
    BankAccount.parse("062-000", planted.LONG_ACCOUNT, planted.PAYEE),
)


# Everything stored, by its name: values that cannot change, or dicts and lists of such.
STORED = sorted(
    {each.name for each in fields(State)} - {"down", "lost_replies", "lock", "steps", "notices"}
)


class Publisher:
    """The provider, as far as it publishes its key."""

    def send(self, *_: object, **__: object) -> HttpReply:
        """The key."""
        return HttpReply(http_status=200, raw=PUBLISHED)


@dataclass(frozen=True)
class Snapshot:
    """Everything that can change, by its name."""

    parts: dict[str, Any]

    def differs(self, other: Snapshot) -> list[str]:
        """The names of what is not the same."""
        return [name for name, value in self.parts.items() if value != other.parts[name]]


class World(House):
    """A house whose inbox is the real one. `kept` is how it was furnished."""

    kept: Snapshot

    def __init__(self) -> None:
        super().__init__(key=planted.CURSOR_KEY.encode())
        self.seconds = Seconds()
        self._inboxes = {policy: self._inbox(policy) for policy in POLICIES}
        self.named: dict[str, str] = {}
        self.believe("both")

    def believe(self, policy: Policy) -> None:
        """Believe webhooks by this policy from now on."""
        self.inbox: Any = self._inboxes[policy]

    def _inbox(self, policy: Policy) -> MonoovaInbox:
        manager: Any = FakeSecretsManager(
            webhook={"current": planted.TOKEN, "previous": planted.PREVIOUS_TOKEN},
            api_key=api_secret(planted.API_KEY),
        )
        secrets = Secrets(manager, monotonic=self.seconds)
        keys = KeyRing(secrets, API_ARN, stage="local", on_lambda=False)
        publisher: Any = Publisher()
        return MonoovaInbox(
            WebhookTokens(secrets, HOOK_ARN, monotonic=self.seconds),
            Signatures(keys, publisher, monotonic=self.seconds), policy=policy,
        )  # fmt: skip

    def settle_in(self) -> None:
        """What there is now is what `restore` puts back."""
        self.kept = self.snapshot()

    def snapshot(self) -> Snapshot:
        """A copy of all that can change; the values themselves cannot."""
        state, provider = self.store.state, self.provider
        return Snapshot({name: copy(getattr(state, name)) for name in STORED} | {
            "steps": {own: list(steps) for own, steps in state.steps.items()},
            "notices": {k: each for k, each in state.notices.items() if each.authentic},
            "samples": {k: each for k, each in state.notices.items() if not each.authentic},
            "archive": dict(self.archive.objects), "queue": list(self.queue.queued),
            "executions": list(provider.executions), "requests": list(provider.requests),
            "now": self.clock.now(),
        })  # fmt: skip

    def restore(self) -> None:
        """As it was furnished, names that follow each other included."""
        parts, state = self.kept.parts, self.store.state
        for name in STORED:
            setattr(state, name, copy(parts[name]))
        state.steps = {own: list(steps) for own, steps in parts["steps"].items()}
        state.notices = parts["notices"] | parts["samples"]
        self.archive.objects = dict(parts["archive"])
        self.queue.queued = list(parts["queue"])
        self.provider.executions = list(parts["executions"])
        self.provider.requests = list(parts["requests"])
        self.provider.says.clear()
        self.clock.set(parts["now"])
        self.clock._numbers = count(1_000_000)
        self.seconds.spent += 61  # tokens and the provider's key may be looked up anew
        self.believe("both")

    def pay(
        self, name: str, *replies: Reply, customer: str = CUSTOMER, cents: int = 10_000,
        rail: Rail = Rail.NPP, destination: int = 0, drafted: bool = False,
    ) -> Payout:  # fmt: skip
        """A payout that meets these replies, to be found under `name`; `drafted` by a program."""
        self.provider.will(*replies)
        method = DESTINATIONS[destination].method
        chosen = derived_id("destination", f"{customer}/{destination}")
        reference = f"INV {name}" if rail is Rail.NPP else ""
        order = Order(customer, Money(cents), method, chosen, rail, reference)
        key = f"a key for the payout {name}"
        self.named[name] = derived_id("payout", key)
        with suppress(Corrupt):  # a sender that died: see `furnishing.died`
            request(
                order, key=key, by="the-operator", request_id="furnishing", limits=self.limits,
                payouts=self.payouts, provider=self.provider, vault=self.vault, clock=self.clock,
                time_left=lambda: 20, drafted=drafted,
            )  # fmt: skip
        return self.store.state.payouts[self.named[name]]

    def enrol(self, customer_id: str, cents: int) -> None:
        """A customer with every kind of destination, and money."""
        register(
            Profile(planted.CUSTOMER_NAME, planted.CUSTOMER_EMAIL, DESTINATIONS),
            customer_id=customer_id, customers=self.customers, vault=self.vault, clock=self.clock,
            destination_ids=lambda n: derived_id("destination", f"{customer_id}/{n}"),
            by="the-operator",
        )  # fmt: skip
        if cents:
            give_credit(
                customer_id, Money(cents), reason="at the beginning",
                key=f"credit of {customer_id}", by="the-admin", request_id="",
                treasury=self.treasury, clock=self.clock,
            )  # fmt: skip

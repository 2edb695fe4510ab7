"""The main job, once: ask for a cent, ask for it again, follow it to its end, count its debits.

It speaks to one host, the sandbox's, whatever it is given; a live key does not get that far. What
is told names no key, no account and no payee.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from chalicelib.adapters.monoova.client import Monoova
from chalicelib.adapters.monoova.credentials import HOSTS, KeyRing
from chalicelib.adapters.monoova.payments import PaymentForm
from chalicelib.adapters.monoova.signin import SignedIn
from chalicelib.adapters.monoova.transport import Transport
from chalicelib.adapters.secrets import Secrets
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.destination import PayId, PayIdType, PayoutMethod
from chalicelib.domain.errors import PayoutError
from chalicelib.domain.money import Money
from chalicelib.domain.payout import OPEN, Status
from tests.adapters.samples import API_ARN, FakeSecretsManager
from tests.usecases.world import World, order

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.adapters.clock import SystemClock

KEY, ACCOUNT, PAYID, PAYEE = (
    f"MONOOVA_SANDBOX_{name}" for name in ("KEY", "ACCOUNT", "PAYID", "PAYEE")
)
NAMES = (KEY, ACCOUNT, PAYID, PAYEE)
SECRET = {"environment": "Sandbox", "baseUrl": f"https://{HOSTS['Sandbox']}"}
CENT = Money(1)
WITHIN = 20.0  # seconds for one call
GLANCE = 10.0  # seconds between two runs of the poller
PATIENCE = 15 * 60.0  # seconds until it has to be at its end


class NotRun(Exception):
    """The job was not begun; carries why."""


class Failed(Exception):
    """The job was begun, and did not go as it must."""


@dataclass(frozen=True, repr=False)
class Account:
    """Whose account, and who gets the cent."""

    key: str
    account: str
    payee: PayId


@dataclass(frozen=True)
class Surroundings:
    """What the job runs in; in tests a simulator's."""

    secret: Mapping[str, str]
    clock: SystemClock
    sleep: Callable[[float], None] = time.sleep
    tell: Callable[[str], None] = print


def account_of(told: Mapping[str, str]) -> Account:
    """The account that an environment names.

    Raises:
        NotRun: something is missing, or the payee is none.
    """
    given = {name: told.get(name, "").strip() for name in NAMES}
    if missing := [name for name, value in given.items() if not value]:
        raise NotRun(f"not set: {', '.join(missing)}")
    try:
        payee = PayId.parse(PayIdType.EMAIL, given[PAYID], given[PAYEE])
    except PayoutError as error:
        raise NotRun(f"{PAYID} or {PAYEE} names nobody: an e-mail address and a name") from error
    return Account(given[KEY], given[ACCOUNT], payee)


def run(whose: Account, there: Surroundings) -> None:
    """The job.

    Raises:
        NotRun: it could not be begun.
        Failed: it went otherwise.
    """
    town = World()
    provider = _provider(whose, there, town)
    _may_begin(provider, there)
    town.clock.set(there.clock.now())
    town.ports["provider"] = provider
    town.register(destinations=(whose.payee,))
    town.deposit()
    town.credit()
    counted = town.meanwhile("provider")
    wanted, key = order(amount=CENT, method=PayoutMethod.PAY_ID), f"sandbox {uuid4()}"
    asked = town.request(wanted, key=key).payout
    there.tell(f"asked for: {asked.status}, reference {asked.unique_reference}")
    again = town.request(wanted, key=key).payout
    if again.transaction_id != asked.transaction_id or counted.calls.count("pay") != 1:
        raise Failed("the same request was sent twice")
    ended = _followed(town, asked.transaction_id, there)
    there.tell(f"at its end: {ended.status}")
    if ended.status is not Status.COMPLETED:
        raise Failed(f"it is {ended.status}, not Completed")
    # What every promise rests on: the provider takes a reference once.
    provider.pay(ended, whose.payee, within=WITHIN)
    _debited_once(provider, ended.unique_reference, there)


def _provider(whose: Account, there: Surroundings, town: World) -> Monoova:
    secret: Any = FakeSecretsManager(api_key={"apiKey": whose.key, **there.secret})
    keys = KeyRing(Secrets(secret), API_ARN, stage="local", on_lambda=False)
    return Monoova(
        SignedIn(keys, Transport(connect_timeout=3.0, read_timeout=12.0), town.store.gate),
        form=PaymentForm(account=whose.account), clock=there.clock,
    )  # fmt: skip


def _may_begin(provider: Monoova, there: Surroundings) -> None:
    try:
        environment = provider.ping(within=WITHIN)
        has = provider.financials(within=WITHIN)
    except PayoutError as error:
        raise NotRun(f"the sandbox cannot be asked: {type(error).__name__}") from error
    if environment != "Sandbox":
        raise NotRun("whoever answers does not say that it is a sandbox")
    if has is None or has.available < CENT:
        raise NotRun("there is no cent in the account")
    there.tell("the sandbox answers, and has a cent")


def _followed(town: World, transaction_id: str, there: Surroundings) -> Any:
    deadline = there.clock.now().timestamp() + PATIENCE
    while True:
        payout = town.store.state.payouts[transaction_id]
        if payout.status not in OPEN:
            return payout
        if there.clock.now().timestamp() > deadline:
            raise Failed(f"it is still {payout.status} after {PATIENCE / 60:.0f} minutes")
        there.sleep(GLANCE)
        town.clock.set(there.clock.now())
        town.poll()


def _debited_once(provider: Monoova, reference: str, there: Surroundings) -> None:
    today = sydney_date(there.clock.now())
    entries = provider.entries(today, today, within=WITHIN)
    # Its fee is a line of its own, under the same reference.
    cents = sum(each.debit == CENT for each in entries if each.reference == reference)
    there.tell(f"debits of a cent under that reference: {cents}")
    if cents != 1:
        raise Failed(f"one cent was to be debited once, and was {cents} times")

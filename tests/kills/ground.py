"""What lives on while others are killed: the engines, the simulator, the account, the people.

Also where both sides' books are read from. It starts neither app nor poller nor reprocessor.
"""

from __future__ import annotations

import os
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.adapters.clock import clock_for
from chalicelib.adapters.dynamo.circuits import DynamoCircuits
from chalicelib.adapters.dynamo.payouts import DynamoPayouts
from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.holidays import rits_holiday
from chalicelib.domain.breaker import NAMES
from chalicelib.domain.calendar import Calendar
from chalicelib.domain.money import Money
from chalicelib.domain.patience import Patience
from chalicelib.usecases.circuits import reset
from local.client import Client
from local.cloud import Cloud, Provider, make_cloud
from local.engines import start_engines
from local.monoova.control import Control
from local.people import sign_in
from local.processes import Family
from local.state import held
from tests.kills import ledgers
from tests.kills.invariants import Both

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from chalicelib.ports import Payouts

# Real seconds for which the simulator holds a call that it does not answer.
SILENCE = "2"
# Seconds after which a dead letter whose reader was killed is read again.
VISIBILITY = "6"
# By then everything is due that ever will be.
LAST = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Ground:
    """Where everything is."""

    cloud: Cloud
    provider: Provider
    family: Family
    control: Control
    deposits: list[Money] = field(default_factory=list)

    @cached_property
    def tokens(self) -> dict[str, str]:
        """An ID token for each of the people, good for an hour."""
        cloud = self.cloud
        pool = cloud.environment["COGNITO_CLIENT_ID"]
        return {
            name: sign_in(cloud.clients.cognito, pool, who) for name, who in cloud.people.items()
        }

    def client(self, api: str, name: str) -> Client:
        """Somebody at a door."""
        return Client(api, self.tokens[name])

    @cached_property
    def payouts(self) -> Payouts:
        """The payouts as the app's own adapter reads them."""
        return DynamoPayouts(
            Session(self.cloud.clients.dynamodb), ledgers.tables_of(self.cloud),
            clock=clock_for(None), patience=Patience(), calendar=Calendar(rits_holiday),
        )  # fmt: skip

    def close_circuits(self) -> None:
        """As an admin who believes no circuit: no time goes by here, so none would ever close.

        Five failures in all would be five within half a minute, and nothing would go out any more.
        """
        session = Session(self.cloud.clients.dynamodb)
        circuits = DynamoCircuits(session, ledgers.tables_of(self.cloud).control)
        clock = clock_for(self.cloud.environment["CLOCK_URL"])
        for name in NAMES:
            reset(name, reason="No time goes by.", by="ada", circuits=circuits, clock=clock)

    def deposit(self, amount: Money) -> None:
        """Money arrives at the provider, which tells of it."""
        self.control.receive(str(amount))
        self.deposits.append(amount)

    def both(self, asked: Mapping[str, Money], viewer: Client) -> Both:
        """Both sides' books as they are now; `viewer` asks what waits for a person."""
        waiting = {
            each["payout"]["transaction_id"]
            for each in viewer.every("/attention")
            if each["kind"] == "payout"
        }
        deposited = Money(sum(each.cents for each in self.deposits))
        return Both(
            ledgers.read(self.cloud), self.control.totals(), asked,
            frozenset(waiting | set(self.payouts.due(LAST))), deposited,
        )  # fmt: skip

    def letters(self) -> int:
        """How many dead letters there are, those that are being read and that wait included."""
        answer = self.cloud.clients.sqs.get_queue_attributes(
            QueueUrl=self.cloud.environment["DLQ_URL"], AttributeNames=["All"]
        )
        told = {str(name): value for name, value in answer["Attributes"].items()}
        names = ("", "NotVisible", "Delayed")
        return sum(int(told[f"ApproximateNumberOfMessages{name}"]) for name in names)


@contextmanager
def standing(
    folder: Path, *, seed: int = 7, settings: Mapping[str, str] | None = None
) -> Iterator[Ground]:
    """The ground, on a state folder of its own, for as long as the block lasts.

    `settings` go over what the app would be told.
    """
    with held(folder) as state, Family(state.logs, keep_open=(state.lock,)) as family:
        options = ("--port", "0", "--seed", str(seed), "--state", str(state.root / "simulator"))
        bank = family.start(
            "simulator", "local.monoova", *options, "--timeout-seconds", SILENCE, "--quiet",
            environment={},
        )  # fmt: skip
        endpoints = start_engines(family, state, lambda _line: None)
        known = bank.ready()
        provider = Provider(known["url"], known["api_key"], str(known["account_number"]))
        cloud = make_cloud(endpoints, state, provider, settings)
        cloud.clients.sqs.set_queue_attributes(
            QueueUrl=cloud.environment["DLQ_URL"], Attributes={"VisibilityTimeout": VISIBILITY}
        )
        with Control(provider.url) as control:
            try:
                yield Ground(cloud, provider, family, control)
            finally:
                cloud.clients.close()


def new_key() -> str:
    """An idempotency key that nobody has used."""
    return f"key-{uuid.uuid4()}"


def environment_of(ground: Ground) -> dict[str, str]:
    """What a function would find in its environment, and of ours what cannot name an account."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    quiet = {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", "AWS_EC2_METADATA_DISABLED": "true"}
    return ours | quiet | dict(ground.cloud.environment)

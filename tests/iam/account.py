"""An account in this process: the template's resources in moto, its tables in memory, all recorded.

moto answers for everything but DynamoDB, which takes it too long. Tables have the names of the
template here, so that a policy's resources are the very ones that are called.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
from botocore.exceptions import ReadTimeoutError
from moto import mock_aws

from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.kms import KmsVault
from chalicelib.domain.policy import FREE
from chalicelib.settings import Settings
from chalicelib.wiring import World
from local import resources
from local.cloud import PARAMETERS, SENDER
from local.engines import ACCOUNT, REGION
from local.left_out import LEFT_OUT
from local.template import Template
from tests.api.house import CLIENT_ID, ISSUER
from tests.fakes.clock import FakeClock
from tests.fakes.dynamo_template import make_tables
from tests.fakes.dynamodb import MemoryDynamo
from tests.iam.recorder import Recorder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.domain.policy import Policy

HERE = f"{REGION}:{ACCOUNT}"
_PSEUDO = {"Region": REGION, "AccountId": ACCOUNT, "Partition": "aws", "StackName": "payouts"}
_SERVICES = {"cognito": "cognito-idp", "ses": "sesv2"}
_CLIENTS = ("dynamodb", "sqs", "kms", "secretsmanager", "cognito", "s3", "sns", "ses")


def _at_once(_seconds: float) -> None:
    """Waits not at all: what is tried again is tried again now."""


class Process(World):
    """The wiring of one function's process: its own, but for time and DynamoDB."""

    def __init__(self, account: Account) -> None:
        super().__init__(Settings.read(account.environment))
        self._account = account

    @property
    def clock(self) -> Any:
        """Whatever time it is there now."""
        return self._account.clock

    @property
    def default_policy(self) -> Policy:
        """Nobody's leave is asked, unless a scene says so."""
        return FREE

    @cached_property
    def vault(self) -> Any:
        """Sealed destinations; its calls are heard as all others."""
        return KmsVault(
            self.settings.kms_key_arn, self._tables.customers, place_key=self.place_key,
            session=self._account.session,
        )  # fmt: skip

    @cached_property
    def _session(self) -> Any:
        patience = 0.0 if self._account.loses_replies else 4.0
        dynamo: Any = self._account.dynamo
        return Session(dynamo, within=patience, sleep=_at_once)


class Mute(MemoryDynamo):
    """A DynamoDB whose replies to transactions are all lost, once they are done."""

    def transact_write_items(self, **request: Any) -> Any:
        """Write, and say nothing."""
        super().transact_write_items(**request)
        raise ReadTimeoutError(endpoint_url="https://dynamodb")


class Current:
    """What stands here now is what was put here last."""

    def __init__(self, there: Any) -> None:
        self.there = there

    def __getattr__(self, name: str) -> Any:
        return getattr(self.there, name)


class Account:
    """The template, made; what its functions are told; who called what; a process for each."""

    def __init__(self, template: Template, clients: Any, recorder: Recorder) -> None:
        self.template = template
        people = {"COGNITO_CLIENT_ID": CLIENT_ID, "COGNITO_ISSUER": ISSUER}
        self.environment = template.environment() | people
        self.clients = clients
        self.recorder = recorder
        self.clock: Any = Current(FakeClock())
        self._tables = Current(None)
        self.dynamo = recorder.dynamo(self._tables)
        self._processes: dict[str, Process] = {}
        self.loses_replies = False

    def lose_replies(self) -> None:
        """From now on no reply to a transaction arrives."""
        self.loses_replies = True
        self._processes.clear()

    def find_replies(self) -> None:
        """From now on all arrive again."""
        self.loses_replies = False
        self._processes.clear()

    def begin(self, clock: Any, **settings: str) -> None:
        """Empty tables, and another time; processes live on, unless settings are changed."""
        if settings:
            self.environment |= settings
            self._processes.clear()
        dynamo = Mute() if self.loses_replies else MemoryDynamo()
        make_tables(dynamo.create_table, lambda logical: self.template.made[logical].ref)
        self._tables.there, self.clock.there = dynamo, clock

    def process(self) -> Process:
        """That of the function which runs now."""
        function = self.recorder.function
        if function not in self._processes:
            self._processes[function] = Process(self)
        return self._processes[function]

    def session(self) -> botocore.session.Session:
        """A session of the library's whose calls are heard."""
        heard = botocore.session.Session()
        heard.set_config_variable("region", REGION)
        hear: Any = self.recorder.hear
        heard.register("provide-client-params", hear)
        return heard

    def keep(self, **secrets: dict[str, Any]) -> None:
        """Give secrets their values, by the names of their variables."""
        for name, value in secrets.items():
            self.clients.secretsmanager.put_secret_value(
                SecretId=self.environment[name], SecretString=json.dumps(value)
            )


@contextmanager
def account() -> Iterator[Account]:
    """The account, for as long as the block lasts: whoever makes a client then, has it in there."""
    before = boto3.DEFAULT_SESSION
    with mock_aws():
        setup: Any = boto3.Session(region_name=REGION)
        clients = SimpleNamespace(
            **{name: setup.client(_SERVICES.get(name, name)) for name in _CLIENTS}
        )
        template = Template.read({**PARAMETERS}, _PSEUDO)
        template.make(resources.makers(clients), LEFT_OUT)  # type: ignore[arg-type] # as many of them
        clients.ses.create_email_identity(EmailIdentity=SENDER)
        made = Account(template, clients, Recorder(HERE))
        made.keep(CURSOR_SECRET_ARN={"key": "k" * 32})
        boto3.setup_default_session(botocore_session=made.session())
        try:
            yield made
        finally:
            boto3.DEFAULT_SESSION = before

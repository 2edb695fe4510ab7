"""MiniStack as an account that enforces IAM: each function comes with its own role's credentials.

It evaluates the policies of the finished template, resources and conditions, before it serves a
call. Its own KMS serves here, for moto's knows no roles.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import boto3

from chalicelib.settings import Settings
from chalicelib.wiring import World
from local.cloud import PARAMETERS, account
from local.engines import ACCOUNT, REGION, Endpoints
from local.left_out import LEFT_OUT
from local.ministack_home import ministack_python
from local.ministack_server import SERVICES
from local.resources import makers
from local.template import Template
from tests.api.house import CLIENT_ID, ISSUER
from tests.free_policy import FREE_POLICY
from tests.iam.policies import document_of, functions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from local.cloud import Cloud
    from local.processes import Family
    from local.state import State

_PSEUDO = {"Region": REGION, "AccountId": ACCOUNT, "Partition": "aws", "StackName": "payouts-local"}
_RUNS: ContextVar[str] = ContextVar("guarded", default="")
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}
    ],
}  # fmt: skip
KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


def start_guarded(family: Family, state: State, tell: Callable[[str], None]) -> Endpoints:
    """MiniStack alone, which asks of each call whether its caller may."""
    settings = {
        "AUTH": "true", "SERVICES": f"{SERVICES},iam,kms", "MINISTACK_REGION": REGION,
        "MINISTACK_ACCOUNT_ID": ACCOUNT, "STATE_DIR": str(state.root / "guarded"),
    }  # fmt: skip
    python = ministack_python(tell)
    started = family.start(
        "ministack", "local.ministack_server", environment=settings, python=python
    )
    url = started.ready()["url"]
    return Endpoints(aws=url, kms=url)


@dataclass
class Guarded:
    """The account; its functions' roles, and a process of each that has its role's credentials."""

    cloud: Cloud
    environment: dict[str, str]
    credentials: dict[str, tuple[str, str, str]]
    _processes: dict[str, World] = field(default_factory=dict)

    @property
    def recorder(self) -> Guarded:
        """Whoever is told of invocations: this, for they change who calls."""
        return self

    @contextmanager
    def invocation(self, function: str) -> Iterator[None]:
        """Whatever is called within is called with that function's credentials."""
        token = _RUNS.set(function)
        before = {name: os.environ.get(name) for name in KEYS}
        _become(dict(zip(KEYS, self.credentials[function], strict=True)))
        try:
            yield
        finally:
            _become(before)
            _RUNS.reset(token)

    def process(self) -> World:
        """That of the function which runs now."""
        function = _RUNS.get()
        if function not in self._processes:
            self._processes[function] = World(Settings.read(self.environment))
        return self._processes[function]

    def client(self, function: str, service: Any) -> Any:
        """A client of somebody who has got hold of a function's credentials."""
        key, secret, token = self.credentials[function]
        session = boto3.Session(key, secret, token, region_name=REGION)
        return session.client(service, endpoint_url=self.environment["AWS_ENDPOINT_URL"])


def _become(credentials: dict[str, str | None]) -> None:
    for name, value in credentials.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    # It keeps the credentials that it found first.
    boto3.DEFAULT_SESSION = None


@contextmanager
def guarded(folder: Path, **settings: str) -> Iterator[Guarded]:
    """The account for as long as the block lasts, each function's role in it."""
    with account(folder, start=start_guarded) as cloud:
        template = Template.read({**PARAMETERS}, _PSEUDO)
        template.make(makers(cloud.clients), LEFT_OUT)
        environment = {
            **cloud.environment, "COGNITO_CLIENT_ID": CLIENT_ID, "COGNITO_ISSUER": ISSUER,
            "DEFAULT_POLICY": FREE_POLICY, "STEP_UP_MINUTES": "60", **settings,
        }  # fmt: skip
        roles = {name: _role(cloud, name, template) for name in sorted(functions())}
        yield Guarded(cloud, environment, roles)


def _role(cloud: Cloud, function: str, template: Template) -> tuple[str, str, str]:
    """Make the role of a function, and take its place."""
    session = boto3.Session(ACCOUNT, "local", region_name=REGION)
    endpoint = cloud.environment["AWS_ENDPOINT_URL"]
    iam, sts = (session.client(each, endpoint_url=endpoint) for each in ("iam", "sts"))
    arn = iam.create_role(RoleName=function, AssumeRolePolicyDocument=json.dumps(_TRUST))["Role"][
        "Arn"
    ]
    told = json.dumps(_understood(document_of(function, template)))
    iam.put_role_policy(RoleName=function, PolicyName="its-own", PolicyDocument=told)
    given = sts.assume_role(RoleArn=arn, RoleSessionName=function)["Credentials"]
    return given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]


def _understood(document: dict[str, Any]) -> dict[str, Any]:
    """The policy without the conditions that the engine knows nothing to hold against.

    Those are held against the calls themselves, in `test_what_functions_need.py`.
    """
    unknown = ("kms:EncryptionContext:", "ses:FromAddress")
    statements = []
    for each in document["Statement"]:
        named = [key for keys in each.get("Condition", {}).values() for key in keys]
        known = not all(key.startswith(unknown) for key in named)
        kept = each if known else {name: part for name, part in each.items() if name != "Condition"}
        statements.append(kept)
    return {**document, "Statement": statements}

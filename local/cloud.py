"""The account on a laptop: the template's resources, the secrets' values, people, settings.

What it returns is what a Lambda function would find in its environment, and where the engines are.
It makes nothing that the template does not name, but for people and the values of secrets.
"""

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.clients import Clients
from local.engines import ACCOUNT, REGION, Endpoints, Start, start_engines, to_stderr
from local.left_out import LEFT_OUT
from local.mail import let_send
from local.people import Person, make_people
from local.processes import Family
from local.resources import makers
from local.state import State, held
from local.template import Template

# Whoever writes to customers; no message leaves the machine.
SENDER = "payouts@example.com"
PARAMETERS = {
    "Stage": "local",
    "Account": ACCOUNT,
    "PasswordSignIn": "true",
    "RemitterName": "Example Payouts",
    "MailFrom": SENDER,
    # A bank that nobody could take for one, so that files for it can be tried.
    "AbaBank": "XXX",
    "AbaUserName": "Example Payouts",
    "AbaUserId": "000000",
    "AbaBsb": "000-000",
    "AbaAccount": "000000000",
    "CorsOrigins": "http://localhost:3000,http://localhost:5173",
}


@dataclass(frozen=True)
class Provider:
    """The simulator of the provider, or whatever stands in its place."""

    url: str
    api_key: str
    account_number: str

    def __repr__(self) -> str:
        return f"Provider({self.url!r})"


NOBODY = Provider("http://127.0.0.1:9", "fake-api-key", "")  # where nothing listens


@dataclass(frozen=True)
class Cloud:
    """What was made: the settings that the app reads, people, and the token that webhooks carry."""

    environment: Mapping[str, str]
    people: Mapping[str, Person]
    webhook_token: str
    clients: Clients

    def __repr__(self) -> str:
        return f"Cloud({self.environment['AWS_ENDPOINT_URL']!r})"


def make_cloud(
    endpoints: Endpoints,
    state: State,
    provider: Provider = NOBODY,
    more: Mapping[str, str] | None = None,
) -> Cloud:
    """Makes the account, or finds it as it was left; `more` settings go over what it says.

    Raises:
        NotUnderstood: the template holds what the interpreter was not taught.
        Outdated: the state was made by an older template.
    """
    clients = Clients(endpoints)
    pseudo = {
        "Region": REGION,
        "AccountId": ACCOUNT,
        "Partition": "aws",
        "StackName": "payouts-local",
    }
    parameters = PARAMETERS | {"MonoovaMAccountToken": provider.account_number}
    template = Template.read(parameters, pseudo)
    template.make(makers(clients), LEFT_OUT)
    let_send(clients.ses, SENDER)
    settings = template.environment()
    pool = settings["COGNITO_USER_POOL_ID"]
    token = _fill_secrets(clients, settings, state, provider)
    return Cloud(
        environment=settings
        | endpoints.environment
        | {
            "PAYOUTS_LOCAL": "1",
            "COGNITO_JWKS_URL": f"{endpoints.aws}/{pool}/.well-known/jwks.json",
            "CLOCK_URL": f"{provider.url}/_simulator/clock",
            # Demonstrations and tests ask more in a second than a person does in a minute.
            "DEFAULT_POLICY": json.dumps({"rates": {"per_minute": 60_000, "burst": 10_000}}),
        }
        | dict(more or {}),
        people=make_people(clients.cognito, pool, state),
        webhook_token=token,
        clients=clients,
    )


def _fill_secrets(
    clients: Clients, settings: Mapping[str, str], state: State, provider: Provider
) -> str:
    """Gives each secret its value; returns the whole Authorization header that webhooks carry."""
    kept = state.remembered("secrets")
    kept.setdefault("webhook_token", secrets.token_urlsafe(32))
    kept.setdefault("cursor_key", secrets.token_urlsafe(32))
    state.remember("secrets", kept)
    token = f"Bearer {kept['webhook_token']}"
    api = {"apiKey": provider.api_key, "environment": "Local", "baseUrl": provider.url}
    values = {
        "MONOOVA_API_SECRET_ARN": api,
        "MONOOVA_WEBHOOK_SECRET_ARN": {"current": token, "previous": None},
        "CURSOR_SECRET_ARN": {"key": kept["cursor_key"]},
    }
    for setting, value in values.items():
        clients.secretsmanager.put_secret_value(
            SecretId=settings[setting], SecretString=json.dumps(value)
        )
    return token


@contextmanager
def account(root: Path, start: Start = start_engines) -> Iterator[Cloud]:
    """An account on engines of its own, without provider or app: for contract tests."""
    with held(root) as state, Family(state.logs, keep_open=(state.lock,)) as family:
        cloud = make_cloud(start(family, state, to_stderr), state)
        try:
            yield cloud
        finally:
            cloud.clients.close()

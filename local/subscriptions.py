"""Tells the provider's simulator where our webhooks are, by the service's own code for it.

For a stack that is just starting, before anybody is signed in; an operator uses the service's own
route (`local/subscribe.py`). It changes nothing at a real provider: it speaks only to an address of
this machine.
"""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from chalicelib.adapters.clock import SystemClock
from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.dynamo.told_tokens import DynamoTokens
from chalicelib.adapters.monoova.credentials import KeyRing
from chalicelib.adapters.monoova.notices import WebhookTokens
from chalicelib.adapters.monoova.signin import SignedIn
from chalicelib.adapters.monoova.subscriptions import MonoovaSubscriptions
from chalicelib.adapters.monoova.transport import Transport
from chalicelib.adapters.secrets import Secrets
from chalicelib.domain.errors import PayoutError
from chalicelib.domain.subscriptions import Token
from chalicelib.usecases.subscribe import apply
from local.cloud import Cloud, Provider

if TYPE_CHECKING:
    from chalicelib.ports import Tokens

SECONDS = 60.0
API, HOOK = "provider", "webhooks"


class NotSubscribed(Exception):
    """The simulator did not take a subscription; carries codes, which are no secrets."""


def subscribe(provider: Provider, api: str, token: str, *, cloud: Cloud | None = None) -> None:
    """Subscribes every event to the app at `api`, or moves its subscription there.

    With a `cloud` the app that runs there will know which token each was told.

    Raises:
        NotSubscribed: the simulator refused, or does not answer.
    """
    if urlsplit(provider.url).hostname != "127.0.0.1":
        raise NotSubscribed(f"{provider.url} is not on this machine")
    key, tokens = (b"", _Forgetful()) if cloud is None else _remembered(cloud)
    secrets = Secrets(cast(Any, _Given(provider, token)))
    gate = _OpenGate()
    ring = KeyRing(secrets, API, stage="local", on_lambda=False)
    there = MonoovaSubscriptions(
        SignedIn(ring, Transport(), gate), WebhookTokens(secrets, HOOK), key=lambda: key
    )
    try:
        applied = apply(
            base=api, subscriptions=there, tokens=tokens, gate=gate, clock=SystemClock(),
            time_left=lambda: SECONDS,
        )  # fmt: skip
    except PayoutError as error:
        raise NotSubscribed(error.code) from error
    failed = [f"{each.event}: {each.failure}" for each in applied.changes if each.failure]
    if failed:
        raise NotSubscribed("; ".join(failed))


def _remembered(cloud: Cloud) -> "tuple[bytes, Tokens]":
    """The key of the app's marks, and its memory of what was told."""
    environment = cloud.environment
    secret = cloud.clients.secretsmanager.get_secret_value(
        SecretId=environment["CURSOR_SECRET_ARN"]
    )
    key = str(json.loads(secret["SecretString"])["key"]).encode()
    session = Session(cloud.clients.dynamodb)
    return key, DynamoTokens(session, environment["DYNAMODB_TABLE_CONTROL"])


class _Given:
    """As much of Secrets Manager as is asked: two secrets that are known already."""

    def __init__(self, provider: Provider, token: str) -> None:
        api = {"apiKey": provider.api_key, "environment": "Local", "baseUrl": provider.url}
        self._values: Mapping[str, object] = {API: api, HOOK: {"current": token}}

    def get_secret_value(self, *, SecretId: str) -> dict[str, str]:  # noqa: N803 (boto3's)
        """The secret's text."""
        return {"SecretString": json.dumps(self._values[SecretId])}


class _OpenGate:
    """The port `Gate` where nobody else signs in."""

    def closed(self) -> bool:
        """Never."""
        return False

    def close(self) -> None:
        """What refused is told by what raises."""

    def open(self, *, by: str) -> None:
        """It is."""


class _Forgetful:
    """The port `Tokens` for a stack without an app that would ask."""

    def __init__(self) -> None:
        self._told: dict[str, Token] = {}

    def told(self, subscription_ids: Collection[str]) -> Mapping[str, Token]:
        """What was told since it was made."""
        return {name: token for name, token in self._told.items() if name in subscription_ids}

    def remember(self, subscription_id: str, token: Token, *, at: datetime) -> None:  # noqa: ARG002 (a port)
        """Until the end of this process."""
        self._told[subscription_id] = token

"""The key to the provider's interface, and the one host that it may be shown to.

Production and sandbox are one hyphen apart: a key of one is never sent to the other, each is for
its own stage, and a local stand-in is believed in on a laptop only. Keys have no `repr`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.adapters.secrets import Secrets

HOSTS = {"Live": "api.mpay.com.au", "Sandbox": "api.m-pay.com.au"}
LOCAL = frozenset({"127.0.0.1", "localhost"})


class Misconfigured(Exception):
    """What is configured must not be used. Says why, for whoever configures; never a key."""


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """A key, and the address that it is for (without a slash at the end)."""

    api_key: str
    base_url: str
    environment: str

    def __repr__(self) -> str:
        return f"Credentials({self.environment})"


class KeyRing:
    """The provider's secret: JSON `apiKey`, `environment` (Sandbox, Live, Local) and `baseUrl`."""

    def __init__(self, secrets: Secrets, arn: str, *, stage: str, on_lambda: bool) -> None:
        self._secrets = secrets
        self._arn = arn
        self._stage = stage
        self._on_lambda = on_lambda

    def credentials(self, *, fresh: bool = False) -> Credentials:
        """The credentials as they are now; `fresh` reads them past the cache.

        Raises:
            Misconfigured: environment, host and stage do not belong together.
            Unavailable: the secret could not be read.
        """
        secret = self._secrets.read(self._arn, fresh=fresh)
        return credentials_from(secret, stage=self._stage, on_lambda=self._on_lambda)


def credentials_from(secret: Mapping[str, str], *, stage: str, on_lambda: bool) -> Credentials:
    """The credentials of a secret, if its parts belong together and on this stage.

    Raises:
        Misconfigured: they do not.
    """
    missing = [name for name in ("apiKey", "environment", "baseUrl") if not secret.get(name)]
    if missing:
        raise Misconfigured(f"The provider's secret lacks {', '.join(missing)}.")
    key, environment, url = secret["apiKey"], secret["environment"], secret["baseUrl"]
    if not (key.isascii() and key.isprintable() and key == key.strip() and ":" not in key):
        raise Misconfigured("The provider's apiKey is not the name of a user: check for spaces.")
    base_url = url.rstrip("/")
    if environment in HOSTS:
        _check_public(environment, base_url, stage)
    elif environment == "Local":
        _check_local(base_url, stage, on_lambda=on_lambda)
    else:
        raise Misconfigured("The provider's environment must be Sandbox, Live or Local.")
    return Credentials(key, base_url, environment)


def _check_public(environment: str, base_url: str, stage: str) -> None:
    if base_url != f"https://{HOSTS[environment]}":
        raise Misconfigured(
            f"The provider's environment {environment} is at https://{HOSTS[environment]} only:"
            " baseUrl names another address."
        )
    if environment == "Live" and stage != "prod":
        raise Misconfigured(f"The stage {stage} must not move real money: it has a Live key.")
    if environment == "Sandbox" and stage == "prod":
        raise Misconfigured("The stage prod would pay nobody: it has a Sandbox key.")


def _check_local(base_url: str, stage: str, *, on_lambda: bool) -> None:
    if on_lambda or stage != "local":
        raise Misconfigured("The provider's environment Local is for the stage local only.")
    try:
        parts = urlsplit(base_url)
        plain = f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
    except ValueError:
        plain, parts = "", urlsplit("")
    if parts.hostname not in LOCAL or parts.scheme not in {"http", "https"} or plain != base_url:
        raise Misconfigured("The provider's environment Local is on 127.0.0.1 or localhost only.")

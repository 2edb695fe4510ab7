"""The provider's webhooks: are they its own, and what do they say.

A webhook is believed for its token, its signature, or both, as configured; never for nothing.
What it says is read by `tidings.py`, which knows the provider's shapes.
"""

from __future__ import annotations

import hmac
import re
import time
from typing import TYPE_CHECKING, Literal

from chalicelib.adapters.monoova.tidings import tidings
from chalicelib.domain.errors import NotAuthentic, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from chalicelib.adapters.monoova.signature import Signatures
    from chalicelib.adapters.secrets import Secrets
    from chalicelib.domain.notices import Tiding

Policy = Literal["both", "token", "signature"]
# Seconds between two readings of the secret past its cache: fewer than the provider's 30 before it
# tries again, so that rubbish that came first costs a new token no webhook.
PAUSE_SECONDS = 10.0
# A shorter token could be guessed; one so short was never meant.
SHORTEST_TOKEN = 16
# What the provider takes: a type and credentials, in one line of ASCII.
_FORM = re.compile(r"[!-~]+ [!-~]+")


class WebhookTokens:
    """The tokens that webhooks carry: JSON `current` and, while they change, `previous`.

    Each is the whole `Authorization` header that the provider was told to send.
    """

    def __init__(
        self, secrets: Secrets, arn: str, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._secrets = secrets
        self._arn = arn
        self._monotonic = monotonic
        self._refreshed_at: float | None = None

    def current(self) -> str:
        """The token that the provider is to be told, read past the cache.

        Raises:
            Unavailable: it could not be read, or is none worth the name.
        """
        token = self._secrets.read(self._arn, fresh=True).get("current", "").strip()
        if len(token) < SHORTEST_TOKEN or not _FORM.fullmatch(token):
            raise Unavailable("The webhooks' secret has no current token of the form Type token.")
        return token

    def fits(self, header: str) -> bool:
        """Whether the header is one of the tokens.

        Raises:
            Unavailable: the tokens could not be read.
        """
        if not header.strip():
            return False
        if _is_one_of(header, self._secrets.read(self._arn)):
            return True
        now = self._monotonic()
        if self._refreshed_at is not None and now - self._refreshed_at < PAUSE_SECONDS:
            return False
        self._refreshed_at = now
        try:
            return _is_one_of(header, self._secrets.read(self._arn, fresh=True))
        except Unavailable:
            # The tokens that are known do not fit: that is answer enough.
            return False


def _is_one_of(header: str, secret: Mapping[str, str]) -> bool:
    """Compares with each token in constant time, whichever of them fits."""
    given = header.strip().encode("utf-8", "surrogatepass")
    tokens = [secret.get("current", ""), secret.get("previous", "")]
    fits = [
        hmac.compare_digest(given, token.strip().encode("utf-8", "surrogatepass"))
        for token in tokens
        if len(token.strip()) >= SHORTEST_TOKEN
    ]
    return any(fits)


class MonoovaInbox:
    """The `Inbox` port for Monoova's webhooks."""

    def __init__(
        self, tokens: WebhookTokens, signatures: Signatures, *, policy: Policy = "both"
    ) -> None:
        self._tokens = tokens
        self._signatures = signatures
        self._policy = policy

    def authenticate(self, headers: Mapping[str, str], raw: bytes) -> None:
        """Check token and signature, the cheap one first; `headers` have lower-case names.

        Raises:
            NotAuthentic: it is not the provider's.
            Unavailable: the provider's key or our tokens could not be read.
        """
        if self._policy != "signature" and not self._tokens.fits(headers.get("authorization", "")):
            raise NotAuthentic("The webhook does not carry the agreed token.")
        signature = headers.get("verification-signature", "")
        if self._policy != "token" and not self._signatures.fits(signature, raw):
            raise NotAuthentic("The webhook does not carry the provider's signature.")

    def read(self, event_name: str, raw: bytes, *, at: datetime) -> Sequence[Tiding]:
        """What it says; `event_name` is empty on the bare route. Rubbish is `Unheard`, too."""
        return tidings(event_name, raw, at=at)

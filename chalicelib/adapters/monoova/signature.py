"""The provider's signature on its webhooks: RSA with SHA-256 over the exact bytes of the body.

The provider's key is fetched, kept for a day, and fetched anew when a signature does not fit it,
but never more than once in ten seconds, so that rubbish cannot make us pester the provider. The
key before it is believed for one more day: what was signed with it may come late.
"""

from __future__ import annotations

import base64
import binascii
import threading
import time
from typing import TYPE_CHECKING

from chalicelib.adapters.monoova.credentials import Misconfigured
from chalicelib.adapters.monoova.transport import Call
from chalicelib.domain.answers import Mishap
from chalicelib.domain.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    from chalicelib.adapters.monoova.credentials import KeyRing
    from chalicelib.adapters.monoova.transport import Transport

KEPT_SECONDS = 24 * 3600.0
# How long the key before is believed, from when we learnt of the newer one.
LATE_SECONDS = 24 * 3600.0
# Fewer than the provider's 30 before it tries again: rubbish that came first costs no webhook.
PAUSE_SECONDS = 10.0
# Between two attempts while no key is known at all.
RETRY_SECONDS = 10.0
SMALLEST_KEY = 2048
FETCH_SECONDS = 6.0
LARGEST = 16 * 1024


class Signatures:
    """Says whether a signature is the provider's."""

    def __init__(
        self,
        keys: KeyRing,
        transport: Transport,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._keys = keys
        self._transport = transport
        self._monotonic = monotonic
        self._key: RSAPublicKey | None = None
        self._fetched_at = 0.0
        self._former: RSAPublicKey | None = None
        self._former_until = 0.0
        self._tried_at: float | None = None
        self._lock = threading.Lock()

    def fits(self, signature: str, raw: bytes) -> bool:
        """Whether the signature (Base64, white space allowed) is the provider's over `raw`.

        Raises:
            Unavailable: the provider's key is not known and could not be fetched.
        """
        given = signature_from(signature)
        if given is None:
            return False
        now = self._monotonic()
        if self._key is None:
            self._fetch(pause=RETRY_SECONDS)
        elif now - self._fetched_at > KEPT_SECONDS:
            self._fetch(pause=PAUSE_SECONDS)
        if self._key is None:
            raise Unavailable("The provider's public key could not be read.")
        if self._fits_known(given, raw):
            return True
        return self._fetch(pause=PAUSE_SECONDS) and self._fits_known(given, raw)

    def _fits_known(self, given: bytes, raw: bytes) -> bool:
        """Whether it is that of the key, or of the one before while that is believed."""
        known = [self._key]
        if self._monotonic() < self._former_until:
            known.append(self._former)
        return any(key is not None and verifies(key, given, raw) for key in known)

    def _fetch(self, *, pause: float) -> bool:
        """Fetch the key, unless that was tried a moment ago; whether there is a newer one.

        One at a time: whoever comes while it is fetched waits for it, instead of finding none.
        """
        known = self._key
        with self._lock:
            if self._key is not known:
                return True
            now = self._monotonic()
            if self._tried_at is not None and now - self._tried_at < pause:
                return False
            self._tried_at = now
            key = self._published()
            if key is None:
                return False
            if self._key is not None and self._key != key:
                self._former, self._former_until = self._key, now + LATE_SECONDS
            self._key, self._fetched_at = key, now
            return True

    def _published(self) -> RSAPublicKey | None:
        call = Call("public_key", "GET", "/public/v1/certificate/public-key", largest=LARGEST)
        try:
            base_url = self._keys.credentials().base_url
        except (Misconfigured, Unavailable):
            return None
        reply = self._transport.send(call, base_url=base_url, api_key=None, seconds=FETCH_SECONDS)
        if reply.mishap is not Mishap.NONE or reply.http_status != 200:
            return None
        return public_key_from(reply.raw)


def signature_from(text: str) -> bytes | None:
    """The bytes of a signature in a header; `None` where it is not Base64."""
    try:
        return base64.b64decode("".join(text.split()), validate=True) or None
    except (binascii.Error, ValueError):
        return None


def public_key_from(raw: bytes) -> RSAPublicKey | None:
    """The key in hexadecimal text of a DER RSAPublicKey, bare or as a JSON text; `None` if none."""
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 (dear to import)
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_der_public_key  # noqa: PLC0415

    try:
        digits = "".join(raw.decode("ascii").split()).strip('"')
        key = load_der_public_key(bytes.fromhex(digits))
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, RSAPublicKey) and key.key_size >= SMALLEST_KEY else None


def verifies(key: RSAPublicKey, signature: bytes, raw: bytes) -> bool:
    """Whether the signature is that key's over exactly these bytes (PKCS#1 v1.5, SHA-256)."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 (dear to import)
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415

    try:
        key.verify(signature, raw, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True

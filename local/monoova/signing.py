"""The key that signs webhooks: RSA with SHA-256 and PKCS#1 v1.5 padding, over the exact bytes sent.

Made when first needed, kept with the state, replaced on request. Never leaves as a private key.
"""

import base64
import threading
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from local.monoova.clock import VirtualClock
from local.monoova.store import Store


class Signer:
    """Signs, and shows the public half in the provider's two forms."""

    def __init__(self, store: Store, clock: VirtualClock) -> None:
        self._store = store
        self._clock = clock
        self._lock = threading.Lock()
        self._key: rsa.RSAPrivateKey | None = None
        self._stranger: rsa.RSAPrivateKey | None = None

    def sign(self, body: bytes, flaw: str = "") -> str:
        """The signature as base64, for the header `Verification-Signature`.

        By the key in use; when `wrongly_signed` by a stranger's, when `stale_key` by the one that
        was in use before the last rotation (a stranger's too, if there was none).
        """
        key = self._flawed(flaw) if flaw in {"wrongly_signed", "stale_key"} else self._current()
        return base64.b64encode(key.sign(body, padding.PKCS1v15(), hashes.SHA256())).decode()

    def public_key(self) -> str:
        """A DER RSAPublicKey as hexadecimal text."""
        return (
            self._current()
            .public_key()
            .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)
            .hex()
            .upper()
        )

    def certificate(self) -> str:
        """A self-signed X.509 certificate of that key, PEM, good for a year of virtual time."""
        key = self._current()
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Monoova simulator")])
        begin = self._clock.now().replace(microsecond=0) - timedelta(days=1)
        built = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begin)
            .not_valid_after(begin + timedelta(days=365))
            .sign(key, hashes.SHA256())
        )
        return built.public_bytes(serialization.Encoding.PEM).decode()

    def rotate(self) -> None:
        """A new key, from now on and for notifications that are still to be sent."""
        before = self._current()
        with self._lock:
            self._store.remember("signing_key_before", _written(before))
            self._key = self._made()

    def _flawed(self, flaw: str) -> rsa.RSAPrivateKey:
        with self._lock:
            before = self._kept("signing_key_before") if flaw == "stale_key" else None
            if before is None and self._stranger is None:
                self._stranger = _new_key()
            return before or self._stranger or _new_key()

    def _current(self) -> rsa.RSAPrivateKey:
        with self._lock:
            if self._key is None:
                self._key = self._kept("signing_key") or self._made()
            return self._key

    def _kept(self, name: str) -> rsa.RSAPrivateKey | None:
        pem = self._store.fact(name)
        if pem is None:
            return None
        key = serialization.load_pem_private_key(pem.encode(), password=None)
        return key if isinstance(key, rsa.RSAPrivateKey) else None

    def _made(self) -> rsa.RSAPrivateKey:
        key = _new_key()
        self._store.remember("signing_key", _written(key))
        return key


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _written(key: rsa.RSAPrivateKey) -> str:
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return pem.decode()

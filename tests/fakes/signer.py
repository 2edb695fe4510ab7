"""A key that signs, of this process, and somebody who tells nobody but the test."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chalicelib.domain.errors import QueueUnavailable, VaultUnavailable
from chalicelib.ports import Signed


class FakeSigner:
    """The port `Signer`. `down` has it not answer."""

    def __init__(self) -> None:
        self.key = generate_private_key(SECP256R1())
        self.down = False
        self.calls = 0

    def sign(self, digest: bytes) -> Signed:
        """The signature of a SHA-256."""
        self._answer()
        self.calls += 1
        signature = self.key.sign(digest, ECDSA(Prehashed(SHA256())))
        return Signed(signature, "fake-key", "ECDSA_SHA_256")

    def public_key(self) -> bytes:
        """The public key, DER."""
        self._answer()
        return self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def _answer(self) -> None:
        if self.down:
            raise VaultUnavailable("The key service is down.")


class FakeHerald:
    """The port `Herald`."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.down = False

    def tell(self, subject: str, text: str) -> None:
        """Remember it."""
        if self.down:
            raise QueueUnavailable("The topic is down.")
        self.told.append((subject, text))

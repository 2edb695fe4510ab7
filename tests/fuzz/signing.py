"""The provider's signing key, the same in every process, so that a seed gives the same bytes.

Two primes found by counting on from digests of a sentence: a fake that nobody could mistake for a
secret. Also the judge of what is authentic, which shares no code with the judge under test.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateNumbers,
    RSAPublicNumbers,
    rsa_crt_dmp1,
    rsa_crt_dmq1,
    rsa_crt_iqmp,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.fuzz.planted import PREVIOUS_TOKEN, TOKEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey


def _prime(name: str, offset: int) -> int:
    digest = hashlib.shake_256(f"fake signing key, {name}".encode()).digest(128)
    return (int.from_bytes(digest, "big") | 3 << 1022) + offset


def _key() -> RSAPrivateKey:
    p, q, e = _prime("p", 842), _prime("q", 284), 65537
    d = pow(e, -1, (p - 1) * (q - 1))
    public = RSAPublicNumbers(e, p * q)
    numbers = RSAPrivateNumbers(
        p, q, d, rsa_crt_dmp1(d, p), rsa_crt_dmq1(d, q), rsa_crt_iqmp(p, q), public
    )
    return numbers.private_key()


KEY = _key()
PUBLISHED = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1).hex().upper().encode()


@lru_cache(maxsize=64)
def signature(raw: bytes) -> str:
    """The signature over exactly these bytes, as it is sent."""
    return base64.b64encode(KEY.sign(raw, PKCS1v15(), hashes.SHA256())).decode()


def is_authentic(headers: Mapping[str, str], raw: bytes, policy: str) -> bool:
    """Whether a webhook is the provider's: of two headers of one name the later one counts."""
    sent = {name.lower(): value for name, value in headers.items()}
    has_token = sent.get("authorization", "").strip() in {TOKEN, PREVIOUS_TOKEN}
    if policy == "token":
        return has_token
    return _is_signed(sent.get("verification-signature", ""), raw) and (
        has_token or policy == "signature"
    )


def _is_signed(given: str, raw: bytes) -> bool:
    """A signature of this kind has one value only: it need not be verified, but compared."""
    try:
        told = base64.b64decode("".join(given.split()), validate=True)
    except (binascii.Error, ValueError):
        return False
    return told == base64.b64decode(signature(raw))

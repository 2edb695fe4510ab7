"""Whether a signature is that of a public key: ECDSA over a SHA-256, on the curve P-256.

Refuses every other curve and every other writing of a key: one key has one fingerprint.
"""

from __future__ import annotations


def verifies(key: bytes, signature: bytes, digest: bytes) -> bool:
    """Whether the signature (DER) over that SHA-256 was made with the key (DER)."""
    from cryptography.exceptions import (  # noqa: PLC0415 (dear to import)
        InvalidSignature,
        UnsupportedAlgorithm,
    )
    from cryptography.hazmat.primitives.asymmetric import ec, utils  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_der_public_key  # noqa: PLC0415

    try:
        public = load_der_public_key(key)
        if not isinstance(public, ec.EllipticCurvePublicKey) or public.curve.name != "secp256r1":
            return False
        public.verify(signature, digest, ec.ECDSA(utils.Prehashed(SHA256())))
    except (ValueError, UnsupportedAlgorithm, InvalidSignature):
        return False
    return True

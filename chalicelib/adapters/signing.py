"""KMS: signatures by an asymmetric key that nobody can read, and the public half of it.

Only digests go out: what is signed for stays here. ECDSA on NIST's P-256 over SHA-256, which any
tool that knows X.509 can verify, without AWS.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from chalicelib.domain.errors import VaultUnavailable
from chalicelib.ports import Signed

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

_ALGORITHM: Final = "ECDSA_SHA_256"


class KmsSigner:
    """The port `Signer`. One for a process: the public key is asked for once."""

    def __init__(self, client: KMSClient, key_arn: str) -> None:
        self._client = client
        self._key_arn = key_arn
        self._public = b""

    def sign(self, digest: bytes) -> Signed:
        """The signature (DER) of a SHA-256.

        Raises:
            ValueError: it is no SHA-256.
            VaultUnavailable: the key service does not answer.
        """
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 (dear to import)

        if len(digest) != hashlib.sha256().digest_size:
            raise ValueError("only a SHA-256 is signed")
        try:
            answer = self._client.sign(
                KeyId=self._key_arn,
                Message=digest,
                MessageType="DIGEST",
                SigningAlgorithm=_ALGORITHM,
            )
        except (BotoCoreError, ClientError) as error:
            raise VaultUnavailable(f"KMS does not sign: {type(error).__name__}.") from error
        return Signed(answer["Signature"], self._key_arn, _ALGORITHM)

    def public_key(self) -> bytes:
        """The public key, DER (SubjectPublicKeyInfo).

        Raises:
            VaultUnavailable: the key service does not answer.
        """
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 (dear to import)

        if not self._public:
            try:
                self._public = self._client.get_public_key(KeyId=self._key_arn)["PublicKey"]
            except (BotoCoreError, ClientError) as error:
                raise VaultUnavailable(
                    f"KMS does not show its public key: {type(error).__name__}."
                ) from error
        return self._public

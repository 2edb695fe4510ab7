"""The vault: destinations encrypted with the AWS Encryption SDK under a KMS key.

The context names purpose and table and is the same for all, so that a cached data key serves many
payees; whose a destination is lies inside the ciphertext and is compared after decryption. Refuses
whatever it did not seal itself, or sealed for another customer or under another id.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

from chalicelib.adapters import aws
from chalicelib.adapters.sealed_form import opened, written
from chalicelib.domain.destination import PayId, SealedDestination
from chalicelib.domain.errors import Corrupt, VaultUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from botocore.session import Session

    from chalicelib.domain.destination import Destination

PURPOSE = "payout-destination"
# KMS's words for a ciphertext that is not what it made; all others are trouble of its own.
_TAMPERED = frozenset(
    {"InvalidCiphertextException", "IncorrectKeyException", "ValidationException"}
)


@dataclass(frozen=True, slots=True)
class CacheLimits:
    """How long (seconds), for how many messages and for how many data keys at once one is kept."""

    age: float = 600.0
    messages: int = 1000
    capacity: int = 1000


class KmsVault:
    """The `Vault` port. `key_arn` is a key's own ARN: under an alias nothing decrypts.

    `place_key` reads the key under which destinations are compared, which must not change.
    `session` makes the botocore session that KMS is reached through, at the first use.
    """

    def __init__(
        self,
        key_arn: str,
        table: str,
        *,
        place_key: Callable[[], bytes] | None = None,
        session: Callable[[], Session] | None = None,
        limits: CacheLimits | None = None,
    ) -> None:
        self._key_arn = key_arn
        self._context = {"purpose": PURPOSE, "table": table}
        self._place_key = place_key
        self._session = session or aws.session
        self._limits = limits or CacheLimits()
        self._last = threading.local()

    def place(self, destination: Destination) -> str:
        """What a destination is known by among all customers'.

        Raises:
            Unavailable: the key could not be read.
        """
        if self._place_key is None:
            raise VaultUnavailable("There is no key to compare destinations under.")
        return destination.place(self._place_key())

    def seal(
        self, destination: Destination, *, customer_id: str, destination_id: str
    ) -> SealedDestination:
        """Encrypt a destination, bound to customer and id.

        Raises:
            VaultUnavailable: the key service does not answer.
        """
        plain = written(destination, customer_id=customer_id, destination_id=destination_id)
        return SealedDestination(
            destination_id=destination_id,
            method=destination.method,
            kind=str(destination.kind) if isinstance(destination, PayId) else "",
            masked=destination.masked,
            masked_name=destination.masked_name,
            ciphertext=self._encrypt(plain),
        )

    def unseal(self, sealed: SealedDestination, *, customer_id: str) -> Destination:
        """Decrypt a destination.

        Raises:
            VaultUnavailable: the key service does not answer.
            Corrupt: tampered with, or sealed for another customer or id.
        """
        destination = opened(
            self._decrypt(sealed.ciphertext),
            customer_id=customer_id,
            destination_id=sealed.destination_id,
        )
        if destination.method is not sealed.method:
            raise Corrupt("A sealed destination is not of the kind that it is shown as.")
        return destination

    def _encrypt(self, plain: bytes) -> bytes:
        from aws_encryption_sdk.exceptions import AWSEncryptionSDKClientError  # noqa: PLC0415
        from aws_encryption_sdk.identifiers import Algorithm  # noqa: PLC0415
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

        client, materials = self._engine
        try:
            ciphertext, _ = client.encrypt(
                source=plain,
                materials_manager=materials,
                encryption_context=dict(self._context),
                algorithm=Algorithm.AES_256_GCM_HKDF_SHA512_COMMIT_KEY,
            )
        except (AWSEncryptionSDKClientError, BotoCoreError, ClientError) as error:
            raise VaultUnavailable(
                f"A destination could not be sealed: {type(error).__name__}."
            ) from error
        return bytes(ciphertext)

    def _decrypt(self, ciphertext: bytes) -> bytes:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 (dear to import)

        client, materials = self._engine
        self._last.error = ""
        try:
            plain, context = _read(
                client.stream(mode="d", source=ciphertext, materials_manager=materials)
            )
        except (BotoCoreError, ClientError) as error:
            raise VaultUnavailable(f"KMS does not answer: {type(error).__name__}.") from error
        except Exception as error:  # noqa: BLE001 (rubbish fails in as many ways as there are parsers)
            self._judge(error)
        if context != self._context:
            raise Corrupt("A sealed destination has the context of something else.")
        return plain

    def _judge(self, error: Exception) -> NoReturn:
        """Tell a ciphertext that is wrong from a KMS that is: the SDK has one error for both."""
        why = str(self._last.error)
        if why and why not in _TAMPERED:
            raise VaultUnavailable(f"KMS does not decrypt: {why}.") from error
        raise Corrupt(f"A sealed destination does not open: {type(error).__name__}.") from error

    @cached_property
    def _engine(self) -> tuple[Any, Any]:
        """The SDK's client and its cache of data keys, made at the first use: dear to import."""
        from aws_encryption_sdk import (  # noqa: PLC0415
            CachingCryptoMaterialsManager,
            CommitmentPolicy,
            EncryptionSDKClient,
            LocalCryptoMaterialsCache,
            StrictAwsKmsMasterKeyProvider,
        )

        # It logs every failure with its stack; ours are raised, and judged by whoever asked.
        logging.getLogger("aws_encryption_sdk").setLevel(logging.CRITICAL)
        session = self._session()
        session.register("after-call.kms", self._remember)
        session.register("after-call-error.kms", self._remember)
        provider = StrictAwsKmsMasterKeyProvider(key_ids=[self._key_arn], botocore_session=session)
        materials = CachingCryptoMaterialsManager(
            master_key_provider=provider,
            cache=LocalCryptoMaterialsCache(self._limits.capacity),
            max_age=self._limits.age,
            max_messages_encrypted=self._limits.messages,
        )
        client = EncryptionSDKClient(
            commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
            max_encrypted_data_keys=1,
        )
        return client, materials

    def _remember(
        self,
        *,
        parsed: Mapping[str, Any] | None = None,
        exception: Exception | None = None,
        **_: object,
    ) -> None:
        """Note how KMS failed, in this thread: the SDK keeps it to itself."""
        code = type(exception).__name__ if exception else ""
        self._last.error = code or str((parsed or {}).get("Error", {}).get("Code", ""))


def _read(stream: Any) -> tuple[bytes, dict[str, str]]:  # noqa: ANN401 (the SDK has no types)
    """The plaintext of a message, and the context in its header."""
    try:
        return bytes(stream.read()), dict(stream.header.encryption_context)
    finally:
        if not hasattr(stream, "footer"):
            # It would complain of a message not read to its end, long after the real complaint.
            stream.footer = None
        stream.close()

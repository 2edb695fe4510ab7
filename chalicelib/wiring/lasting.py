"""What a night leaves behind for good: the archive, signatures, and word to people."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.wiring.neighbours import Neighbours

if TYPE_CHECKING:
    from chalicelib import ports
    from chalicelib.domain.verification import Verifies

# ruff: noqa: PLC0415 (adapters are dear to import, and no request needs them all)


class Lasting(Neighbours):
    """Every port that ends in something that stays."""

    @cached_property
    def archive(self) -> ports.Archive:
        """The bucket whose objects stay for seven years."""
        from chalicelib.adapters import aws
        from chalicelib.adapters.archive import S3Archive

        return S3Archive(aws.s3(), self.settings.archive_bucket)

    @cached_property
    def signer(self) -> ports.Signer:
        """The key that signs for the nights."""
        from chalicelib.adapters import aws
        from chalicelib.adapters.signing import KmsSigner

        return KmsSigner(aws.kms(), self.settings.attestation_key_arn)

    @property
    def verifies(self) -> Verifies:
        """Whether a signature is that of a public key."""
        from chalicelib.adapters.ecdsa import verifies

        return verifies

    @cached_property
    def herald(self) -> ports.Herald:
        """Whoever wants to hear of the nights."""
        from chalicelib.adapters import aws
        from chalicelib.adapters.herald import SnsHerald

        return SnsHerald(aws.sns, self.settings.nights_topic_arn)

    @cached_property
    def courier(self) -> ports.Courier:
        """Whoever takes messages to customers."""
        from chalicelib.adapters import aws
        from chalicelib.adapters.courier import SesCourier

        return SesCourier(aws.ses, self.settings.mail_from)

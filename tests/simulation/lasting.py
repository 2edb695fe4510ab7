"""What lasts, simulated: the bucket in which nothing is overwritten, the key that signs, the topic.

Clients as boto3 makes them, as far as our adapters use them; they fail as any neighbour does.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.simulation.faults import Kind
from tests.simulation.troubles import Troubles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.simulation.wire import Wire


class Lasting:
    """What the bucket holds, and what people were told."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.told: list[tuple[str, str]] = []


class BucketTroubles(Troubles):
    """How faults look to the client of S3."""

    def throttled(self) -> Exception:
        return self._refused("SlowDown", 503)

    def conflict(self) -> Exception:
        return self._refused("ConditionalRequestConflict", 409)


class WiredBucket:
    """boto3's client of S3."""

    def __init__(self, wire: Wire, lasting: Lasting) -> None:
        self._wire = wire
        self._objects = lasting.objects

    def put_object(self, *, Key: str, Body: bytes, IfNoneMatch: str, **_more: Any) -> None:  # noqa: N803 (boto3's)
        assert IfNoneMatch == "*", "whatever is written might be written over"

        def put() -> None:
            if Key in self._objects:
                raise _error("PreconditionFailed", 412)
            self._objects[Key] = Body

        self._call(Kind.KEEP, "put_object", put)

    def get_object(self, *, Bucket: str, Key: str) -> Any:  # noqa: ARG002, N803 (boto3's)
        def get() -> Any:
            if Key not in self._objects:
                raise _error("NoSuchKey", 404)
            return {"Body": BytesIO(self._objects[Key])}

        return self._call(Kind.FETCH, "get_object", get)

    def head_object(self, *, Bucket: str, Key: str, ChecksumMode: str) -> Any:  # noqa: ARG002, N803 (boto3's)
        def look() -> Any:
            if Key not in self._objects:
                raise _error("404", 404)
            return {}

        return self._call(Kind.FETCH, "head_object", look)

    def get_paginator(self, name: str) -> WiredBucket:
        assert name == "list_objects_v2"
        return self

    def paginate(self, *, Bucket: str, Prefix: str) -> Iterator[Any]:  # noqa: ARG002, N803 (boto3's)
        def names() -> Any:
            found = sorted(name for name in self._objects if name.startswith(Prefix))
            return {"Contents": [{"Key": name} for name in found]}

        yield self._call(Kind.FETCH, "list_objects_v2", names)

    def _call(self, kind: Kind, name: str, deliver: Callable[[], Any]) -> Any:
        return self._wire.call(kind, f"archive.{name}", deliver, BucketTroubles(name))


class WiredKey:
    """boto3's client of KMS, for one key that signs."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def sign(self, *, Message: bytes, MessageType: str, **_more: Any) -> Any:  # noqa: N803 (boto3's)
        assert MessageType == "DIGEST"

        def deliver() -> Any:
            how = ECDSA(Prehashed(SHA256()), deterministic_signing=True)
            return {"Signature": signing_key().sign(Message, how)}

        return self._wire.call(Kind.SIGN, "kms.sign", deliver, Troubles("Sign"))

    def get_public_key(self, *, KeyId: str) -> Any:  # noqa: ARG002, N803 (boto3's)
        told = {"PublicKey": public_key()}
        return self._wire.call(Kind.SIGN, "kms.get_public_key", lambda: told, Troubles("Get"))


class WiredTopic:
    """boto3's client of SNS."""

    def __init__(self, wire: Wire, lasting: Lasting) -> None:
        self._wire = wire
        self._told = lasting.told

    def publish(self, *, TopicArn: str, Subject: str, Message: str) -> None:  # noqa: ARG002, N803 (boto3's)
        self._wire.call(
            Kind.TELL, "topic.publish", lambda: self._told.append((Subject, Message)),
            Troubles("Publish"),
        )  # fmt: skip


@cache
def signing_key() -> EllipticCurvePrivateKey:
    """Always the same, so that a week is."""
    return derive_private_key(0x5EED, SECP256R1())


@cache
def public_key() -> bytes:
    """Its public half, DER."""
    return signing_key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _error(code: str, status: int) -> ClientError:
    told: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(told, "s3")

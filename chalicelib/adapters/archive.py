"""S3: the archive, in which nothing is ever overwritten and nothing disappears for seven years.

An object is written only where none lies, and S3 checks its SHA-256 as it arrives. Whatever goes
wrong with a write is settled by looking at what lies there: the same content is success, whoever
wrote it, other content a conflict, and nothing means that it may be tried again. How long objects
stay is the bucket's own rule: nothing here could shorten it.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from chalicelib.domain.errors import ArchiveUnavailable, Conflict
from chalicelib.ports import Kept

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

_MISSING = frozenset({"404", "NoSuchKey", "NotFound"})


class S3Archive:
    """The port `Archive` on a bucket."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, name: str, content: bytes, *, kind: str) -> Kept:
        """Keep an object for good; the same content under the same name is no failure.

        Raises:
            Conflict: other content lies under that name.
            ArchiveUnavailable: whether it is kept is not known; again is safe.
        """
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 (dear to import)

        digest = hashlib.sha256(content).digest()
        try:
            self._client.put_object(
                Bucket=self._bucket, Key=name, Body=content, ContentType=kind, IfNoneMatch="*",
                ChecksumAlgorithm="SHA256", ChecksumSHA256=base64.b64encode(digest).decode(),
            )  # fmt: skip
        except (BotoCoreError, ClientError) as error:
            self._settle(name, digest, error)
        return Kept(name, digest.hex())

    def get(self, name: str) -> bytes | None:
        """The content of an object; `None` where there is none.

        Raises:
            ArchiveUnavailable: it could not be read.
        """
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 (dear to import)

        try:
            return self._client.get_object(Bucket=self._bucket, Key=name)["Body"].read()
        except (BotoCoreError, ClientError) as error:
            if _code(error) in _MISSING:
                return None
            raise _unavailable("read", error) from error

    def names(self, prefix: str) -> Iterator[str]:
        """The names that begin so, in their order.

        Raises:
            ArchiveUnavailable: they could not be read.
        """
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 (dear to import)

        pages = self._client.get_paginator("list_objects_v2")
        try:
            for page in pages.paginate(Bucket=self._bucket, Prefix=prefix):
                for listed in page.get("Contents", []):
                    yield listed["Key"]
        except (BotoCoreError, ClientError) as error:
            raise _unavailable("listed", error) from error

    def _settle(self, name: str, digest: bytes, error: Exception) -> None:
        """What a write that failed, or whose reply was lost, has come to."""
        there = self._digest(name)
        if there is None:
            raise _unavailable("written", error) from error
        if there != digest:
            raise Conflict(f"Other content lies under {name}.") from error

    def _digest(self, name: str) -> bytes | None:
        """The SHA-256 of what lies under a name: as S3 keeps it, or of the content itself."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 (dear to import)

        try:
            told = self._client.head_object(Bucket=self._bucket, Key=name, ChecksumMode="ENABLED")
        except (BotoCoreError, ClientError) as error:
            if _code(error) in _MISSING:
                return None
            raise _unavailable("read", error) from error
        # What was put in parts has the digest of its parts' digests.
        kept = told.get("ChecksumSHA256", "-")
        if "-" not in kept:
            return base64.b64decode(kept)
        content = self.get(name)
        return None if content is None else hashlib.sha256(content).digest()


def _code(error: Exception) -> str:
    # An error of the line has the attribute too, and nothing in it.
    response = getattr(error, "response", None) or {}
    return str(response.get("Error", {}).get("Code", ""))


def _unavailable(what: str, error: Exception) -> ArchiveUnavailable:
    """Neither its text nor the object's content: what, and the kind of failure."""
    why = _code(error) or type(error).__name__
    return ArchiveUnavailable(f"The archive could not be {what}: {why}.")

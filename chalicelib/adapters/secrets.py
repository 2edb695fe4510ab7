"""Secrets Manager: secrets that are JSON objects, read once and kept for five minutes.

Never logs, prints or raises a value. Where a newer value cannot be read, the last one known is
served, for a secret changes less often than a service fails.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chalicelib.adapters import exact_json
from chalicelib.domain.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mypy_boto3_secretsmanager import SecretsManagerClient

KEPT_SECONDS = 300.0
# How long the last value is served before another attempt, after one has failed.
PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True, repr=False)
class _Kept:
    value: Mapping[str, str]
    until: float


class Secrets:
    """The secrets, by ARN. One for a process: the cache is its own."""

    def __init__(
        self, client: SecretsManagerClient, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._monotonic = monotonic
        self._kept: dict[str, _Kept] = {}

    def read(self, arn: str, *, fresh: bool = False) -> Mapping[str, str]:
        """The texts of the secret by name; whatever in it is not text is left out.

        `fresh` asks the service whatever is kept, and fails where it cannot be asked.

        Raises:
            Unavailable: it could not be read, or is not a JSON object.
        """
        kept, now = self._kept.get(arn), self._monotonic()
        if kept and not fresh and now < kept.until:
            return kept.value
        try:
            value = self._ask(arn)
        except Unavailable:
            if kept is None or fresh:
                raise
            self._kept[arn] = replace(kept, until=now + PATIENCE_SECONDS)
            return kept.value
        self._kept[arn] = _Kept(value, now + KEPT_SECONDS)
        return value

    def _ask(self, arn: str) -> Mapping[str, str]:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 (dear to import)

        try:
            answer = self._client.get_secret_value(SecretId=arn)
            told = exact_json.read_object(answer["SecretString"])
        except (BotoCoreError, ClientError, KeyError, exact_json.NotJson) as error:
            # Neither the cause nor its text: they could quote the secret.
            raise Unavailable(f"A secret could not be read: {type(error).__name__}.") from None
        return {name: value for name, value in told.items() if isinstance(value, str)}

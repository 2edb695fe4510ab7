"""The app's own wiring, with every call to AWS and every payment counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
from botocore.config import Config

from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.kms import KmsVault
from chalicelib.adapters.secrets import Secrets
from chalicelib.adapters.sqs import SqsDeadLetters
from chalicelib.domain.policy import FREE
from chalicelib.wiring import World

if TYPE_CHECKING:
    from chalicelib import ports
    from chalicelib.domain.policy import Policy
    from chalicelib.settings import Settings

# As the app's own, but that a call is not made again because the machine stood still.
PATIENT = Config(read_timeout=60, retries={"mode": "standard", "total_max_attempts": 1})


class CountedWorld(World):
    """`calls` counts what left for AWS, by service and operation."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.calls: Counter[str] = Counter()
        self._botocore = botocore.session.Session()
        self._botocore.register("before-send.*", self._count)
        self._boto3 = boto3.Session(botocore_session=self._botocore)

    def _count(self, **told: Any) -> None:
        _, service, operation = told["event_name"].split(".")
        self.calls[f"{service}.{operation}"] += 1

    @property
    def default_policy(self) -> Policy:
        """Nobody's leave is asked, and all that a payout draws is drawn: calls are what counts."""
        return replace(FREE, limits=replace(FREE.limits, shards=8))

    def close(self) -> None:
        """Let go of the connections."""
        self._session.client.close()

    @cached_property
    def _session(self) -> Session:
        return Session(self._boto3.client("dynamodb", config=PATIENT))

    @cached_property
    def _secrets(self) -> Secrets:
        return Secrets(self._boto3.client("secretsmanager"))

    @cached_property
    def vault(self) -> ports.Vault:
        """Sealed destinations."""
        return KmsVault(
            self.settings.kms_key_arn,
            self._tables.customers,
            place_key=self.place_key,
            session=lambda: self._botocore,
        )

    @cached_property
    def dead_letters(self) -> ports.DeadLetters:
        """The queue."""
        return SqsDeadLetters(self._boto3.client("sqs"), self.settings.dlq_url)

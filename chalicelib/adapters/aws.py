"""Clients of AWS that give up before a Lambda would, each call with its line in the log.

DynamoDB has its own way of being patient; whatever else we call answers in a moment or is away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from chalicelib.adapters import telemetry

if TYPE_CHECKING:
    from botocore.config import Config
    from botocore.session import Session
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

    from chalicelib.adapters.courier import Ses

    Service = Literal["secretsmanager", "sqs", "s3", "sns", "kms", "sesv2"]


def secrets_manager() -> SecretsManagerClient:
    """A client of Secrets Manager, in the region of the environment."""
    made: SecretsManagerClient = _client("secretsmanager")
    return made


def sqs() -> SQSClient:
    """A client of SQS, in the region of the environment."""
    made: SQSClient = _client("sqs")
    return made


def s3() -> S3Client:
    """A client of S3, in the region of the environment; an object may take a little longer."""
    made: S3Client = _client("s3", read_timeout=5)
    return made


def sns() -> SNSClient:
    """A client of SNS, in the region of the environment."""
    made: SNSClient = _client("sns")
    return made


def kms() -> KMSClient:
    """A client of KMS, in the region of the environment."""
    made: KMSClient = _client("kms")
    return made


def ses() -> Ses:
    """A client of SES, in the region of the environment."""
    made: Ses = _client("sesv2")
    return made


def session() -> Session:
    """A botocore session whose clients are like that."""
    import botocore.session  # noqa: PLC0415 (dear to import)

    made = botocore.session.Session()
    made.set_default_client_config(_impatient())
    telemetry.watch(made)
    return made


def _client(service: Service, read_timeout: int = 3) -> Any:  # noqa: ANN401 (whoever asks knows)
    import boto3  # noqa: PLC0415 (dear to import)

    made = boto3.client(service, config=_impatient(read_timeout))
    telemetry.watch(made.meta.events)
    return made


def _impatient(read_timeout: int = 3) -> Config:
    from botocore.config import Config  # noqa: PLC0415 (dear to import)

    retries = {"mode": "standard", "total_max_attempts": 2}
    return Config(connect_timeout=2, read_timeout=read_timeout, retries=retries)  # type: ignore[arg-type]

"""boto3 clients that go to the engines and nowhere else, whatever the environment says."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from local.engines import Endpoints

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

    from local.mail import Mail


@dataclass
class Clients:
    """One client for each service that the template names."""

    endpoints: Endpoints
    dynamodb: "DynamoDBClient" = field(init=False)
    sqs: "SQSClient" = field(init=False)
    kms: "KMSClient" = field(init=False)
    secretsmanager: "SecretsManagerClient" = field(init=False)
    cognito: "CognitoIdentityProviderClient" = field(init=False)
    s3: "S3Client" = field(init=False)
    sns: "SNSClient" = field(init=False)
    ses: "Mail" = field(init=False)

    def __post_init__(self) -> None:
        environment = self.endpoints.environment
        session = boto3.Session(
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
            region_name=environment["AWS_DEFAULT_REGION"],
        )
        config = Config(proxies={}, connect_timeout=5, read_timeout=30)
        aws, kms = self.endpoints.aws, self.endpoints.kms
        self.dynamodb = session.client("dynamodb", endpoint_url=aws, config=config)
        self.sqs = session.client("sqs", endpoint_url=aws, config=config)
        self.kms = session.client("kms", endpoint_url=kms, config=config)
        self.secretsmanager = session.client("secretsmanager", endpoint_url=aws, config=config)
        self.cognito = session.client("cognito-idp", endpoint_url=aws, config=config)
        self.s3 = session.client("s3", endpoint_url=aws, config=config)
        self.sns = session.client("sns", endpoint_url=aws, config=config)
        self.ses = session.client("sesv2", endpoint_url=aws, config=config)

    def close(self) -> None:
        """Lets go of all connections."""
        clients = (
            self.dynamodb, self.sqs, self.kms, self.secretsmanager, self.cognito, self.s3, self.sns,
            self.ses,
        )  # fmt: skip
        for client in clients:
            client.close()

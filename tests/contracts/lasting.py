"""Archives, signers and heralds for their contracts: the fakes, and those on the engines."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any
from uuid import uuid4

import boto3
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from chalicelib.adapters.archive import S3Archive
from chalicelib.adapters.herald import SnsHerald
from chalicelib.adapters.signing import KmsSigner
from local.engines import ACCOUNT, REGION
from tests.contracts.stores import NOBODY
from tests.fakes.archive import MemoryArchive
from tests.fakes.signer import FakeHerald, FakeSigner


def client(service, endpoint) -> Any:
    """A client that asks once and gives up soon."""
    retries: Any = {"mode": "standard", "total_max_attempts": 1}
    return boto3.client(
        service, endpoint_url=endpoint, region_name=REGION, aws_access_key_id=ACCOUNT,
        aws_secret_access_key="fake-secret", config=Config(retries=retries, connect_timeout=2),
    )  # fmt: skip


class MemoryKind:
    """The archive in memory. `prefix` keeps one test's names from another's."""

    def __init__(self):
        self.port = MemoryArchive()
        self.prefix = ""

    def lose_a_reply(self):
        self.port.lost_replies = 1

    def go_away(self):
        self.port.down = True


class BucketKind:
    """The adapter on the bucket that the template describes."""

    def __init__(self, cloud):
        self.endpoint = cloud.environment["AWS_ENDPOINT_URL"]
        self.bucket = cloud.environment["ARCHIVE_BUCKET"]
        self.client = client("s3", self.endpoint)
        self.port = S3Archive(self.client, self.bucket)
        self.prefix = f"{uuid4()}/"

    def lose_a_reply(self):
        """The next object is written, and its reply never comes."""
        events = self.client.meta.events

        def lose(**_):
            events.unregister("after-call.s3.PutObject", lose)
            raise ConnectionClosedError(endpoint_url=self.endpoint)

        events.register("after-call.s3.PutObject", lose)

    def go_away(self):
        self.port = S3Archive(client("s3", NOBODY), self.bucket)


class FakeKey:
    """The fake signer."""

    def __init__(self):
        self.port = FakeSigner()

    def go_away(self):
        self.port.down = True


class KmsKey:
    """The adapter on the key that the template describes."""

    def __init__(self, cloud):
        self.arn = cloud.environment["ATTESTATION_KEY_ARN"]
        self.port = KmsSigner(client("kms", cloud.environment["AWS_ENDPOINT_URL_KMS"]), self.arn)

    def go_away(self):
        self.port = KmsSigner(client("kms", NOBODY), self.arn)


class FakeTopic:
    """The fake herald."""

    def __init__(self):
        self.port = FakeHerald()

    def heard(self):
        return self.port.told

    def go_away(self):
        self.port.down = True


class SnsTopic:
    """The adapter on a topic of its own, to which a queue has subscribed."""

    def __init__(self, cloud):
        endpoint = cloud.environment["AWS_ENDPOINT_URL"]
        self.sns, self.sqs = client("sns", endpoint), client("sqs", endpoint)
        name = f"nights-{uuid4()}"
        self.arn = self.sns.create_topic(Name=name)["TopicArn"]
        self.url = self.sqs.create_queue(QueueName=name)["QueueUrl"]
        told = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["QueueArn"])
        self.sns.subscribe(
            TopicArn=self.arn, Protocol="sqs", Endpoint=told["Attributes"]["QueueArn"]
        )
        self.port = SnsHerald(lambda: self.sns, self.arn)

    def heard(self):
        heard = []
        while messages := self.sqs.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=10
        ).get("Messages"):  # fmt: skip
            for message in messages:
                body = json.loads(message["Body"])
                heard.append((body["Subject"], body["Message"]))
                self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return heard

    def go_away(self):
        self.port = SnsHerald(lambda: client("sns", NOBODY), self.arn)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def in_base64(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def verifier(public_key: bytes) -> EllipticCurvePublicKey:
    """The public key, as what verifies with it."""
    key = load_der_public_key(public_key)
    assert isinstance(key, EllipticCurvePublicKey)
    return key

"""Clients of AWS that give up in time, and tell."""

import json
import logging
import time
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

from chalicelib.adapters import aws


@pytest.fixture(autouse=True)
def account(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "fake")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-southeast-2")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")


CALLS = {
    "secrets-manager.ListSecrets": lambda: aws.secrets_manager().list_secrets(),
    "sqs.ListQueues": lambda: aws.sqs().list_queues(),
    "kms.ListKeys": lambda: kms().list_keys(),
    "kms.ListAliases": lambda: aws.kms().list_aliases(),
    "sns.ListTopics": lambda: aws.sns().list_topics(),
    "s3.ListBuckets": lambda: aws.s3().list_buckets(),
}


def kms() -> Any:
    return aws.session().create_client("kms")


@pytest.mark.parametrize("name", CALLS)
def test_a_service_that_is_away_is_given_up_soon_with_one_line(name, caplog):
    caplog.set_level(logging.INFO, logger="payouts.outbound")
    began = time.monotonic()
    with pytest.raises((EndpointConnectionError, ConnectTimeoutError, ReadTimeoutError)):
        CALLS[name]()
    assert time.monotonic() - began < 10
    (record,) = [each for each in caplog.records if each.name == "payouts.outbound"]
    assert json.loads(record.getMessage())["operation"] == name


def test_every_client_gives_up_before_a_lambda_would():
    made: list[Any] = [aws.secrets_manager(), aws.sqs(), aws.sns(), aws.kms(), kms()]
    for each in made:
        assert longest(each) <= 10
    # What is written or read of an archive is larger than a word.
    assert longest(aws.s3()) <= 15


def longest(client: Any) -> int:
    config = client.meta.config
    attempts: int = config.retries["total_max_attempts"]
    return attempts * int(config.connect_timeout + config.read_timeout)

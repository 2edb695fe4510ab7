"""A stack of the template as it would stand in an account, with the names that AWS gives.

Nothing is made: references become the ARNs, addresses and names that CloudFormation would answer.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_DNS, uuid5

from local.left_out import LEFT_OUT
from local.template import TEMPLATE, Made, Template

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

REGION, ACCOUNT = "ap-southeast-2", "123456789012"
_PSEUDO = {"Region": REGION, "AccountId": ACCOUNT, "Partition": "aws", "StackName": "payouts"}
REQUIRED = {"Account": ACCOUNT, "MonoovaMAccountToken": "6279059712345678"}


def stack(stage: str, **parameters: str) -> Template:
    """The stack of a stage, each reference as it would be answered."""
    document = json.loads(TEMPLATE.read_text("utf-8"))
    made = Template(document, {"Stage": stage, **REQUIRED, **parameters}, _PSEUDO)
    made.make(_MAKERS, LEFT_OUT)
    return made


def _arn(service: str, name: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{name}"


def _table(_name: str, told: dict[str, Any]) -> Made:
    return Made(told["TableName"], {"Arn": _arn("dynamodb", f"table/{told['TableName']}")})


def _queue(_name: str, told: dict[str, Any]) -> Made:
    url = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{told['QueueName']}"
    return Made(url, {"Arn": _arn("sqs", told["QueueName"]), "QueueName": told["QueueName"]})


def _key(name: str, _told: dict[str, Any]) -> Made:
    key = str(uuid5(NAMESPACE_DNS, name))
    return Made(key, {"Arn": _arn("kms", f"key/{key}")})


def _secret(_name: str, told: dict[str, Any]) -> Made:
    return Made(_arn("secretsmanager", f"secret:{told['Name']}-AbCdEf"))


def _pool(_name: str, _told: dict[str, Any]) -> Made:
    pool = f"{REGION}_AbCdEfGhI"
    return Made(pool, {"Arn": _arn("cognito-idp", f"userpool/{pool}")})


def _bucket(_name: str, told: dict[str, Any]) -> Made:
    return Made(told["BucketName"], {"Arn": f"arn:aws:s3:::{told['BucketName']}"})


def _topic(_name: str, told: dict[str, Any]) -> Made:
    arn = _arn("sns", told["TopicName"])
    return Made(arn, {"TopicArn": arn, "TopicName": told["TopicName"]})


def _by_its_name(name: str, _told: dict[str, Any]) -> Made:
    return Made(name)


_MAKERS: Mapping[str, Callable[[str, dict[str, Any]], Made]] = {
    "AWS::DynamoDB::Table": _table,
    "AWS::SQS::Queue": _queue,
    "AWS::KMS::Key": _key,
    "AWS::KMS::Alias": _by_its_name,
    "AWS::SecretsManager::Secret": _secret,
    "AWS::Cognito::UserPool": _pool,
    "AWS::Cognito::UserPoolClient": _by_its_name,
    "AWS::Cognito::UserPoolGroup": _by_its_name,
    "AWS::S3::Bucket": _bucket,
    "AWS::SNS::Topic": _topic,
}

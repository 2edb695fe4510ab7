"""The makers: each brings one resource of the template into being, or finds it as it was left.

Idempotent, so that a restart changes nothing. Where a table of an older template lies in the
state, it says so and stops: it migrates nothing.
"""

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from local.clients import Clients
from local.lasting import make_bucket, make_topic
from local.template import Made, Maker, NotUnderstood

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient

Properties = dict[str, Any]


class Outdated(Exception):
    """The state holds a resource that an older template made."""


def makers(clients: Clients) -> Mapping[str, Maker]:
    """A maker for each type that the template may hold and a laptop has a use of."""
    dynamodb, sqs, kms, secrets, cognito = (
        clients.dynamodb,
        clients.sqs,
        clients.kms,
        clients.secretsmanager,
        clients.cognito,
    )
    return {
        "AWS::DynamoDB::Table": lambda _name, properties: make_table(dynamodb, properties),
        "AWS::SQS::Queue": lambda _name, properties: make_queue(sqs, properties),
        "AWS::KMS::Key": lambda _name, properties: make_key(kms, properties),
        "AWS::KMS::Alias": lambda _name, properties: make_alias(kms, properties),
        "AWS::SecretsManager::Secret": lambda _name, properties: make_secret(secrets, properties),
        "AWS::Cognito::UserPool": lambda _name, properties: make_pool(cognito, properties),
        "AWS::Cognito::UserPoolClient": lambda _name, properties: make_pool_client(
            cognito, properties
        ),
        "AWS::Cognito::UserPoolGroup": lambda _name, properties: make_group(cognito, properties),
        "AWS::S3::Bucket": lambda _name, properties: make_bucket(clients.s3, properties),
        "AWS::SNS::Topic": lambda _name, properties: make_topic(clients.sns, properties),
    }


def make_table(dynamodb: "DynamoDBClient", properties: Properties) -> Made:
    """A table with its indexes, recovery and time to live."""
    name = properties["TableName"]
    wanted = dict(properties)
    expiry = wanted.pop("TimeToLiveSpecification", None)
    wanted.pop("PointInTimeRecoverySpecification", None)  # nothing on a laptop recovers from it
    wanted["SSESpecification"] = {
        "Enabled": wanted.pop("SSESpecification", {}).get("SSEEnabled", False)
    }
    try:
        found = dynamodb.describe_table(TableName=name)["Table"]
    except dynamodb.exceptions.ResourceNotFoundException:
        found = dynamodb.create_table(**wanted)["TableDescription"]
        dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    if _keys(found) != _keys(wanted):
        raise Outdated(
            f"table {name} was made by an older template: run make clean, or choose another --state"
        )
    if expiry:
        _let_expire(dynamodb, name, expiry)
    return Made(name, {"Arn": found["TableArn"]})


def _let_expire(dynamodb: "DynamoDBClient", name: str, expiry: Any) -> None:  # noqa: ANN401
    """Sets the time to live of a table that has none yet: an older template may have made it."""
    found = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    if found.get("TimeToLiveStatus") not in {"ENABLED", "ENABLING"}:
        dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=expiry)


def _keys(table: Mapping[str, Any]) -> Any:  # noqa: ANN401 - compared, never looked into
    indexes = [
        (index["IndexName"], index["KeySchema"])
        for index in table.get("GlobalSecondaryIndexes") or []
    ]
    return table["KeySchema"], sorted(indexes, key=lambda index: str(index[0]))


def make_queue(sqs: "SQSClient", properties: Properties) -> Made:
    """A queue, its attributes brought up to date."""
    wanted = dict(properties)
    name = wanted.pop("QueueName")
    attributes: Any = {key: _as_text(value) for key, value in wanted.items()}
    try:
        url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
        sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)
    except sqs.exceptions.QueueDoesNotExist:
        url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    return Made(url, {"Arn": arn, "QueueName": name})


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value)


def make_key(kms: "KMSClient", properties: Properties) -> Made:
    """The key of this description: a key has no name of its own, and its alias comes after it."""
    description = properties["Description"]
    pages = kms.get_paginator("list_keys").paginate()
    ids = [key["KeyId"] for page in pages for key in page["Keys"]]
    described = (kms.describe_key(KeyId=key_id)["KeyMetadata"] for key_id in ids)
    found = next((key for key in described if key["Description"] == description), None)
    key = (
        found
        or kms.create_key(
            Description=description,
            Policy=json.dumps(properties["KeyPolicy"]),
            KeySpec=properties.get("KeySpec", "SYMMETRIC_DEFAULT"),
            KeyUsage=properties.get("KeyUsage", "ENCRYPT_DECRYPT"),
        )["KeyMetadata"]
    )
    if properties.get("EnableKeyRotation"):
        kms.enable_key_rotation(
            KeyId=key["KeyId"], RotationPeriodInDays=properties["RotationPeriodInDays"]
        )
    return Made(key["KeyId"], {"Arn": key["Arn"], "KeyId": key["KeyId"]})


def make_alias(kms: "KMSClient", properties: Properties) -> Made:
    """A second name of a key."""
    name, key = properties["AliasName"], properties["TargetKeyId"]
    if name not in {alias["AliasName"] for alias in kms.list_aliases(KeyId=key)["Aliases"]}:
        kms.create_alias(AliasName=name, TargetKeyId=key)
    return Made(name)


def make_secret(secrets: "SecretsManagerClient", properties: Properties) -> Made:
    """A secret without a value: values are no business of a template."""
    name = properties["Name"]
    try:
        arn = secrets.describe_secret(SecretId=name)["ARN"]
    except secrets.exceptions.ResourceNotFoundException:
        arn = secrets.create_secret(Name=name, Description=properties["Description"])["ARN"]
    return Made(arn, {"Id": arn})


def make_pool(cognito: "CognitoIdentityProviderClient", properties: Properties) -> Made:
    """The user pool of this name, and how people may sign in to it."""
    wanted = dict(properties)
    name, factors = wanted.pop("UserPoolName"), wanted.pop("EnabledMfas")
    optional = wanted.pop("MfaConfiguration")
    pool_id = _named(cognito.list_user_pools(MaxResults=60)["UserPools"], "Name", name, "Id")
    if pool_id is None:
        pool_id = cognito.create_user_pool(PoolName=name, **wanted)["UserPool"]["Id"]
    if factors != ["SOFTWARE_TOKEN_MFA"]:
        raise NotUnderstood(f"the local cloud was not taught {factors} of a pool")
    cognito.set_user_pool_mfa_config(
        UserPoolId=pool_id,
        SoftwareTokenMfaConfiguration={"Enabled": True},
        MfaConfiguration=optional,
    )
    pool = cognito.describe_user_pool(UserPoolId=pool_id)["UserPool"]
    return Made(pool_id, {"Arn": pool["Arn"], "UserPoolId": pool_id})


def make_pool_client(cognito: "CognitoIdentityProviderClient", properties: Properties) -> Made:
    """The app client of this name, its settings brought up to date."""
    pool, name = properties["UserPoolId"], properties["ClientName"]
    listed = cognito.list_user_pool_clients(UserPoolId=pool, MaxResults=60)["UserPoolClients"]
    client_id = _named(listed, "ClientName", name, "ClientId")
    if client_id is None:
        client_id = cognito.create_user_pool_client(**properties)["UserPoolClient"]["ClientId"]
    else:
        settings = {key: value for key, value in properties.items() if key != "GenerateSecret"}
        cognito.update_user_pool_client(ClientId=client_id, **settings)
    return Made(client_id, {"ClientId": client_id})


def make_group(cognito: "CognitoIdentityProviderClient", properties: Properties) -> Made:
    """A group of the pool."""
    try:
        cognito.create_group(**properties)
    except ClientError as error:
        if error.response["Error"]["Code"] != "GroupExistsException":
            raise
    return Made(properties["GroupName"])


def _named(items: Iterable[Mapping[str, Any]], key: str, name: str, wanted: str) -> str | None:
    return next((str(item[wanted]) for item in items if item[key] == name), None)

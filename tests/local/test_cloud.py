"""The account on a laptop, on both engines: what the template says is what there is."""

import hashlib
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.adapters.archive import S3Archive
from chalicelib.settings import Settings
from local.cloud import Cloud, account
from local.engines import NotHere, start_moto
from local.lasting import make_bucket
from local.people import PEOPLE, Person, sign_in
from local.resources import Outdated, make_table
from local.template import NotUnderstood


def table(cloud: Cloud, name: str) -> str:
    return cloud.environment[f"DYNAMODB_TABLE_{name}"]


def test_tables_have_their_keys_indexes_and_expiry(engine: Cloud) -> None:
    dynamodb = engine.clients.dynamodb
    described = dynamodb.describe_table(TableName=table(engine, "TRANSACTIONS"))["Table"]
    indexes = {
        index["IndexName"]: [key["AttributeName"] for key in index["KeySchema"]]
        for index in described["GlobalSecondaryIndexes"]
    }
    assert indexes == {
        "open-work": ["open_bucket", "due_at"],
        "by-customer": ["customer_id", "created_at"],
        "by-date": ["created_on", "created_at"],
        "by-change": ["changed_on", "transaction_id"],
        "attention": ["attention_bucket", "attention_since"],
    }
    for name in ("TRANSACTIONS", "EVENTS", "CONTROL"):
        expiry = dynamodb.describe_time_to_live(TableName=table(engine, name))
        assert expiry["TimeToLiveDescription"]["AttributeName"] == "expires_at"


def test_an_index_holds_only_what_names_its_bucket(engine: Cloud) -> None:
    dynamodb, name, bucket = (
        engine.clients.dynamodb,
        table(engine, "TRANSACTIONS"),
        uuid.uuid4().hex,
    )
    for n, extra in enumerate([{"open_bucket": {"S": bucket}, "due_at": {"S": "2026"}}, {}]):
        dynamodb.put_item(TableName=name, Item={"transaction_id": {"S": f"{bucket}-{n}"}, **extra})
    found = dynamodb.query(
        TableName=name,
        IndexName="open-work",
        KeyConditionExpression="open_bucket = :b",
        ExpressionAttributeValues={":b": {"S": bucket}},
    )
    assert [item["transaction_id"]["S"] for item in found["Items"]] == [f"{bucket}-0"]


def test_dead_letters_stay_fourteen_days_and_are_never_dropped(engine: Cloud) -> None:
    attributes = engine.clients.sqs.get_queue_attributes(
        QueueUrl=engine.environment["DLQ_URL"], AttributeNames=["All"]
    )["Attributes"]
    assert attributes["MessageRetentionPeriod"] == str(14 * 24 * 3600)
    assert attributes["VisibilityTimeout"] == "360"
    redrive = json.loads(attributes["RedrivePolicy"])
    assert redrive["maxReceiveCount"] == 1000
    assert redrive["deadLetterTargetArn"].endswith(":local-monoova-last-resort")


def test_the_archive_is_locked_encrypted_and_nobody_else_s(engine: Cloud) -> None:
    s3, bucket = engine.clients.s3, engine.environment["ARCHIVE_BUCKET"]
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    lock = s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]
    retention = lock["Rule"]["DefaultRetention"]
    assert (lock["ObjectLockEnabled"], retention["Mode"], retention["Years"]) == (
        "Enabled", "GOVERNANCE", 7,
    )  # fmt: skip
    assert all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())
    assert s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]


def test_what_a_bucket_was_not_taught_is_refused(engine: Cloud) -> None:
    name = f"another-{uuid.uuid4().hex}"
    properties = {"BucketName": name, "WebsiteConfiguration": {"IndexDocument": "index.html"}}
    with pytest.raises(NotUnderstood, match="WebsiteConfiguration of a bucket"):
        make_bucket(engine.clients.s3, properties)


def test_a_table_of_before_is_let_expire(engine: Cloud) -> None:
    dynamodb, name = engine.clients.dynamodb, f"events-{uuid.uuid4().hex}"
    properties = {
        "TableName": name, "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "account", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "account", "KeyType": "HASH"}],
    }  # fmt: skip
    make_table(dynamodb, dict(properties))
    expiry = {"AttributeName": "expires_at", "Enabled": True}
    for _ in range(2):
        make_table(dynamodb, properties | {"TimeToLiveSpecification": expiry})
    told = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert told["AttributeName"] == "expires_at"


def test_secrets_hold_what_the_app_reads(engine: Cloud) -> None:
    def value(setting: str) -> dict[str, object]:
        secret = engine.clients.secretsmanager.get_secret_value(
            SecretId=engine.environment[setting]
        )
        return dict(json.loads(secret["SecretString"]))

    assert value("MONOOVA_API_SECRET_ARN").keys() == {"apiKey", "environment", "baseUrl"}
    webhook = value("MONOOVA_WEBHOOK_SECRET_ARN")
    assert webhook == {"current": engine.webhook_token, "previous": None}
    assert engine.webhook_token.startswith("Bearer ")
    assert len(str(value("CURSOR_SECRET_ARN")["key"])) >= 32


def test_bank_files_can_be_tried_and_name_no_bank_that_there_is(engine: Cloud) -> None:
    payer = Settings.read(engine.environment).payer
    assert payer is not None
    assert (payer.bank, payer.bsb, payer.account) == ("XXX", "000-000", "000000000")


def test_the_key_encrypts_for_one_context_only(engine: Cloud) -> None:
    kms, key = engine.clients.kms, engine.environment["KMS_KEY_ARN"]
    sealed = kms.encrypt(KeyId=key, Plaintext=b"secret", EncryptionContext={"purpose": "a"})
    blob = sealed["CiphertextBlob"]
    opened = kms.decrypt(CiphertextBlob=blob, EncryptionContext={"purpose": "a"})
    assert opened["Plaintext"] == b"secret"
    with pytest.raises(kms.exceptions.InvalidCiphertextException):
        kms.decrypt(CiphertextBlob=blob, EncryptionContext={"purpose": "b"})
    tampered = blob[:-1] + bytes([blob[-1] ^ 1])
    with pytest.raises(kms.exceptions.InvalidCiphertextException):
        kms.decrypt(CiphertextBlob=tampered, EncryptionContext={"purpose": "a"})


def test_the_key_is_rotated_and_whoever_wants_has_a_second_factor(engine: Cloud) -> None:
    clients, settings = engine.clients, engine.environment
    turned = clients.kms.get_key_rotation_status(KeyId=settings["KMS_KEY_ARN"])
    assert turned["KeyRotationEnabled"] is True
    pool = settings["COGNITO_USER_POOL_ID"]
    told = clients.cognito.get_user_pool_mfa_config(UserPoolId=pool)
    assert told["MfaConfiguration"] == "OPTIONAL"
    assert told["SoftwareTokenMfaConfiguration"] == {"Enabled": True}


def test_everybody_signs_in_with_their_own_password_alone(engine: Cloud) -> None:
    cognito, client = engine.clients.cognito, engine.environment["COGNITO_CLIENT_ID"]
    assert engine.people.keys() == PEOPLE.keys()
    for person in engine.people.values():
        assert sign_in(cognito, client, person).count(".") == 2
    with pytest.raises(cognito.exceptions.NotAuthorizedException):
        sign_in(cognito, client, Person("operator", "not-the-password-1A"))


def test_a_table_of_an_older_template_is_not_taken_for_the_new_one(engine: Cloud) -> None:
    with pytest.raises(Outdated, match="make clean"):
        make_table(
            engine.clients.dynamodb,
            {
                "TableName": table(engine, "EVENTS"),
                "KeySchema": [{"AttributeName": "account", "KeyType": "HASH"}],
            },
        )


def test_nothing_that_names_a_secret_prints_it(engine: Cloud) -> None:
    shown = repr(engine) + repr(engine.people)
    assert engine.webhook_token not in shown
    assert not [person for person in engine.people.values() if person.password in shown]


def test_a_restart_finds_everything_as_it_was(tmp_path: Path) -> None:
    with account(tmp_path) as before:
        kms, name = before.clients.kms, table(before, "EVENTS")
        sealed = kms.encrypt(KeyId=before.environment["KMS_KEY_ARN"], Plaintext=b"secret")
        item = {"account": {"S": "a"}, "sequence": {"N": "1"}}
        before.clients.dynamodb.put_item(TableName=name, Item=item)
        before.clients.sqs.send_message(QueueUrl=before.environment["DLQ_URL"], MessageBody="kept")
        archive = before.environment["ARCHIVE_BUCKET"]
        content: Any = {"Bucket": archive, "Key": "nights/a b", "ChecksumAlgorithm": "SHA256"}
        before.clients.s3.put_object(Body=b"kept", **content)
        signing = before.environment["ATTESTATION_KEY_ARN"]
        public = before.clients.kms.get_public_key(KeyId=signing)["PublicKey"]
    with account(tmp_path) as after:
        found = after.clients.dynamodb.get_item(TableName=name, Key=item)
        assert found["Item"] == item
        opened = after.clients.kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"])
        assert opened["Plaintext"] == b"secret"
        queue = after.environment["DLQ_URL"]
        (message,) = after.clients.sqs.receive_message(QueueUrl=queue)["Messages"]
        assert message["Body"] == "kept"
        there = after.clients.s3.get_object(Bucket=archive, Key="nights/a b")
        assert there["Body"].read() == b"kept"
        # The engine forgets an object's own lock when it stops, but not that it is there.
        kept = S3Archive(after.clients.s3, archive).put("nights/a b", b"kept", kind="text/plain")
        assert kept.sha256 == hashlib.sha256(b"kept").hexdigest()
        with pytest.raises(ClientError, match="PreconditionFailed"):
            after.clients.s3.put_object(Body=b"other", IfNoneMatch="*", **content)
        assert after.clients.kms.get_public_key(KeyId=signing)["PublicKey"] == public
        moved = {
            "DLQ_URL", "LAST_RESORT_URL", "COGNITO_JWKS_URL", "AWS_ENDPOINT_URL",
            "AWS_ENDPOINT_URL_KMS",
        }  # fmt: skip
        assert {
            name
            for name in before.environment
            if before.environment[name] != after.environment[name]
        } <= moved
        assert after.people == before.people
        assert after.webhook_token == before.webhook_token


@pytest.mark.parametrize(
    ("sign", "value"),
    [
        ("AWS_LAMBDA_FUNCTION_NAME", "payouts-prod-api_handler"),
        ("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001"),
        ("AWS_EXECUTION_ENV", "AWS_Lambda_python3.13 aws-chalice/1.34.0"),
    ],
)
def test_the_local_cloud_does_not_start_on_lambda(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sign: str, value: str
) -> None:
    monkeypatch.setenv(sign, value)
    with pytest.raises(NotHere, match="does not start on Lambda"), account(tmp_path, start_moto):
        pass

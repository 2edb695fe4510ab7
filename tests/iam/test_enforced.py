"""An engine that enforces IAM lets each function do its work, and nothing that is not its own."""

from __future__ import annotations

import json
import logging
import os
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib import wiring
from tests.iam.guarded import Guarded, guarded
from tests.iam.house import Doors
from tests.iam.town import Wired
from tests.local.monoova_bench import TOKEN, Bench, Listener, listening, simulated

if TYPE_CHECKING:
    from collections.abc import Iterator

DENIED = {"AccessDeniedException", "AccessDenied", "AuthorizationError"}
PAYEE = {
    "type": "PayId",
    "payIdType": "Email",
    "payId": "jo@example.com",
    "accountName": "Sim Pending",
}


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    """The provider, simulated."""
    with simulated() as made:
        yield made.refresh()


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory, bench: Bench) -> Iterator[Guarded]:
    """The account, its secrets written."""
    settings = {
        "CLOCK_URL": f"{bench.url}/_simulator/clock", "MONOOVA_MACCOUNT_TOKEN": bench.account,
    }  # fmt: skip
    before = dict(os.environ)
    with guarded(tmp_path_factory.mktemp("guarded"), **settings) as made:
        api = {"apiKey": bench.running.api_key, "environment": "Local", "baseUrl": bench.url}
        for name, value in (
            ("MONOOVA_API_SECRET_ARN", api), ("MONOOVA_WEBHOOK_SECRET_ARN", {"current": TOKEN}),
        ):  # fmt: skip
            made.cloud.clients.secretsmanager.put_secret_value(
                SecretId=made.environment[name], SecretString=json.dumps(value)
            )
        os.environ.update({k: v for k, v in made.environment.items() if k.startswith("AWS_")})
        yield made
    os.environ.clear()
    os.environ.update(before)
    boto3.DEFAULT_SESSION = None
    wiring._current.clear()


@pytest.fixture(scope="module")
def ears(bench: Bench) -> Iterator[Listener]:
    """Whoever hears the provider's webhooks, to bring them to the door."""
    with listening() as heard:
        bench.subscribe(heard, "NppPaymentStatus", "NPPReceivePayment")
        yield heard


@pytest.fixture(scope="module")
def worked(there: Guarded, bench: Bench, ears: Listener) -> dict[str, Any]:
    """A payout from the first cent to its end, each function with its own credentials."""
    wired: Any = Wired(there)  # type: ignore[arg-type] # as much of an account
    doors, ear = Doors(wired), _Ear()
    log = logging.getLogger("payouts.outbound")
    log.addHandler(ear)
    profile = {"customer_name": "Jo", "email": "jo@example.com", "payout_destinations": [PAYEE]}
    customer = doors.post("/customers", profile, key="key of the customer").json["customer_id"]
    assert doors.get("/health/deep").status == 200
    told: dict[str, Any] = {}
    bench.control.receive("50.00")
    told["received"] = _bring(doors, ears)
    given = {"amount": "50.00", "reason": "Settlement"}
    assert (
        doors.post(f"/customers/{customer}/credits", given, key="key of the credit").status == 201
    )
    body = {"customer_id": customer, "amount": "5.00", "payout_method": "PayId"}
    made = doors.post("/payouts", body, key="key of the payout").json["transaction_id"]
    bench.control.advance(120)
    told["heard"] = _bring(doors, ears)
    doors.tick()
    doors.message("no letter of ours")
    told["ended"] = doors.get(f"/payouts/{made}").json["status"]
    log.removeHandler(ear)
    told["called"], told["refused"] = ear.called, ear.refused
    return told


class _Ear(logging.Handler):
    """Hears what was called of AWS, and what of it was refused."""

    def __init__(self) -> None:
        super().__init__()
        self.called: set[str] = set()
        self.refused: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Note the line of a call."""
        line = json.loads(record.getMessage())
        self.called.add(line["operation"])
        if line.get("http_status") in {401, 403} or line["mishap"] in DENIED:
            self.refused.append(line["operation"])


def _bring(doors: Doors, ears: Listener) -> list[int]:
    """What our door answers to the webhooks that came elsewhere."""
    heard, ears.heard[:] = list(ears.heard), []
    return [
        doors.post(
            f"/webhooks/monoova/{each.event}", raw=each.raw, headers=each.headers, role="",
            context={},
        ).status
        for each in heard
    ]  # fmt: skip


@pytest.mark.timeout(300)
def test_each_function_does_its_work_with_its_own_role(worked: dict[str, Any]):
    assert (worked["received"], worked["heard"], worked["ended"]) == ([200], [200], "Completed")
    assert worked["refused"] == []
    assert worked["called"] >= {
        "dynamodb.TransactWriteItems", "dynamodb.Query", "kms.GenerateDataKey", "kms.Decrypt",
        "kms.Sign", "s3.PutObject", "s3.GetObject", "sns.Publish", "secrets-manager.GetSecretValue",
    }  # fmt: skip


def refused(call: Any, **told: Any) -> str:
    """The code with which a call is refused."""
    with pytest.raises(ClientError) as caught:
        call(**told)
    return str(caught.value.response["Error"]["Code"])


def test_whoever_has_the_webhooks_credentials_opens_lists_and_removes_nothing(there: Guarded):
    told, mine = there.environment, lambda service: there.client("WebhookHandler", service)
    key = {"customer_id": {"S": "x"}}
    table = told["DYNAMODB_TABLE_CUSTOMERS"]
    for call, more in (
        (mine("dynamodb").get_item, {"TableName": table, "Key": key}),
        (mine("dynamodb").delete_item, {"TableName": table, "Key": key}),
        (mine("dynamodb").scan, {"TableName": table}),
        (mine("dynamodb").query, {
            "TableName": told["DYNAMODB_TABLE_TRANSACTIONS"], "IndexName": "by-date",
            "KeyConditionExpression": "created_on = :d",
            "ExpressionAttributeValues": {":d": {"S": "2026-01-01"}},
        }),
        (mine("secretsmanager").get_secret_value, {"SecretId": told["CURSOR_SECRET_ARN"]}),
        (mine("s3").get_object, {"Bucket": told["ARCHIVE_BUCKET"], "Key": "nights/x"}),
        (mine("s3").put_object, {"Bucket": told["ARCHIVE_BUCKET"], "Key": "x", "Body": b""}),
        (mine("sns").publish, {"TopicArn": told["NIGHTS_TOPIC_ARN"], "Message": "x"}),
        (mine("kms").generate_data_key, {"KeyId": told["KMS_KEY_ARN"], "KeySpec": "AES_256"}),
        (mine("kms").sign, {
            "KeyId": told["ATTESTATION_KEY_ARN"], "Message": b"x" * 32, "MessageType": "DIGEST",
            "SigningAlgorithm": "ECDSA_SHA_256",
        }),
    ):  # fmt: skip
        assert refused(call, **more) in DENIED, call


def test_it_may_read_what_is_its_own(there: Guarded):
    """So that the refusals above are about what was asked, and not about who asked."""
    told = there.environment
    mine = there.client("WebhookHandler", "secretsmanager")
    assert mine.get_secret_value(SecretId=told["MONOOVA_WEBHOOK_SECRET_ARN"])["SecretString"]
    row = {"TableName": told["DYNAMODB_TABLE_CONTROL"], "Key": {"key": {"S": "x"}}}
    assert "Item" not in there.client("WebhookHandler", "dynamodb").get_item(**row)


def test_the_night_pays_nobody_and_the_poller_signs_nothing(there: Guarded):
    told = there.environment
    assert (
        refused(
            there.client("Night", "kms").generate_data_key,
            KeyId=told["KMS_KEY_ARN"],
            KeySpec="AES_256",
        )
        in DENIED
    )
    assert (
        refused(there.client("Poll", "kms").get_public_key, KeyId=told["ATTESTATION_KEY_ARN"])
        in DENIED
    )
    assert (
        refused(
            there.client("Keep", "secretsmanager").get_secret_value,
            SecretId=told["MONOOVA_API_SECRET_ARN"],
        )
        in DENIED
    )

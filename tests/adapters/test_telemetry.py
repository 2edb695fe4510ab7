"""The line of each call that goes out."""

import json
import logging
from contextlib import suppress

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError
from moto import mock_aws

from chalicelib.adapters import telemetry
from chalicelib.invocation import REQUEST_ID
from tests.fakes.lines import measures, said


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.INFO, logger="payouts.outbound")
    return lambda: [said(record.getMessage()) for record in caplog.records]


def client(service, **more):
    made = boto3.client(
        service, region_name="ap-southeast-2", aws_access_key_id="fake",
        aws_secret_access_key="fake", **more,
    )  # fmt: skip
    telemetry.watch(made.meta.events)
    return made


def test_a_call_has_one_line_with_its_end_and_its_request(lines, caplog):
    token = REQUEST_ID.set("r-1")
    telemetry.outbound("monoova.execute", began=0.0, http_status=200)
    REQUEST_ID.reset(token)
    (line,) = lines()
    assert line.pop("ms") > 0
    assert line == {
        "event": "outbound", "operation": "monoova.execute", "http_status": 200, "mishap": "",
        "request_id": "r-1",
    }  # fmt: skip
    assert caplog.records[0].levelno == logging.INFO


@pytest.mark.parametrize(("status", "mishap"), [(500, ""), (0, "timed_out"), (401, "")])
def test_a_call_that_did_not_end_well_is_a_warning(caplog, status, mishap):
    caplog.set_level(logging.INFO, logger="payouts.outbound")
    telemetry.outbound("monoova.execute", began=0.0, http_status=status, mishap=mishap)
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_a_call_to_aws_has_a_line_without_what_was_said(lines, caplog):
    with mock_aws():
        sqs = client("sqs")
        url = sqs.create_queue(QueueName="letters")["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="jo@example.com")
    assert [(line["operation"], line["http_status"], line["mishap"]) for line in lines()] == [
        ("sqs.CreateQueue", 200, ""),
        ("sqs.SendMessage", 200, ""),
    ]
    assert "jo@example.com" not in caplog.text


def test_a_call_that_aws_refuses_has_its_code(lines):
    with mock_aws(), pytest.raises(ClientError):
        client("secretsmanager").get_secret_value(SecretId="none")
    (line,) = lines()
    assert line["operation"] == "secrets-manager.GetSecretValue"
    assert line["mishap"] == "ResourceNotFoundException"
    assert 400 <= line["http_status"] < 500


def test_a_call_that_never_arrives_has_the_name_of_its_error(lines):
    sqs = client("sqs", endpoint_url="http://127.0.0.1:9")
    with pytest.raises(EndpointConnectionError):
        sqs.list_queues()
    (line,) = lines()
    assert (line["operation"], line["http_status"], line["mishap"]) == (
        "sqs.ListQueues", 0, "EndpointConnectionError",
    )  # fmt: skip


class Body:
    """What is read of an answer."""

    def __init__(self, told):
        self._told = json.dumps(told).encode()

    def stream(self):
        yield self._told


def answering(status, body):
    """A client of DynamoDB that hears this, whatever it asks."""
    made = client("dynamodb", config=Config(retries={"total_max_attempts": 1}))
    told = AWSResponse("https://dynamodb", status, HTTPHeaders(), Body(body))
    made.meta.events.register("before-send.dynamodb", lambda **_: told)
    return made


def cancelled(*codes):
    return {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "CancellationReasons": [{"Code": code} for code in codes],
    }


KEYS = {"Keys": [{"transaction_id": {"S": "one"}}]}
ITEM = {"Put": {"TableName": "Table", "Item": {"transaction_id": {"S": "one"}}}}


@pytest.mark.parametrize(
    ("codes", "throttled"),
    [
        (("None", "ThrottlingError"), True),
        (("ConditionalCheckFailed", "ProvisionedThroughputExceeded"), True),
        (("ConditionalCheckFailed", "None"), False),
        (("TransactionConflict", "None"), False),
    ],
)
def test_a_transaction_whose_part_is_throttled_is_counted(caplog, codes, throttled):
    """Every payout is written by one, and no such refusal has a code of its own."""
    caplog.set_level(logging.INFO, logger="payouts.outbound")
    with suppress(ClientError):
        answering(400, cancelled(*codes)).transact_write_items(TransactItems=[ITEM, ITEM])
    assert measures(caplog.messages[0]) == ({"StoreThrottles": 1} if throttled else {})
    expected = codes[1] if throttled else "TransactionCanceledException"
    assert said(caplog.messages[0])["mishap"] == expected


@pytest.mark.parametrize(("left_out", "counted"), [({}, {}), ({"T": KEYS}, {"StoreThrottles": 1})])
def test_keys_that_a_batch_left_out_were_throttled(caplog, left_out, counted):
    """Every payout is opened by one: what is left out is no error, and is asked for again."""
    caplog.set_level(logging.INFO, logger="payouts.outbound")
    said_so = {"Responses": {}, "UnprocessedKeys": left_out}
    answering(200, said_so).batch_get_item(RequestItems={"T": KEYS})
    assert measures(caplog.messages[0]) == counted

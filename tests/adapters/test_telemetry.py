"""The line of each call that goes out."""

import logging

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from moto import mock_aws

from chalicelib.adapters import telemetry
from chalicelib.invocation import REQUEST_ID
from tests.fakes.lines import said


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

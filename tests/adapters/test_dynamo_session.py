"""How patient the store is, and what it takes an error for."""

from __future__ import annotations

from typing import Any

import pytest
from botocore import exceptions as botocore
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from chalicelib.adapters.dynamo.client import dynamo_client
from chalicelib.adapters.dynamo.session import LONGEST_PAUSE, Session
from chalicelib.adapters.dynamo.troubles import Trouble, judge
from chalicelib.domain.errors import StoreUnavailable
from tests.contracts.stores import NOBODY, client_of
from tests.fakes.clock import FakeClock


def said(code, status=400, *reasons):
    told: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    if reasons:
        told["CancellationReasons"] = [{"Code": reason} for reason in reasons]
    return ClientError(told, "TransactWriteItems")


def cancelled(*reasons):
    return said("TransactionCanceledException", 400, *reasons)


WHERE = {"endpoint_url": "http://dynamodb"}

JUDGED = [
    (said("ConditionalCheckFailedException"), Trouble.REFUSED),
    (cancelled("None", "ConditionalCheckFailed"), Trouble.REFUSED),
    (cancelled("ConditionalCheckFailed", "TransactionConflict"), Trouble.PASSING),
    (cancelled("None", "ThrottlingError"), Trouble.PASSING),
    (cancelled("ConditionalCheckFailed", "ValidationError"), Trouble.DEFECT),
    (cancelled("None", "None"), Trouble.DEFECT),
    (said("TransactionConflictException"), Trouble.PASSING),
    (said("ThrottlingException"), Trouble.PASSING),
    (said("ProvisionedThroughputExceededException"), Trouble.PASSING),
    (said("RequestLimitExceeded"), Trouble.PASSING),
    (said("TransactionInProgressException"), Trouble.UNKNOWN),
    (said("IdempotentParameterMismatchException"), Trouble.UNKNOWN),
    (said("InternalServerError", 500), Trouble.UNKNOWN),
    (said("ServiceUnavailable", 503), Trouble.UNKNOWN),
    (said("AnythingNew", 502), Trouble.UNKNOWN),
    (said("AnythingNew", 0), Trouble.UNKNOWN),
    (said("AccessDeniedException"), Trouble.LASTING),
    (said("ResourceNotFoundException"), Trouble.LASTING),
    (said("ExpiredTokenException"), Trouble.LASTING),
    (said("ValidationException"), Trouble.DEFECT),
    (botocore.EndpointConnectionError(**WHERE), Trouble.PASSING),
    (botocore.ConnectTimeoutError(**WHERE), Trouble.PASSING),
    (botocore.ReadTimeoutError(**WHERE), Trouble.UNKNOWN),
    (botocore.ConnectionClosedError(**WHERE), Trouble.UNKNOWN),
    (botocore.SSLError(error=OSError("x"), **WHERE), Trouble.UNKNOWN),
    (botocore.HTTPClientError(error="x"), Trouble.UNKNOWN),
    (ResponseParserError("not JSON"), Trouble.UNKNOWN),
    (botocore.NoCredentialsError(), Trouble.LASTING),
    (botocore.ParamValidationError(report="x"), Trouble.DEFECT),
]


@pytest.mark.parametrize(("error", "trouble"), JUDGED)
def test_an_error_proves_no_more_than_it_does(error, trouble):
    assert judge(error) is trouble


def test_tries_go_on_for_as_long_as_was_said_and_pauses_stay_short():
    clock, pauses = FakeClock(), []

    def sleep(seconds):
        pauses.append(seconds)
        clock.advance(seconds)

    session = Session(client_of(NOBODY), within=10.0, sleep=sleep, monotonic=clock.monotonic)
    tries = list(session.tries())
    assert tries == list(range(len(tries)))
    assert len(tries) > 20
    assert len(pauses) == len(tries) - 1
    assert max(pauses) <= LONGEST_PAUSE
    assert clock.monotonic() < 10.0
    assert len(set(pauses)) > len(pauses) // 2, "pauses are random, or all would come back at once"


def test_without_patience_there_is_one_try():
    assert list(Session(client_of(NOBODY), within=0.0).tries()) == [0]


def test_a_store_that_cannot_be_reached_is_unavailable():
    client = client_of(NOBODY)
    with pytest.raises(StoreUnavailable) as told:
        Session(client, within=0.05).call(client.get_item, TableName="t", Key={"k": {"S": "v"}})
    assert told.value.__cause__ is not None


def test_the_client_waits_briefly_and_leaves_trying_again_to_the_session(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-southeast-2")
    config: Any = dynamo_client().meta.config
    assert (config.connect_timeout, config.read_timeout) == (1, 3)
    assert config.retries == {"mode": "standard", "total_max_attempts": 1}

"""A busy or absent DynamoDB: tried again for a while, and then said, with nothing half done."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from chalicelib.domain.errors import StoreUnavailable
from tests.adapters.dynamo_faults import (
    TRANSACT,
    answering,
    cancelling,
    refusing,
)
from tests.contracts.making import (
    a_question,
    an_intent,
    balance,
    claimed,
    dollars,
    rich_customer,
)
from tests.contracts.stores import dynamo_store

BUSY = {
    "conflict": cancelling("None", "None", "None", "TransactionConflict"),
    "throttled part": cancelling("ThrottlingError", "None", "None", "None"),
    "provisioned part": cancelling("None", "None", "ProvisionedThroughputExceeded", "None"),
    "conflict beside a refusal": cancelling(
        "TransactionConflict", "None", "None", "ConditionalCheckFailed"
    ),
    "throttled": refusing("ThrottlingException"),
    "provisioned": refusing("ProvisionedThroughputExceededException"),
    "too many requests": refusing("RequestLimitExceeded"),
    "in progress": refusing("TransactionInProgressException"),
    "broken": refusing("InternalServerError", 500),
}


@pytest.fixture
def store(ministack):
    with dynamo_store(ministack.environment["AWS_ENDPOINT_URL"], within=3.0) as made:
        yield made


@pytest.mark.parametrize("kind", list(BUSY))
def test_a_write_that_met_a_busy_store_is_tried_again(store, faults, kind):
    rich_customer(store, "100.00")
    steps = claimed(an_intent("60.00"))
    store.calls.clear()
    faults.before(TRANSACT, *[BUSY[kind]] * 3)
    assert store.payouts.write(*steps) == steps[-1].after
    assert store.calls == {TRANSACT: 4}
    assert balance(store) == dollars("40.00")


@pytest.mark.parametrize("kind", ["conflict", "throttled", "in progress"])
def test_a_store_that_stays_busy_is_unavailable_before_long(store, faults, hasty, kind):
    rich_customer(store, "100.00")
    faults.before(TRANSACT, *[BUSY[kind]] * 999)
    store.calls.clear()
    with pytest.raises(StoreUnavailable):
        hasty.payouts.write(*claimed(an_intent("60.00")))
    assert 1 < store.calls[TRANSACT] < 100  # tries, each after a longer pause, in 0.2 s
    assert balance(store) == dollars("100.00")


def test_a_row_that_met_a_transaction_is_tried_again(store, faults):
    customer = rich_customer(store)
    faults.before("UpdateItem", refusing("TransactionConflictException"))
    store.customers.edit(customer, version=1)
    assert store.customers.get("customer-1").version == 2


def test_a_read_without_an_answer_is_tried_again(store, faults):
    rich_customer(store)
    faults.before("GetItem", refusing("ThrottlingException"), refusing("InternalServerError", 500))
    assert store.customers.get("customer-1") is not None


def test_keys_that_were_left_out_are_asked_for_again(store, faults):
    rich_customer(store)
    payout = store.payouts.write(*claimed(an_intent()))
    store.gate.close()
    whole = store.payouts.opening(a_question(payout.transaction_id))
    (request,) = faults.requests["BatchGetItem"]
    control, wanted = store.tables.control, request["RequestItems"]
    rest = {name: keys for name, keys in wanted.items() if name != control}
    gate = {"key": {"S": "gate"}, "closed_until": {"S": "2026-03-02T02:05:00.000000Z"}}
    faults.requests.clear()
    faults.before(
        "BatchGetItem",
        answering(200, {"Responses": {}, "UnprocessedKeys": wanted}),
        answering(200, {"Responses": {control: [gate]}, "UnprocessedKeys": rest}),
    )
    assert store.payouts.opening(a_question(payout.transaction_id)) == whole
    asked = [request["RequestItems"] for request in faults.requests["BatchGetItem"]]
    assert asked == [wanted, wanted, rest]


def test_keys_that_are_left_out_for_ever_make_the_store_unavailable(store, faults, hasty):
    store.payouts.opening(a_question())
    (request,) = faults.requests["BatchGetItem"]
    nothing = answering(200, {"Responses": {}, "UnprocessedKeys": request["RequestItems"]})
    faults.before("BatchGetItem", *[nothing] * 999)
    with pytest.raises(StoreUnavailable):
        hasty.payouts.opening(a_question())


def test_what_access_rules_forbid_is_not_tried_again(store, faults):
    faults.before(TRANSACT, refusing("AccessDeniedException"))
    rich_customer(store, "0.00")
    store.calls.clear()
    with pytest.raises(StoreUnavailable):
        store.payouts.write(*claimed(an_intent()))
    assert store.calls == {TRANSACT: 1}


def test_missing_credentials_are_not_tried_again(store, faults):
    store.calls.clear()
    faults.before("GetItem", NoCredentialsError())
    with pytest.raises(StoreUnavailable):
        store.gate.closed()
    assert store.calls == {"GetItem": 1}


@pytest.mark.parametrize(
    "answer", [refusing("ValidationException"), cancelling("ValidationError", "None")]
)
def test_our_own_mistakes_are_not_dressed_up_as_a_store_that_is_away(store, faults, answer):
    faults.before(TRANSACT, answer)
    with pytest.raises(ClientError):
        store.payouts.write(*claimed(an_intent()))

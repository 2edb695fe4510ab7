"""A pause in the midst of a burst of claims: nothing is claimed after its answer, and proved so."""

from __future__ import annotations

import time

import pytest

from chalicelib.domain.pause import Kind, Pause, Scope
from chalicelib.usecases.pauses import show
from tests.contracts.making import rich_customer
from tests.contracts.stores import dynamo_store
from tests.fakes.clock import START
from tests.races.pausing import Burst, bursting

PROCESSES, THREADS, CUSTOMERS = 2, 4, 2
MANY, SOME = 60, 20  # claims; as many as there are threads may be under way
EVERYTHING, THEIRS = Scope(Kind.EVERYTHING), Scope(Kind.CUSTOMER, customer_id="customer-1")
pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def store(ministack):
    with dynamo_store(ministack.environment["AWS_ENDPOINT_URL"]) as made:
        for number in range(CUSTOMERS):
            rich_customer(made, "1000.00", f"customer-{number + 1}")
        yield made


def paused(store, scope, pause_id):
    """The moment of its answer, and that of its final proof."""
    begun = store.pauses.begin(Pause(pause_id, scope, "an alarm", "hanna", START))
    assert store.pauses.enforce(begun, at=START).is_in_force
    answered = time.monotonic()
    while not (told := show(pause_id, pauses=store.pauses)).proof.final:
        assert all(scope.covers(each.rail, each.customer_id) for each in told.proof.sendings)
    return answered, time.monotonic(), told.proof


def claimed_more(store, ministack, number):
    """Wait until so many more payouts have been claimed, however long a busy machine takes."""
    wanted = claims(store, ministack) + number
    while claims(store, ministack) < wanted:
        time.sleep(0.05)


def claims(store, ministack):
    """How many payouts there are. The store itself would refuse to look through a table."""
    pages = ministack.clients.dynamodb.get_paginator("scan").paginate(
        TableName=store.tables.transactions, Select="COUNT"
    )
    return sum(page["Count"] for page in pages)


def executed_of(shares):
    return [each for share in shares for each in share.executed]


def test_nothing_is_claimed_after_the_answer_and_the_proof_is_what_was_executed_last(
    store, ministack
):
    burst = Burst(ministack.environment["AWS_ENDPOINT_URL"], store.tables, CUSTOMERS)
    with bursting(burst, threads=THREADS, processes=PROCESSES) as end:
        claimed_more(store, ministack, MANY)
        theirs = paused(store, THEIRS, "pause-1")
        claimed_more(store, ministack, SOME)
        everything = paused(store, EVERYTHING, "pause-2")
        shares = end()
    made = executed_of(shares)
    assert all(share.refused == CUSTOMERS for share in shares)
    for (answered, final, proof), some in (
        (theirs, [each for each in made if each.customer_id == "customer-1"]),
        (everything, made),
    ):
        assert len(some) > 10
        assert [each for each in some if each.begun > answered] == []
        assert [each for each in some if each.executed > final] == []
        last = max(some, key=lambda each: each.heard_at)
        told = next(each for each in some if each.reference == proof.last.reference)
        # Answers that are being stored at the same time may be so the other way round.
        longest = max(each.stored - each.executed for each in some)
        assert (last.heard_at - told.heard_at).total_seconds() <= longest
        assert proof.last.heard_at == told.heard_at
    assert any(each.begun > theirs[0] for each in made)  # the other customer's went on
    writes = 2 * len(made) + sum(share.refused for share in shares)
    assert sum(share.calls for share in shares) < 2 * writes  # few meet in one of sixteen rows

"""The stores that contracts are held against, in each of their kinds, and what lies beneath."""

from __future__ import annotations

import os
from contextlib import contextmanager

import pytest

from local.dynamodb_local import dynamodb_local
from tests.contracts.stores import (
    client_of,
    dynamo_store,
    make_tables,
    memory_store,
    simulated_store,
)
from tests.fakes.dynamo_template import simulated_tables

# Amazon's own engine only where somebody asked for it: `make test-dynamodb-local`.
OPTED_IN = ["dynamodb-local"] if os.environ.get("DYNAMODB_LOCAL_LANE") else []


@pytest.fixture(scope="session")
def dynamodb_local_endpoint():
    with dynamodb_local() as endpoint:
        yield endpoint


def _endpoint(kind, request):
    if kind == "dynamodb-local":
        return request.getfixturevalue("dynamodb_local_endpoint")
    return request.getfixturevalue(kind).environment["AWS_ENDPOINT_URL"]


@pytest.fixture(params=["memory", "simulated", "ministack", "moto", *OPTED_IN])
def store(request):
    if request.param == "memory":
        yield memory_store()
        return
    if request.param == "simulated":
        yield simulated_store()
        return
    with dynamo_store(_endpoint(request.param, request)) as made:
        yield made


@contextmanager
def made(kind, request):
    """A client and the names of its tables."""
    if kind == "memory":
        yield simulated_tables()
        return
    client = client_of(_endpoint(kind, request))
    tables = make_tables(client)
    yield client, tables
    for name in (tables.transactions, tables.customers, tables.events, tables.control):
        client.delete_table(TableName=name)
    client.close()


@pytest.fixture(params=["memory", "ministack", "moto", *OPTED_IN])
def dynamo(request):
    with made(request.param, request) as those:
        yield those


@pytest.fixture(params=["memory", "ministack", *OPTED_IN])
def exact(request):
    with made(request.param, request) as those:
        yield those

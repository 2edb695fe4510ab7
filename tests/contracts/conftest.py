"""The store that every contract is held against, in each of its kinds."""

from __future__ import annotations

import os

import pytest

from local.dynamodb_local import dynamodb_local
from tests.contracts.stores import dynamo_store, memory_store

# Amazon's own engine only where somebody asked for it: `make test-dynamodb-local`.
OPTED_IN = ["dynamodb-local"] if os.environ.get("DYNAMODB_LOCAL_LANE") else []


@pytest.fixture(scope="session")
def dynamodb_local_endpoint():
    with dynamodb_local() as endpoint:
        yield endpoint


@pytest.fixture(params=["memory", "ministack", "moto", *OPTED_IN])
def store(request):
    if request.param == "memory":
        yield memory_store()
        return
    if request.param == "dynamodb-local":
        endpoint = request.getfixturevalue("dynamodb_local_endpoint")
    else:
        endpoint = request.getfixturevalue(request.param).environment["AWS_ENDPOINT_URL"]
    with dynamo_store(endpoint) as made:
        yield made

"""A DynamoDB store whose calls can be made to fail, and other processes on the same tables.

Suites that need another kind of store make their own under the same names.
"""

from __future__ import annotations

import pytest

from tests.adapters.dynamo_faults import Faults
from tests.contracts.stores import client_of, dynamo_store, store_on


@pytest.fixture
def store(engine):
    with dynamo_store(engine.environment["AWS_ENDPOINT_URL"], within=3.0) as made:
        yield made


@pytest.fixture
def faults(store):
    return Faults(store.client)


@pytest.fixture
def others(store):
    """Another process on the same tables, whose calls no fault meets."""
    client = client_of(store.client.meta.endpoint_url)
    yield store_on(client, store.tables, within=3.0)
    client.close()


@pytest.fixture
def hasty(store):
    """The same process with little patience."""
    return store_on(store.client, store.tables, within=0.2)

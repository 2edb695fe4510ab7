"""Secrets, read once and kept."""

import pytest

from chalicelib.adapters.secrets import KEPT_SECONDS, PATIENCE_SECONDS, Secrets
from chalicelib.domain.errors import Unavailable
from tests.adapters.samples import API_ARN, FakeSecretsManager, Seconds


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def manager():
    return FakeSecretsManager(api_key={"apiKey": "fake-api-key", "previous": None, "n": 1})


@pytest.fixture
def secrets(manager, seconds):
    return Secrets(manager, monotonic=seconds)


def test_a_secret_is_its_texts_by_name(secrets):
    assert secrets.read(API_ARN) == {"apiKey": "fake-api-key"}


def test_a_secret_is_asked_for_once_in_five_minutes(secrets, manager, seconds):
    for _ in range(100):
        secrets.read(API_ARN)
    seconds.spent += KEPT_SECONDS - 1
    secrets.read(API_ARN)
    assert manager.asked == 1
    seconds.spent += 2
    manager.values["api_key"] = {"apiKey": "another-fake-key"}
    assert secrets.read(API_ARN) == {"apiKey": "another-fake-key"}


def test_a_fresh_secret_is_asked_for_whatever_is_kept(secrets, manager):
    secrets.read(API_ARN)
    manager.values["api_key"] = {"apiKey": "another-fake-key"}
    assert secrets.read(API_ARN, fresh=True) == {"apiKey": "another-fake-key"}
    assert secrets.read(API_ARN) == {"apiKey": "another-fake-key"}
    assert manager.asked == 2


def test_the_last_value_is_served_while_the_service_fails_and_it_is_not_pestered(
    secrets, manager, seconds
):
    secrets.read(API_ARN)
    manager.down = True
    seconds.spent += KEPT_SECONDS + 1
    for _ in range(10):
        assert secrets.read(API_ARN) == {"apiKey": "fake-api-key"}
    assert manager.asked == 2
    seconds.spent += PATIENCE_SECONDS + 1
    manager.down = False
    manager.values["api_key"] = {"apiKey": "another-fake-key"}
    assert secrets.read(API_ARN) == {"apiKey": "another-fake-key"}


def test_a_fresh_secret_fails_where_the_service_fails(secrets, manager):
    secrets.read(API_ARN)
    manager.down = True
    with pytest.raises(Unavailable):
        secrets.read(API_ARN, fresh=True)


def test_without_any_value_there_is_none(secrets, manager):
    manager.down = True
    with pytest.raises(Unavailable):
        secrets.read(API_ARN)


@pytest.mark.parametrize("value", ['{"apiKey": "fake-secret"', '["fake-secret"]', "fake-secret"])
def test_a_secret_that_is_no_object_is_not_quoted(secrets, manager, value):
    manager.values["api_key"] = value
    with pytest.raises(Unavailable) as caught:
        secrets.read(API_ARN)
    assert "fake-secret" not in repr(caught.value)
    assert caught.value.__suppress_context__

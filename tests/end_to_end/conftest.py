"""One real world: the app's own wiring, MiniStack behind it, a simulator that pays."""

from __future__ import annotations

import io
import json
import os
import uuid

import pytest

from chalicelib import wiring
from chalicelib.settings import Settings
from local.monoova.server import Running, serve
from local.monoova.simulator import Options
from tests.end_to_end.counting import CountedWorld
from tests.local.monoova_bench import TOKEN, Bench


class Provider(Bench):
    """A simulator that remembers every request it had, a line for each."""

    def __init__(self, running: Running, log: io.StringIO) -> None:
        super().__init__(running)
        self._log = log

    def asked(self) -> list[str]:
        """The lines so far."""
        return self._log.getvalue().splitlines()


@pytest.fixture(scope="module")
def provider():
    """A simulator with a million in its account."""
    log = io.StringIO()
    with serve(Options(seed=7, opening=100_000_000), log=log) as running:
        bench = Provider(running, log)
        yield bench
        bench.session.close()


@pytest.fixture
def world(ministack, provider, monkeypatch):
    """The app's own wiring, every call to AWS counted."""
    keeper = ministack.clients.secretsmanager
    secrets = {
        "MONOOVA_API_SECRET_ARN": {
            "apiKey": provider.running.api_key, "environment": "Local", "baseUrl": provider.url,
        },
        "MONOOVA_WEBHOOK_SECRET_ARN": {"current": TOKEN},
    }  # fmt: skip
    arns = {
        name: keeper.create_secret(Name=str(uuid.uuid4()), SecretString=json.dumps(value))["ARN"]
        for name, value in secrets.items()
    }
    environment = {**ministack.environment, **arns, "MONOOVA_MACCOUNT_TOKEN": provider.account}
    environment.pop("CLOCK_URL")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    counted = CountedWorld(Settings.read(os.environ))
    before = list(wiring._current)
    wiring.use(counted)
    yield counted
    wiring._current[:] = before
    counted.close()

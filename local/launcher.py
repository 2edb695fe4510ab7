"""Starts everything in order, and ends it in the reverse order.

As a library it is one context manager; `python -m local` is its face in the terminal. Whatever
fails on the way, what was started is stopped. It refuses to start on Lambda, and on a state that
another launcher holds.
"""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.cloud import Cloud, Provider, make_cloud
from local.engines import refuse_lambda, start_engines, to_stderr
from local.people import sign_in
from local.processes import ROOT, Family, Heard
from local.state import RUNNING, State, held
from local.subscriptions import subscribe

GLANCE = 0.3  # seconds between two looks at the children


@dataclass(frozen=True)
class Running:
    """The whole, up and ready."""

    api: str
    provider: Provider
    cloud: Cloud
    family: Family
    state: State

    def token(self, name: str) -> str:
        """An ID token for one of the people, from the pool, as they would get it."""
        client = self.cloud.environment["COGNITO_CLIENT_ID"]
        return sign_in(self.cloud.clients.cognito, client, self.cloud.people[name])

    def as_dict(self) -> dict[str, Any]:
        """For programs: where everything is, and every key to it."""
        environment = dict(self.cloud.environment)
        provider = self.provider
        return {
            "api": self.api,
            "simulator": {
                "url": provider.url,
                "api_key": provider.api_key,
                "account_number": provider.account_number,
            },
            "users": {name: person.as_dict() for name, person in self.cloud.people.items()},
            "cognito": {
                "endpoint": environment["AWS_ENDPOINT_URL"],
                "user_pool_id": environment["COGNITO_USER_POOL_ID"],
                "client_id": environment["COGNITO_CLIENT_ID"],
            },
            "environment": environment,
        }

    def watch(self, until: Callable[[], bool] = lambda: False) -> None:
        """Stays until told otherwise.

        Raises:
            ChildDied: one of the processes ended by itself.
        """
        while not until():
            self.family.check()
            time.sleep(GLANCE)


def free_port() -> int:
    """A port that nobody listens on now: the app's settings name it before the app starts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(  # noqa: PLR0913 - each a choice of its own, all with a default
    root: Path | None = None,
    *,
    project: Path = ROOT,
    seed: int = 7,
    every: float = 2.0,
    port: int = 0,
    settings: dict[str, str] | None = None,
    simulator: str = "local.monoova",
    tell: Callable[[str], None] = to_stderr,
    heard: Heard | None = None,
) -> Iterator[Running]:
    """The whole local cloud with the project's app in it, for as long as the block lasts.

    Args:
        root: the state folder; None is the usual one.
        project: the folder with app.py.
        seed: of the simulator.
        every: seconds between two runs of the poller.
        port: of the app; 0 lets the system choose.
        simulator: the module that stands in for the provider.
        settings: more environment for the app, over what the account says.
        tell: hears what it is doing.
        heard: hears every line of every process, with the process's name.

    Raises:
        ChildDied, InstallFailed, NotHere, NotSubscribed, NotUnderstood, Outdated, StateInUse.
    """
    refuse_lambda()
    with held(root) as state, Family(state.logs, keep_open=(state.lock,), heard=heard) as family:
        tell("Starting the AWS engines and the simulator")
        options = ["--port", "0", "--seed", str(seed), "--state", str(state.root / "simulator")]
        bank = family.start("simulator", simulator, *options, environment={})
        endpoints = start_engines(family, state, tell)
        known = bank.ready()
        provider = Provider(known["url"], known["api_key"], str(known["account_number"]))
        tell("Making tables, queues, key, secrets and people")
        port = port or free_port()
        own = {"WEBHOOK_URL": f"http://127.0.0.1:{port}"}
        cloud = make_cloud(endpoints, state, provider, own | (settings or {}))
        tell("Starting the app and its triggers")
        where = ["--project", str(project)]
        environment = cloud.environment
        triggers = family.start(
            "triggers", "local.triggers", *where, "--every", str(every), environment=environment
        )
        app = family.start(
            "app", "local.server", *where, "--port", str(port), environment=environment
        )
        api = app.ready()["url"]
        triggers.ready()
        subscribe(provider, api, cloud.webhook_token, cloud=cloud)
        state.remember(RUNNING, dict(environment))
        try:
            yield Running(api, provider, cloud, family, state)
        finally:
            state.forget(RUNNING)
            cloud.clients.close()

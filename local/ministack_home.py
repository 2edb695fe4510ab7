"""MiniStack's own virtual environment: made once, every file pinned by its hash.

The only thing of the local cloud that needs the network, and only the first time. It refuses to
install a file whose hash is not in ministack-requirements.txt.
"""

import fcntl
import hashlib
import platform
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from local.state import cache_root

REQUIREMENTS = Path(__file__).with_name("ministack-requirements.txt")


class InstallFailed(Exception):
    """The emulator could not be installed; carries what pip said."""


def ministack_python(tell: Callable[[str], None], cache: Path | None = None) -> Path:
    """The interpreter that has MiniStack, installed now if it was not; `tell` hears of the wait.

    Raises:
        InstallFailed: pip could not, or a hash did not match.
    """
    folder = cache or cache_root()
    home = folder / f"ministack-{_fingerprint()}"
    python = home / "bin" / "python"
    with _alone(folder):
        if not (home / "complete").exists():
            tell("Installing the AWS emulator (once; takes about half a minute)")
            shutil.rmtree(home, ignore_errors=True)
            venv.EnvBuilder(with_pip=False, symlinks=True).create(home)
            _install(python)
            (home / "complete").touch()
    return python


def _fingerprint() -> str:
    made_for = f"{sys.version_info[:2]} {platform.machine()} {sys.base_prefix}"
    return hashlib.sha256(REQUIREMENTS.read_bytes() + made_for.encode()).hexdigest()[:12]


def _install(python: Path) -> None:
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "--disable-pip-version-check",
        "--quiet",
    ]
    what = ["install", "--require-hashes", "--no-deps", "-r", str(REQUIREMENTS)]
    result = subprocess.run([*pip, *what], capture_output=True, text=True, check=False)
    if result.returncode:
        raise InstallFailed(f"the AWS emulator could not be installed:\n{result.stderr.strip()}")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One installer at a time: tests start in parallel."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "ministack.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

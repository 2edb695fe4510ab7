"""From the lock to the files of a folder: every wheel by its hash, for the machine of Lambda.

It takes wheels only, and never runs anything of a package. What the package index serves beside
what the lock says is refused by pip.
"""

import re
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from deployment.trim import ships

# Amazon Linux 2023, on which Lambda runs Python 3.13.
GLIBC = (17, 34)
MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}
_SCHEME = re.compile(r"[^/]+\.data/(?P<scheme>[^/]+)/(?P<rest>.+)")


class NoWheels(Exception):
    """A package of the lock is not to be had as it says; carries what pip said."""


def download(python: Path, lock: Path, architecture: str, into: Path) -> list[Path]:
    """The wheels that a lock names, for an architecture as Lambda calls it.

    Raises:
        NoWheels: one is not to be had, or is another file than the lock says.
    """
    machine = MACHINES[architecture]
    platforms = [f"manylinux_2_{minor}_{machine}" for minor in range(GLIBC[0], GLIBC[1] + 1)]
    command = [str(python), "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--require-hashes", "--no-deps", "--only-binary", ":all:"]
    command += ["--implementation", "cp", "--python-version", "3.13"]
    for platform in (*platforms, f"manylinux2014_{machine}"):
        command += ["--platform", platform]
    command += ["--dest", str(into), "--requirement", str(lock)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoWheels(f"the packages of {lock.name} cannot be had:\n{done.stderr.strip()}")
    return sorted(into.glob("*.whl"))


def unpack(wheels: list[Path], into: Path, kept: Callable[[str], bool] = ships) -> None:
    """Lay the files of wheels side by side, as Lambda wants them: those that are `kept`.

    Raises:
        NoWheels: two of them bring the same file.
    """
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                place = _place(name)
                if place is None or name.endswith("/") or not kept(place):
                    continue
                file = into / place
                if file.exists():
                    raise NoWheels(f"{wheel.name} brings {place}, which another one brought")
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(archive.read(name))


def _place(name: str) -> str | None:
    """Where a wheel's file is installed; `None` for what is no module."""
    found = _SCHEME.fullmatch(name)
    if found is None:
        return str(PurePosixPath(name))
    return found["rest"] if found["scheme"] in {"purelib", "platlib"} else None

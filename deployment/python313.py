"""The Python that packages are built with: 3.13, which Lambda runs, with Chalice beside the app.

Chalice takes the interpreter that runs it for the runtime, so no other version will do. It is
looked for on the path and among pyenv's; it is never installed by this.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from local.state import cache_root

VERSION = "3.13"
HOW = f"""Packages are built with Python {VERSION}, the newest that Lambda and Chalice agree on;
the app itself runs on 3.11 and newer. There is none on the path, and none of pyenv's:
  pyenv install {VERSION}
  apt-get install python{VERSION} python{VERSION}-venv    (where the system has it)
Or say where it is: PYTHON313=/path/to/python{VERSION} make package STAGE=dev"""


class NoPython(Exception):
    """There is no Python of that version; or its packages cannot be installed."""


def find(told: Mapping[str, str] = os.environ, own: Path = Path(sys.executable)) -> Path:
    """An interpreter of the version; its `own` is the first that is asked.

    Raises:
        NoPython: there is none, or the one that was named is another.
    """
    if named := told.get("PYTHON313"):
        if not _is_it(Path(named)):
            raise NoPython(f"PYTHON313={named} is not a Python {VERSION}.")
        return Path(named)
    for candidate in (own, *_candidates(told)):
        if _is_it(candidate):
            return candidate
    raise NoPython(HOW)


def _candidates(told: Mapping[str, str]) -> Iterator[Path]:
    if found := shutil.which(f"python{VERSION}", path=told.get("PATH", "")):
        yield Path(found)
    home = Path(told.get("PYENV_ROOT") or Path(told.get("HOME", "/")) / ".pyenv")
    yield from sorted(home.glob(f"versions/{VERSION}*/bin/python"), reverse=True)


def _is_it(python: Path) -> bool:
    """Whether it runs, and says so itself: a shim of pyenv's may lead nowhere."""
    asked = [str(python), "-I", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    try:
        said = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=30)
    except OSError:
        return False
    return said.returncode == 0 and said.stdout.strip() == VERSION


def workshop(python: Path, lock: Path, cache: Path | None = None) -> Path:
    """The interpreter of an environment that has what the lock says and no more; made once.

    Raises:
        NoPython: it cannot be made.
    """
    mark = hashlib.sha256(lock.read_bytes() + str(python.resolve()).encode()).hexdigest()[:12]
    home = (cache or cache_root()) / f"package-{mark}"
    made = home / "bin" / "python"
    if not (home / "complete").exists():
        shutil.rmtree(home, ignore_errors=True)
        _run([str(python), "-m", "venv", str(home)])
        pip = [str(made), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _run([*pip, "--require-hashes", "--requirement", str(lock)])
        (home / "complete").touch()
    return made


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoPython(f"{' '.join(command[:3])} failed:\n{done.stdout}{done.stderr}".strip())

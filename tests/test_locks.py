"""Everything that is installed is named in a lock, by version and by the hash of each file."""

from __future__ import annotations

import re
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LISTS = ("requirements", "requirements-package", "requirements-dev", "bench/requirements")
LOCKS = {f"{name}.txt": f"{name}.lock" for name in LISTS}
# What is asked with is in an environment of its own, and ships nowhere.
ASKED = ("deployment/requirements-audit", "deployment/requirements-static")
APART = {f"{name}.txt": f"{name}.lock" for name in ASKED}
EACH = LOCKS | APART
ENTRY = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)(?P<marker> ;[^\\\n]*)? \\\n"
    r"(?P<hashes>(?:    --hash=\S+(?: \\)?\n)+)",
    re.MULTILINE,
)


def same(name: str) -> str:
    """The one spelling of a package's name."""
    return re.sub(r"[-_.]+", "-", name).lower()


def asked(file: str) -> dict[str, str]:
    """What a list asks for, the lists that it names included."""
    found: dict[str, str] = {}
    for line in (ROOT / file).read_text("utf-8").splitlines():
        if line.startswith("-r "):
            found |= asked(line.removeprefix("-r "))
        elif line and not line.startswith("#"):
            name, version = line.split("==")
            found[same(name.split("[")[0])] = version
    return found


def locked(file: str) -> dict[str, str]:
    """What a lock pins."""
    text = (ROOT / file).read_text("utf-8")
    return {same(entry["name"]): entry["version"] for entry in ENTRY.finditer(text)}


@pytest.mark.parametrize(("file", "lock"), EACH.items())
def test_what_a_list_asks_for_is_locked_at_that_version(file: str, lock: str):
    assert asked(file).items() <= locked(lock).items(), "make lock"


@pytest.mark.parametrize("lock", EACH.values())
def test_nothing_in_a_lock_is_without_a_hash(lock: str):
    text = (ROOT / lock).read_text("utf-8")
    named = [line for line in text.splitlines() if line and line[0] not in "# "]
    entries = list(ENTRY.finditer(text))
    assert len(entries) == len(named) > 10
    for entry in entries:
        for told in entry["hashes"].split():
            assert told == "\\" or re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", told), entry["name"]


@pytest.mark.parametrize("lock", EACH.values())
def test_a_lock_names_no_index_and_no_place_of_a_machine(lock: str):
    text = (ROOT / lock).read_text("utf-8")
    assert "://" not in text
    assert not [line for line in text.splitlines() if line.startswith("-") or " /" in line]


def test_what_is_tested_is_what_builds_the_package_and_what_ships():
    ships, builds, tested = (locked(f"{name}.lock").items() for name in LISTS[:3])
    assert ships < builds < tested


def test_a_lock_serves_every_python_alike():
    """One whose entries depended on the version of Python would be tried on one of them only."""
    for lock in LOCKS.values():
        for entry in ENTRY.finditer((ROOT / lock).read_text("utf-8")):
            assert "python_version" not in (entry["marker"] or ""), entry["name"]
            assert "python_full_version" not in (entry["marker"] or ""), entry["name"]


def test_what_these_tests_run_on_is_what_the_lock_says():
    """In an environment that was not made by `make venv` the tests would prove something else."""
    pinned = locked("requirements-dev.lock")
    here = {same(each.metadata["Name"]): each.version for each in distributions()}
    strange = {name: here[name] for name in here.keys() & pinned if here[name] != pinned[name]}
    assert not strange, "make venv"

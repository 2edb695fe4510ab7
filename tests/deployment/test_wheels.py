"""Wheels come by their hashes, and only what Lambda has a use for is laid out."""

from __future__ import annotations

import hashlib
import re
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from deployment.trim import SERVICES, ships
from deployment.wheels import NoWheels, download, unpack

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parent.parent.parent


def wheel(folder: Path, name: str, files: Iterable[str]) -> Path:
    """A wheel with these files in it."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as made:
        for file in files:
            made.writestr(file, f"# {file}\n")
        made.writestr(f"{name}-1.0.dist-info/METADATA", f"Name: {name}\nVersion: 1.0\n")
        made.writestr(f"{name}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        made.writestr(f"{name}-1.0.dist-info/RECORD", "")
    return path


def laid_out(folder: Path) -> set[str]:
    """The files of a folder."""
    return {each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()}


def test_modules_are_laid_out_and_scripts_are_not(tmp_path):
    files = ["one/a.py", "one-1.0.data/purelib/one/b.py", "one-1.0.data/scripts/one"]
    unpack([wheel(tmp_path, "one", files)], tmp_path / "vendor")
    assert laid_out(tmp_path / "vendor") == {"one/a.py", "one/b.py", "one-1.0.dist-info/METADATA"}


def test_two_packages_never_overwrite_each_other(tmp_path):
    both = [wheel(tmp_path, name, ["shared.py"]) for name in ("one", "two")]
    with pytest.raises(NoWheels, match=r"two-1\.0.* brings shared\.py"):
        unpack(both, tmp_path / "vendor")


def test_what_ships_is_what_runs():
    kept = ["pydantic/main.py", "botocore/data/sqs/2012-11-05/service-2.json.gz",
            "botocore/data/endpoints.json", "holidays/countries/australia.py",
            "cryptography-50.0.2.dist-info/licenses/LICENSE", "botocore/docs/utils.py"]  # fmt: skip
    left = ["pydantic/v1/main.py", "botocore/data/ec2/2016-11-15/service-2.json.gz",
            "holidays/countries/austria.py", "holidays/countries/__init__.py", "a/tests/x.py",
            "a/test_x.py", "a/x.pyi", "a-1.dist-info/RECORD", "pycparser/c_ast.py"]  # fmt: skip
    assert [name for name in kept if not ships(name)] == []
    assert [name for name in left if ships(name)] == []


def test_the_services_that_ship_are_those_that_there_are_clients_of():
    sources = [path.read_text("utf-8") for path in (ROOT / "chalicelib").rglob("*.py")]
    named = {name for text in sources for name in re.findall(r'client\("(\w+)"', text)}
    assert named == SERVICES


@pytest.fixture
def index(tmp_path, monkeypatch):
    """A folder that pip takes for all that there is."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    return tmp_path


def test_a_wheel_that_is_not_what_was_locked_is_refused(index):
    lock, made = index / "a.lock", wheel(index, "one", ["one/a.py"])
    digest = hashlib.sha256(made.read_bytes()).hexdigest()
    lock.write_text(f"one==1.0 \\\n    --hash=sha256:{digest}\n")
    (found,) = download(Path(sys.executable), lock, "arm64", index / "fetched")
    assert found.name == made.name
    wheel(index, "one", ["one/a.py", "one/added_later.py"])
    with pytest.raises(NoWheels, match="HASHES"):
        download(Path(sys.executable), lock, "arm64", index / "again")


def test_what_has_no_hash_is_not_fetched_at_all(index):
    wheel(index, "one", ["one/a.py"])
    (index / "a.lock").write_text("one==1.0\n")
    with pytest.raises(NoWheels, match="hash"):
        download(Path(sys.executable), index / "a.lock", "arm64", index / "fetched")


def test_a_package_without_a_wheel_for_the_machine_is_refused(index):
    made = wheel(index, "one", ["one/a.py"])
    foreign = made.rename(index / "one-1.0-cp313-cp313-manylinux_2_17_x86_64.whl")
    digest = hashlib.sha256(foreign.read_bytes()).hexdigest()
    (index / "a.lock").write_text(f"one==1.0 --hash=sha256:{digest}\n")
    with pytest.raises(NoWheels, match=r"one==1\.0"):
        download(Path(sys.executable), index / "a.lock", "arm64", index / "fetched")

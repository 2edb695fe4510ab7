"""An archive that is not just what was asked for is refused, whoever made it."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from deployment.check import COMPILED, ELF_MACHINES, Refused, check

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def elf(architecture: str) -> bytes:
    """The head of a library for an architecture: 64 bits, little end first."""
    head = b"\x7fELF\x02\x01\x01".ljust(16, b"\0") + (3).to_bytes(2, "little")
    return head + ELF_MACHINES[architecture].to_bytes(2, "little") + b"\0" * 44


PYC = COMPILED + b"\0" * 8 + b"code of /var/task"
LIBRARY = "pydantic_core/_pydantic_core.cpython-313-aarch64-linux-gnu.so"
WHOLE: Mapping[str, bytes] = {
    "app.py": b"app = 1\n",
    "__pycache__/app.cpython-313.pyc": PYC,
    "chalice/app.py": b"class Chalice: ...\n",
    "chalice/__pycache__/app.cpython-313.pyc": PYC,
    "chalicelib/domain/money.py": b"CURRENCY = 'AUD'\n",
    "chalicelib/domain/__pycache__/money.cpython-313.pyc": PYC,
    "pydantic/main.pyc": PYC,
    LIBRARY: elf("arm64"),
    "certifi/cacert.pem": b"-----BEGIN CERTIFICATE-----",
}


def refusal(
    tmp_path: Path, change: Mapping[str, bytes | None], asked: Mapping[str, bytes] = WHOLE
) -> str:
    """What is said of an archive with some files added, changed, or left out (`None`)."""
    archive = tmp_path / "deployment.zip"
    with zipfile.ZipFile(archive, "w") as made:
        for name, content in {**WHOLE, **change}.items():
            if content is not None:
                made.writestr(name, content)
    try:
        check(archive, "arm64", asked, unwanted=["/home/somebody"])
    except Refused as refused:
        return str(refused)
    return ""


def test_a_whole_package_passes(tmp_path):
    assert refusal(tmp_path, {}) == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({LIBRARY: elf("x86_64")}, f"for another machine (ELF 62, not 183): {LIBRARY}"),
        ({LIBRARY: b"\x7fELF\x01\x01" + elf("arm64")[6:]}, "for another machine"),
        ({LIBRARY: b"MZ of Windows"}, "no library of Linux"),
        ({LIBRARY: None}, f"missing: {LIBRARY}"),
        ({"chalicelib/domain/money.py": None}, "missing: chalicelib/domain/money.py"),
        ({"tests/test_money.py": b""}, "nobody asked for it: tests/test_money.py"),
        ({"chalicelib/notes.txt": b""}, "nobody asked for it: chalicelib/notes.txt"),
        ({"pydantic/main.pyc": b"\xa7\r\r\n" + PYC[4:]}, "not compiled for Lambda"),
        ({"pydantic/main.pyc": PYC[:4] + b"\0" * 12}, "not compiled for Lambda"),
        ({"pydantic/main.pyc": PYC + b"/home/somebody/work"}, "tells of the machine"),
    ],
)  # fmt: skip
def test_a_package_is_refused_for_one_fault(tmp_path, change, said):
    assert said in refusal(tmp_path, change)


@pytest.mark.parametrize(
    "name",
    [
        "tests/test_money.py", "chalicelib/test_money.py", "bsb/conftest.py", "local/cloud.py",
        ".env", "chalicelib/.hidden", "prod.env", "signing.key", "requirements.txt",
        "deployment/check.py", "bench/ours.py",
    ],
)  # fmt: skip
def test_a_stray_file_is_refused_also_where_the_list_asks_for_it(tmp_path, name):
    said = refusal(tmp_path, {name: b""}, {**WHOLE, name: b""})
    assert f"does not belong into a package: {name}" in said


def test_what_is_no_module_is_refused_among_ours_also_where_the_list_asks_for_it(tmp_path):
    name = "chalicelib/customers.csv"
    assert f"no module: {name}" in refusal(tmp_path, {name: b""}, {**WHOLE, name: b""})


def test_a_module_of_ours_that_every_cold_start_would_compile_is_refused(tmp_path):
    compiled = "chalicelib/domain/__pycache__/money.cpython-313.pyc"
    asked = {name: content for name, content in WHOLE.items() if name != compiled}
    said = refusal(tmp_path, {compiled: None}, asked)
    assert said.splitlines()[1:] == ["  not compiled: chalicelib/domain/money.py"]


def test_a_file_that_is_there_twice_is_refused(tmp_path):
    archive = tmp_path / "deployment.zip"
    with zipfile.ZipFile(archive, "w") as made:
        for name, content in WHOLE.items():
            made.writestr(name, content)
        with pytest.warns(UserWarning, match="Duplicate"):
            made.writestr("app.py", b"app = 2\n")
    with pytest.raises(Refused, match=r"twice: app\.py"):
        check(archive, "arm64", WHOLE)


def test_a_package_that_is_too_large_is_refused(tmp_path):
    content = {"large.pyc": PYC + b"\0" * 15_000_000}
    assert "too large: 15,0" in refusal(tmp_path, content, {**WHOLE, **content})


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    said = refusal(tmp_path, {LIBRARY: elf("x86_64"), "app.py": None, "tests/x.py": b""})
    assert len(said.splitlines()) == 5

"""The bill of materials names all that ships, and is what its standard says."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from deployment import audit, bom, locked
from deployment.locked import Locked, NotRead

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = bom.ships(locked.read(audit.SHIPS), locked.read(audit.BUILDS))
LOCK = f"""\
# made by
One.Two==1.0 ; sys_platform == 'win32' \\
    --hash=sha256:{"a" * 64} \\
    --hash=sha256:{"b" * 64}
    # via -r requirements.txt
three==3 \\
    --hash=sha256:{"c" * 64}
    # via
    #   -r requirements.txt
    #   one-two
"""


def test_a_lock_is_read_to_its_last_line(tmp_path: Path):
    lock = tmp_path / "a.lock"
    lock.write_text(LOCK)
    assert locked.read(lock) == [
        Locked("one-two", "1.0", ("a" * 64, "b" * 64), ()),
        Locked("three", "3", ("c" * 64,), ("one-two",)),
    ]


@pytest.mark.parametrize("line", ["four>=4", "git+https://example.com/x", "    --hash=md5:00"])
def test_a_line_that_is_not_understood_is_not_passed_over(line: str, tmp_path: Path):
    lock = tmp_path / "a.lock"
    lock.write_text(f"{LOCK}{line}\n")
    with pytest.raises(NotRead, match=r"a\.lock:11"):
        locked.read(lock)


def test_a_lock_of_nothing_is_none(tmp_path: Path):
    lock = tmp_path / "a.lock"
    lock.write_text("# nothing\n")
    with pytest.raises(NotRead):
        locked.read(lock)


def test_all_that_ships_is_named_and_chalice_of_what_builds():
    names = {each.name for each in SHIPPED}
    assert {"boto3", "cryptography", "pydantic", "chalice"} <= names
    assert names - {"chalice"} == {each.name for each in locked.read(audit.SHIPS)}


def test_it_has_the_members_of_the_standard():
    made = json.loads(bom.written(SHIPPED))
    assert made["bomFormat"] == "CycloneDX"
    assert made["specVersion"] == "1.6"
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", made["serialNumber"])
    for each, package in zip(made["components"], SHIPPED, strict=True):
        assert each["purl"] == each["bom-ref"] == f"pkg:pypi/{package.name}@{package.version}"
        assert [one["value"] for one in each["properties"]] == list(package.hashes)


def test_who_asks_for_whom_is_told_and_everybody_is_reached():
    made = bom.bom(SHIPPED)
    asks = {each["ref"]: each["dependsOn"] for each in made["dependencies"]}
    reached, ahead = set(), ["payouts"]
    while ahead:
        one = ahead.pop()
        if one not in reached:
            reached.add(one)
            ahead += asks[one]
    assert reached == {"payouts", *(bom.reference(each) for each in SHIPPED)} == asks.keys()


def test_the_same_locks_make_the_same_bytes_and_others_another_number():
    assert bom.written(SHIPPED) == bom.written(list(SHIPPED))
    assert bom.bom(SHIPPED)["serialNumber"] != bom.bom(SHIPPED[1:])["serialNumber"]

"""Nothing is called free of weaknesses unless a service that knows of some was asked about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from deployment import audit, locked
from deployment.audit import CLEAN, CONTROL, NOT_ASKED, WEAK, NotAsked
from deployment.python313 import NoPython

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

OURS = {"ours": "1.0", "theirs": "2.0"}
KNOWN = {f"{name}=={version}": ("PYSEC-1",) for name, version in CONTROL.items()}
BOTO3 = next(each.version for each in locked.read(audit.SHIPS) if each.name == "boto3")


class Service:
    """Tells what it knows, of all that it is asked about but what it leaves out."""

    def __init__(self, known: Mapping[str, tuple[str, ...]], *, silent: tuple[str, ...] = ()):
        self.known, self.silent = known, silent
        self.asked: list[dict[str, str]] = []

    def __call__(self, packages: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
        self.asked.append(dict(packages))
        return {
            name: self.known.get(f"{name}=={version}", ())
            for name, version in packages.items() if name not in self.silent
        }  # fmt: skip


def test_what_nobody_knows_anything_of_is_clean_once_the_control_was_found():
    service = Service(KNOWN)
    assert audit.audit(OURS, ["ours"], service) == []
    assert service.asked == [CONTROL, OURS]


def test_a_weakness_says_where_it_is_and_whether_it_ships():
    service = Service({**KNOWN, "ours==1.0": ("PYSEC-2", "PYSEC-3"), "theirs==2.0": ("PYSEC-4",)})
    said = [str(each) for each in audit.audit(OURS, ["ours"], service)]
    assert said == [
        "ours 1.0 (ships): PYSEC-2, PYSEC-3",
        "theirs 2.0 (does not ship): PYSEC-4",
    ]


@pytest.mark.parametrize("blind", CONTROL)
def test_a_service_that_does_not_know_of_the_control_has_not_been_asked(blind: str):
    service = Service({one: ids for one, ids in KNOWN.items() if not one.startswith(blind)})
    with pytest.raises(NotAsked, match=blind):
        audit.audit(OURS, [], service)
    assert service.asked == [CONTROL]


@pytest.mark.parametrize("silent", [*CONTROL, "ours"])
def test_a_package_that_is_left_out_has_not_been_asked_about(silent: str):
    with pytest.raises(NotAsked, match=silent):
        audit.audit(OURS, [], Service(KNOWN, silent=(silent,)))


def test_what_pip_audit_says_is_understood_and_what_it_skips_is_no_answer():
    said = {
        "dependencies": [
            {"name": "Py_YAML", "version": "5.3", "vulns": [{"id": "PYSEC-1", "aliases": []}]},
            {"name": "ours", "version": "1.0", "vulns": []},
            {"name": "odd", "skip_reason": "Dependency not found on PyPI"},
        ],
        "fixes": [],
    }
    assert audit.understood(json.dumps(said)) == {"py-yaml": ("PYSEC-1",), "ours": ()}


@pytest.mark.parametrize("said", ["", "no JSON", "[]", "{}", '{"dependencies": [{"name": "x"}]}'])
def test_what_is_not_of_that_form_is_no_answer(said: str):
    with pytest.raises(NotAsked):
        audit.understood(said)


@pytest.mark.parametrize(
    ("known", "status"),
    [(KNOWN, CLEAN), ({**KNOWN, f"boto3=={BOTO3}": ("PYSEC-5",)}, WEAK), ({}, NOT_ASKED)],
)
def test_the_status_tells_clean_weak_and_not_asked_apart(
    known: dict[str, tuple[str, ...]], status: int, tmp_path: Path, capsys: pytest.CaptureFixture
):
    service = Service(known)
    assert audit.run(lambda: service, tmp_path / "new" / "sbom.json") == status
    said = capsys.readouterr()
    assert ("NOT ASKED" in said.err) == (status == NOT_ASKED)
    assert ("boto3" in said.err) == (status == WEAK)
    everything = {each.name for each in locked.read(audit.EVERYTHING)}
    assert status == NOT_ASKED or service.asked[1].keys() == everything
    assert (tmp_path / "new" / "sbom.json").is_file()


def test_a_tool_that_cannot_be_installed_is_not_asked(tmp_path: Path):
    def nobody() -> audit.Ask:
        raise NoPython("there is no network")

    assert audit.run(nobody, tmp_path / "sbom.json") == NOT_ASKED


def _pip_audit(folder: Path, script: str) -> Path:
    python = folder / "python"
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    return python


def test_pip_audit_is_asked_for_names_and_versions_and_no_more(tmp_path: Path):
    said = '{"dependencies": [{"name": "ours", "version": "1.0", "vulns": []}], "fixes": []}'
    script = f'echo "$@" > {tmp_path}/told; cat "$4" > {tmp_path}/wanted; echo \'{said}\''
    ask = audit.by_pip_audit(_pip_audit(tmp_path, script))
    assert ask({"ours": "1.0", "more": "2"}) == {"ours": ()}
    assert (tmp_path / "wanted").read_text() == "ours==1.0\nmore==2\n"
    told = (tmp_path / "told").read_text()
    assert told.startswith("-m pip_audit --requirement ")
    assert "--disable-pip --no-deps --format json" in told


@pytest.mark.parametrize("script", ["echo broken >&2; exit 1", "echo {}; exit 2", "echo; exit 0"])
def test_a_pip_audit_that_fails_has_not_been_asked(script: str, tmp_path: Path):
    with pytest.raises(NotAsked):
        audit.by_pip_audit(_pip_audit(tmp_path, script))(OURS)

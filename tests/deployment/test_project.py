"""The folder that becomes the package: nothing gets in by lying there, and it is the same twice."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from pathlib import Path

import pytest

from deployment import archive
from deployment.project import NotCompiled, compile_all, lay_out

PYTHON = Path(sys.executable)


@pytest.fixture
def root(tmp_path):
    """A small house."""
    files = {
        "app.py": "from chalicelib import money\n",
        "chalicelib/__init__.py": "",
        "chalicelib/money.py": "KEPT = frozenset({'a', 'b', 'c'})\n\ndef f():\n    raise OSError\n",
        "chalicelib/.secret": "x",
        "chalicelib/notes.txt": "x",
        "chalicelib/__pycache__/stale.cpython-311.pyc": "x",
        "tests/test_money.py": "",
        ".env": "KEY=x",
        ".chalice/config.json": '{"lambda_architecture": "arm64"}',
        ".chalice/policy-api.json": "{}",
        ".chalice/deployed/dev.json": "{}",
    }
    for name, text in files.items():
        path = tmp_path / "house" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "house"


def built(root: Path, project: Path) -> Path:
    """The project of a house, with one package of somebody else's."""
    (project / "vendor" / "other").mkdir(parents=True)
    (project / "vendor" / "other" / "__init__.py").write_text("X = {'b', 'a'}\n")
    lay_out(root, project, "x86_64")
    compile_all(project, PYTHON)
    return project


def test_only_what_ships_is_copied(root, tmp_path):
    names = archive.expected(built(root, tmp_path / "project"))
    tag = sys.implementation.cache_tag
    assert names == {
        "app.py", f"__pycache__/app.{tag}.pyc", "other/__init__.pyc",
        "chalicelib/__init__.py", f"chalicelib/__pycache__/__init__.{tag}.pyc",
        "chalicelib/money.py", f"chalicelib/__pycache__/money.{tag}.pyc",
        "chalice/__init__.py", f"chalice/__pycache__/__init__.{tag}.pyc",
        "chalice/app.py", f"chalice/__pycache__/app.{tag}.pyc",
    }  # fmt: skip


def test_the_architecture_is_the_one_that_was_asked_for(root, tmp_path):
    project = built(root, tmp_path / "project")
    described = project / ".chalice"
    assert json.loads((described / "config.json").read_text())["lambda_architecture"] == "x86_64"
    assert sorted(each.name for each in described.iterdir()) == ["config.json", "policy-api.json"]


def test_what_is_compiled_in_two_places_is_the_same_and_names_neither(root, tmp_path):
    made = [built(root, tmp_path / name) for name in ("one", "two")]
    compiled = sorted(each.relative_to(made[0]) for each in made[0].rglob("*.pyc"))
    assert len(compiled) == 6
    for name in compiled:
        one, two = ((project / name).read_bytes() for project in made)
        assert one == two
        assert str(tmp_path).encode() not in one
        if name.name.startswith("money."):
            assert b"/var/task/chalicelib/money.py" in one


def test_a_source_that_is_no_python_is_refused(root, tmp_path):
    (root / "chalicelib" / "money.py").write_text("def f(:\n")
    with pytest.raises(NotCompiled, match="money"):
        built(root, tmp_path / "project")


def test_an_archive_says_nothing_of_who_made_it(tmp_path):
    made = []
    for names, mode, moment in (("ab", 0o600, 2000), ("ba", 0o755, 2026)):
        given, ordered = tmp_path / f"{names}.zip", tmp_path / f"{names}.ordered.zip"
        with zipfile.ZipFile(given, "w") as opened:
            for name in names:
                entry = zipfile.ZipInfo(name, (moment, 1, 1, 0, 0, 0))
                entry.external_attr = mode << 16
                opened.writestr(entry, name * 1000)
        archive.put_in_order(given, ordered)
        made.append(ordered.read_bytes())
    assert made[0] == made[1]
    with zipfile.ZipFile(tmp_path / "ab.ordered.zip") as opened:
        assert {each.external_attr >> 16 & 0o777 for each in opened.infolist()} == {0o644}
        assert opened.read("a") == b"a" * 1000


def test_no_file_mode_of_a_working_tree_matters(root, tmp_path):
    (root / "app.py").chmod(0o700)
    os.utime(root / "app.py", (0, 0))
    assert (built(root, tmp_path / "project") / "app.py").read_bytes()

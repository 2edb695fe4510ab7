"""Packages are built with one version of Python; where there is none, it is said how to get it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from deployment.python313 import NoPython, find

if TYPE_CHECKING:
    from pathlib import Path


def python(path: Path, says: str) -> Path:
    """A program that answers like an interpreter of a version."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{says}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def elsewhere(tmp_path):
    """The interpreter that asks, which is another version."""
    return python(tmp_path / "own" / "python", "echo 3.11")


def test_whoever_asks_is_taken_where_it_is_the_version(tmp_path):
    own = python(tmp_path / "python", "echo 3.13")
    assert find({}, own) == own


def test_it_is_found_on_the_path(tmp_path, elsewhere):
    there = python(tmp_path / "bin" / "python3.13", "echo 3.13")
    assert find({"PATH": str(there.parent), "HOME": str(tmp_path)}, elsewhere) == there


def test_a_shim_that_leads_nowhere_is_passed_over_for_pyenvs_own(tmp_path, elsewhere):
    shim = python(tmp_path / "shims" / "python3.13", "echo 'command not found' >&2; exit 127")
    there = python(tmp_path / "pyenv" / "versions" / "3.13.0" / "bin" / "python", "echo 3.13")
    told = {"PATH": str(shim.parent), "PYENV_ROOT": str(tmp_path / "pyenv")}
    assert find(told, elsewhere) == there


def test_without_one_it_is_said_how_to_get_it(tmp_path, elsewhere):
    with pytest.raises(NoPython, match=r"pyenv install 3\.13"):
        find({"PATH": str(tmp_path), "HOME": str(tmp_path)}, elsewhere)


def test_one_that_was_named_and_is_another_is_refused(tmp_path, elsewhere):
    with pytest.raises(NoPython, match="is not a Python"):
        find({"PYTHON313": str(elsewhere)}, python(tmp_path / "python", "echo 3.13"))


def test_one_that_was_named_goes_before_all_others(tmp_path):
    named = python(tmp_path / "named", "echo 3.13")
    assert find({"PYTHON313": str(named)}, python(tmp_path / "own", "echo 3.13")) == named

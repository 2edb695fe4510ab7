"""The state folder: one launcher at a time, and nothing in it for other people's eyes."""

import subprocess
import sys
from pathlib import Path

import pytest

from local.files import read_json, write_json
from local.state import StateInUse, default_root, held


def test_a_second_launcher_is_told_who_holds_the_state(tmp_path: Path) -> None:
    with held(tmp_path), pytest.raises(StateInUse, match=r"in use by process \d+"), held(tmp_path):
        pass


def test_a_state_is_free_again_once_its_holder_is_done(tmp_path: Path) -> None:
    with held(tmp_path):
        pass
    with held(tmp_path) as state:
        assert state.root == tmp_path


def test_a_child_that_still_saves_keeps_the_next_launcher_waiting(tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    source = f"import pathlib, time; time.sleep(1); pathlib.Path({str(saved)!r}).touch()"
    with held(tmp_path) as state:
        (tmp_path / "lock").write_text("999999999")  # a launcher that is gone
        child = subprocess.Popen([sys.executable, "-c", source], pass_fds=(state.lock,))
    with held(tmp_path, patience=60):
        assert saved.exists()
    child.wait()


def test_what_is_remembered_is_for_its_owner_alone(tmp_path: Path) -> None:
    with held(tmp_path) as state:
        state.remember("users", {"operator": "fake-password"})
        assert state.remembered("users") == {"operator": "fake-password"}
        assert state.remembered("nothing") == {}
        state.remember("running", {"STAGE": "local"})
        state.forget("running")
        state.forget("running")
        assert state.remembered("running") == {}
    assert (tmp_path / "users.json").stat().st_mode & 0o777 == 0o600


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "x.json"
    write_json(file, {"a": 1})
    with pytest.raises(TypeError):
        write_json(file, {"a": object()})
    assert read_json(file) == {"a": 1}


def test_the_usual_state_lies_where_the_desktop_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/somewhere")
    assert default_root() == Path("/somewhere/payouts")

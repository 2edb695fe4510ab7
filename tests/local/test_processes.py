"""Children: heard, waited for, and reported with their last words when they die."""

import threading
import time
from pathlib import Path

import pytest

from local import clean
from local.processes import ChildDied, Family
from local.state import cache_root, default_root, held

READY = "import json, time; print('hello'); print(json.dumps({'url': 'x', 'api_key': 'fake'}))"


def module(folder: Path, source: str) -> dict[str, str]:
    """The environment in which a module of this source can be started by its name."""
    (folder / "some_child.py").write_text(source)
    return {"PYTHONPATH": f"{Path(__file__).parents[2]}:{folder}"}


def test_the_ready_line_is_handed_over_and_kept_out_of_the_log(tmp_path: Path) -> None:
    heard: list[tuple[str, str]] = []
    parted = threading.Event()

    def hear(name: str, line: str) -> None:
        heard.append((name, line))
        if line == "bye":
            parted.set()

    with Family(tmp_path, heard=hear) as family:
        source = f"{READY}\nprint('bye', flush=True)\ntime.sleep(60)\n"
        child = family.start("some", "some_child", environment=module(tmp_path, source))
        assert child.ready() == {"url": "x", "api_key": "fake"}
        assert parted.wait(20)
    assert heard == [("some", "hello"), ("some", "bye")]
    assert child.log.read_text() == "hello\nbye\n"
    assert child.log.stat().st_mode & 0o777 == 0o600


def test_a_child_that_ends_before_it_is_ready_is_named_with_its_last_words(tmp_path: Path) -> None:
    with Family(tmp_path) as family:
        source = "raise SystemExit('no such table')"
        child = family.start("some", "some_child", environment=module(tmp_path, source))
        with pytest.raises(ChildDied, match="some ended before it was ready") as died:
            child.ready()
    assert "no such table" in str(died.value)


def test_a_child_that_is_never_ready_is_given_up(tmp_path: Path) -> None:
    with Family(tmp_path) as family:
        source = "import time; time.sleep(60)"
        child = family.start("some", "some_child", environment=module(tmp_path, source))
        with pytest.raises(ChildDied, match="was not ready after 0 s"):
            child.ready(0.3)


def test_the_death_of_a_child_is_noticed(tmp_path: Path) -> None:
    with Family(tmp_path) as family:
        source = f"{READY}\ntime.sleep(0.2)\nraise SystemExit(3)\n"
        family.start("some", "some_child", environment=module(tmp_path, source)).ready()
        with pytest.raises(ChildDied, match="some ended with status 3"):
            watch(family)


def watch(family: Family) -> None:
    for _ in range(200):
        family.check()
        time.sleep(0.05)


def test_nothing_of_a_real_aws_account_reaches_a_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "fake-token")
    source = "import os, json; print(json.dumps({'url': sorted(os.environ)}))"
    with Family(tmp_path) as family:
        child = family.start("some", "some_child", environment=module(tmp_path, source))
        names = [name for name in child.ready()["url"] if name.startswith("AWS_")]
    assert names == ["AWS_EC2_METADATA_DISABLED"]


def test_cleaning_removes_state_and_cache_but_not_from_under_a_launcher(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    cache_root().mkdir(parents=True)
    with held() as state:
        state.remember("users", {})
        assert clean.main() == 1
        assert (default_root() / "users.json").exists()
    assert clean.main() == 0
    assert not default_root().exists()
    assert not cache_root().exists()

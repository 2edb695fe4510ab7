"""The trials of one copy: a process that forks for each, started when the first one is ordered.

Refuses to wait for ever: a trial has its time, and who stops leaves nothing running.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

TRIAL = Path(__file__).with_name("trial.py")
# Plugins that nobody asked for (coverage, random order, several processes) take most of the time.
_ENVIRONMENT = {
    "PYTEST_ADDOPTS": "",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
}
_NO_ANSWER = "nothing"


class Trials:
    """Trials in a folder, one at a time; `stop` may come from another thread."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._process: subprocess.Popen[str] | None = None

    def told(self, order: Mapping[str, object], seconds: float) -> dict[str, Any]:
        """What came of an order (`trial.py`): its verdict, who failed, and why."""
        answer, said = self._root / "answer.json", self._root / "said.txt"
        answer.unlink(missing_ok=True)
        first = self._process is None
        process = self._started()
        files = {"answer": answer.name, "said": said.name}
        line = json.dumps({**order, **files, "seconds": seconds, "first": first})
        with suppress(BrokenPipeError):
            _pipe(process.stdin).write(line + "\n")
            _pipe(process.stdin).flush()
        ended = _pipe(process.stdout).readline()
        if not ended:
            self.stop()
            return {"verdict": _NO_ANSWER, "why": "the trials ended"}
        if not json.loads(ended)["in_time"]:
            return {"verdict": _NO_ANSWER, "why": f"no end within {seconds:.0f} seconds"}
        last = last_line(said.read_text("utf-8", "replace") if said.exists() else "")
        if not answer.exists():
            return {"verdict": _NO_ANSWER, "why": last}
        told: dict[str, Any] = json.loads(answer.read_text("utf-8"))
        if told["verdict"] == _NO_ANSWER:
            told["why"] = f"{told.get('why', '')}: {last}"
        return told

    def stop(self) -> None:
        """End the process and the trial that it may have begun."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()  # it ends its trial first
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
        kill(process)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(BrokenPipeError):
                _pipe(pipe).close()

    def __del__(self) -> None:
        self.stop()

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-B", str(TRIAL)], cwd=self._root, env=environment(), text=True,
                start_new_session=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )  # fmt: skip
        return self._process


def environment() -> dict[str, str]:
    """Ours, with what keeps a trial quick and the same every time."""
    return {**os.environ, **_ENVIRONMENT}


def kill(process: subprocess.Popen[str]) -> None:
    """The process and all that it started, should any of it live."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def last_line(text: str) -> str:
    """The last line that somebody wrote."""
    return (text.strip().splitlines() or ["without a word"])[-1]


def _pipe(pipe: IO[str] | None) -> IO[str]:
    if pipe is None:
        raise ValueError("it was started without this pipe")
    return pipe

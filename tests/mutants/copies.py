"""Copies of the project that may be broken, and what happens in them.

Everything runs in a copy, in a process of its own and for a limited time: the working tree is read
and never written.
"""

from __future__ import annotations

import compileall
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from py_compile import PycInvalidationMode
from typing import TYPE_CHECKING

from tests.mutants.trials import Trials, environment, kill, last_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.mutants.mutant import Mutant

SECONDS_FOR_TESTS = 180.0
_LEFT_OUT = shutil.ignore_patterns("__pycache__", ".hypothesis", "*.pyc")
_FAILED = re.compile(r"^FAILED seed (\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Project:
    """What is copied of a project, where its packages lie, and what plays its weeks."""

    root: Path
    parts: tuple[str, ...]
    packages: tuple[str, ...]
    simulation: str = "tests.simulation"
    options: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Told:
    """What a trial said: `passed`, `failed`, `senseless` or `nothing`; who failed, and why."""

    verdict: str
    by: str = ""
    why: str = ""


class Copy:
    """One copy. The code in it is compiled by content, so that no edit is ever overlooked."""

    def __init__(self, project: Project, root: Path) -> None:
        self._project = project
        self._root = root
        self._running: subprocess.Popen[str] | None = None
        self._broken = ""
        self._trials = Trials(root)
        for part in project.parts:
            source, target = project.root / part, root / part
            if source.is_dir():
                shutil.copytree(source, target, ignore=_LEFT_OUT)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, target)
        compileall.compile_dir(
            root, quiet=2, invalidation_mode=PycInvalidationMode.CHECKED_HASH, workers=1
        )

    @contextmanager
    def broken_by(self, mutant: Mutant) -> Iterator[None]:
        """The copy with the mutant in it; afterwards it is whole again."""
        path = self._root / mutant.file
        whole = path.read_text("utf-8")
        self._broken = mutant.file
        path.write_text(whole.replace(mutant.old, mutant.new), "utf-8")
        try:
            yield
        finally:
            path.write_text(whole, "utf-8")
            self._broken = ""

    def test(self, tests: tuple[str, ...], *, seconds: float = SECONDS_FOR_TESTS) -> Told:
        """Import what is broken, or everything, run the tests, stop at the first that fails."""
        order = {
            "packages": self._project.packages,
            "broken": self._broken,
            "tests": tests,
            "options": self._project.options,
        }
        told = self._trials.told(order, seconds)
        return Told(told["verdict"], told.get("test", ""), told.get("why", ""))

    def simulate(self, weeks: int, seconds: float) -> Told:
        """Play weeks from the first on until an invariant does not hold, if it can be imported."""
        imported = self.test(())
        if imported.verdict != "passed":
            return imported
        told = ["--weeks", str(weeks), "--seed", "0", "--stop-at-first"]
        command = [sys.executable, "-B", "-m", self._project.simulation, *told]
        ended = self._run(command, seconds)
        if ended is None:
            return Told("passed", why=f"nothing in {seconds:.0f} seconds")
        if ended.returncode == 0:
            return Told("passed", why=f"nothing in {weeks} weeks")
        found = _FAILED.search(ended.stdout)
        if ended.returncode != 1 or found is None:
            return Told("nothing", why=f"the simulation ended: {last_line(ended.stderr)}")
        seed = int(found[1])
        line = ended.stdout[found.start() :].splitlines()[0]
        return Told("failed", f"simulation seed {seed} after {seed + 1} weeks", line)

    def stop(self) -> None:
        """End what runs in it, from another thread: nothing is left behind."""
        self._trials.stop()
        if self._running is not None:
            kill(self._running)

    def _run(self, command: list[str], seconds: float) -> subprocess.CompletedProcess[str] | None:
        """A command in the copy; `None` where it had to be ended, with all that it started."""
        with subprocess.Popen(
            command, cwd=self._root, env=environment(), text=True, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        ) as process:  # fmt: skip
            self._running = process
            try:
                out, err = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                return None
            finally:
                self._running = None
                kill(process)
        return subprocess.CompletedProcess(command, process.returncode, out, err)
